"""Tables as statements read them: columns with a name and a type, and nothing else.

An alias copies every column of its table. The columns of a model carry foreign keys and events,
which takes six to ten times as long. The plan of contract 01 has 28 aliases: it is made, with
its SQL, in 34 ms instead of 49; that of 05 has 144, and is made in 100 ms instead of 150.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Column,
    ColumnClause,
    ColumnElement,
    FromClause,
    Table,
    TableClause,
    column,
    table,
)

WITHHELD_INFO = "withheld"  # in the info of a column that isn't among the rows' own


class AliasAllocator:
    """How many aliases of each table a plan has taken; the process makes each alias once.

    An alias is some twenty objects. Made for each plan, they were two thirds of its memory.
    """

    __slots__ = ("taken",)

    def __init__(self, taken: Mapping[TableClause, int] = MappingProxyType({})) -> None:
        self.taken = dict(taken)

    def name(self, rows: TableClause) -> FromClause:
        number = self.taken.get(rows, 0)
        self.taken[rows] = number + 1
        if number >= MAX_CACHED_ALIASES:
            return rows.alias()
        names = ALIAS_CACHE.setdefault(rows, {})
        alias = names.get(number)
        # Threads build statements too: the second one takes the alias that the first has made.
        return names.setdefault(number, rows.alias()) if alias is None else alias

    def copy(self) -> "AliasAllocator":
        """For what is done with when it is made: a statement that becomes text."""
        return AliasAllocator(self.taken)


MAX_CACHED_ALIASES = 200  # of one table that are kept
ALIAS_CACHE: dict[TableClause, dict[int, FromClause]] = {}
current_allocator: ContextVar[AliasAllocator | None] = ContextVar("allotment", default=None)


@contextmanager
def allocating_aliases(allotment: AliasAllocator | None) -> Iterator[None]:
    """Let `alias_of` take aliases of the allotment, or without one aliases of its own."""
    before = current_allocator.set(allotment)
    try:
        yield
    finally:
        current_allocator.reset(before)


def alias_of(rows: Table) -> FromClause:
    """Return an alias of the table, with a name that is unique in its statement."""
    return next_alias(plain_table(rows))


def alias_reading(rows: Table, others: Mapping[str, str]) -> FromClause:
    """Return an alias with other columns of the table under some of the names."""
    return next_alias(table_reading(rows, tuple(others.items())))


def next_alias(rows: TableClause) -> FromClause:
    allotment = current_allocator.get()
    return rows.alias() if allotment is None else allotment.name(rows)


@cache
def plain_table(rows: Table) -> TableClause:
    return table_reading(rows, ())


@cache
def table_reading(rows: Table, others: tuple[tuple[str, str], ...]) -> TableClause:
    instead = dict(others)
    columns = []
    for own in rows.c:
        if not own.info.get(WITHHELD_INFO):
            column = plain_column(rows.c[instead.get(own.key, own.key)])
            column.key = own.key
            columns.append(column)
    return table(rows.name, *columns)


def plain_column(source: Column[Any]) -> ColumnClause[Any]:
    plain: ColumnClause[Any] = column(source.name, source.type)
    plain.nullable = source.nullable  # type: ignore[attr-defined]
    return plain


def is_nullable(expression: ColumnElement[Any]) -> bool:
    """Whether a column's table may hold nulls there; what isn't a column may always be null."""
    roots = expression.base_columns if isinstance(expression, ColumnClause) else {expression}
    return any(getattr(root, "nullable", True) for root in roots)
