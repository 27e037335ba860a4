"""Load on one server at a time, by wrk, in rounds of which each server has its turn."""

import math
import os
import shutil
import statistics
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from benchmarks.servers import PATIENCE, Body, Server
from benchmarks.spent import DatabaseServer, spent
from benchmarks.workloads import Workload

SCRIPT = Path(__file__).parent / "post.lua"
WARMING = 2  # seconds
LONGEST = 120  # seconds that a round may be made to last
TURNS = 4  # requests that each connection finishes in a round at least, so that few are cut off


@dataclass(frozen=True)
class Sample:
    """One round on one server: milliseconds, and of CPU per request.

    The two percentiles are wrk's: a stall counts for each request that it kept from being sent.
    """

    requests_per_second: float
    p50: float
    p99: float
    server_cpu: float | None
    database_cpu: float | None


def wrk() -> str:
    found = shutil.which("wrk")
    if not found:
        raise SystemExit("wrk is missing: apt-get install wrk")
    return found


def write_bodies(path: Path, bodies: list[Body]) -> Path:
    path.write_bytes(b"".join(body + b"\n" for body in bodies))
    return path


def loaded(
    server: Server, workload: Workload, bodies: Path, seconds: float, *, checked: bool = False
) -> dict[str, float]:
    """Return the figures of wrk. Raises if a request failed or, when checked, has errors."""
    connections = str(workload.connections)
    done = subprocess.run(
        [
            *(wrk(), "--threads", "1", "--connections", connections, "--timeout", f"{PATIENCE}s"),
            *("--duration", f"{math.ceil(seconds)}s", "--script", str(SCRIPT)),
            f"http://127.0.0.1:{server.port}{server.path(workload)}",
        ],
        env={
            **{name: value for name, value in os.environ.items() if name != "CHECKED"},
            "BODIES": str(bodies),
            "UPATH": server.path(workload),
            **({"CHECKED": "1"} if checked else {}),
        },
        capture_output=True,
        text=True,
        timeout=seconds + LONGEST,
        check=False,
    )
    told = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not told or done.returncode:
        raise SystemExit(f"wrk on {server.name}: {done.stderr or done.stdout}")
    counted: dict[str, float] = orjson.loads(told[0].removeprefix("RESULT "))
    if counted["errors"] or "WRONG" in done.stderr:
        wrong = done.stderr.splitlines()[:3]
        raise SystemExit(f"{server.name}, {workload.name}: failed under load: {counted} {wrong}")
    return counted


def warm(server: Server, workload: Workload, bodies: Path) -> float:
    """How many seconds a round must last at least for this server.

    Every answer is looked at, under the same load as later.
    """
    seconds: float = WARMING
    while True:
        counted = loaded(server, workload, bodies, seconds, checked=True)
        settle(server)
        if counted["requests"] >= workload.connections:
            took = counted["microseconds"] / 1e6
            return min(LONGEST, TURNS * workload.connections * took / counted["requests"])
        if seconds > LONGEST:
            raise SystemExit(f"{server.name}, {workload.name}: too slow, {counted}")
        seconds *= 3


def settle(server: Server) -> None:
    """Wait until a server has finished the requests of the load."""
    before, deadline = spent(server.pid), time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        time.sleep(0.2)
        now = spent(server.pid)
        if now == before:
            return
        before = now


def measured(
    server: Server, workload: Workload, bodies: Path, seconds: float, database: DatabaseServer
) -> Sample:
    before = spent(server.pid), database.spent()
    counted = loaded(server, workload, bodies, seconds)
    after = spent(server.pid), database.spent()
    settle(server)
    requests = counted["requests"] or 1
    cpu = [
        None if one is None or other is None else (other - one) / requests
        for one, other in zip(before, after, strict=True)
    ]
    return Sample(
        requests_per_second=1e6 * requests / counted["microseconds"],
        p50=counted["p50"] / 1000,
        p99=counted["p99"] / 1000,
        server_cpu=cpu[0],
        database_cpu=cpu[1],
    )


def median(samples: list[Sample]) -> dict[str, float | None]:
    """Of each number by itself, to four figures."""
    found: dict[str, float | None] = {}
    for name in asdict(samples[0]):
        known = [value for one in samples if (value := getattr(one, name)) is not None]
        found[name] = float(f"{statistics.median(known):.4g}") if known else None
    return found
