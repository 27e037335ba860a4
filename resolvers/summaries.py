"""Summaries of the registry: their triggers put in place, and what they hold counted anew.

What is counted stands on the models (`summed_by`), how it is kept up to date in kit/summary.py.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, and_, delete, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.summary import CELL, Summary
from kit.thousandths import decimal_of
from models import ALL_SUMMARIES, UnpublishedGrade, WorkerUnpublished
from models.history import stored
from resolvers import unpublished

MOST_TOLD = 20  # cells of each summary that hold something else than they should
TRIGGERS = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}

Cells = dict[str, Mapping[str, Any]]


def there(connection: Connection) -> list[Summary]:
    """A database that is on its way up or down has some of them, or none."""
    tables = set(inspect(connection).get_table_names())
    return [
        one
        for one in ALL_SUMMARIES
        if {one.name, *(table.name for _, table in one.triggers)} <= tables
    ]


def unpublished_there(connection: Connection) -> bool:
    return {stored(one).name for one in (UnpublishedGrade, WorkerUnpublished)} <= set(
        inspect(connection).get_table_names()
    )


def let_go(connection: Connection) -> None:
    """From now on nothing is counted."""
    for summary in there(connection):
        for statement in summary.gone(connection.dialect.name):
            connection.execute(text(statement))


def take_up(connection: Connection) -> None:
    """Everything is counted anew, and from now on with each write."""
    if unpublished_there(connection):
        for renewal in unpublished.renewing(None, connection.dialect.name):
            connection.execute(renewal)
        for table in (UnpublishedGrade, WorkerUnpublished):
            connection.exec_driver_sql(f"ANALYZE {stored(table).name}")
    for summary in there(connection):
        recount(connection, summary)
        for statement in summary.made(connection.dialect.name):
            connection.exec_driver_sql(statement)


def recount(connection: Connection, summary: Summary) -> None:
    connection.execute(delete(summary.table))
    connection.exec_driver_sql(summary.recounting(connection.dialect.name))
    connection.exec_driver_sql(f"ANALYZE {summary.name}")


@asynccontextmanager
async def counted_afterwards(connection: AsyncConnection) -> AsyncIterator[None]:
    """For very many rows at once: in the same transaction, and alone among writers."""
    await connection.run_sync(let_go)
    yield
    await connection.run_sync(take_up)


async def sweep(connection: AsyncConnection) -> None:
    """Cells that have become empty, and sets of grades that nobody has."""
    await connection.execute(unpublished.unused())
    for summary in ALL_SUMMARIES:
        empty = and_(*(summary.table.c[name] == 0 for name in summary.numbers))
        await connection.execute(delete(summary.table).where(empty))


def verify(connection: Connection) -> list[str]:
    """How the summaries differ from the records, a sentence for each; in one snapshot."""
    installed = set(connection.scalars(text(TRIGGERS[connection.dialect.name])))
    found = [said for one in there(connection) for said in differences(connection, one, installed)]
    if number := unpublished.wrong(connection):
        found.append(f"worker_unpublished: {number} differ from what follows from certificates.")
    return found


def differences(connection: Connection, summary: Summary, installed: set[str]) -> Iterator[str]:
    missing = [name for name, _ in summary.triggers if name not in installed]
    if missing:
        yield f"{summary.name}: the triggers {', '.join(missing)} are missing or switched off."
    wanted = cells(connection, summary.counted(connection.dialect.name))
    held = cells(connection, f"SELECT {summary.columns} FROM {summary.name}")
    nothing = dict.fromkeys(summary.added)
    wrong = [
        (cell, held.get(cell, nothing), wanted.get(cell, nothing))
        for cell in sorted(wanted.keys() | held.keys())
        if not alike(summary, held.get(cell, nothing), wanted.get(cell, nothing))
    ]
    for cell, is_held, is_right in wrong[:MOST_TOLD]:
        said, right = told(summary, is_held), told(summary, is_right)
        yield f"{summary.name}: ({cell}) holds {said}, and should hold {right}."
    if len(wrong) > MOST_TOLD:
        yield f"{summary.name}: and {len(wrong) - MOST_TOLD} cells more."


def cells(connection: Connection, statement: str) -> Cells:
    found = connection.exec_driver_sql(statement).mappings()
    return {row[CELL]: dict(row) for row in found}


def alike(summary: Summary, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """What is added to an empty cell doesn't count: no answer reads it."""
    if any((one[name] or 0) != (other[name] or 0) for name in summary.numbers):
        return False
    if not any(one[name] for name in summary.numbers):
        return True
    sums = [name for name in summary.added if name not in summary.numbers]
    return all(one[name] == other[name] for name in sums)


def told(summary: Summary, cell: Mapping[str, Any]) -> str:
    def text(name: str) -> object:
        number = int(cell[name] or 0)
        return number if name in summary.numbers else decimal_of(number)

    return ", ".join(f"{name} {text(name)}" for name in summary.added)
