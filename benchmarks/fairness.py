"""What partners get beside the public: `python -m benchmarks.fairness --url URL --key KEY`.

A service of its own is started on the database of the URL, with production's own settings. A
partner asks the queries of the contract, one after another, alone at first; then beside clients
without a key that ask as fast as they are answered, each from an address of its own, over several
connections. Printed are milliseconds of the partner's answers, and what became of the others'.

    --flood contract | worst   what the public asks (default: both, one after the other)
    --clients 2 --connections 4 --seconds 60

    --tree FOLDER              another version's code, to be compared with

With --storm, the same with all the worst requests at once from 20 clients for two minutes, and the
memory of the process in between.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.servers import PATIENCE, ROOT, free_port, listens
from tests.limits.worst_requests import WORST
from tests.support.contract_queries import ANSWERED, contract_query, contract_variables

REGIONAL = {"14"}  # for stewards alone
PAUSE = 0.25  # seconds between two questions of the partner, who stays within its own rate
FILLING = 6  # times that all kinds of requests are asked first, so that what is kept is there
BEGINNING = 5  # seconds after which a process that is started floods
PROC = Path("/proc")

Body = dict[str, Any]


@dataclass
class Told:
    """Milliseconds of answers, and how many of each status there were."""

    taken: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def add(self, status: int, seconds: float) -> None:
        self.statuses[status] += 1
        self.taken.append(1000 * seconds)

    def percentile(self, part: float) -> float:
        return sorted(self.taken)[min(len(self.taken) - 1, int(part * len(self.taken)))]

    def said(self) -> str:
        if not self.taken:
            return "nothing"
        statuses = ", ".join(f"{number} × {status}" for status, number in self.statuses.items())
        return (
            f"p50 {statistics.median(self.taken):7.1f} ms, p95 {self.percentile(0.95):7.1f} ms, "
            f"longest {max(self.taken):7.0f} ms ({statuses})"
        )


def contract() -> Iterator[Body]:
    numbers = [number for number in ANSWERED if number not in REGIONAL]
    for number in itertools.cycle(numbers):
        yield {"query": contract_query(number), "variables": contract_variables(number)}


def worst() -> Iterator[Body]:
    chosen = random.Random(1)
    while True:
        yield WORST[chosen.choice(sorted(WORST))]()


FLOODS: dict[str, Callable[[], Iterator[Body]]] = {"contract": contract, "worst": worst}


@contextmanager
def service(args: Any, url: str, log: Path) -> Iterator[tuple[str, int]]:
    """Its address and its process."""
    port = args.port or free_port()
    environment = {**os.environ, "DATABASE_URL": url, "PORT": str(port), "LOG_FORMAT": "json"}
    with log.open("ab") as written:
        process = subprocess.Popen(
            [sys.executable, "server.py"],
            cwd=args.tree,
            env=environment,
            stdout=written,
            stderr=written,
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while not listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The service did not start: see {log}.")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


async def ask(client: httpx.AsyncClient, body: Body, told: Told) -> None:
    began = time.perf_counter()
    try:
        response = await client.post("/graphql", json=body)
        status = response.status_code
    except httpx.TransportError:
        status = 0
    told.add(status, time.perf_counter() - began)


async def partner(address: str, key: str, seconds: float) -> Told:
    told, until = Told(), time.monotonic() + seconds
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE) as client:
        for body in contract():
            if time.monotonic() > until:
                return told
            await ask(client, body, told)
            await asyncio.sleep(PAUSE)
    return told


async def flood(address: str, number: int, connections: int, bodies: Iterator[Body]) -> Told:
    """Until it is cancelled; from an address of its own, as a proxy that is trusted names it."""
    told, headers = Told(), {"X-Forwarded-For": f"10.0.0.{number + 1}"}

    async def loop() -> None:
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE) as client:
            while True:
                await ask(client, next(bodies), told)

    with suppress(asyncio.CancelledError):
        await asyncio.gather(*(loop() for _ in range(connections)))
    return told


async def fill(address: str, kind: str) -> None:
    """Ask one request after another, each from an address of its own, and none of them measured."""
    bodies = FLOODS[kind]()
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client:
        for number in range(FILLING * len(WORST)):
            headers = {"X-Forwarded-For": f"10.1.0.{number + 1}"}
            await client.post("/graphql", json=next(bodies), headers=headers)


def flooding(address: str, clients: int, connections: int, kind: str) -> None:
    """In a process of its own, so that the partner doesn't wait for its clients."""

    async def until_told() -> list[Told]:
        bodies = FLOODS[kind]()
        floods = [
            asyncio.create_task(flood(address, number, connections, bodies))
            for number in range(clients)
        ]
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        for one in floods:
            one.cancel()
        return [await one for one in floods]

    for told in asyncio.run(until_told()):
        sys.stdout.write(json.dumps({"taken": told.taken, "statuses": told.statuses}) + "\n")


