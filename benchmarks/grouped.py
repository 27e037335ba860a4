"""A filtered group by this service beside the same GROUP BY typed by hand: prints the ratio.

    python -m benchmarks.grouped [--database URL] [--rounds 30]

Both on one connection each of one process, turn by turn; milliseconds are medians. Ours is the
whole request without HTTP: read, planned, asked, written as JSON. The bar is 1.3. Also told: the
same groups unfiltered, from the summary, and how many rows a second the write path enters with
summaries and without (--writes N, on a database of which the rows may stay; names begin with
`demo_bench_`).
"""

import argparse
import asyncio
import statistics
import time
from typing import Any

import asyncpg
import orjson

from benchmarks.databases import SIZES, url_of
from execution import schema
from kit.db.engine import open_engine, write_transaction
from kit.db.postgres_pool import open_read_pool
from models.worker import Worker
from resolvers.core.access import OPERATOR
from resolvers.core.context import Context, Executor
from resolvers.writing.proposal import Origin, Proposal
from resolvers.writing.summary_tables import drop_triggers, rebuild_summaries
from resolvers.writing.write import enter_proposals

FILTERED = """{ workers(filter: {frontline: true}) {
  groups(by: [GRADE]) { nodes { count keys { code } } } } }"""
UNFILTERED = "{ workers { groups(by: [GRADE]) { nodes { count keys { code } } } } }"
BY_HAND = "SELECT grade, count(*) FROM worker WHERE frontline GROUP BY grade ORDER BY 2 DESC"


async def ours(engine: Any, snapshots: Any, query: str) -> tuple[float, dict[Any, int]]:
    started = time.perf_counter()
    async with Context.of(engine, OPERATOR, None, snapshots, Executor.PLAN) as context:
        result = await schema.answer(query, {}, context)
    told = orjson.loads(orjson.dumps(result.data))["workers"]["groups"]["nodes"]
    took = 1000 * (time.perf_counter() - started)
    return took, {one["keys"][0]["code"]: one["count"] for one in told}


async def by_hand(connection: Any) -> tuple[float, dict[Any, int]]:
    started = time.perf_counter()
    found = dict(map(tuple, await connection.fetch(BY_HAND)))
    return 1000 * (time.perf_counter() - started), found


async def grouped(database: str, rounds: int) -> None:
    engine, snapshots = open_engine(database), open_read_pool(database)
    connection = await asyncpg.connect(database)
    times: dict[str, list[float]] = {"ours": [], "by hand": [], "from the summary": []}
    for turn in range(rounds + 1):
        ours_took, told = await ours(engine, snapshots, FILTERED)
        hand_took, found = await by_hand(connection)
        summary_took, _ = await ours(engine, snapshots, UNFILTERED)
        assert told == found, (told, found)
        if turn:  # the first plans
            for name, took in zip(times, (ours_took, hand_took, summary_took), strict=True):
                times[name].append(took)
    medians = {name: statistics.median(some) for name, some in times.items()}
    print(", ".join(f"{name} {took:.2f} ms" for name, took in medians.items()))
    print(f"ours by the hand's: {medians['ours'] / medians['by hand']:.2f}")
    await connection.close()
    await snapshots.close()
    await engine.dispose()


async def entered(engine: Any, rows: int, name: str) -> float:
    """Rows a second of the write path, ten to a transaction."""
    origin = Origin("", 0)
    started = time.perf_counter()
    for first in range(0, rows, 10):
        keys = [f"demo_bench_{name}_{n}" for n in range(first, first + 10)]
        proposals = [Proposal(Worker, key, {"code": key, "name": "甲"}, origin) for key in keys]
        async with write_transaction(engine) as connection:
            await enter_proposals(connection, proposals, "bench")
    return rows / (time.perf_counter() - started)


async def written(database: str, rows: int) -> None:
    engine = open_engine(database)
    found: dict[str, list[float]] = {"with": [], "without": []}
    for turn in range(3):
        found["with"].append(await entered(engine, rows, f"{time.time_ns()}_{turn}"))
        async with engine.begin() as connection:
            await connection.run_sync(drop_triggers)
        found["without"].append(await entered(engine, rows, f"{time.time_ns()}_{turn}"))
        async with engine.begin() as connection:
            await connection.run_sync(rebuild_summaries)
    told = {name: statistics.median(some) for name, some in found.items()}
    print(", ".join(f"{name} summaries {rate:,.0f} rows/s" for name, rate in told.items()))
    await engine.dispose()


async def main(given: argparse.Namespace) -> None:
    await grouped(given.database, given.rounds)
    if given.writes:
        await written(given.database, given.writes)


if __name__ == "__main__":
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--database", default=url_of(SIZES[-1]), metavar="URL")
    options.add_argument("--rounds", type=int, default=30)
    options.add_argument("--writes", type=int, default=0, metavar="ROWS")
    asyncio.run(main(options.parse_args()))
