"""Builds the statements for links: pages, totals, groups and lists without pages.

Each statement serves all parents of one response path; `source` is the id of the parent.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    FromClause,
    and_,
    func,
    select,
)

from engine.aggregates import summary_match
from engine.aggregates.ancestor_cover import (
    AncestorCover,
    cover_cells,
    cover_path_ends,
    match_cover,
)
from engine.aggregates.group_query import GroupQuery, as_bigint, group_key_columns, measure_columns
from engine.aggregates.groups import DEFAULT_GROUPING, GroupingArguments
from engine.aggregates.summary_match import match_summary, referenced_column_names
from engine.catalog.join import AssociationJoin, KeyJoin
from engine.catalog.kind import Kind
from engine.catalog.link import ToList, ToListThrough, ToListUnion, ToMany
from engine.row_queries import RowQueries
from engine.sql.arguments import ConnectionArguments, Order
from engine.sql.keyset import after_cursor, sort_expression
from engine.sql.path import PathJoins
from engine.sql.predicate import (
    filter_predicate,
    list_predicate,
    not_withdrawn,
    undated_predicate,
)
from engine.sql.source_rows import (
    AggregateSource,
    AnyKeys,
    Columns,
    exact_sum,
    group_by_source,
    is_single_key,
)
from kit.db.expressions import Expression, SelectStatement
from kit.db.table_aliases import alias_of


class QueryBuilder(RowQueries):
    """Builds statements of pages, totals, groups and lists without pages."""

    def page(
        self, link: ToMany, arguments: ConnectionArguments, keys: Sequence[str]
    ) -> SelectStatement:
        """(source, the target's columns), sorted within each source, one row too many."""
        target, source, statement = self.scope(link, arguments, keys)
        order = Order.of(link.to, arguments)
        if arguments.cursor is not None:
            values = order.values(arguments.cursor)
            statement = statement.where(after_cursor(order, target, arguments, values))
        sorting = [sort_expression(target.c[name], down, arguments) for name, down in order.columns]
        if len(keys) == 1:
            only = statement.add_columns(source.label("source"), *link.to.own(target))
            return only.order_by(*sorting).limit(arguments.size + 1)
        row_number = func.row_number().over(partition_by=source, order_by=sorting).label("_place")
        own = link.to.own(target)
        ranked = statement.add_columns(source.label("source"), *own, row_number).subquery()
        columns = [column for column in ranked.c if column.key != "_place"]
        page_rows = select(*columns).where(ranked.c["_place"] <= arguments.size + 1)
        return page_rows.order_by(ranked.c.source, ranked.c["_place"])

    def count(
        self,
        link: ToMany,
        arguments: ConnectionArguments,
        keys: AnyKeys,
        *,
        summarised: bool = False,
    ) -> SelectStatement:
        """Select (source, number). `summarised`: from a summary, if it has the filter's columns."""
        cells = self.cells(link, arguments, keys) if summarised else None
        tallied = cells or self.aggregate_source(link, arguments, keys)
        _, source, statement, number, *_ = tallied
        counted = statement.add_columns(source.label("source"), number.label("number"))
        return group_by_source(counted, link, source)

    def aggregate_source(
        self,
        link: ToMany,
        arguments: ConnectionArguments,
        keys: AnyKeys,
        dimensions: Sequence[str] = (),
        how: GroupingArguments | None = None,
    ) -> AggregateSource:
        """Return the rows of `scope`, or the cells of a summary if one matches.

        A summary adds up: it knows no least and no most.
        """
        if how and how.extremes and link.to.measures:
            return AggregateSource(*self.scope(link, arguments, keys), func.count())
        kind, join = link.to, link.scopes.get(arguments.scope, link.way)
        walk = PathJoins(kind, kind.table, self.asker)
        below = how.below if how else None
        pairs = [
            group_key_columns(walk, kind.table, kind.dimensions[field], below)
            for field in dimensions
        ]
        parts = [*chain(*pairs), *(on for _, on in walk.joins)]
        match = match_summary(kind, join, arguments, parts, self.asker)
        if match is None:
            return AggregateSource(*self.scope(link, arguments, keys), func.count())
        summary, join, corrected = match
        cover: AncestorCover | None = None
        if dimensions and below is None and not (how and how.measured(kind.measures)):
            cover = match_cover(kind, join, self.asker, match, dimensions)
        if cover:
            few = cover_cells(cover, kind, arguments, keys, self.asker, self.dialect)
            added = as_bigint(func.sum(few.c.number))
            alone = select().select_from(few)
            return AggregateSource(
                few, few.c.source, alone, added, True, cover_path_ends(cover, few)
            )
        cells, visible = summary_match.summary_cells(kind, summary, self.asker, corrected)
        source, statement = self.linked_rows(join, cells, keys)
        number = summary_match.cell_total(kind, cells, arguments)
        matching = statement.where(
            summary_match.summary_predicate(kind, cells, arguments, self.asker, visible)
        )
        # Spells that have ended leave cells behind; what is corrected may be taken away whole.
        empties = summary.dated or bool(corrected)
        if not (how and isinstance(join, AssociationJoin)):
            return AggregateSource(cells, source, matching, number, empties)
        # Below one source there are many cells: they are added up before anything is joined.
        measures = [kind.measures[field] for field in how.measured(kind.measures)]
        by_columns = referenced_column_names(kind.table, parts)
        by_columns |= {
            f"{measure}_{part}" for measure in measures for part in ("unit", "qualifier")
        }
        keyed = [cells.c[name] for name in sorted(by_columns)]
        values = [cells.c[f"{measure}_value"] for measure in measures]
        few = (
            matching.add_columns(source.label("source"), *keyed, number.label("number"))
            .add_columns(*(func.sum(value).label(value.key) for value in values))
            .group_by(source, *keyed)
            .subquery()
        )
        added = as_bigint(func.sum(few.c.number))
        return AggregateSource(few, few.c.source, select().select_from(few), added, empties)

    def cells(
        self, link: ToMany, arguments: ConnectionArguments, keys: AnyKeys
    ) -> AggregateSource | None:
        """Return the cells of a summary for the list, if one matches."""
        kind, join = link.to, link.scopes.get(arguments.scope, link.way)
        match = match_summary(kind, join, arguments, [], self.asker, filtered=True)
        if match is None:
            return None
        summary, join, corrected = match
        rows, visible = summary_match.summary_cells(kind, summary, self.asker, corrected)
        source, statement = self.linked_rows(join, rows, keys)
        matching = statement.where(
            summary_match.summary_predicate(kind, rows, arguments, self.asker, visible)
        )
        number = summary_match.cell_total(kind, rows, arguments)
        return AggregateSource(rows, source, matching, number, summary.dated or bool(corrected))

    def sum(
        self,
        link: ToMany,
        arguments: ConnectionArguments,
        keys: AnyKeys,
        prefix: str,
        *,
        summarised: bool = False,
    ) -> SelectStatement:
        """(source, the sum of a quantity); `summarised` as for `count`."""
        cells = self.cells(link, arguments, keys) if summarised else None
        rows, source, statement = cells[:3] if cells else self.scope(link, arguments, keys)
        added = exact_sum(rows.c[f"{prefix}_value"], rows.c[f"{prefix}_qualifier"])
        summed = statement.add_columns(source.label("source"), added.label("number"))
        return group_by_source(summed, link, source)

    def undated(
        self, link: ToMany, arguments: ConnectionArguments, keys: AnyKeys
    ) -> SelectStatement:
        """Select (source, number of spells whose validity on the day is unknown)."""
        join = link.scopes.get(arguments.scope, link.way)
        if arguments.on is not None and (
            match := match_summary(link.to, join, arguments, [], self.asker)
        ):
            summary, join, _ = match
            cells = alias_of(summary.table)
            source, statement = self.linked_rows(join, cells, keys)
            spells = statement.where(
                summary_match.undated_summary_predicate(link.to, cells, arguments, self.asker)
            )
            number = summary_match.cell_total(link.to, cells, arguments)
            return group_by_source(spells.add_columns(source.label("source"), number), link, source)
        target = link.to.rows(self.asker)
        source, statement = self.linked_rows(join, target, keys)
        condition = and_(
            link.to.visible(self.asker.viewer, target),
            not_withdrawn(link.to, target, arguments.filter),
            undated_predicate(link.to, target, arguments, self.asker.today),
            filter_predicate(link.to, target, arguments.filter, self.asker),
        )
        counted = statement.where(condition).add_columns(source.label("source"), func.count())
        return group_by_source(counted, link, source)

    def groups(
        self,
        link: ToMany,
        arguments: ConnectionArguments,
        dimensions: Sequence[str],
        first: int | ColumnElement[int],
        keys: AnyKeys,
        how: GroupingArguments = DEFAULT_GROUPING,
    ) -> SelectStatement:
        """(source, groups there are, records in them all, count, keys and labels, measures).

        With `having` also whether the group passes it: a source without such a group has one row
        that doesn't pass, for its records.
        """
        tallied = self.aggregate_source(link, arguments, keys, dimensions, how)
        target, source, statement, number, empties, walked = tallied
        walk = PathJoins(link.to, target, self.asker)
        walk.walked |= walked
        pairs = [
            group_key_columns(walk, target, link.to.dimensions[dimension], how.below)
            for dimension in dimensions
        ]
        measures = [
            part
            for dimension in how.measured(link.to.measures)
            for part in measure_columns(target, link.to.measures[dimension], extremes=how.extremes)
        ]
        # A code that is its own label is one column.
        names = {part: f"key{n}" for n, part in enumerate(dict.fromkeys(chain(*pairs)))}
        columns: Columns = [source.label("source"), number.label("number")]
        columns += [part.label(name) for part, name in names.items()]
        columns += [part.label(f"sum{n}") for n, part in enumerate(measures)]
        grouped = walk.joined(statement.add_columns(*columns))
        grouped = grouped.having(number != 0) if empties else grouped
        inner = group_by_source(grouped, link, source, *names).subquery()
        codes = [inner.c[names[code]] for code, _ in pairs]
        groups = GroupQuery(inner, codes, how.measured(link.to.measures))
        keys_and_labels = [inner.c[names[part]] for pair in pairs for part in pair]
        listed: Columns = [
            inner.c.number,
            *(part.label(f"part{n}") for n, part in enumerate(keys_and_labels)),
            *(inner.c[f"sum{n}"] for n in range(len(measures))),
        ]
        if is_single_key(keys) and not how.having:
            # Then nothing has to be numbered: what is sorted is cut off.
            there_are = func.count().over().label("there_are")
            records = as_bigint(func.sum(inner.c.number).over()).label("records")
            grouped = select(inner.c.source, there_are, records, *listed)
            return grouped.order_by(*groups.sort_expressions(how.order)).limit(first)
        return groups.top_per_source(listed, first, how)

    def closed(
        self, link: ToList | ToListUnion, join: KeyJoin, kind: Kind, keys: AnyKeys
    ) -> SelectStatement:
        """Select (source, the target's columns) of a list without pages."""
        target = kind.rows(self.asker)
        source, statement = self.whole(link, join, kind, target, keys)
        return statement.add_columns(source.label("source"), *kind.own(target))

    def whole(
        self,
        link: ToList | ToListUnion,
        join: KeyJoin,
        kind: Kind,
        target: FromClause,
        keys: AnyKeys,
    ) -> tuple[Expression, SelectStatement]:
        """Select the sorted rows of the list, without columns yet."""
        source, statement = self.linked_rows(join, target, keys)
        condition = list_predicate(
            kind, target, ConnectionArguments(spells=link.spells), self.asker
        )
        sorting: list[Any] = [target.c[name].nulls_last() for name in (*link.order, kind.key)]
        if isinstance(join, AssociationJoin) and join.farthest_first:
            assert isinstance(source, ColumnClause)
            assert source.table is not None
            sorting.insert(0, source.table.c[join.farthest_first].desc())
        return source, statement.where(condition).order_by(source, *sorting)

    def chain(
        self, link: ToListThrough, arguments: ConnectionArguments, keys: AnyKeys
    ) -> SelectStatement:
        """(source, the columns of the distinct records at the end of the walk)."""
        target, source, statement = self.scope(link.first, arguments, keys)
        walk = PathJoins(link.first.to, target, self.asker)
        [(kind, end)] = walk.to(link.names)
        joined = walk.joined(statement.add_columns(source.label("source"), *kind.own(end)))
        return joined.where(end.c.id.is_not(None)).distinct().order_by(source, end.c[kind.key])