@asynccontextmanager
async def flooded(address: str, args: argparse.Namespace, kind: str) -> AsyncIterator[Told]:
    """Flood the service meanwhile; afterwards the counts of the flood are in the result."""
    told = Told()
    words = ["--flooding", address, str(args.clients), str(args.connections), kind]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.fairness", *words),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    await asyncio.sleep(BEGINNING)
    yield told
    said, _ = await process.communicate(b"")  # which is when it stops
    for line in said.decode().splitlines():
        heard = json.loads(line)
        told.taken += heard["taken"]
        told.statuses.update({int(name): number for name, number in heard["statuses"].items()})


def memory(pid: int) -> float:
    """MiB that are resident now."""
    for line in (PROC / str(pid) / "status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("This needs /proc.")


@dataclass
class Measured:
    """A partner alone, and beside a flood; the memory before it and at four moments of it."""

    alone: Told
    beside: Told
    public: Told
    memory: list[float]


async def measure(address: str, pid: int, key: str, args: Any, kind: str) -> Measured:
    await fill(address, kind)
    await partner(address, key, min(args.seconds, 10))  # its texts are known from then on
    alone = await partner(address, key, args.seconds / 2)
    resident = [memory(pid)]
    parts = []
    async with flooded(address, args, kind) as public:
        for _ in range(4):
            parts.append(await partner(address, key, args.seconds / 4))
            resident.append(memory(pid))
    beside = Told()
    for one in parts:
        beside.taken += one.taken
        beside.statuses += one.statuses
    return Measured(alone, beside, public, resident)


def measured(url: str, log: Path, args: Any, kind: str) -> Measured:
    """Of a service of its own, which knows none of the texts yet."""
    with service(args, url, log) as (address, pid):
        return asyncio.run(measure(address, pid, args.key, args, kind))


def main() -> None:
    if sys.argv[1:2] == ["--flooding"]:
        address, clients, connections, kind = sys.argv[2:]
        flooding(address, int(clients), int(connections), kind)
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", required=True, help="of demo_college")
    parser.add_argument("--port", type=int)
    parser.add_argument("--tree", type=Path, default=ROOT)
    parser.add_argument("--flood", choices=sorted(FLOODS), default=None)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--storm", action="store_true")
    args = parser.parse_args()
    if args.storm:
        args.clients, args.connections, args.flood = 20, 1, "worst"
    args.seconds = args.seconds or (120 if args.storm else 60)
    for kind in [args.flood] if args.flood else sorted(FLOODS):
        found = measured(args.url, Path("/tmp/fairness.log"), args, kind)
        sys.stdout.write(
            f"{args.clients} clients × {args.connections} connections, {kind}:\n"
            f"  partner alone   {found.alone.said()}\n"
            f"  partner beside  {found.beside.said()}\n"
            f"  the public      {found.public.said()}\n"
            f"  memory, MiB     {', '.join(f'{one:.0f}' for one in found.memory)}\n"
        )


if __name__ == "__main__":
    main()
