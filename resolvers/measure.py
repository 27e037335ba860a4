"""How a published metric is counted: a mapping that is data, registered.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from engine.kind import Kind
from engine.link import LinkTo, Many, OneOf
from engine.page import Wanted
from engine.predicate import nullable
from models import Conferral
from resolvers.declare import REGISTRY
from resolvers.metric import DECLARED


class ListedBy(StrEnum):
    """Who may list all that a metric counts: by their rights, whatever there is."""

    STEWARD = "STEWARD"
    REGION = "REGION"  # the union of a region above as well


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


@cache
def measures() -> dict[str, Measure]:
    """By metric. Raises KeyError for a mapping that names nothing."""
    counted = tomllib.loads(DECLARED.read_text("utf-8"))["counted"]
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
