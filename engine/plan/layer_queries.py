"""Builds the statements of a plan: bound keys, limited pages, joined links.

Each parent's page is limited separately: with a lateral join on PostgreSQL, by keys on SQLite,
where window functions take more than twice as long. Links to one record are joined after the limit,
never to the whole list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    FromClause,
    Integer,
    bindparam,
    select,
    true,
    union_all,
)
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from engine.catalog.join import JoinClauses, KeyJoin
from engine.catalog.kind import Kind
from engine.catalog.link import ToList, ToListThrough, ToListUnion, ToMany
from engine.plan.layer import Layer
from engine.queries import QueryBuilder
from engine.sql.arguments import Order
from engine.sql.keyset import after_cursor, sort_expression
from engine.sql.parameters import KEYS, QueryShape
from engine.sql.path import PathJoins
from engine.sql.predicate import ViewerContext, split_disjuncts
from kit.db.engine import KeyParameter
from kit.db.expressions import Expression, SelectStatement
from kit.db.table_aliases import AliasAllocator

SINGLE_KEY, MANY_KEYS = KeyParameter(KEYS, single=True), KeyParameter(KEYS, single=False)


@dataclass(frozen=True, slots=True)
class PageSpec:
    """How a list is cut to pages; `limit` is the name under which the number of rows is bound."""

    link: ToMany
    shape: QueryShape
    limit: str

    @property
    def order(self) -> Order:
        return Order.of(self.link.to, self.shape)

    def sorted_columns(self, rows: FromClause) -> list[Expression]:
        return [rows.c[name] for name, _ in self.order.columns]

    def sorting(self, columns: Any) -> list[Expression]:
        """`columns` are the rows' own, or those of a subquery, by their names."""
        return [
            sort_expression(columns[name], down, self.shape) for name, down in self.order.columns
        ]


