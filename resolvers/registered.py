"""Published figures against what the registry counts: from a mapping that is data."""

import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    cast,
    literal,
    select,
    type_coerce,
    union_all,
)

from engine.kind import Kind
from engine.link import LinkTo, Many, OneOf
from engine.meaning import Counted
from engine.page import Asked, Wanted
from engine.predicate import about, nullable
from engine.reader import Reader
from engine.statements import Statements
from kit.columns import Thousandths, ThousandthsAdded
from kit.database import among
from kit.quantity import Qualifier
from kit.rows import rows_of
from kit.thousandths import UNIT, difference, percent
from models import Completeness, Region
from models.figure import FigurePeriod
from models.history import stored
from resolvers.context import Info, place
from resolvers.declare import REGISTRY
from resolvers.figure import subject

MAPPING = Path(__file__).with_suffix(".toml")
YEARLY = {FigurePeriod.PER_YEAR, FigurePeriod.ONE_YEAR}


class Coverage(StrEnum):
    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"


@dataclass(frozen=True, slots=True)
class Registered:
    """The gap is published minus counted; null unless the records are declared complete."""

    value: Decimal
    coverage: Coverage
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class Measure:
    """The lists that are counted, or of which a quantity is added up, by the kind they hang on.

    With `of`, the number is the share in percent that the list has in the wider one. `year` is the
    filter that takes the year of a figure that is about one year.
    """

    links: dict[Kind, Many]
    filter: dict[str, Any]
    quantity: str | None
    of: dict[str, Any] | None
    year: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What one figure asks: a metric of one source, in one year if it is about one."""

    metric: str
    kind: Kind
    source: str
    year: int | None

    @property
    def list(self) -> str:
        """The same for all that are counted in one statement."""
        return f"{self.metric} {self.kind.name} {self.year or ''}"


Asking = tuple[Question, str | None]  # with the figure's region
Count = tuple[Decimal | None, bool]  # and whether the records are declared complete

WHOLE, DECLARED = "whole of ", "declared "


@cache
def measures() -> dict[str, Measure]:
    """By metric. Raises KeyError for a mapping that names nothing."""
    found: dict[str, Measure] = {}
    for metric, entry in tomllib.loads(MAPPING.read_text("utf-8"))["counted"].items():
        links = {link.source: link for link in map(named, entry["links"])}
        filters = entry.get("filter", {}), entry.get("of"), nested(entry.get("year", ()), 2000)
        for link in links.values():
            for filter in filters:
                wanted(link.to, filter or {})
            quantity = entry.get("sum")
            if quantity is not None and f"{quantity}_value" not in link.to.table.c:
                raise KeyError(quantity)
        year = tuple(entry.get("year", ()))
        found[metric] = Measure(links, filters[0], entry.get("sum"), filters[1], year)
    return found


def named(path: str) -> Many:
    kind_name, name = path.split(".")
    kind = REGISTRY.named(kind_name)
    if kind is None or not isinstance(link := kind.links[name], Many):
        raise KeyError(path)
    return link


def nested(path: Sequence[str], value: Any) -> dict[str, Any]:
    """`["competition", "year"]` as a filter: {competition: {year: …}}."""
    for name in reversed(path):
        value = {name: value}
    return value if path else {}


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
    """Null where the metric isn't mapped, or where its kind of source or its year isn't known."""
    measure = measures().get(figure.metric)
    if measure is None:
        return None
    about = subject_of(figure)
    kind, source = about or (REGISTRY[Region], figure.region_id)
    if source is None or kind not in measure.links:
        return None
    yearly = figure.period in YEARLY
    if yearly and (figure.year is None or not measure.year):
        return None
    return Question(figure.metric, kind, source, figure.year if yearly else None)


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
    number, complete = counted
    if number is None or (not number and not complete):
        return None
    # What was published as a bound differs from a count by nobody knows how much.
    exact = figure.quantity_qualifier == Qualifier.EXACT
    gap = difference(figure.quantity_value, number) if complete and exact else None
    return Registered(number, Coverage.COMPLETE if complete else Coverage.PARTIAL, gap)


def load_numbers(reader: Reader) -> Any:
    async def load(asked: list[Asking]) -> list[Count]:
        return counts(asked, await reader.all(numbers(reader.write, asked)))

    return load


def counts(asked: Sequence[Asking], rows: Sequence[Any]) -> list[Count]:
    counted = {(word, key): number for word, key, number in rows}
    return [
        (number_of(one, counted), (DECLARED + one.metric, region) in counted)
        for one, region in asked
    ]


COUNTED = Counted(asking, lambda write, asked: numbers(write, asked), counts, beside)


def number_of(question: Question, counted: dict[tuple[str, str], Decimal | None]) -> Decimal | None:
    """Null for a sum with a bound in it, and for a share of nothing."""
    found = counted.get((question.list, question.source), Decimal(0))
    if measures()[question.metric].of is None or found is None:
        return found
    whole = counted.get((WHOLE + question.list, question.source))
    return percent(found, whole) if whole else None


def numbers(write: Statements, asked: Sequence[Asking]) -> Select[Any]:
    """(list, source, number) for each list, and (declared metric, region, 0) for what is complete.

    One statement, whatever the number of metrics and figures.
    """
    sources: defaultdict[str, list[str]] = defaultdict(list)
    for question, _ in asked:
        sources[question.list].append(question.source)
    arms = []
    for question in {one.list: one for one, _ in asked}.values():
        measure = measures()[question.metric]
        link, keys = measure.links[question.kind], sources[question.list]
        year = nested(measure.year, question.year) if question.year else {}
        narrow = Asked(filter=wanted(link.to, measure.filter) + wanted(link.to, year))
        if measure.quantity is None:
            arms.append((question.list, write.count(link, narrow, keys)))
        else:
            arms.append((question.list, write.sum(link, narrow, keys, measure.quantity)))
        if measure.of is not None:
            wide = Asked(filter=wanted(link.to, measure.of))
            arms.append((WHOLE + question.list, write.count(link, wide, keys)))
    counts = [arm(word, statement) for word, statement in arms]
    return select(*union_all(*counts, declarations(write, asked)).subquery().c)


def arm(word: str, counted: Select[Any]) -> Select[Any]:
    """A sum is one of thousandths already, a count becomes one."""
    found = counted.subquery()
    number: ColumnElement[Any] = found.c.number
    if not isinstance(number.type, Thousandths):
        number = type_coerce(number, BigInteger()) * UNIT
    return select(literal(word), found.c.source, cast(number, ThousandthsAdded()))


def declarations(write: Statements, asked: Sequence[Asking]) -> Select[Any]:
    complete = rows_of(stored(Completeness))
    seen = about(REGISTRY[Completeness], complete, Asked(), write.asker)
    regions = [region for _, region in asked if region is not None]
    there = among(complete.c.region_id, regions, write.dialect)
    metric = literal(DECLARED) + complete.c.metric
    nothing = cast(literal(0, Integer()), ThousandthsAdded())
    return select(metric, complete.c.region_id, nothing).where(seen, there)
