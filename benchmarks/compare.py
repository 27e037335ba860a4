"""The five workloads on this service, on PostGraphile and on the floor, in one run.

    python -m benchmarks.compare [--make] [--database URL] [--servers plan default …]
        [--only W1 W2 …] [--rounds 5] [--seconds 5] [--growth URL URL …] [--sqlite URL]

On one PostgreSQL with 1,000,000 generated workers, one process each:

- `plan`, `batch`: this service as it runs, with subtrees as JSON from the database and without;
- `default`: the same schema on Strawberry's own executor, with DataLoaders;
- `postgraphile`: the peer (`peers/`), set up for production;
- `floor`: one hand-written statement behind a bare ASGI route, which is the practical limit.

First all are asked about some of the subjects, and their decoded answers must be equal (of W5 the
peer's figures: `figures.py`). Then each
is warmed up, and rounds follow in which each has its turn: A B C D, A B C D, …; 16 connections,
one thread of wrk. Numbers are medians of the rounds. Each request asks about the next subject.

`latest.json` gets `workloads.W1.ratio.postgraphile` (our requests per second by the peer's),
`.floor`, `.default`, and beside them what each server did: requests per second, p50 and p99 in
milliseconds, milliseconds of CPU per request of the server's process and of the database's, and
at the end the most memory that each process had. The CPU of the database is that of the whole
PostgreSQL server: let nobody else use it meanwhile.

With `--growth`, p50 of ours at one connection on each of these databases, small to large; with
`--sqlite`, the same on an SQLite file, and on the default executor.

`make bench` says `--make`: the databases are jiangpu_bench_10000, _100000 and _1000000 on the
server of BENCH_POSTGRES_URL, and a file in `var/`; what is missing is generated first, and kept.
"""

import argparse
import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import figures
from benchmarks.databases import SIZES, add_functions, begin_day, make, make_sqlite, url_of
from benchmarks.growth import grown
from benchmarks.load import Sample, measured, warm, write_bodies
from benchmarks.report import LATEST, Measured, circumstances, details, table, write
from benchmarks.servers import NAMES, OURS, Body, NoSuchWay, Server, running
from benchmarks.spent import DatabaseServer, peak_memory
from benchmarks.workloads import WORKLOADS, Subjects, Workload, leaves

PEER, ROLLED_UP = "postgraphile", "W5"
COMPARED = 5  # subjects of each workload whose answers are compared


def unequal(one: Any, other: Any, path: str = "") -> str | None:
    """Where two answers first differ; 1 and 1.0 are equal, as they are in JSON."""
    pairs: list[tuple[str, Any, Any]]
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return f"{path}: {sorted(one)} and {sorted(other)}"
        pairs = [(f"{path}.{name}", one[name], other[name]) for name in one]
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{path}: {len(one)} and {len(other)} of them"
        pairs = [(f"{path}[{n}]", *both) for n, both in enumerate(zip(one, other, strict=True))]
    else:
        alike = one == other and isinstance(one, bool) is isinstance(other, bool)
        return None if alike else f"{path}: {one!r} and {other!r}"
    differing = (unequal(first, second, inner) for inner, first, second in pairs)
    return next((found for found in differing if found), None)


def check(workload: Workload, servers: list[Server], bodies: dict[str, list[Body]]) -> float:
    """How many values an answer has on average. Raises where two servers' answers differ."""
    counted = []
    for n in range(min(COMPARED, *map(len, bodies.values()))):
        answers = {server.name: server.ask(workload, bodies[server.name][n]) for server in servers}
        (first, answer), *others = answers.items()
        counted.append(leaves(answer))
        if None in answer.values():
            raise SystemExit(f"{workload.name}: {first} finds nothing for {bodies[first][n]!r}")
        for name, other in others:
            one = answer
            if name == PEER and workload.name == ROLLED_UP:
                one, other = figures.of_ours(answer), figures.of_peer(other)
            if found := unequal(one, other):
                raise SystemExit(f"{workload.name}: {first} and {name} differ at {found}")
    return sum(counted) / len(counted)


