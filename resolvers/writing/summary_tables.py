"""Summary tables: their triggers are installed, and their cells recounted.

The models declare the counts (`summed_by`); kit/db/summary_table.py updates them.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, and_, delete, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.summary_table import CELL_COLUMN, SummaryTable
from kit.values.fixed_point import from_thousandths
from models import ALL_SUMMARIES
from models.history import model_table
from models.unpublished import UnpublishedGrade, WorkerUnpublished
from resolvers.writing import unpublished_grades

MAX_REPORTED_CELLS = 20  # cells with a wrong count, of each summary
TRIGGER_QUERIES = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}

SummaryCells = dict[str, Mapping[str, Any]]


def existing_summaries(connection: Connection) -> list[SummaryTable]:
    """Return the summary tables that exist: between two versions some may be missing."""
    tables = set(inspect(connection).get_table_names())
    return [
        summary
        for summary in ALL_SUMMARIES
        if {summary.name, *(table.name for _, table in summary.triggers)} <= tables
    ]


def has_unpublished_tables(connection: Connection) -> bool:
    return {model_table(model).name for model in (UnpublishedGrade, WorkerUnpublished)} <= set(
        inspect(connection).get_table_names()
    )


def drop_triggers(connection: Connection) -> None:
    """Drop the triggers: nothing is counted from now on."""
    for summary in existing_summaries(connection):
        for statement in summary.gone(connection.dialect.name):
            connection.execute(text(statement))


def rebuild_summaries(connection: Connection) -> None:
    """Recount everything, and install triggers that count each write."""
    if has_unpublished_tables(connection):
        for renewal in unpublished_grades.refresh_statements(None, connection.dialect.name):
            connection.execute(renewal)
        for table in (UnpublishedGrade, WorkerUnpublished):
            connection.exec_driver_sql(f"ANALYZE {model_table(table).name}")
    for summary in existing_summaries(connection):
        recount_summary(connection, summary)
        for statement in summary.made(connection.dialect.name):
            connection.exec_driver_sql(statement)


def recount_summary(connection: Connection, summary: SummaryTable) -> None:
    connection.execute(delete(summary.table))
    connection.exec_driver_sql(summary.refill_statement(connection.dialect.name))
    connection.exec_driver_sql(f"ANALYZE {summary.name}")


@asynccontextmanager
async def triggers_suspended(connection: AsyncConnection) -> AsyncIterator[None]:
    """Suspend the triggers for a bulk write, in one transaction and under the write lock."""
    await connection.run_sync(drop_triggers)
    yield
    await connection.run_sync(rebuild_summaries)


async def delete_empty_cells(connection: AsyncConnection) -> None:
    """Delete empty cells, and grade sets without workers."""
    await connection.execute(unpublished_grades.delete_unused_sets())
    for summary in ALL_SUMMARIES:
        empty = and_(*(summary.table.c[name] == 0 for name in summary.count_columns))
        await connection.execute(delete(summary.table).where(empty))


def verify_summaries(connection: Connection) -> list[str]:
    """Return a message for each difference between summaries and records, in one snapshot."""
    installed = set(connection.scalars(text(TRIGGER_QUERIES[connection.dialect.name])))
    messages = [
        said
        for summary in existing_summaries(connection)
        for said in summary_differences(connection, summary, installed)
    ]
    if number := unpublished_grades.count_wrong_sets(connection):
        messages.append(f"worker_unpublished: {number} differ from what follows from certificates.")
    return messages


def summary_differences(
    connection: Connection, summary: SummaryTable, installed: set[str]
) -> Iterator[str]:
    missing = [name for name, _ in summary.triggers if name not in installed]
    if missing:
        yield f"{summary.name}: the triggers {', '.join(missing)} are missing or switched off."
    right_cells = read_cells(connection, summary.counted(connection.dialect.name))
    # Names of the models.
    stored_cells = read_cells(connection, f"SELECT {summary.columns} FROM {summary.name}")  # noqa: S608
    nothing = dict.fromkeys(summary.added)
    wrong = [
        (cell, stored_cells.get(cell, nothing), right_cells.get(cell, nothing))
        for cell in sorted(right_cells.keys() | stored_cells.keys())
        if not is_same_cell(
            summary, stored_cells.get(cell, nothing), right_cells.get(cell, nothing)
        )
    ]
    for cell, is_held, is_right in wrong[:MAX_REPORTED_CELLS]:
        said, right = format_cell(summary, is_held), format_cell(summary, is_right)
        yield f"{summary.name}: ({cell}) holds {said}, and should hold {right}."
    if len(wrong) > MAX_REPORTED_CELLS:
        yield f"{summary.name}: and {len(wrong) - MAX_REPORTED_CELLS} cells more."


def read_cells(connection: Connection, statement: str) -> SummaryCells:
    rows = connection.exec_driver_sql(statement).mappings()
    return {row[CELL_COLUMN]: dict(row) for row in rows}


def is_same_cell(summary: SummaryTable, cell: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two cells agree; no answer reads the sums of an empty cell."""
    if any((cell[name] or 0) != (other[name] or 0) for name in summary.count_columns):
        return False
    if not any(cell[name] for name in summary.count_columns):
        return True
    sums = [name for name in summary.added if name not in summary.count_columns]
    return all(cell[name] == other[name] for name in sums)


def format_cell(summary: SummaryTable, cell: Mapping[str, Any]) -> str:
    def text(name: str) -> object:
        number = int(cell[name] or 0)
        return number if name in summary.count_columns else from_thousandths(number)

    return ", ".join(f"{name} {text(name)}" for name in summary.added)
