"""Bulk fill of an empty registry: one with no rows but those that migrations insert.

For the reasons and guarantees see docs/decisions/0009-bulk-fill.md.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.bulk_load import bulk_insert, deferred_indexes
from kit.db.column_types import FixedDecimal, UtcDateTime
from kit.errors import BadInput
from kit.values.fixed_point import to_fixed_decimal
from models.change import Change, ChangeKind
from models.history import model_table, table_models
from models.region import Region, RegionAncestor
from models.row import Row, Thing
from resolvers.core.context import today_in_china
from resolvers.writing.audiences import verify_audiences
from resolvers.writing.derived_columns import record_day, update_all_derived, update_region_tree
from resolvers.writing.proposal import new_blank_row
from resolvers.writing.record import ChangeRecorder, RowValues
from resolvers.writing.search_index import SEARCH_TERMS, bulk_insert_terms
from resolvers.writing.summary_tables import triggers_suspended
from resolvers.writing.write import ProgressCallback, compute_own_columns, ignore_progress

MIGRATION_AUTHOR = "migrate"
ROWS_PER_PROGRESS = 10_000  # rows between two reports of progress

RowsByModel = Iterable[tuple[type[Row], Iterable[RowValues]]]


async def bulk_fill(
    connection: AsyncConnection,
    rows: RowsByModel,
    typed_by: str,
    progress: ProgressCallback = ignore_progress,
) -> Counter[str]:
    """Write rows kind by kind, in an order in which references come after their targets.

    Rows have to be valid, with ids as references. Derived columns are computed at the end; rows
    that already have them save writes. The caller checks what may be public
    (resolvers/writing/rules/publication.py), and that no fact is wider than its people: ValueError
    otherwise.
    Raises BadInput if anything was entered before, and for a number out of range. The connection
    must be in a write transaction (kit.db.engine), which commits everything or nothing.
    """
    await require_empty_registry(connection)
    recorder = await ChangeRecorder.begin(connection, typed_by, datetime.now(UTC))
    written: Counter[str] = Counter()
    tables = [
        *map(model_table, table_models()),
        model_table(RegionAncestor),
        model_table(Change),
        SEARCH_TERMS,
    ]
    async with (
        triggers_suspended(connection),
        derived_on_exit(connection),
        deferred_indexes(connection, tables, lambda: progress("Indexes", 0)),
    ):
        for model, group in rows:
            names = model_table(model).columns.keys()
            records = count_written_rows(
                complete_rows(model, group, recorder), model.__name__, written, progress
            )
            await bulk_insert(connection, model_table(model), names, records)
            if model is Region:
                await update_region_tree(connection)
            await insert_created_changes(recorder, model, written[model.__name__])
        await fill_search_terms(connection, progress)
    if wide := await verify_audiences(connection, today_in_china()):
        raise ValueError(*wide)
    return +written


@asynccontextmanager
async def derived_on_exit(connection: AsyncConnection) -> AsyncIterator[None]:
    yield
    today = today_in_china()
    await update_all_derived(connection, today, counted=False)
    await record_day(connection, today)


async def fill_search_terms(connection: AsyncConnection, progress: ProgressCallback) -> None:
    progress("SearchTerm", 0)
    await connection.execute(delete(SEARCH_TERMS))
    await bulk_insert_terms(connection)


async def require_empty_registry(connection: AsyncConnection) -> None:
    change = model_table(Change)
    others = select(func.count()).select_from(change).where(change.c.typed_by != MIGRATION_AUTHOR)
    if number := await connection.scalar(others):
        raise BadInput(
            f"This registry holds {number} records or corrections. Only an empty registry can be "
            "filled, so that invented people never mix with real ones. Set DATABASE_URL to an "
            "empty database.",
            f"该登记库已有 {number} 条记录或更正。只有尚未登记任何内容的库才能填充，"
            "虚构人员不得混入。请在 DATABASE_URL 中指定一个空数据库。",
        )


def complete_rows(
    model: type[Row], rows: Iterable[RowValues], recorder: ChangeRecorder
) -> Iterator[tuple[Any, ...]]:
    """Yield all columns of every row, as the write path would complete them.

    Raises NumberOutOfRange for a number that would have to be changed.
    """
    stamp = {"typed_by": recorder.typed_by, "recorded_at": recorder.at}
    blank = new_blank_row(model) | stamp
    names = model_table(model).columns.keys()
    in_order: Callable[[RowValues], tuple[Any, ...]] = itemgetter(*names)
    numbers = [
        column.key for column in model_table(model).c if isinstance(column.type, FixedDecimal)
    ]
    for values in rows:
        row = {**blank, **values}
        if issubclass(model, Thing):
            row["id"] = row["code"]
        compute_own_columns(model, row)
        for name in numbers:
            if row[name] is not None:
                row[name] = to_fixed_decimal(row[name])
        if len(row) != len(names):
            raise KeyError(*(row.keys() - set(names)))
        yield in_order(row)


def count_written_rows(
    records: Iterable[tuple[Any, ...]], kind: str, written: Counter[str], progress: ProgressCallback
) -> Iterator[tuple[Any, ...]]:
    progress(kind, 0)
    number = 0
    for number, record in enumerate(records, start=1):
        yield record
        if number % ROWS_PER_PROGRESS == 0:
            progress(kind, ROWS_PER_PROGRESS)
    progress(kind, number % ROWS_PER_PROGRESS)
    written[kind] += number


async def insert_created_changes(recorder: ChangeRecorder, model: type[Row], rows: int) -> None:
    """Insert a change for each row, numbered from the last one in the order of ids."""
    change, table = model_table(Change), model_table(model)
    created = select(
        recorder.number + func.row_number().over(order_by=table.c.id),
        literal(ChangeKind.CREATED.value),
        literal(model.__name__),
        table.c.id,
        table.c.owner_id,
        table.c.typed_by,
        literal(recorder.at, UtcDateTime()),
    ).where(table.c.typed_by == recorder.typed_by)
    names = [
        "id", "change_kind", "subject_type", "subject_id", "asserted_by_id", "typed_by",
        "recorded_at",
    ]  # fmt: skip
    await recorder.connection.execute(insert(change).from_select(names, created))
    recorder.number += rows
