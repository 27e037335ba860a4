"""How the keys of two kinds join.

A way gives, for the rows of the target, the column that holds the source's id, and what must be
joined to read it: from that follow pairs (source, target) as well as a join without the pairs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    Table,
    literal,
    select,
    union,
)

from kit.rows import rows_of

Joins = list[tuple[FromClause, ColumnElement[bool]]]
Among = Callable[[ColumnElement[Any]], ColumnElement[bool]]
Pairs = Select[Any] | CompoundSelect[Any]


class Way(Protocol):
    def reach(self, target: FromClause, asker: Any) -> tuple[ColumnElement[Any], Joins]:
        """The column with the source's id, and the joins that bring it; `asker` as in predicate."""
        ...


@dataclass(frozen=True, eq=False)
class HeldBy:
    """The target itself holds the source's id."""

    column: str

    def reach(self, target: FromClause, asker: Any) -> tuple[ColumnElement[Any], Joins]:
        return target.c[self.column], []


@dataclass(frozen=True, eq=False)
class Through:
    """A table between: `near` holds the source's id, `far` equals the target's column `by`.

    A closed list may be sorted by a column of that table: `farthest_first`.
    """

    table: Table
    near: str
    far: str
    by: str = "id"
    farthest_first: str | None = None

    def reach(self, target: FromClause, asker: Any) -> tuple[ColumnElement[Any], Joins]:
        between = rows_of(self.table)
        return between.c[self.near], [(between, between.c[self.far] == target.c[self.by])]


@dataclass(frozen=True, eq=False)
class Listed:
    """Pairs (source, target) as a statement lists them: where they stand in several places."""

    pairs: Callable[[Any], Pairs]

    def reach(
        self, target: FromClause, asker: Any, among: Among | None = None
    ) -> tuple[ColumnElement[Any], Joins]:
        """`among` says of which sources: SQLite, which asks it of a union when that has been read
        whole, is to ask it of each part."""
        listed = self.pairs(asker)
        if isinstance(listed, CompoundSelect):
            if among is not None:
                listed = narrowed(listed, among)
            listed = select(*listed.subquery().c)
        pairs = listed.subquery()
        source, reached = pairs.c
        return source, [(pairs, reached == target.c.id)]


def narrowed(listed: CompoundSelect[Any], among: Among) -> CompoundSelect[Any]:
    parts = [part for part in listed.selects if isinstance(part, Select)]
    return union(*(part.where(among(part.selected_columns[0])) for part in parts))


@dataclass(frozen=True, eq=False)
class Everywhere:
    """All rows: the way of a list that hangs on nothing."""

    def reach(self, target: FromClause, asker: Any) -> tuple[ColumnElement[Any], Joins]:
        return literal(""), []
