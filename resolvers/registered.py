"""Published figures against what the registry counts: from a mapping that is data."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Float,
    FromClause,
    Select,
    and_,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from engine.kind import Kind
from engine.link import LinkTo, Many, OneOf
from engine.meaning import Counted
from engine.page import Asked, Wanted
from engine.predicate import Asker, about, nullable
from engine.reader import Reader
from engine.statements import AnyKeys, Statements, exact_sum
from kit.database import Keys, among, bound_keys
from kit.quantity import Qualifier
from kit.rows import rows_of
from kit.words import Labelled
from models import Completeness, Conferral, Figure, Region, RegionAncestor
from models.figure import FigurePeriod
from models.history import stored
from resolvers.access import as_key
from resolvers.context import Info, place
from resolvers.declare import REGISTRY
from resolvers.figure import subject
from resolvers.metric import DECLARED as MAPPING
from resolvers.metric import name_en_of, name_of
from resolvers.source import further_citations

# How many years a figure is about that names the last of them; those since one name the first.
BY_YEARS = {
    FigurePeriod.PER_YEAR: 1,
    FigurePeriod.ONE_YEAR: 1,
    FigurePeriod.THREE_YEARS: 3,
    FigurePeriod.SINCE: 0,
}


class Coverage(Labelled):
    COMPLETE = "COMPLETE", "完整"
    PARTIAL = "PARTIAL", "部分"


class PartialReason(Labelled):
    """Why a number can't be compared with what was published; the first that holds."""

    COUNTED_AS_VISIBLE = "COUNTED_AS_VISIBLE", "仅统计查询者可见的记录"
    NOT_DECLARED_COMPLETE = "NOT_DECLARED_COMPLETE", "未声明登记完整"


COUNTED_AS_VISIBLE, NOT_DECLARED_COMPLETE = PartialReason


class ListedBy(StrEnum):
    """Who may list all that a metric counts: by their rights, whatever there is."""

    STEWARD = "STEWARD"
    REGION = "REGION"  # the union of a region above as well


@dataclass(frozen=True, slots=True)
class Registered:
    """The gap is published minus counted; null unless the records are declared complete, and the
    viewer may list all of them."""

    label: str
    label_en: str | None
    value: float
    coverage: Coverage
    gap: float | None
    reason: PartialReason | None


@dataclass(frozen=True, slots=True)
class Measure:
    """The lists that are counted, or of which a quantity is added up, by the kind they hang on.

    With `of`, the number is the share in percent that the list has in the wider one. `year` is the
    filter that takes the years of a figure that is about some. `another` is what a second honour of
    the recipient is to be, `unnamed` how a thing that isn't counted may be called.
    """

    links: dict[Kind, Many]
    listed_by: ListedBy
    filter: dict[str, Any]
    quantity: str | None
    of: dict[str, Any] | None
    year: tuple[str, ...]
    another: dict[str, Any] | None
    unnamed: tuple[str, ...]


Years = tuple[int, int | None]  # the first and the last; null: to this day


@dataclass(frozen=True, slots=True)
class Question:
    """What one figure asks: a metric of one source, in some years if it is about some.

    `figure` is its key, where a record may say the figure over again.
    """

    metric: str
    kind: Kind
    source: str
    years: Years | None
    figure: str | None = None

    @property
    def list(self) -> str:
        """The same for all that are counted in one statement."""
        alone = "" if self.figure is None else " of figures"
        return f"{self.metric} {self.kind.name} {self.years or ''}{alone}"

    @property
    def key(self) -> str:
        return self.source if self.figure is None else self.figure


Asking = tuple[Question, str | None]  # with the figure's region


class Count(NamedTuple):
    """A number, and whether all is on record, and whether the viewer may list all."""

    number: float | None = None
    declared: bool = False
    listed: bool = False

    @property
    def complete(self) -> bool:
        return self.declared and self.listed


WHOLE, DECLARED, OURS, EVERYWHERE = "whole of ", "declared ", "ours", ""
SOURCES, FIGURES, REGIONS = "counted_", "counting_", "counted_in"  # what is bound
QUANTITY = ("value", "unit", "qualifier")
HUNDREDTH = Decimal("0.01")


@cache
def measures() -> dict[str, Measure]:
    """By metric. Raises KeyError for a mapping that names nothing."""
    counted = tomllib.loads(MAPPING.read_text("utf-8"))["counted"]
    return {metric: measure(entry) for metric, entry in counted.items()}


def measure(entry: Mapping[str, Any]) -> Measure:
    links = {link.source: link for link in map(named, entry["links"])}
    found = Measure(
        links,
        ListedBy(entry["listed_by"]),
        entry.get("filter", {}),
        entry.get("sum"),
        entry.get("of"),
        tuple(entry.get("year", ())),
        entry.get("another"),
        tuple(entry.get("unnamed", ())),
    )
    for link in links.values():
        for filter in (found.filter, found.of, within(found.year, (2000, 2001))):
            wanted(link.to, filter or {})
        if found.quantity is not None and f"{found.quantity}_value" not in link.to.table.c:
            raise KeyError(found.quantity)
        if found.another is not None:
            wanted(REGISTRY[Conferral], found.another)
    return found


def named(path: str) -> Many:
    kind_name, name = path.split(".")
    kind = REGISTRY.named(kind_name)
    if kind is None or not isinstance(link := kind.links[name], Many):
        raise KeyError(path)
    return link


