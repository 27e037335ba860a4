"""How long an answer takes on registries of several sizes, and on SQLite: ours, one client."""

import argparse
import asyncio
import sqlite3
import statistics
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.load import loaded, settle, warm, write_bodies
from benchmarks.servers import Body, Server, running
from benchmarks.workloads import WORKLOADS, Subjects, Workload, drawn, leaves

COUNT = "SELECT count(*) FROM worker"
ASKED = 100  # subjects whose values are counted
KEPT = 10  # of them, that are asked about

Up = dict[tuple[int, str], Server]  # by the number of workers and the way


async def grown(
    urls: list[str], ways: list[str], given: argparse.Namespace, folder: Path
) -> dict[str, Any]:
    """p50 in milliseconds by workload, way and number of workers; rounds go through all of them."""
    wanted = [one for one in WORKLOADS if not given.only or one.name in given.only]
    found: dict[str, Any] = {}
    sized = {await workers(url): url for url in urls}
    subjects = {size: await subjects_on(url, wanted) for size, url in sized.items()}
    for viewer in dict.fromkeys(one.viewer for one in wanted):
        with ExitStack() as stack:
            up: Up = {
                (size, name): server
                for size, url in sized.items()
                for name, server in stack.enter_context(running(ways, url, viewer, folder)).items()
            }
            for workload in (one for one in wanted if one.viewer == viewer):
                found[workload.name] = grown_in(workload, up, subjects, given, folder)
                print(f"{workload.name}: {found[workload.name]}", file=sys.stderr, flush=True)
    return {name: found[name] for name in sorted(found)}


def grown_in(
    workload: Workload,
    up: Up,
    subjects: dict[int, Subjects],
    given: argparse.Namespace,
    folder: Path,
) -> dict[str, Any]:
    alone = replace(workload, connections=1)
    files: dict[tuple[int, str], Path] = {}
    values: dict[int, float] = {}
    seconds: dict[tuple[int, str], float] = {}
    wanted: float | None = None
    for (size, name), server in sorted(up.items(), key=lambda one: one[0][0]):
        bodies, values[size] = alike(server, alone, server.bodies(alone, subjects[size]), wanted)
        wanted = wanted or values[size]
        files[size, name] = write_bodies(folder / f"{workload.name}.{name}.{size}", bodies)
        seconds[size, name] = max(given.seconds, warm(server, alone, files[size, name]))
    p50: dict[tuple[int, str], list[float]] = {key: [] for key in up}
    for _ in range(given.rounds):
        for key, server in up.items():
            p50[key].append(loaded(server, alone, files[key], seconds[key])["p50"] / 1000)
            settle(server)
    medians = {key: round(statistics.median(times), 3) for key, times in p50.items()}
    ways: dict[str, dict[str, float]] = {name: {} for name in ("values", *(way for _, way in up))}
    for (size, name), median in medians.items():
        ways[name][str(size)] = median
        ways["values"][str(size)] = values[size]
    sizes = sorted(values)
    found: dict[str, Any] = dict(ways)
    first = next(name for _, name in up)
    found["ratio"] = {
        name: round(medians[sizes[-1], name] / medians[sizes[-1], first], 3)
        for _, name in up
        if name != first
    }
    if len(sizes) > 1:
        found["ratio"]["growth"] = round(medians[sizes[-1], first] / medians[sizes[0], first], 3)
    return found


def alike(
    server: Server, workload: Workload, bodies: list[Body], wanted: float | None
) -> tuple[list[Body], float]:
    """Those whose answers come nearest to a number of values, and how many they have on average.

    What is to be told is how time grows with the registry, and answers grow with it too. The first
    registry says which number is wanted: that of most of its answers.
    """
    sized = [(leaves(server.ask(workload, body)), body) for body in bodies[:ASKED]]
    target = wanted or statistics.median(number for number, _ in sized)
    nearest = sorted(sized, key=lambda one: abs(one[0] - target))[:KEPT]
    return [body for _, body in nearest], statistics.mean(number for number, _ in nearest)


async def workers(url: str) -> int:
    if url.startswith("sqlite"):
        [(number,)] = await asyncio.to_thread(rows_of, url, COUNT)
        return int(number)
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(COUNT))
    finally:
        await connection.close()


async def subjects_on(url: str, workloads: list[Workload]) -> Subjects:
    if not url.startswith("sqlite"):
        return await Subjects.read(url, workloads)
    codes = {}
    for one in workloads:
        rows = await asyncio.to_thread(rows_of, url, one.candidates)
        codes[one.name] = drawn(one, [code for (code,) in rows])
    return Subjects(codes, {})


def rows_of(url: str, statement: str) -> list[Any]:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()
