"""The statements of a plan: keys are bound, pages are cut off in the database, links joined in.

A page is cut for each parent by itself: in a lateral join on PostgreSQL, by its keys on SQLite,
where window functions cost more than twice as much. Links to one record are joined to what is left
of a list, never to all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    bindparam,
    select,
    true,
    union_all,
)
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from engine.keyset import beyond, sorted_by
from engine.kind import Kind
from engine.level import Level
from engine.link import Chain, Closed, ClosedOf, Many
from engine.page import Order
from engine.predicate import Asker, ways_of
from engine.shape import KEYS, Shape
from engine.statements import Statements
from engine.walk import Walk
from engine.way import Joins, Way
from kit.database import Keys
from kit.rows import Allotment

ONE, SEVERAL = Keys(KEYS, single=True), Keys(KEYS, single=False)


@dataclass(frozen=True, slots=True)
class Cut:
    """How a list is cut to pages; `limit` is the name under which the number of rows is bound."""

    link: Many
    shape: Shape
    limit: str

    @property
    def order(self) -> Order:
        return Order.of(self.link.to, self.shape)

    def sorted_columns(self, rows: FromClause) -> list[ColumnElement[Any]]:
        return [rows.c[name] for name, _ in self.order.columns]

    def sorting(self, columns: Any) -> list[ColumnElement[Any]]:
        """`columns` are the rows' own, or those of a subquery, by their names."""
        return [sorted_by(columns[name], down, self.shape) for name, down in self.order.columns]


