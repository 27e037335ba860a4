"""How long a search takes: 200 queries drawn from the names of a generated registry.

    BENCH_POSTGRES_URL=… python -m benchmarks.search [--workers 1000000 | --url URL] [--rounds 5]

The same seed draws the same queries. Each is contract query 09, run in this process as the service
runs it (parsed, answered by the plan, written as JSON; no HTTP) as the public and as the operator;
told is the median of its rounds, and of those the median and the slowest by sort of query.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from opencc import OpenCC
from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.databases import make
from benchmarks.servers import ROOT
from execution import schema
from kit.db.engine import open_engine, read_transaction
from kit.db.postgres_pool import open_read_pool
from kit.db.read_pool import ReadPool
from kit.request_limits import UNLIMITED
from kit.text.search_key import initials, pinyin_syllables
from models.alliance import Alliance
from models.competition import Competition
from models.history import model_table
from models.organisation import Organisation
from models.studio import Studio
from models.worker import Worker
from resolvers.core.access import OPERATOR, PUBLIC, Viewer
from resolvers.core.context import Context, Executor, today_in_china

SEED = 20261126
QUERY = (ROOT / "examples" / "queries" / "09-search.graphql").read_text("utf-8")
EACH = 20  # queries of each sort
DRAWN = 4000  # names to draw them from


@dataclass(frozen=True)
class Drawn:
    sort: str
    text: str


async def names(connection: AsyncConnection, table: Table) -> list[Any]:
    """From all over the table, the same each time."""
    number = await connection.scalar(select(func.count()).select_from(table)) or 0
    step = max(number // DRAWN, 1)
    place = func.row_number().over(order_by=table.c.id).label("place")
    placed = select(table.c.name, table.c.code, place).subquery()
    some = select(placed.c.name, placed.c.code).where(placed.c.place % step == 0)
    return list((await connection.execute(some.order_by(placed.c.place))).all())


async def draw(connection: AsyncConnection) -> list[Drawn]:
    chance = random.Random(SEED)
    opened: Any = OpenCC
    convert = opened("s2t").convert
    workers = await names(connection, model_table(Worker))
    others = [
        row
        for model in (Organisation, Studio, Alliance, Competition)
        for row in await names(connection, model_table(model))
    ]

    def person() -> str:
        return str(chance.choice(workers).name)

    def other() -> str:
        return str(chance.choice(others).name)

    def pinyin(space: str) -> str:
        return space.join(pinyin_syllables(person(), person=True))

    def inside() -> str:
        name = other()
        start = chance.randrange(1, max(len(name) - 3, 2))
        return name[start : start + chance.choice((2, 3, 4))]

    sorts: dict[str, Callable[[], str]] = {
        "two characters": lambda: person()[:2],
        "full name": person,
        "traditional": lambda: convert(person()),
        "pinyin": lambda: pinyin(chance.choice(("", " "))),
        "beginning of pinyin": lambda: pinyin("")[: chance.randrange(2, 6)],
        "initials": lambda: "".join(initials(pinyin_syllables(person(), person=True))),
        "code": lambda: str(chance.choice(workers).code),
        "organisation": other,
        "inside": inside,
        "nothing": lambda: "".join(chance.choices("鑫淼焱垚犇qxz", k=4)),
    }
    return [Drawn(sort, text()) for sort, text in sorts.items() for _ in range(EACH)]


async def timed(snapshots: ReadPool, engine: Any, viewer: Viewer, text: str) -> tuple[float, Any]:
    """Milliseconds, and what was answered."""
    context = Context.of(engine, viewer, today_in_china(), snapshots, Executor.PLAN, UNLIMITED)
    begun = time.perf_counter()
    async with context:
        found = await schema.answer(QUERY, {"text": text}, context)
    body = orjson.dumps({"data": found.data})
    took = (time.perf_counter() - begun) * 1000
    assert not found.errors, found.errors
    assert context.fallback_reason is None, context.fallback_reason
    return took, orjson.loads(body)["data"]["search"]


async def measured(url: str, rounds: int) -> None:
    engine = open_engine(url)
    async with read_transaction(engine) as connection:
        await connection.exec_driver_sql(OPERATOR.wall.transaction_statement)
        queries = await draw(connection)
        workers = await connection.scalar(select(func.count()).select_from(model_table(Worker)))
    print(f"{len(queries)} queries over {workers:,} workers; milliseconds, median of {rounds}.\n")
    for viewer in (PUBLIC, OPERATOR):
        snapshots = open_read_pool(engine.url)
        for one in queries[::7]:
            await timed(snapshots, engine, viewer, one.text)
        times: dict[Drawn, list[float]] = {one: [] for one in queries}
        hits: dict[Drawn, int] = {}
        for _ in range(rounds):
            for one in queries:
                took, answer = await timed(snapshots, engine, viewer, one.text)
                times[one].append(took)
                hits[one] = answer["totalCount"]
        told(viewer.name, {one: statistics.median(took) for one, took in times.items()}, hits)
        await snapshots.close()
    await engine.dispose()


def told(viewer: str, times: dict[Drawn, float], hits: dict[Drawn, int]) -> None:
    print(f"| as the {viewer} | median | slowest | hits of the slowest |")
    print("|---|---:|---:|---:|")
    for sort in [*dict.fromkeys(one.sort for one in times), None]:
        some = {one: took for one, took in times.items() if sort in (one.sort, None)}
        slowest = max(some, key=lambda one: some[one])
        median = statistics.median(some.values())
        print(
            f"| {sort or 'all'} | {median:.1f} | {some[slowest]:.1f} "
            f"| {slowest.text}: {hits[slowest]:,} |"
        )
    print()


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, default=1_000_000)
    parser.add_argument("--url", help="a registry that is there, instead of one that is made")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    await measured(given.url or await make(given.workers), given.rounds)


if __name__ == "__main__":
    asyncio.run(main())
