"""Definitions of published metrics: how each is counted, read from registered.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from engine.catalog.kind import Kind
from engine.catalog.link import LinkToKind, ToMany, ToOneUnion
from engine.sql.arguments import FilterExpr
from engine.sql.predicate import nullable_fields
from models.honour import Conferral
from resolvers.core.declare import REGISTRY
from resolvers.core.metric_names import DEFINITIONS_FILE


class ListingRight(StrEnum):
    """Who may list everything that a metric counts, by right and whatever the rows."""

    STEWARD = "STEWARD"
    REGION = "REGION"  # also the union of a region above


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """The lists to count, or to sum a quantity of, by the kind that they belong to.

    With `of`, the number is the list's share, in percent, of the wider list. `year` is the path of
    the filter for the years of a figure. `other_honour_filter` describes another honour of the
    recipient, `excluded_name_endings` names of things that don't count.
    """

    links: dict[Kind, ToMany]
    listed_by: ListingRight
    filter: dict[str, Any]
    quantity: str | None
    of: dict[str, Any] | None
    year: tuple[str, ...]
    other_honour_filter: dict[str, Any] | None
    excluded_name_endings: tuple[str, ...]


YearRange = tuple[int, int | None]  # first and last; None for up to today


@dataclass(frozen=True, slots=True)
class MetricRequest:
    """A count for a figure: a metric of one source record, with years if the figure has a period.

    `figure` is its key, if a record may repeat the figure.
    """

    metric: str
    kind: Kind
    source: str
    years: YearRange | None
    figure: str | None = None

    @property
    def list_key(self) -> str:
        """A key that is equal for requests counted in one statement."""
        alone = "" if self.figure is None else " of figures"
        return f"{self.metric} {self.kind.name} {self.years or ''}{alone}"

    @property
    def key(self) -> str:
        return self.source if self.figure is None else self.figure


RegionRequest = tuple[MetricRequest, str | None]  # with the figure's region


@cache
def metric_definitions() -> dict[str, MetricDefinition]:
    """Return definitions by metric. Raises KeyError for an unknown link, filter or quantity."""
    counted = tomllib.loads(DEFINITIONS_FILE.read_text("utf-8"))["counted"]
    return {metric: parse_definition(entry) for metric, entry in counted.items()}


def parse_definition(entry: Mapping[str, Any]) -> MetricDefinition:
    links = {link.source: link for link in map(link_by_path, entry["links"])}
    definition = MetricDefinition(
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
        for filter in (
            definition.filter,
            definition.of,
            years_filter(definition.year, (2000, 2001)),
        ):
            parse_filter(link.to, filter or {})
        if (
            definition.quantity is not None
            and f"{definition.quantity}_value" not in link.to.table.c
        ):
            raise KeyError(definition.quantity)
        if definition.other_honour_filter is not None:
            parse_filter(REGISTRY[Conferral], definition.other_honour_filter)
    return definition


def link_by_path(path: str) -> ToMany:
    kind_name, name = path.split(".")
    kind = REGISTRY.named(kind_name)
    if kind is None or not isinstance(link := kind.links[name], ToMany):
        raise KeyError(path)
    return link


def years_filter(path: Sequence[str], years: YearRange | None) -> dict[str, Any]:
    """Return the filter of a path: `["competition", "year"]` becomes {competition: {year: …}}."""
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
    return tuple((name, parse_filter_value(kind, name, value)) for name, value in filter.items())


def parse_filter_value(kind: Kind, name: str, value: Any) -> Any:
    """Return a coerced filter value. Raises KeyError for an unknown name."""
    if name in {"and", "or"}:
        return tuple(parse_filter(kind, item) for item in value)
    if name == "not":
        return parse_filter(kind, value)
    if name == "is_null":
        return tuple(nullable_fields(kind)[nullable_fields(kind).index(field)] for field in value)
    if name in kind.filters:
        return value
    link = kind.links[name]
    if isinstance(link, ToOneUnion):
        return tuple(
            (choice_name, parse_filter(link.choices[choice_name][0], choice))
            for choice_name, choice in value.items()
        )
    if not isinstance(link, LinkToKind):
        raise KeyError(name)
    return parse_filter(link.to, value)