class Drafts(Statements):
    """Statements for the levels of a plan: each gives the source, then the level's columns."""

    def __init__(self, asker: Asker, dialect: str) -> None:
        super().__init__(asker, dialect)
        self.allotment = Allotment()  # of the plan

    def found(self, level: Level, column: str, keys: Keys) -> Select[Any]:
        """Records by a unique column."""
        kind, rows = kind_of(level), level.extent
        statement = self.records(kind, column, keys, rows).with_only_columns(
            rows.c[column].label("source"), *level.columns
        )
        return folded(statement, level.joins)

    def paged(self, level: Level, cut: Cut, keys: Keys, *, cursors: bool) -> Select[Any]:
        """A page of each source, in its order; the columns of cursors come last, if wanted."""
        columns = list(level.columns)
        if cursors:
            columns += cut.sorted_columns(level.extent)
        if keys.single and not level.joins:
            page, source = self.cut(level.extent, cut, keys)
            return page.add_columns(source.label("source"), *columns)
        if self.dialect == "postgresql":
            return self.cut_laterally(level, columns, cut, keys)
        return self.cut_by_keys(level, columns, cut, keys)

    def cut(
        self, rows: FromClause, cut: Cut, keys: Keys | ColumnElement[str]
    ) -> tuple[Select[Any], ColumnElement[Any]]:
        """The rows of one parent's page, as yet without columns, and the parent's id."""
        kind, asker = cut.link.to, self.asker
        ways, rest = ways_of(kind, rows, cut.shape.filter, asker)
        if len(ways) < 2:
            return self.cut_one_way(rows, cut, keys)
        # Few of each way, in the order of the list, and then the first of these.
        less, few = replace(cut, shape=replace(cut.shape, filter=rest)), []
        for number in range(len(ways)):
            target = kind.rows(asker)
            holds = ways_of(kind, target, cut.shape.filter, asker)[0][number]
            ids = self.cut_one_way(target, less, keys)[0].where(holds).add_columns(target.c.id)
            ids = ids.correlate(keys.table) if isinstance(keys, ColumnClause) else ids
            few.append(select(ids.subquery().c.id))
        whole, source = self.cut_one_way(rows, less, keys)
        return whole.where(rows.c.id.in_(union_all(*few))), source

    def cut_one_way(
        self, rows: FromClause, cut: Cut, keys: Keys | ColumnElement[str]
    ) -> tuple[Select[Any], ColumnElement[Any]]:
        _, source, statement = self.scope(cut.link, cut.shape, keys, rows)
        if cut.shape.far is not None:
            statement = statement.where(beyond(cut.order, rows, cut.shape, cut.shape.far))
        limit: ColumnElement[int] = bindparam(cut.limit, type_=Integer())
        return statement.order_by(*cut.sorting(rows.c)).limit(limit), source

    def cut_laterally(
        self, level: Level, columns: Sequence[ColumnElement[Any]], paged: Cut, keys: Keys
    ) -> Select[Any]:
        rows = level.extent
        parents = None if keys.single else keys.listed(self.dialect)
        cut, _ = self.cut(rows, paged, keys if parents is None else parents.c.key)
        sorted_columns = paged.sorted_columns(rows) if level.joins else []
        own = own_columns(rows, [*columns, *sorted_columns], level.joins)
        cut = cut.add_columns(*(column.label(f"o{n}") for n, column in enumerate(own)))
        if parents is not None:
            cut = cut.correlate(parents)
        if not level.joins:
            page = cut.lateral()
            at = Moved(rows, {column.key: page.c[f"o{n}"] for n, column in enumerate(own)})
            listed = [at(column) for column in columns]
            assert parents is not None
            return select(parents.c.key, *listed).select_from(parents.join(page, true()))
        page = cut.subquery()  # type: ignore[assignment]
        moved = Moved(rows, {column.key: page.c[f"o{n}"] for n, column in enumerate(own)})
        whole = select(*(moved(one).label(f"c{n}") for n, one in enumerate(columns)))
        whole = folded(whole.select_from(page), moved.joins(level.joins))
        whole = whole.order_by(*paged.sorting(moved.by_name))
        if parents is None:
            return whole.with_only_columns(
                bindparam(KEYS, type_=rows.c.id.type).label("source"), *whole.selected_columns
            )
        # A nested loop keeps the order of what it is given: PostgreSQL has no other way to join
        # laterally to what is limited.
        of_each = whole.correlate(parents).lateral()
        return select(parents.c.key, *of_each.c).select_from(parents.join(of_each, true()))

    def cut_by_keys(
        self, level: Level, columns: Sequence[ColumnElement[Any]], paged: Cut, keys: Keys
    ) -> Select[Any]:
        rows, target = level.extent, paged.link.to.rows(self.asker)
        parents = None if keys.single else keys.listed(self.dialect)
        cut, _ = self.cut(target, paged, keys if parents is None else parents.c.value)
        cut = cut.add_columns(target.c.id)
        if parents is None:
            source: ColumnElement[Any] = bindparam(KEYS, type_=rows.c.id.type)
            whole = select(source.label("source"), *columns).select_from(rows)
        else:
            cut = cut.correlate(parents)
            whole = select(parents.c.value.label("source"), *columns)
            whole = whole.select_from(parents.join(rows, true()))
        whole = folded(whole, level.joins).where(rows.c.id.in_(cut))
        return whole.order_by(*paged.sorting(rows.c))

    def listed(self, level: Level, link: Closed | ClosedOf, way: Way, keys: Keys) -> Select[Any]:
        """A list that is given whole."""
        source, statement = self.whole(link, way, kind_of(level), level.extent, keys)
        return folded(statement.add_columns(source.label("source"), *level.columns), level.joins)

    def walked(self, level: Level, link: Chain, shape: Shape, keys: Keys) -> Select[Any]:
        """The distinct records at the end of a chain."""
        target, source, statement = self.scope(link.first, shape, keys)
        walk = Walk(link.first.to, target, self.asker)
        [(kind, end)] = walk.to(link.names)
        key = end.c[kind.key]
        rows = level.extent
        own = own_columns(rows, [*level.columns, rows.c[kind.key]], level.joins)
        ends = walk.joined(
            statement.add_columns(
                source.label("source"), *(end.c[c.key].label(f"o{n}") for n, c in enumerate(own))
            )
        )
        found = ends.where(key.is_not(None)).distinct().subquery()
        moved = Moved(rows, {column.key: found.c[f"o{n}"] for n, column in enumerate(own)})
        whole = select(found.c.source, *map(moved, level.columns)).select_from(found)
        whole = folded(whole, moved.joins(level.joins))
        return whole.order_by(found.c.source, moved.by_name[kind.key])


def kind_of(level: Level) -> Kind:
    assert level.kind is not None
    return level.kind


def folded(statement: Select[Any], joins: Joins) -> Select[Any]:
    for rows, on in joins:
        statement = statement.outerjoin(rows, on)
    return statement


def own_columns(
    rows: FromClause, columns: Sequence[ColumnElement[Any]], joins: Joins
) -> list[ColumnClause[Any]]:
    """The columns of the rows themselves that are selected or joined by."""
    found: dict[ColumnClause[Any], None] = {}
    for expression in [*columns, *(on for _, on in joins)]:
        for part in iterate(expression):
            if isinstance(part, ColumnClause) and part.table is rows:
                found.setdefault(part)
    return list(found)


class Moved:
    """Expressions over rows, said over the subquery that holds what is left of them."""

    def __init__(self, rows: FromClause, by_name: dict[str, ColumnElement[Any]]) -> None:
        self.rows, self.by_name = rows, by_name

    def __call__(self, expression: ColumnElement[Any]) -> ColumnElement[Any]:
        def replace(part: Any, **_: Any) -> Any:
            if isinstance(part, ColumnClause) and part.table is self.rows:
                return self.by_name[part.key]
            return None

        return replacement_traverse(expression, {}, replace)  # type: ignore[call-overload,no-any-return]

    def joins(self, joins: Joins) -> Joins:
        return [(rows, self(on)) for rows, on in joins]
