"""What is counted for published metrics: one statement for all figures of a page."""

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

from engine.kind import Kind
from engine.link import Many
from engine.page import Asked
from engine.predicate import Asker, about
from engine.statements import AnyKeys, Statements, exact_sum
from kit.columns import Thousandths, ThousandthsAdded
from kit.database import Keys, among, bound_keys
from kit.rows import rows_of
from kit.thousandths import UNIT, percent
from models import Completeness, Conferral, Figure, Region, RegionAncestor
from models.history import stored
from resolvers.access import as_key
from resolvers.declare import REGISTRY
from resolvers.figure import subject
from resolvers.measure import (
    Asking,
    ListedBy,
    Measure,
    Question,
    measures,
    wanted,
    within,
)
from resolvers.source import further_citations

WHOLE, DECLARED, OURS, EVERYWHERE = "whole of ", "declared ", "ours", ""
SOURCES, FIGURES, REGIONS = "counted_", "counting_", "counted_in"  # what is bound
QUANTITY = ("value", "unit", "qualifier")


class Count(NamedTuple):
    """A number, and whether all is on record, and whether the viewer may list all."""

    number: Decimal | None = None
    declared: bool = False
    listed: bool = False

    @property
    def complete(self) -> bool:
        return self.declared and self.listed


def counts(asked: Sequence[Asking], rows: Sequence[Any]) -> list[Count]:
    counted = {(word, key): number for word, key, number in rows}
    all_is_ours = (OURS, EVERYWHERE) in counted
    return [
        Count(
            number_of(one, counted),
            (DECLARED + one.metric, region) in counted,
            all_is_ours or (lies_open(one) and (OURS, region) in counted),
        )
        for one, region in asked
    ]


def lies_open(question: Question) -> bool:
    """Whether the union of a region may list all that is counted there: by rule, not by rows."""
    of_region = question.kind is REGISTRY[Region]
    return of_region and measures()[question.metric].listed_by is ListedBy.REGION


def number_of(question: Question, counted: Mapping[tuple[str, str], Any]) -> Decimal | None:
    """Null for a sum with a bound in it, and for a share of nothing."""
    found: Decimal | None = counted.get((question.list, question.key), Decimal(0))
    if measures()[question.metric].of is None or found is None:
        return found
    whole = counted.get((WHOLE + question.list, question.key))
    return percent(found, whole) if whole else None


def numbers(write: Statements, asked: Sequence[Asking]) -> Select[Any]:
    """As `numbers_of`, of questions with their values."""
    lists = listed(asked)
    of = [(one[0], [each.source for each in one], [each.key for each in one]) for one in lists]
    return numbers_of(write, of, regions_of(asked))


def listed(asked: Sequence[Asking]) -> list[list[Question]]:
    """The questions of each list, which one part of the statement answers."""
    lists: defaultdict[str, list[Question]] = defaultdict(list)
    for question, _ in asked:
        lists[question.list].append(question)
    return list(lists.values())


def regions_of(asked: Sequence[Asking]) -> list[str]:
    return list(dict.fromkeys(region for _, region in asked if region is not None))


# A question of a list, with its source and figure left out, and whether it has a single source.
Shape = tuple[tuple[Question, bool], ...]


def shape(asked: Sequence[Asking], dialect: str) -> tuple[Shape, dict[str, Any]]:
    lists, values = [], {REGIONS: bound_keys(regions_of(asked), dialect)}
    for number, questions in enumerate(listed(asked)):
        first = questions[0]
        sources = list(dict.fromkeys(one.source for one in questions))
        single = len(sources) == 1
        values[f"{SOURCES}{number}"] = sources[0] if single else bound_keys(sources, dialect)
        if first.figure is not None:
            keys = [one.figure for one in questions if one.figure is not None]
            values[f"{FIGURES}{number}"] = bound_keys(keys, dialect)
        figure = None if first.figure is None else ""
        lists.append((replace(first, source="", figure=figure), single))
    return tuple(lists), values


def drafted(write: Statements, shape: Shape) -> Select[Any]:
    """As `numbers_of`, with all values to be bound."""
    of = [
        (question, Keys(f"{SOURCES}{number}", single), Keys(f"{FIGURES}{number}", single=False))
        for number, (question, single) in enumerate(shape)
    ]
    return numbers_of(write, of, Keys(REGIONS, single=False))


def numbers_of(
    write: Statements, lists: Sequence[tuple[Question, AnyKeys, AnyKeys]], regions: AnyKeys
) -> Select[Any]:
    """(list, key, number) for each list, (declared metric, region, 0) for what is complete, and
    (ours, region, 0) for where the viewer may list all.

    One statement, whatever the number of metrics and figures; from summaries where they hold what
    is counted.
    """
    arms = [part for one in lists for part in counted_by(write, *one)]
    counts = [arm(word, statement) for word, statement in arms]
    told = [declarations(write, regions), *where_all_is_listed(write, regions)]
    return select(*union_all(*counts, *told).subquery().c)


