"""Declares how the keys of two kinds join.

A join gives, for the rows of the target, the column with the id of the source, and what must be
joined to read it. From that follow pairs (source, target) and a join without the pairs.
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

from kit.db.expressions import Expression, SelectStatement, UnionQuery
from kit.db.table_aliases import alias_of

JoinClauses = list[tuple[FromClause, ColumnElement[bool]]]
KeyFilter = Callable[[Expression], ColumnElement[bool]]
PairsQuery = SelectStatement | UnionQuery


class KeyJoin(Protocol):
    def join_source(self, target: FromClause, asker: object) -> tuple[Expression, JoinClauses]:
        """Return the column with the source's id, and its joins; `asker` as in predicate."""
        ...


@dataclass(frozen=True, eq=False)
class ForeignKeyJoin:
    """The target itself holds the source's id."""

    column: str

    def join_source(self, target: FromClause, asker: object) -> tuple[Expression, JoinClauses]:
        return target.c[self.column], []


@dataclass(frozen=True, eq=False)
class AssociationJoin:
    """An association: `source_column` holds the source's id, `far` equals the target's `by`.

    A closed list may be sorted by a column of that table: `farthest_first`.
    """

    table: Table
    source_column: str
    far: str
    by: str = "id"
    farthest_first: str | None = None

    def join_source(self, target: FromClause, asker: object) -> tuple[Expression, JoinClauses]:
        between = alias_of(self.table)
        return between.c[self.source_column], [(between, between.c[self.far] == target.c[self.by])]


@dataclass(frozen=True, eq=False)
class PairsJoin:
    """Pairs (source, target) as a statement lists them: where they stand in several places."""

    pairs: Callable[[Any], PairsQuery]

    def join_source(
        self, target: FromClause, asker: object, among: KeyFilter | None = None
    ) -> tuple[Expression, JoinClauses]:
        """Return the column and the joins. `among` filters the sources.

        SQLite would filter a union only after reading all of it, so each part has the filter.
        """
        listed = self.pairs(asker)
        if isinstance(listed, CompoundSelect):
            if among is not None:
                listed = filter_union(listed, among)
            listed = select(*listed.subquery().c)
        pairs = listed.subquery()
        source, reached = pairs.c
        return source, [(pairs, reached == target.c.id)]


def filter_union(listed: UnionQuery, among: KeyFilter) -> UnionQuery:
    parts = [part for part in listed.selects if isinstance(part, Select)]
    return union(*(part.where(among(part.selected_columns[0])) for part in parts))


@dataclass(frozen=True, eq=False)
class AllRowsJoin:
    """All rows: the way of a list that hangs on nothing."""

    def join_source(self, target: FromClause, asker: object) -> tuple[Expression, JoinClauses]:
        return literal(""), []
