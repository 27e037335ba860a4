"""The statements of a plan: keys are bound, pages are cut off in the database, links joined in.

A page is cut for each parent by itself: in a lateral join on PostgreSQL, by its keys on SQLite,
where window functions cost more than twice as much. Links to one record are joined to what is left
of a list, never to all of it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Integer, Select, bindparam, select, true
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from engine.kind import Kind
from engine.level import Level
from engine.link import Chain, Closed, ClosedOf, Many
from engine.page import Order
from engine.shape import KEYS, Shape
from engine.statements import Statements, beyond, sorted_by
from engine.walk import Walk
from engine.way import Joins, Way
from kit.database import Keys

ONE, SEVERAL = Keys(KEYS, single=True), Keys(KEYS, single=False)


class Drafts(Statements):
    """Statements for the levels of a plan: each gives the source, then the level's columns."""

    def found(self, level: Level, column: str, keys: Keys) -> Select[Any]:
        """Records by a unique column."""
        kind, rows = kind_of(level), level.extent
        statement = self.records(kind, column, keys, rows).with_only_columns(
            rows.c[column].label("source"), *level.columns
        )
        return folded(statement, level.joins)

    def paged(
        self,
        level: Level,
        link: Many,
        shape: Shape,
        limit: str,
        keys: Keys,
        order: Order,
        *,
        cursors: bool,
    ) -> Select[Any]:
        """A page of each source, in its order; the columns of cursors come last, if wanted."""
        rows = level.extent
        columns = list(level.columns)
        if cursors:
            columns += [rows.c[name] for name, _ in order.columns]
        if keys.single and not level.joins:
            cut, source = self.cut(rows, link, shape, limit, keys, order)
            return cut.add_columns(source.label("source"), *columns)
        if self.dialect == "postgresql":
            return self.cut_laterally(level, columns, link, shape, limit, keys, order)
        return self.cut_by_keys(level, columns, link, shape, limit, keys, order)

    def cut(
        self,
        rows: FromClause,
        link: Many,
        shape: Shape,
        limit: str,
        keys: Keys | ColumnElement[str],
        order: Order,
    ) -> tuple[Select[Any], ColumnElement[Any]]:
        """The rows of one parent's page, as yet without columns, and the parent's id."""
        _, source, statement = self.scope(link, shape, keys, rows)
        if shape.far is not None:
            statement = statement.where(beyond(order, rows, shape, shape.far))
        sorting = [sorted_by(rows.c[name], down, shape) for name, down in order.columns]
        return statement.order_by(*sorting).limit(bindparam(limit, type_=Integer())), source

    def cut_laterally(
        self,
        level: Level,
        columns: Sequence[ColumnElement[Any]],
        link: Many,
        shape: Shape,
        limit: str,
        keys: Keys,
        order: Order,
    ) -> Select[Any]:
        rows = level.extent
        parents = None if keys.single else keys.listed(self.dialect)
        of = keys if parents is None else parents.c.key
        cut, _ = self.cut(rows, link, shape, limit, of, order)
        sorted_columns = [rows.c[name] for name, _ in order.columns] if level.joins else []
        own = own_columns(rows, [*columns, *sorted_columns], level.joins)
        cut = cut.add_columns(*(column.label(f"o{n}") for n, column in enumerate(own)))
        if parents is not None:
            cut = cut.correlate(parents)
        if not level.joins:
            page = cut.lateral()
            at = {column: page.c[f"o{n}"] for n, column in enumerate(own)}
            listed = [at[column] for column in columns]  # type: ignore[index]
            assert parents is not None
            return select(parents.c.key, *listed).select_from(parents.join(page, true()))
        page = cut.subquery()  # type: ignore[assignment]
        moved = Moved(rows, {column.key: page.c[f"o{n}"] for n, column in enumerate(own)})
        whole = select(*(moved(one).label(f"c{n}") for n, one in enumerate(columns)))
        whole = folded(whole.select_from(page), moved.joins(level.joins))
        ordered = [sorted_by(moved.by_name[name], down, shape) for name, down in order.columns]
        whole = whole.order_by(*ordered)
        if parents is None:
            return whole.with_only_columns(
                bindparam(KEYS, type_=rows.c.id.type).label("source"), *whole.selected_columns
            )
        # A nested loop keeps the order of what it is given: PostgreSQL has no other way to join
        # laterally to what is limited.
        of_each = whole.correlate(parents).lateral()
        return select(parents.c.key, *of_each.c).select_from(parents.join(of_each, true()))

    def cut_by_keys(
        self,
        level: Level,
        columns: Sequence[ColumnElement[Any]],
        link: Many,
        shape: Shape,
        limit: str,
        keys: Keys,
        order: Order,
    ) -> Select[Any]:
        rows = level.extent
        target = link.to.table.alias()
        parents = None if keys.single else keys.listed(self.dialect)
        of = keys if parents is None else parents.c.value
        cut, _ = self.cut(target, link, shape, limit, of, order)
        cut = cut.add_columns(target.c.id)
        if parents is None:
            source: ColumnElement[Any] = bindparam(KEYS, type_=rows.c.id.type)
            whole = select(source.label("source"), *columns).select_from(rows)
        else:
            cut = cut.correlate(parents)
            whole = select(parents.c.value.label("source"), *columns)
            whole = whole.select_from(parents.join(rows, true()))
        sorting = [sorted_by(rows.c[name], down, shape) for name, down in order.columns]
        return folded(whole, level.joins).where(rows.c.id.in_(cut)).order_by(*sorting)

    def listed(self, level: Level, link: Closed | ClosedOf, way: Way, keys: Keys) -> Select[Any]:
        """A list that is given whole."""
        source, statement = self.whole(link, way, kind_of(level), level.extent, keys)
        return folded(statement.add_columns(source.label("source"), *level.columns), level.joins)

    def walked(self, level: Level, link: Chain, shape: Shape, keys: Keys) -> Select[Any]:
        """The distinct records at the end of a chain."""
        target, source, statement = self.scope(link.first, shape, keys)
        walk = Walk(link.first.to, target, self.asker.viewer)
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
) -> list[Column[Any]]:
    """The columns of the rows themselves that are selected or joined by."""
    found: dict[Column[Any], None] = {}
    for expression in [*columns, *(on for _, on in joins)]:
        for part in iterate(expression):
            if isinstance(part, Column) and part.table is rows:
                found.setdefault(part)
    return list(found)


class Moved:
    """Expressions over rows, said over the subquery that holds what is left of them."""

    def __init__(self, rows: FromClause, by_name: dict[str, ColumnElement[Any]]) -> None:
        self.rows, self.by_name = rows, by_name

    def __call__(self, expression: ColumnElement[Any]) -> ColumnElement[Any]:
        def replace(part: Any, **_: Any) -> Any:
            if isinstance(part, Column) and part.table is self.rows:
                return self.by_name[part.key]
            return None

        return replacement_traverse(expression, {}, replace)  # type: ignore[call-overload,no-any-return]

    def joins(self, joins: Joins) -> Joins:
        return [(rows, self(on)) for rows, on in joins]
