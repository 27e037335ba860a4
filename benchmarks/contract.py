"""How long the contract's queries take on the registry of DATABASE_URL, and how many statements.

    DATABASE_URL=… python benchmarks/contract.py [--runs 5] [--explain 50]

Each query asks about the busiest record of its kind, in this process: parsed, run, written as JSON;
no HTTP. The first run is given apart: it parses, validates, plans and fills the database's caches.
`--way` is PLAN, BATCH or DEFAULT. With `--explain`, statements of the default executor that took
longer than so many milliseconds are told with their plans.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import event, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from execution import schema  # noqa: E402
from kit.db.engine import open_engine, read_transaction  # noqa: E402
from kit.db.postgres_pool import open_read_pool  # noqa: E402
from kit.db.read_pool import ReadPool  # noqa: E402
from models.alliance import AllianceMembership  # noqa: E402
from models.competition import Result  # noqa: E402
from models.figure import Figure  # noqa: E402
from models.history import model_table  # noqa: E402
from models.honour import Rung  # noqa: E402
from models.region import Region  # noqa: E402
from models.row import Level  # noqa: E402
from models.training import Enrolment, Mentorship  # noqa: E402
from models.worker import Worker  # noqa: E402
from resolvers.core.access import OPERATOR  # noqa: E402
from resolvers.core.context import Context, Executor  # noqa: E402
from settings import read_settings  # noqa: E402

QUERIES = ROOT / "examples" / "queries"
LATER = {"04", "12"}
LONGEST = 120  # seconds


async def busiest(connection: AsyncConnection, column: Any) -> Any:
    """Return the most frequent value of a column; the smallest of several."""
    counted = select(column).where(column.is_not(None)).group_by(column)
    return await connection.scalar(counted.order_by(func.count().desc(), column).limit(1))


async def subjects(connection: AsyncConnection) -> dict[str, dict[str, Any]]:
    """Return the variables of each query, by its number."""
    region, worker, enrolment = model_table(Region), model_table(Worker), model_table(Enrolment)
    home = region.alias()
    provinces = (
        select(region.c.code)
        .join(home, home.c.province_id == region.c.id)
        .join(worker, worker.c.region_id == home.c.id)
        .where(region.c.level == Level.PROVINCIAL)
        .group_by(region.c.code)
        .order_by(func.count().desc(), region.c.code)
    )
    most, *others = (await connection.scalars(provinces.limit(2))).all()
    college = await busiest(connection, enrolment.c.college_id)
    mentor = await busiest(connection, model_table(Mentorship).c.mentor_id)
    return {
        "01": {"code": await busiest(connection, model_table(AllianceMembership).c.alliance_id)},
        "02": {"code": mentor or await busiest(connection, model_table(Result).c.worker_id)},
        "03": {"college": college, "cohort": None, "first": 20},
        "05": {"code": most},
        "06": {"code": await busiest(connection, model_table(Figure).c.region_id), "first": 100},
        "07": {"code": await busiest(connection, model_table(Rung).c.ladder_id)},
        "08": {"code": await busiest(connection, model_table(Result).c.competition_id)},
        "09": {"text": "王"},
        "10": {"code": most},
        # It names its two provinces itself.
        "11": {"skipPeople": False, "370000": most, "230000": (others or [most])[0]},
    }


@dataclass
class Timing:
    number: str
    variables: dict[str, Any]
    statements: int = 0
    values: int = 0
    milliseconds: list[float] = field(default_factory=list)
    slow: list[tuple[float, str, Any]] = field(default_factory=list)
    failure: str | None = None

    def row(self) -> str:
        about = " ".join(str(value) for value in self.variables.values() if value is not None)
        if self.failure:
            return f"| {self.number} | {about} | – | – | {self.failure} | |"
        first, *rest = self.milliseconds
        median = statistics.median(rest or [first])
        return (
            f"| {self.number} | {about} | {self.statements} | {self.values:,} | {first:,.0f} "
            f"| {median:,.1f} |"
        )


@contextmanager
def watched(engine: AsyncEngine, seen: list[tuple[float, str, Any]]) -> Iterator[None]:
    """(milliseconds, statement, parameters) of each statement meanwhile."""
    begun: list[float] = []

    def before(*_: Any) -> None:
        begun.append(time.perf_counter())

    def after(conn: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((1000 * (time.perf_counter() - begun.pop()), statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", before)
    event.listen(engine.sync_engine, "after_cursor_execute", after)
    try:
        yield
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", before)
        event.remove(engine.sync_engine, "after_cursor_execute", after)


def leaves(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    return sum(map(leaves, value)) if isinstance(value, list) else 1


async def measured(
    engine: AsyncEngine, snapshots: ReadPool, timing: Timing, runs: int, way: Executor
) -> None:
    [path] = QUERIES.glob(f"{timing.number}-*.graphql")
    query = path.read_text("utf-8")
    for name, value in timing.variables.items():
        if name.isdigit():
            query = query.replace(name, value)
    for run in range(runs + 1):
        started = time.perf_counter()
        context = Context.of(engine, OPERATOR, None, snapshots, way)
        timing.slow = []
        with watched(engine, timing.slow):
            async with asyncio.timeout(LONGEST), context:
                result = await schema.answer(query, timing.variables, context)
                written = orjson.dumps(result.data)
        timing.milliseconds.append(1000 * (time.perf_counter() - started))
        if result.errors:
            timing.failure = result.errors[0].message
            return
        if run == 0:
            timing.statements, timing.values = context.statements, leaves(orjson.loads(written))


async def explained(engine: AsyncEngine, statement: str, parameters: Any) -> str:
    how = (
        "EXPLAIN (ANALYZE, BUFFERS) "
        if engine.dialect.name == "postgresql"
        else "EXPLAIN QUERY PLAN "
    )
    async with read_transaction(engine) as connection:
        rows = await connection.exec_driver_sql(how + statement, parameters)
        return "\n".join("  ".join(map(str, row)) for row in rows)


async def main(runs: int, explain: float | None, only: list[str], way: Executor) -> None:
    engine, snapshots = open_engine(read_settings().url), open_read_pool(read_settings().url)
    async with read_transaction(engine) as connection:
        workers = await connection.scalar(select(func.count()).select_from(model_table(Worker)))
        version = await connection.scalar(
            text(
                "SELECT version()"
                if engine.dialect.name == "postgresql"
                else "SELECT sqlite_version()"
            )
        )
        asked = await subjects(connection)
    print(f"{workers:,} workers; {version}\n")
    print("| query | about | statements | values | first run, ms | median, ms |")
    print("|---|---|---:|---:|---:|---:|")
    for number, variables in asked.items():
        if only and number not in only:
            continue
        timing = Timing(number, variables)
        try:
            await measured(engine, snapshots, timing, runs, way)
        except TimeoutError:
            timing.failure = f"over {LONGEST} s"
        print(timing.row(), flush=True)
        for took, statement, parameters in timing.slow:
            if explain is not None and took >= explain:
                bound = json.dumps(parameters, default=str, ensure_ascii=False)[:500]
                print(f"\n-- {number}: {took:.0f} ms\n{statement}\n-- {bound}")
                print(await explained(engine, statement, parameters), "\n", flush=True)
    await snapshots.close()
    await engine.dispose()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--explain", type=float, metavar="MS")
    options.add_argument("--only", nargs="*", default=[], metavar="NUMBER")
    options.add_argument("--way", type=Executor, default=Executor.PLAN, choices=list(Executor))
    given = options.parse_args()
    asyncio.run(main(given.runs, given.explain, given.only, given.way))