def within(path: Sequence[str], years: Years | None) -> dict[str, Any]:
    """`["competition", "year"]` as a filter: {competition: {year: …}}."""
    if not path or years is None:
        return {}
    *links, column = path
    first, last = years
    filter: dict[str, Any] = {column: first}
    if last != first:
        filter = {f"{column}_from": first}
        filter |= {} if last is None else {f"{column}_to": last}
    for name in reversed(links):
        filter = {name: filter}
    return filter


def wanted(kind: Kind, filter: dict[str, Any]) -> Wanted:
    return tuple((name, value_of(kind, name, given)) for name, given in filter.items())


def value_of(kind: Kind, name: str, given: Any) -> Any:
    """Raises KeyError for a name that the kind's filter doesn't have."""
    if name in {"and", "or"}:
        return tuple(wanted(kind, one) for one in given)
    if name == "not":
        return wanted(kind, given)
    if name == "is_null":
        return tuple(nullable(kind)[nullable(kind).index(one)] for one in given)
    if name in kind.filters:
        return given
    link = kind.links[name]
    if isinstance(link, OneOf):
        return tuple((word, wanted(link.choices[word][0], one)) for word, one in given.items())
    if not isinstance(link, LinkTo):
        raise KeyError(name)
    return wanted(link.to, given)


def asked_by(figure: Any) -> Question | None:
    """Null where the metric isn't mapped, or where its kind of source or its years aren't known."""
    measure = measures().get(figure.metric)
    if measure is None:
        return None
    about = subject_of(figure)
    kind, source = about or (REGISTRY[Region], figure.region_id)
    if source is None or kind not in measure.links:
        return None
    years = years_of(figure)
    if figure.period in BY_YEARS and (years is None or not measure.year):
        return None
    alone = about is not None and measure.quantity is not None
    return Question(figure.metric, kind, source, years, figure.id if alone else None)


def years_of(figure: Any) -> Years | None:
    """Those that the figure is about; null for all, and where they aren't known."""
    if figure.period == FigurePeriod.SINCE:
        return figure.since_year and (figure.since_year, figure.year)
    if figure.period not in BY_YEARS or figure.year is None:
        return None
    return figure.year - BY_YEARS[figure.period] + 1, figure.year


def subject_of(figure: Any) -> tuple[Kind, str] | None:
    held = ((kind, getattr(figure, column)) for kind, column in subject.targets.items())
    return next((one for one in held if one[1] is not None), None)


async def registered(figure: Any, info: Info) -> Registered | None:
    """Null where it can't be counted, or where nothing is on record and nothing declared."""
    reader = info.context.reader
    asked = asking(figure)
    if asked is None:
        return None
    loader = reader.loader(place(info.path), registered, load_numbers, reader)
    return beside(figure, await loader.load(asked))


def asking(figure: Any) -> Asking | None:
    question = asked_by(figure)
    return None if question is None else (question, figure.region_id)


def beside(figure: Any, counted: Count) -> Registered | None:
    """What was counted, next to what was published."""
    number = counted.number
    if number is None or (not number and not counted.declared):
        return None
    label, label_en = name_of(figure.metric), name_en_of(figure.metric)
    if not counted.complete:
        reason = NOT_DECLARED_COMPLETE if counted.listed else COUNTED_AS_VISIBLE
        return Registered(label, label_en, number, Coverage.PARTIAL, None, reason)
    # What was published as a bound differs from a count by nobody knows how much.
    exact = figure.quantity_qualifier == Qualifier.EXACT
    gap = float(decimal(figure.quantity_value) - decimal(number)) if exact else None
    return Registered(label, label_en, number, Coverage.COMPLETE, gap, None)


def decimal(number: Any) -> Decimal:
    """As it is written, and not as the nearest fraction of two."""
    return number if isinstance(number, Decimal) else Decimal(str(number))


def load_numbers(reader: Reader) -> Any:
    async def load(asked: list[Asking]) -> list[Count]:
        return counts(asked, await reader.all(numbers(reader.write, asked)))

    return load


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


def number_of(question: Question, counted: Mapping[tuple[str, str], Any]) -> float | None:
    """Null for a sum with a bound in it, and for a share of nothing."""
    found: float | None = counted.get((question.list, question.key), 0.0)
    if measures()[question.metric].of is None or found is None:
        return found
    whole = counted.get((WHOLE + question.list, question.key))
    share = Decimal(100) * decimal(found) / decimal(whole) if whole else None
    return None if share is None else float(share.quantize(HUNDREDTH, ROUND_HALF_UP))


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


COUNTED = Counted(asking, drafted, counts, beside, shape)


def arm(word: str, counted: Select[Any]) -> Select[Any]:
    found = counted.subquery()
    return select(literal(word), found.c.source, cast(found.c.number, Float))


def declarations(write: Statements, regions: AnyKeys) -> Select[Any]:
    complete = rows_of(stored(Completeness))
    seen = about(REGISTRY[Completeness], complete, Asked(), write.asker)
    there = among(complete.c.region_id, regions, write.dialect)
    metric = literal(DECLARED) + complete.c.metric
    return select(metric, complete.c.region_id, literal(0.0)).where(seen, there)


def where_all_is_listed(write: Statements, regions: AnyKeys) -> list[Select[Any]]:
    viewer = write.asker.viewer
    if viewer.sees_all:
        columns: list[ColumnElement[Any]] = [literal(OURS), literal(EVERYWHERE), literal(0.0)]
        return [select(*columns)]
    if not viewer.sees_region:
        return []
    pairs = rows_of(stored(RegionAncestor))
    there = among(pairs.c.region_id, regions, write.dialect)
    ours = pairs.c.ancestor_id == as_key(viewer.region)
    return [select(literal(OURS), pairs.c.region_id, literal(0.0)).where(ours, there)]
