"""Counts for published metrics, by one statement for all figures of a page."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    type_coerce,
    union_all,
)

from engine.catalog.kind import Kind
from engine.catalog.link import ToMany
from engine.queries import QueryBuilder
from engine.sql.arguments import ConnectionArguments
from engine.sql.predicate import ViewerContext, list_predicate
from engine.sql.source_rows import AnyKeys, exact_sum
from kit.db.column_types import FixedDecimal, FixedDecimalSum
from kit.db.engine import KeyParameter, in_keys, key_parameter_value
from kit.db.table_aliases import alias_of
from kit.values.fixed_point import SCALE, percent
from models.figure import Completeness, Figure
from models.history import model_table
from models.honour import Conferral
from models.region import Region, RegionAncestor
from resolvers.core.access import key_parameter
from resolvers.core.declare import REGISTRY
from resolvers.figure import subject
from resolvers.rollup.metric_definitions import (
    ListingRight,
    MetricDefinition,
    MetricRequest,
    RegionRequest,
    metric_definitions,
    parse_filter,
    years_filter,
)
from resolvers.source import further_citations

WHOLE_PREFIX, DECLARED_PREFIX, LISTABLE, EVERYWHERE = "whole of ", "declared ", "ours", ""
SOURCES_PARAMETER, FIGURES_PARAMETER, REGIONS_PARAMETER = (
    "counted_",
    "counting_",
    "counted_in",
)  # names of parameters
QUANTITY_PARTS = ("value", "unit", "qualifier")


class MetricCount(NamedTuple):
    """A number, whether it is declared complete, and whether the viewer may list all of it."""

    number: Decimal | None = None
    declared: bool = False
    listed: bool = False

    @property
    def complete(self) -> bool:
        return self.declared and self.listed


def read_metric_counts(requests: Sequence[RegionRequest], rows: Sequence[Any]) -> list[MetricCount]:
    counted = {(name, key): number for name, key, number in rows}
    all_is_ours = (LISTABLE, EVERYWHERE) in counted
    return [
        MetricCount(
            metric_number(question, counted),
            (DECLARED_PREFIX + question.metric, region) in counted,
            all_is_ours or (is_listable_by_rule(question) and (LISTABLE, region) in counted),
        )
        for question, region in requests
    ]


def is_listable_by_rule(question: MetricRequest) -> bool:
    """Return whether a union may list all that is counted in its region, by rule, not by rows."""
    of_region = question.kind is REGISTRY[Region]
    return of_region and metric_definitions()[question.metric].listed_by is ListingRight.REGION


def metric_number(
    question: MetricRequest, counted: Mapping[tuple[str, str], Any]
) -> Decimal | None:
    """Return the number; null for a sum with a bound in it, and for a share of 0."""
    number: Decimal | None = counted.get((question.list_key, question.key), Decimal(0))
    if metric_definitions()[question.metric].of is None or number is None:
        return number
    total = counted.get((WHOLE_PREFIX + question.list_key, question.key))
    return percent(number, total) if total else None


def metric_counts_query(write: QueryBuilder, requests: Sequence[RegionRequest]) -> Select[Any]:
    """Return `combined_counts_query` with values inlined."""
    lists = requests_by_list(requests)
    parts = [
        (questions[0], [each.source for each in questions], [each.key for each in questions])
        for questions in lists
    ]
    return combined_counts_query(write, parts, requested_regions(requests))


def requests_by_list(requests: Sequence[RegionRequest]) -> list[list[MetricRequest]]:
    """Group the requests by list; one part of the statement counts each list."""
    lists: defaultdict[str, list[MetricRequest]] = defaultdict(list)
    for question, _ in requests:
        lists[question.list_key].append(question)
    return list(lists.values())


def requested_regions(requests: Sequence[RegionRequest]) -> list[str]:
    return list(dict.fromkeys(region for _, region in requests if region is not None))


# A request without source and figure, and whether it has one source.
MetricQueryShape = tuple[tuple[MetricRequest, bool], ...]


def metric_query_shape(
    requests: Sequence[RegionRequest], dialect: str
) -> tuple[MetricQueryShape, dict[str, Any]]:
    lists, values = (
        [],
        {REGIONS_PARAMETER: key_parameter_value(requested_regions(requests), dialect)},
    )
    for number, questions in enumerate(requests_by_list(requests)):
        first = questions[0]
        sources = list(dict.fromkeys(question.source for question in questions))
        single = len(sources) == 1
        values[f"{SOURCES_PARAMETER}{number}"] = (
            sources[0] if single else key_parameter_value(sources, dialect)
        )
        if first.figure is not None:
            keys = [question.figure for question in questions if question.figure is not None]
            values[f"{FIGURES_PARAMETER}{number}"] = key_parameter_value(keys, dialect)
        figure = None if first.figure is None else ""
        lists.append((replace(first, source="", figure=figure), single))
    return tuple(lists), values


def shaped_counts_query(write: QueryBuilder, shape: MetricQueryShape) -> Select[Any]:
    """Return `combined_counts_query` with parameters."""
    parts = [
        (
            question,
            KeyParameter(f"{SOURCES_PARAMETER}{number}", single),
            KeyParameter(f"{FIGURES_PARAMETER}{number}", single=False),
        )
        for number, (question, single) in enumerate(shape)
    ]
    return combined_counts_query(write, parts, KeyParameter(REGIONS_PARAMETER, single=False))


def combined_counts_query(
    write: QueryBuilder, lists: Sequence[tuple[MetricRequest, AnyKeys, AnyKeys]], regions: AnyKeys
) -> Select[Any]:
    """Select all counts of a page by one statement, for any number of metrics and figures.

    Rows are (list, key, number) for each list, (declared metric, region, 0) where the metric is
    declared complete, and (ours, region, 0) where the viewer may list all. Summary tables are used
    where they have the count.
    """
    arms = [part for entry in lists for part in list_count_queries(write, *entry)]
    counts = [counts_branch(name, statement) for name, statement in arms]
    notes = [completeness_query(write, regions), *listable_region_queries(write, regions)]
    return select(*union_all(*counts, *notes).subquery().c)


def list_count_queries(
    write: QueryBuilder, question: MetricRequest, sources: AnyKeys, figures: AnyKeys
) -> Iterator[tuple[str, Select[Any]]]:
    """Yield the counts of one list; `question` is any of its requests."""
    measure = metric_definitions()[question.metric]
    link = measure.links[question.kind]
    years = parse_filter(link.to, years_filter(measure.year, question.years))
    narrow = ConnectionArguments(filter=parse_filter(link.to, measure.filter) + years)
    if question.figure is not None:
        about = question.kind, sources, figures
        yield question.list_key, unrepeated_sum_query(write, narrow, measure, *about)
    elif measure.quantity is not None:
        yield question.list_key, write.sum(link, narrow, sources, measure.quantity, summarised=True)
    elif measure.other_honour_filter is not None or measure.excluded_name_endings:
        yield question.list_key, filtered_count_query(write, link, narrow, measure, sources)
    else:
        yield question.list_key, write.count(link, narrow, sources, summarised=True)
    if measure.of is not None:
        wide = ConnectionArguments(filter=parse_filter(link.to, measure.of) + years)
        yield WHOLE_PREFIX + question.list_key, write.count(link, wide, sources, summarised=True)


def filtered_count_query(
    write: QueryBuilder,
    link: ToMany,
    arguments: ConnectionArguments,
    measure: MetricDefinition,
    keys: AnyKeys,
) -> Select[Any]:
    """Select (source, count), with conditions that no filter expresses."""
    rows, source, statement = write.scope(link, arguments, keys)
    statement = statement.where(
        *(rows.c.name.not_like(f"%{end}") for end in measure.excluded_name_endings)
    )
    if measure.other_honour_filter is not None:
        statement = statement.where(
            has_other_honour(rows, measure.other_honour_filter, write.asker)
        )
    counted = statement.add_columns(source.label("source"), func.count().label("number"))
    return counted.group_by(source)


def has_other_honour(
    rows: FromClause, filter: dict[str, Any], asker: ViewerContext
) -> ColumnElement[bool]:
    """Return whether the recipient of an honour has another one that matches the filter."""
    kind = REGISTRY[Conferral]
    other = kind.rows(asker)
    arguments = ConnectionArguments(filter=parse_filter(kind, filter))
    has_other = exists(other.c.id).where(
        other.c.worker_id == rows.c.worker_id,
        other.c.honour_id != rows.c.honour_id,
        list_predicate(kind, other, arguments, asker),
    )
    return has_other.correlate(rows)


def unrepeated_sum_query(
    write: QueryBuilder,
    arguments: ConnectionArguments,
    measure: MetricDefinition,
    kind: Kind,
    subjects: AnyKeys,
    figures: AnyKeys,
) -> Select[Any]:
    """Select (figure, sum), without records that only repeat the figure."""
    assert measure.quantity is not None
    link, figure = measure.links[kind], alias_of(REGISTRY[Figure].table)
    rows, source, statement = write.scope(link, arguments, subjects)
    stated, published = (
        [table.c[f"{prefix}_{part}"] for part in QUANTITY_PARTS]
        for table, prefix in ((rows, measure.quantity), (figure, "quantity"))
    )
    same = [
        column.is_not_distinct_from(other) for column, other in zip(stated, published, strict=True)
    ]
    again = and_(*same, cites_only_figure_sources(link.to, rows, figure, write.asker))
    added = exact_sum(stated[0], stated[2]).label("number")
    asks = in_keys(figure.c.id, figures, write.dialect)
    beside = statement.join(figure, figure.c[subject.targets[kind]] == source)
    return (
        beside.where(asks, not_(again))
        .add_columns(figure.c.id.label("source"), added)
        .group_by(figure.c.id)
    )


def cites_only_figure_sources(
    kind: Kind, rows: FromClause, figure: FromClause, asker: ViewerContext
) -> ColumnElement[bool]:
    """Return whether all visible sources of a fact are sources of the figure."""

    def own(source: ColumnElement[Any]) -> ColumnElement[bool]:
        theirs, is_shown = further_citations(REGISTRY[Figure], asker)
        named = select(theirs.c.source_id).where(theirs.c.fact_id == figure.c.id, is_shown)
        return or_(source == figure.c.source_id, source.in_(named.correlate(figure)))

    further, is_visible = further_citations(kind, asker)
    others = exists(further.c.id).where(
        further.c.fact_id == rows.c.id, is_visible, not_(own(further.c.source_id))
    )
    return and_(own(rows.c.source_id), not_(others.correlate(rows, figure)))


def counts_branch(name: str, counted: Select[Any]) -> Select[Any]:
    """Select a number in thousandths: a sum is one already, a count is converted."""
    counts = counted.subquery()
    number: ColumnElement[Any] = counts.c.number
    if not isinstance(number.type, FixedDecimal):
        number = type_coerce(number, BigInteger()) * SCALE
    return select(literal(name), counts.c.source, cast(number, FixedDecimalSum()))


def zero_thousandths() -> ColumnElement[Any]:
    return cast(literal(0, Integer()), FixedDecimalSum())


def completeness_query(write: QueryBuilder, regions: AnyKeys) -> Select[Any]:
    complete = alias_of(model_table(Completeness))
    is_visible = list_predicate(
        REGISTRY[Completeness], complete, ConnectionArguments(), write.asker
    )
    in_regions = in_keys(complete.c.region_id, regions, write.dialect)
    metric = literal(DECLARED_PREFIX) + complete.c.metric
    return select(metric, complete.c.region_id, zero_thousandths()).where(is_visible, in_regions)


def listable_region_queries(write: QueryBuilder, regions: AnyKeys) -> list[Select[Any]]:
    viewer = write.asker.viewer
    if viewer.sees_all:
        columns: list[ColumnElement[Any]] = [
            literal(LISTABLE),
            literal(EVERYWHERE),
            zero_thousandths(),
        ]
        return [select(*columns)]
    if not viewer.sees_region:
        return []
    pairs = alias_of(model_table(RegionAncestor))
    in_regions = in_keys(pairs.c.region_id, regions, write.dialect)
    ours = pairs.c.ancestor_id == key_parameter(viewer.region)
    return [
        select(literal(LISTABLE), pairs.c.region_id, zero_thousandths()).where(ours, in_regions)
    ]