def counted_by(
    write: Statements, question: Question, sources: AnyKeys, figures: AnyKeys
) -> Iterator[tuple[str, Select[Any]]]:
    """Of questions about one list, of which one is given."""
    measure = measures()[question.metric]
    link = measure.links[question.kind]
    years = wanted(link.to, within(measure.year, question.years))
    narrow = Asked(filter=wanted(link.to, measure.filter) + years)
    if question.figure is not None:
        about = question.kind, sources, figures
        yield question.list, first_told(write, narrow, measure, *about)
    elif measure.quantity is not None:
        yield question.list, write.sum(link, narrow, sources, measure.quantity, summarised=True)
    elif measure.another is not None or measure.unnamed:
        yield question.list, singled_out(write, link, narrow, measure, sources)
    else:
        yield question.list, write.count(link, narrow, sources, summarised=True)
    if measure.of is not None:
        wide = Asked(filter=wanted(link.to, measure.of) + years)
        yield WHOLE + question.list, write.count(link, wide, sources, summarised=True)


def singled_out(
    write: Statements, link: Many, asked: Asked, measure: Measure, keys: AnyKeys
) -> Select[Any]:
    """(source, how many), by what no filter says."""
    rows, source, statement = write.scope(link, asked, keys)
    statement = statement.where(*(rows.c.name.not_like(f"%{end}") for end in measure.unnamed))
    if measure.another is not None:
        statement = statement.where(has_another(rows, measure.another, write.asker))
    counted = statement.add_columns(source.label("source"), func.count().label("number"))
    return counted.group_by(source)


def has_another(rows: FromClause, filter: dict[str, Any], asker: Asker) -> ColumnElement[bool]:
    """Whether who was given an honour holds another one, of which the filter is true."""
    kind = REGISTRY[Conferral]
    other = kind.rows(asker)
    asked = Asked(filter=wanted(kind, filter))
    found = exists(other.c.id).where(
        other.c.worker_id == rows.c.worker_id,
        other.c.honour_id != rows.c.honour_id,
        about(kind, other, asked, asker),
    )
    return found.correlate(rows)


def first_told(
    write: Statements,
    asked: Asked,
    measure: Measure,
    kind: Kind,
    subjects: AnyKeys,
    figures: AnyKeys,
) -> Select[Any]:
    """(figure, the sum of what records say that don't only say the figure over again)."""
    assert measure.quantity is not None
    link, figure = measure.links[kind], rows_of(REGISTRY[Figure].table)
    rows, source, statement = write.scope(link, asked, subjects)
    stated, published = (
        [table.c[f"{prefix}_{part}"] for part in QUANTITY]
        for table, prefix in ((rows, measure.quantity), (figure, "quantity"))
    )
    same = [one.is_not_distinct_from(other) for one, other in zip(stated, published, strict=True)]
    again = and_(*same, cites_no_other(link.to, rows, figure, write.asker))
    added = exact_sum(stated[0], stated[2]).label("number")
    asks = among(figure.c.id, figures, write.dialect)
    beside = statement.join(figure, figure.c[subject.targets[kind]] == source)
    return (
        beside.where(asks, not_(again))
        .add_columns(figure.c.id.label("source"), added)
        .group_by(figure.c.id)
    )


def cites_no_other(
    kind: Kind, rows: FromClause, figure: FromClause, asker: Asker
) -> ColumnElement[bool]:
    """Whether a fact stands on no source, as far as the asker sees, but the figure's own."""

    def own(source: ColumnElement[Any]) -> ColumnElement[bool]:
        theirs, seen = further_citations(REGISTRY[Figure], asker)
        named = select(theirs.c.source_id).where(theirs.c.fact_id == figure.c.id, seen)
        return or_(source == figure.c.source_id, source.in_(named.correlate(figure)))

    further, seen = further_citations(kind, asker)
    others = exists(further.c.id).where(
        further.c.fact_id == rows.c.id, seen, not_(own(further.c.source_id))
    )
    return and_(own(rows.c.source_id), not_(others.correlate(rows, figure)))


def arm(word: str, counted: Select[Any]) -> Select[Any]:
    """A sum is one of thousandths already, a count becomes one."""
    found = counted.subquery()
    number: ColumnElement[Any] = found.c.number
    if not isinstance(number.type, Thousandths):
        number = type_coerce(number, BigInteger()) * UNIT
    return select(literal(word), found.c.source, cast(number, ThousandthsAdded()))


def nothing() -> ColumnElement[Any]:
    return cast(literal(0, Integer()), ThousandthsAdded())


def declarations(write: Statements, regions: AnyKeys) -> Select[Any]:
    complete = rows_of(stored(Completeness))
    seen = about(REGISTRY[Completeness], complete, Asked(), write.asker)
    there = among(complete.c.region_id, regions, write.dialect)
    metric = literal(DECLARED) + complete.c.metric
    return select(metric, complete.c.region_id, nothing()).where(seen, there)


def where_all_is_listed(write: Statements, regions: AnyKeys) -> list[Select[Any]]:
    viewer = write.asker.viewer
    if viewer.sees_all:
        columns: list[ColumnElement[Any]] = [literal(OURS), literal(EVERYWHERE), nothing()]
        return [select(*columns)]
    if not viewer.sees_region:
        return []
    pairs = rows_of(stored(RegionAncestor))
    there = among(pairs.c.region_id, regions, write.dialect)
    ours = pairs.c.ancestor_id == as_key(viewer.region)
    return [select(literal(OURS), pairs.c.region_id, nothing()).where(ours, there)]
