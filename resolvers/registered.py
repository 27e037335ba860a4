"""Published figures against what the registry counts: from a mapping that is data."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Float, Select, cast, literal, select, union_all

from engine.kind import Kind
from engine.link import LinkTo, Many, OneOf
from engine.page import Asked, Wanted
from engine.predicate import about
from engine.reader import Reader
from kit.database import among
from kit.quantity import Qualifier
from models import Completeness, Region
from models.history import stored
from resolvers.context import Info, place
from resolvers.declare import REGISTRY
from resolvers.figure import subject

# metric, the record whose list is counted, the figure's region
Question = tuple[str, str, str | None]

MAPPING = Path(__file__).with_suffix(".toml")


class Coverage(StrEnum):
    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"


@dataclass(frozen=True, slots=True)
class Registered:
    """The gap is published minus counted; null unless the records are declared complete."""

    value: float
    coverage: Coverage
    gap: float | None


@dataclass(frozen=True, slots=True)
class Measure:
    """The list that is counted, or the quantity of it that is added up."""

    link: Many
    asked: Asked
    quantity: str | None

    def of(self, reader: Reader, sources: list[str]) -> Select[Any]:
        if self.quantity is None:
            return reader.write.count(self.link, self.asked, sources)
        return reader.write.sum(self.link, self.asked, sources, self.quantity)


@cache
def measures() -> dict[str, Measure]:
    """By metric. Raises KeyError for a mapping that names nothing."""
    found: dict[str, Measure] = {}
    for metric, entry in tomllib.loads(MAPPING.read_text("utf-8")).items():
        kind_name, name = entry["link"].split(".")
        kind = REGISTRY.named(kind_name)
        if kind is None or not isinstance(link := kind.links[name], Many):
            raise KeyError(entry["link"])
        quantity = entry.get("sum")
        if quantity is not None and f"{quantity}_value" not in link.to.table.c:
            raise KeyError(quantity)
        asked = Asked(filter=wanted(link.to, entry.get("filter", {})))
        found[metric] = Measure(link, asked, quantity)
    return found


def wanted(kind: Kind, filter: dict[str, Any]) -> Wanted:
    return tuple((name, value_of(kind, name, given)) for name, given in filter.items())


def value_of(kind: Kind, name: str, given: Any) -> Any:
    """Raises KeyError for a name that the kind's filter doesn't have."""
    if name in kind.filters:
        return given
    link = kind.links[name]
    if isinstance(link, OneOf):
        return tuple((word, wanted(link.choices[word][0], one)) for word, one in given.items())
    if not isinstance(link, LinkTo):
        raise KeyError(name)
    return wanted(link.to, given)


def counted_for(figure: Any) -> str | None:
    """The id of the record whose list is counted for a figure, if its metric is mapped."""
    if figure.metric not in measures():
        return None
    source = measures()[figure.metric].link.source
    if source.model is Region:
        return None if subject_of(figure) else figure.region_id
    return getattr(figure, subject.targets[source]) if source in subject.targets else None


def subject_of(figure: Any) -> str | None:
    found = (getattr(figure, column) for column in subject.by.values())
    return next((key for key in found if key is not None), None)


async def registered(figure: Any, info: Info) -> Registered | None:
    """Null where the metric isn't mapped, or where nothing is on record and nothing is declared."""
    reader = info.context.reader
    source = counted_for(figure)
    if source is None:
        return None
    loader = reader.loader(place(info.path), registered, load_counts, reader)
    number, complete = await loader.load((figure.metric, source, figure.region_id))
    if not number and not complete:
        return None
    # What was published as a bound differs from a count by nobody knows how much.
    exact = figure.quantity_qualifier == Qualifier.EXACT
    gap = figure.quantity_value - number if complete and exact else None
    return Registered(number, Coverage.COMPLETE if complete else Coverage.PARTIAL, gap)


def load_counts(reader: Reader) -> Any:
    async def load(asked: list[Question]) -> list[tuple[float, bool]]:
        rows = await reader.all(counts(reader, asked))
        numbers = {(metric, source): number or 0.0 for what, metric, source, number in rows if what}
        declared = {(metric, region) for what, metric, region, _ in rows if not what}
        return [
            (numbers.get((metric, source), 0.0), (metric, region) in declared)
            for metric, source, region in asked
        ]

    return load


def counts(reader: Reader, asked: list[Question]) -> Select[Any]:
    """(1, metric, source, number) for each list, (0, metric, region, 0) for each declaration.

    All metrics of the mapping take part whether asked or not: one statement, always the same.
    """
    arms = []
    for metric, measure in measures().items():
        sources = [source for name, source, _ in asked if name == metric]
        found = measure.of(reader, sources).subquery()
        number = cast(found.c.number, Float)
        arms.append(select(literal(1), literal(metric), found.c.source, number))
    complete = stored(Completeness).alias()
    seen = about(REGISTRY[Completeness], complete, Asked(), reader.asker)
    regions = [region for *_, region in asked if region is not None]
    arms.append(
        select(literal(0), complete.c.metric, complete.c.region_id, literal(0.0)).where(
            seen, among(complete.c.region_id, regions, reader.write.dialect)
        )
    )
    return select(*union_all(*arms).subquery().c)
