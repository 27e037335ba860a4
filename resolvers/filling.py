"""The second door: a registry that holds nothing yet but what `migrate` plants is filled at once.

Why there is one, and what it promises, stands in docs/decisions/0009-bulk-fill.md.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.bulk import indexed_afterwards, pour
from kit.columns import Moment, Thousandths
from kit.errors import BadInput
from kit.thousandths import fitting
from models import Change, Region, RegionAncestor
from models.change import ChangeKind
from models.history import models_of, stored
from models.row import Row, Thing
from resolvers.audiences import too_wide
from resolvers.context import today_in_china
from resolvers.derived import begin, derive_all, derive_tree
from resolvers.proposal import defaults
from resolvers.recording import Recorder, Values
from resolvers.searching import TERMS, pour_terms
from resolvers.summaries import counted_afterwards
from resolvers.writing import Progress, complete, unheard

PLANTED = "migrate"
TOLD = 10_000  # every so many rows

Rows = Iterable[tuple[type[Row], Iterable[Values]]]


async def fill(
    connection: AsyncConnection, rows: Rows, typed_by: str, progress: Progress = unheard
) -> Counter[str]:
    """Kind by kind, in an order in which nothing refers to what comes later.

    Rows are right by themselves, and references hold ids. What is derived is worked out at the end:
    where it is given already, less is written. It is the caller who holds what may be public
    (resolvers/publication.py), and that no fact is wider than its people: ValueError where one is.
    Raises BadInput where anything has been entered before, and for a number that doesn't fit.
    The connection is a writing one (kit.database): its transaction holds everything or nothing.
    """
    await require_untouched(connection)
    recorder = await Recorder.begin(connection, typed_by, datetime.now(UTC))
    written: Counter[str] = Counter()
    tables = [*map(stored, models_of()), stored(RegionAncestor), stored(Change), TERMS]
    async with (
        counted_afterwards(connection),
        derived_afterwards(connection),
        indexed_afterwards(connection, tables, lambda: progress("Indexes", 0)),
    ):
        for model, some in rows:
            names = stored(model).columns.keys()
            records = counted(completed(model, some, recorder), model.__name__, written, progress)
            await pour(connection, stored(model), names, records)
            if model is Region:
                await derive_tree(connection)
            await record_creation(recorder, model, written[model.__name__])
        await fill_terms_of_all(connection, progress)
    if wide := await too_wide(connection, today_in_china()):
        raise ValueError(*wide)
    return +written


@asynccontextmanager
async def derived_afterwards(connection: AsyncConnection) -> AsyncIterator[None]:
    yield
    today = today_in_china()
    await derive_all(connection, today, counted=False)
    await begin(connection, today)


async def fill_terms_of_all(connection: AsyncConnection, progress: Progress) -> None:
    progress("SearchTerm", 0)
    await connection.execute(delete(TERMS))
    await pour_terms(connection)


async def require_untouched(connection: AsyncConnection) -> None:
    change = stored(Change)
    others = select(func.count()).select_from(change).where(change.c.typed_by != PLANTED)
    if number := await connection.scalar(others):
        raise BadInput(
            f"This registry holds {number} records or corrections of them. Only one into which "
            "nothing has been entered yet can be filled: invented people never come among others. "
            "Name an empty database in DATABASE_URL.",
            f"该登记库已有 {number} 条记录或更正。只有尚未登记任何内容的库才能填充，"
            "虚构人员不得混入。请在 DATABASE_URL 中指定一个空数据库。",
        )


def completed(
    model: type[Row], rows: Iterable[Values], recorder: Recorder
) -> Iterator[tuple[Any, ...]]:
    """Every column of every row, as the one write path would complete it.

    Raises DoesNotFit for a number that would have to be changed.
    """
    stamp = {"typed_by": recorder.typed_by, "recorded_at": recorder.at}
    blank = defaults(model) | stamp
    names = stored(model).columns.keys()
    in_order: Callable[[Values], tuple[Any, ...]] = itemgetter(*names)
    numbers = [one.key for one in stored(model).c if isinstance(one.type, Thousandths)]
    for given in rows:
        row = {**blank, **given}
        if issubclass(model, Thing):
            row["id"] = row["code"]
        complete(model, row)
        for name in numbers:
            if row[name] is not None:
                row[name] = fitting(row[name])
        if len(row) != len(names):
            raise KeyError(*(row.keys() - set(names)))
        yield in_order(row)


def counted(
    records: Iterable[tuple[Any, ...]], kind: str, written: Counter[str], progress: Progress
) -> Iterator[tuple[Any, ...]]:
    progress(kind, 0)
    number = 0
    for number, record in enumerate(records, start=1):
        yield record
        if number % TOLD == 0:
            progress(kind, TOLD)
    progress(kind, number % TOLD)
    written[kind] += number


async def record_creation(recorder: Recorder, model: type[Row], rows: int) -> None:
    """A change for each row, numbered in the order of the ids after the last one."""
    change, table = stored(Change), stored(model)
    created = select(
        recorder.number + func.row_number().over(order_by=table.c.id),
        literal(ChangeKind.CREATED.value),
        literal(model.__name__),
        table.c.id,
        table.c.owner_id,
        table.c.typed_by,
        literal(recorder.at, Moment()),
    ).where(table.c.typed_by == recorder.typed_by)
    names = [
        "id", "change_kind", "subject_type", "subject_id", "asserted_by_id", "typed_by",
        "recorded_at",
    ]  # fmt: skip
    await recorder.connection.execute(insert(change).from_select(names, created))
    recorder.number += rows
