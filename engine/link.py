"""How one kind leads to another. Declaring a link puts it on its kind; nothing else joins kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import SQLModel

from engine.kind import Kind, Spells
from engine.way import Everywhere, Way


@dataclass(frozen=True, eq=False)
class Link:
    source: Kind
    name: str

    def __post_init__(self) -> None:
        self.source.links[self.name] = self

    def kind(self, model: type[SQLModel]) -> Kind:
        return self.source.graph[model]


@dataclass(frozen=True, eq=False)
class LinkTo(Link):
    """To records of one kind."""

    model: type[SQLModel]

    @property
    def to(self) -> Kind:
        return self.kind(self.model)


@dataclass(frozen=True, eq=False)
class One(LinkTo):
    """To at most one record, whose id the source holds in the column `by`.

    It may be the first of `among`: a filter then asks for any of these.
    """

    by: str
    among: Closed | None = None


@dataclass(frozen=True, eq=False)
class OneBack(LinkTo):
    """To at most one record, which holds the source's id in its unique column `by`."""

    by: str


@dataclass(frozen=True, eq=False)
class OneOf(Link):
    """To at most one record of several kinds: the source has a column for each."""

    by: Mapping[type[SQLModel], str]

    @property
    def targets(self) -> dict[Kind, str]:
        return {self.kind(model): column for model, column in self.by.items()}

    @property
    def choices(self) -> dict[str, tuple[Kind, str]]:
        """The kind and the column of each, by the kind's name as a field's."""
        return {kind.word: (kind, column) for kind, column in self.targets.items()}


@dataclass(frozen=True, eq=False)
class Many(LinkTo):
    """To a list that can grow: a connection. `scopes` are other ways, chosen by an argument."""

    way: Way
    scopes: Mapping[Any, Way] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class All(Many):
    """To all records of a kind: hangs on nothing, so it belongs to no kind's links."""

    def __post_init__(self) -> None:
        pass


def everything(kind: Kind) -> All:
    return All(kind, "all", kind.model, Everywhere())


@dataclass(frozen=True, eq=False)
class Closed(LinkTo):
    """To a small list that is given whole, sorted by `order` and then by the key."""

    way: Way
    order: tuple[str, ...] = ()
    spells: Spells | None = None


@dataclass(frozen=True, eq=False)
class ClosedOf(Link):
    """To a small list of several kinds: in the order of the kinds, then of their keys."""

    ways: Mapping[type[SQLModel], Way]
    order: tuple[str, ...] = ()
    spells: Spells | None = None

    @property
    def targets(self) -> dict[Kind, Way]:
        return {self.kind(model): way for model, way in self.ways.items()}


@dataclass(frozen=True, eq=False)
class Chain(LinkTo):
    """To the distinct records at the end of a walk: along a list, then along links to one.

    A small closed list. Spells are those that the first link gives, on a day if one is asked.
    """

    first: Many
    names: tuple[str, ...]
