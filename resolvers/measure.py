"""How a published metric is counted: a mapping that is data, registered.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from engine.kind import Kind
from engine.link import LinkToKind, ToMany, ToOneUnion
from engine.page import FilterExpr
from engine.predicate import nullable_fields
from models import Conferral
from resolvers.declare import REGISTRY
from resolvers.metric import DEFINITIONS_FILE


class ListingRight(StrEnum):
    """Who may list all that a metric counts: by their rights, whatever there is."""

    STEWARD = "STEWARD"
    REGION = "REGION"  # the union of a region above as well


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """The lists that are counted, or of which a quantity is added up, by the kind they hang on.

    With `of`, the number is the share in percent that the list has in the wider one. `year` is the
    filter that takes the years of a figure that is about some. `other_honour_filter` is what a
    second honour of the recipient is to be, `excluded_name_endings` how a thing that isn't counted
    may be called.
    """

    links: dict[Kind, ToMany]
    listed_by: ListingRight
    filter: dict[str, Any]
    quantity: str | None
    of: dict[str, Any] | None
    year: tuple[str, ...]
    other_honour_filter: dict[str, Any] | None
    excluded_name_endings: tuple[str, ...]


YearRange = tuple[int, int | None]  # the first and the last; null: to this day


@dataclass(frozen=True, slots=True)
class MetricRequest:
    """What one figure asks: a metric of one source, in some years if it is about some.

    `figure` is its key, where a record may say the figure over again.
    """

    metric: str
    kind: Kind
    source: str
    years: YearRange | None
    figure: str | None = None

    @property
    def list_key(self) -> str:
        """The same for all that are counted in one statement."""
        alone = "" if self.figure is None else " of figures"
        return f"{self.metric} {self.kind.name} {self.years or ''}{alone}"

    @property
    def key(self) -> str:
        return self.source if self.figure is None else self.figure


RegionRequest = tuple[MetricRequest, str | None]  # with the figure's region


@cache
def metric_definitions() -> dict[str, MetricDefinition]:
    """By metric. Raises KeyError for a mapping that names nothing."""
    counted = tomllib.loads(DEFINITIONS_FILE.read_text("utf-8"))["counted"]
    return {metric: parse_definition(entry) for metric, entry in counted.items()}


def parse_definition(entry: Mapping[str, Any]) -> MetricDefinition:
    links = {link.source: link for link in map(link_by_path, entry["links"])}
    found = MetricDefinition(
        links,
        ListingRight(entry["listed_by"]),
        entry.get("filter", {}),
        entry.get("sum"),
        entry.get("of"),
        tuple(entry.get("year", ())),
        entry.get("another"),
        tuple(entry.get("unnamed", ())),
    )
    for link in links.values():
        for filter in (found.filter, found.of, years_filter(found.year, (2000, 2001))):
            parse_filter(link.to, filter or {})
        if found.quantity is not None and f"{found.quantity}_value" not in link.to.table.c:
            raise KeyError(found.quantity)
        if found.other_honour_filter is not None:
            parse_filter(REGISTRY[Conferral], found.other_honour_filter)
    return found


def link_by_path(path: str) -> ToMany:
    kind_name, name = path.split(".")
    kind = REGISTRY.named(kind_name)
    if kind is None or not isinstance(link := kind.links[name], ToMany):
        raise KeyError(path)
    return link


def years_filter(path: Sequence[str], years: YearRange | None) -> dict[str, Any]:
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


def parse_filter(kind: Kind, filter: dict[str, Any]) -> FilterExpr:
    return tuple((name, parse_filter_value(kind, name, given)) for name, given in filter.items())


def parse_filter_value(kind: Kind, name: str, given: Any) -> Any:
    """Raises KeyError for a name that the kind's filter doesn't have."""
    if name in {"and", "or"}:
        return tuple(parse_filter(kind, one) for one in given)
    if name == "not":
        return parse_filter(kind, given)
    if name == "is_null":
        return tuple(nullable_fields(kind)[nullable_fields(kind).index(one)] for one in given)
    if name in kind.filters:
        return given
    link = kind.links[name]
    if isinstance(link, ToOneUnion):
        return tuple(
            (word, parse_filter(link.choices[word][0], one)) for word, one in given.items()
        )
    if not isinstance(link, LinkToKind):
        raise KeyError(name)
    return parse_filter(link.to, given)