class LayerQueryBuilder(QueryBuilder):
    """Builds the statements of layers: each returns the source, then the layer's columns."""

    def __init__(self, asker: ViewerContext, dialect: str) -> None:
        super().__init__(asker, dialect)
        self.allotment = AliasAllocator()  # of the plan

    def found(self, level: Layer, column: str, keys: KeyParameter) -> SelectStatement:
        """Return records by a unique column."""
        kind, rows = layer_kind(level), level.source_rows
        statement = self.records(kind, column, keys, rows).with_only_columns(
            rows.c[column].label("source"), *level.columns
        )
        return outer_join_all(statement, level.joins)

    def paged(
        self, level: Layer, cut: PageSpec, keys: KeyParameter, *, cursors: bool
    ) -> SelectStatement:
        """Return a page of each source, in its order; columns of cursors, if any, come last."""
        columns = list(level.columns)
        if cursors:
            columns += cut.sorted_columns(level.source_rows)
        if keys.single and not level.joins:
            page, source = self.cut(level.source_rows, cut, keys)
            return page.add_columns(source.label("source"), *columns)
        if self.dialect == "postgresql":
            return self.page_by_lateral(level, columns, cut, keys)
        return self.page_by_keys(level, columns, cut, keys)

    def cut(
        self, rows: FromClause, cut: PageSpec, keys: KeyParameter | ColumnElement[str]
    ) -> tuple[SelectStatement, Expression]:
        """Select the rows of one parent's page, without columns yet, and the parent's id."""
        kind, asker = cut.link.to, self.asker
        ways, rest = split_disjuncts(kind, rows, cut.shape.filter, asker)
        if len(ways) < 2:
            return self.page_of_disjunct(rows, cut, keys)
        # Few of each way, in the order of the list, and then the first of these.
        less, few = replace(cut, shape=replace(cut.shape, filter=rest)), []
        for number in range(len(ways)):
            target = kind.rows(asker)
            holds = split_disjuncts(kind, target, cut.shape.filter, asker)[0][number]
            ids = self.page_of_disjunct(target, less, keys)[0].where(holds).add_columns(target.c.id)
            ids = ids.correlate(keys.table) if isinstance(keys, ColumnClause) else ids
            few.append(select(ids.subquery().c.id))
        statement, source = self.page_of_disjunct(rows, less, keys)
        return statement.where(rows.c.id.in_(union_all(*few))), source

    def page_of_disjunct(
        self, rows: FromClause, cut: PageSpec, keys: KeyParameter | ColumnElement[str]
    ) -> tuple[SelectStatement, Expression]:
        _, source, statement = self.scope(cut.link, cut.shape, keys, rows)
        if cut.shape.far is not None:
            statement = statement.where(after_cursor(cut.order, rows, cut.shape, cut.shape.far))
        limit: ColumnElement[int] = bindparam(cut.limit, type_=Integer())
        return statement.order_by(*cut.sorting(rows.c)).limit(limit), source

    def page_by_lateral(
        self,
        level: Layer,
        columns: Sequence[Expression],
        paged: PageSpec,
        keys: KeyParameter,
    ) -> SelectStatement:
        rows = level.source_rows
        parents = None if keys.single else keys.listed(self.dialect)
        cut, _ = self.cut(rows, paged, keys if parents is None else parents.c.key)
        sorted_columns = paged.sorted_columns(rows) if level.joins else []
        own = referenced_columns(rows, [*columns, *sorted_columns], level.joins)
        cut = cut.add_columns(*(column.label(f"o{n}") for n, column in enumerate(own)))
        if parents is not None:
            cut = cut.correlate(parents)
        if not level.joins:
            page = cut.lateral()
            at = SubqueryAdapter(
                rows, {column.key: page.c[f"o{n}"] for n, column in enumerate(own)}
            )
            listed = [at(column) for column in columns]
            assert parents is not None
            return select(parents.c.key, *listed).select_from(parents.join(page, true()))
        page = cut.subquery()  # type: ignore[assignment]
        moved = SubqueryAdapter(rows, {column.key: page.c[f"o{n}"] for n, column in enumerate(own)})
        statement: SelectStatement = select(
            *(moved(expression).label(f"c{n}") for n, expression in enumerate(columns))
        )
        statement = outer_join_all(statement.select_from(page), moved.joins(level.joins))
        statement = statement.order_by(*paged.sorting(moved.by_name))
        if parents is None:
            return statement.with_only_columns(
                bindparam(KEYS, type_=rows.c.id.type).label("source"), *statement.selected_columns
            )
        # A nested loop keeps the order of its outer rows, and PostgreSQL has no other way to join
        # laterally to a subquery with a limit.
        of_each = statement.correlate(parents).lateral()
        return select(parents.c.key, *of_each.c).select_from(parents.join(of_each, true()))

    def page_by_keys(
        self,
        level: Layer,
        columns: Sequence[Expression],
        paged: PageSpec,
        keys: KeyParameter,
    ) -> SelectStatement:
        rows, target = level.source_rows, paged.link.to.rows(self.asker)
        parents = None if keys.single else keys.listed(self.dialect)
        cut, _ = self.cut(target, paged, keys if parents is None else parents.c.value)
        cut = cut.add_columns(target.c.id)
        if parents is None:
            source: Expression = bindparam(KEYS, type_=rows.c.id.type)
            statement: SelectStatement = select(source.label("source"), *columns).select_from(rows)
        else:
            cut = cut.correlate(parents)
            statement = select(parents.c.value.label("source"), *columns)
            statement = statement.select_from(parents.join(rows, true()))
        statement = outer_join_all(statement, level.joins).where(rows.c.id.in_(cut))
        return statement.order_by(*paged.sorting(rows.c))

    def listed(
        self, level: Layer, link: ToList | ToListUnion, join: KeyJoin, keys: KeyParameter
    ) -> SelectStatement:
        """Return a list without pages."""
        source, statement = self.whole(link, join, layer_kind(level), level.source_rows, keys)
        return outer_join_all(
            statement.add_columns(source.label("source"), *level.columns), level.joins
        )

    def walked(
        self, level: Layer, link: ToListThrough, shape: QueryShape, keys: KeyParameter
    ) -> SelectStatement:
        """Return the distinct records at the end of a chain."""
        target, source, statement = self.scope(link.first, shape, keys)
        walk = PathJoins(link.first.to, target, self.asker)
        [(kind, end)] = walk.to(link.names)
        key = end.c[kind.key]
        rows = level.source_rows
        own = referenced_columns(rows, [*level.columns, rows.c[kind.key]], level.joins)
        ends = walk.joined(
            statement.add_columns(
                source.label("source"), *(end.c[c.key].label(f"o{n}") for n, c in enumerate(own))
            )
        )
        distinct_rows = ends.where(key.is_not(None)).distinct().subquery()
        moved = SubqueryAdapter(
            rows, {column.key: distinct_rows.c[f"o{n}"] for n, column in enumerate(own)}
        )
        joined = select(distinct_rows.c.source, *map(moved, level.columns)).select_from(
            distinct_rows
        )
        joined = outer_join_all(joined, moved.joins(level.joins))
        return joined.order_by(distinct_rows.c.source, moved.by_name[kind.key])


def layer_kind(level: Layer) -> Kind:
    assert level.kind is not None
    return level.kind


def outer_join_all(statement: SelectStatement, joins: JoinClauses) -> SelectStatement:
    for rows, on in joins:
        statement = statement.outerjoin(rows, on)
    return statement


def referenced_columns(
    rows: FromClause, columns: Sequence[Expression], joins: JoinClauses
) -> list[ColumnClause[object]]:
    """Return the columns of the rows themselves that are selected or used in joins."""
    referenced: dict[ColumnClause[Any], None] = {}
    for expression in [*columns, *(on for _, on in joins)]:
        for part in iterate(expression):
            if isinstance(part, ColumnClause) and part.table is rows:
                referenced.setdefault(part)
    return list(referenced)


class SubqueryAdapter:
    """Expressions over rows, said over the subquery that holds what is left of them."""

    def __init__(self, rows: FromClause, by_name: dict[str, Expression]) -> None:
        self.rows, self.by_name = rows, by_name

    def __call__(self, expression: Expression) -> Expression:
        def replace(part: object, **_: object) -> object:
            if isinstance(part, ColumnClause) and part.table is self.rows:
                return self.by_name[part.key]
            return None

        return replacement_traverse(expression, {}, replace)  # type: ignore[call-overload,no-any-return]

    def joins(self, joins: JoinClauses) -> JoinClauses:
        return [(rows, self(on)) for rows, on in joins]