def run_workload(
    workload: Workload,
    running: dict[str, Server],
    subjects: Subjects,
    database: DatabaseServer,
    given: argparse.Namespace,
    folder: Path,
) -> Measured:
    servers = [server for server in running.values() if server.asks(workload)]
    bodies = {server.name: server.bodies(workload, subjects) for server in servers}
    values = check(workload, servers, bodies)
    files = {
        server.name: write_bodies(folder / f"{workload.name}.{server.name}", bodies[server.name])
        for server in servers
    }
    codes = subjects.codes[workload.name]
    found = Measured(workload.about, workload.viewer, workload.connections, len(codes), values)
    seconds = {
        server.name: max(given.seconds, warm(server, workload, files[server.name]))
        for server in servers
    }
    samples: dict[str, list[Sample]] = {server.name: [] for server in servers}
    for _ in range(given.rounds):
        for server in servers:
            name = server.name
            one = measured(server, workload, files[name], seconds[name], database)
            samples[name].append(one)
            print(".", end="", flush=True, file=sys.stderr)
    print(f" {workload.name}", flush=True, file=sys.stderr)
    found.samples = samples
    return found


async def compare(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """By viewer, because a server of ours answers for one, and by whether the peer aggregates.

    No more are up at once than needed.
    """
    wanted = [one for one in WORKLOADS if not given.only or one.name in given.only]
    subjects = await Subjects.read(given.database, wanted)
    database = await DatabaseServer.of(given.database)
    found: dict[str, Measured] = {}
    memory: dict[str, float] = {}
    together: dict[tuple[str, bool], list[Workload]] = {}
    for one in wanted:
        together.setdefault((one.viewer, one.name == ROLLED_UP), []).append(one)
    for (viewer, aggregates), workloads in together.items():
        with running(
            given.servers, given.database, viewer, folder, aggregates=aggregates
        ) as servers:
            for workload in workloads:
                found[workload.name] = run_workload(
                    workload, servers, subjects, database, given, folder
                )
            for name, server in servers.items():
                memory[name] = max(memory.get(name, 0.0), peak_memory(server.pid) or 0.0)
    found = {one.name: found[one.name] for one in wanted}
    print(f"\n{details(found)}\n\n{table(found, given.servers)}\n")
    print("MiB at most: " + ", ".join(f"{name} {most:,.0f}" for name, most in memory.items()))
    return {
        "rounds": given.rounds,
        "seconds": given.seconds,
        "workloads": {name: one.content() for name, one in found.items()},
        "memory_mib": memory,
    }


async def main(given: argparse.Namespace) -> None:
    if given.make:
        given.growth = [await make(size) for size in SIZES]
        given.database, given.sqlite = given.growth[-1], make_sqlite()
    if "postgraphile" in given.servers:
        await add_functions(given.database)
    for url in {given.database, *given.growth, *filter(None, [given.sqlite])}:
        await begin_day(url)
    with TemporaryDirectory() as folder:
        content = await circumstances(given.database)
        content |= await compare(given, Path(folder))
        ways = [name for name in given.servers if name in OURS]
        if given.growth and ways:
            content["growth"] = await grown(given.growth, ways[:1], given, Path(folder))
        if given.sqlite and ways:
            content["sqlite"] = await grown([given.sqlite], ways, given, Path(folder))
    write(content, given.out)
    print(f"Written: {given.out}")


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", default=url_of(SIZES[-1]), metavar="URL")
    parser.add_argument("--make", action="store_true")
    parser.add_argument("--servers", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--only", nargs="+", choices=[one.name for one in WORKLOADS])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--growth", nargs="+", default=[], metavar="URL")
    parser.add_argument("--sqlite", metavar="URL")
    parser.add_argument("--out", type=Path, default=LATEST)
    return parser


if __name__ == "__main__":
    try:
        asyncio.run(main(options().parse_args()))
    except NoSuchWay as error:
        sys.exit(str(error))
