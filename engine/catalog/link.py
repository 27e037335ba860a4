"""Links from one kind to another. Declaring a link adds it to its kind; joins follow from it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from sqlmodel import SQLModel

from engine.catalog.join import AllRowsJoin, KeyJoin
from engine.catalog.kind import Kind, Link, Spells


@dataclass(frozen=True, eq=False)
class LinkToKind(Link):
    """To records of one kind."""

    model: type[SQLModel]

    @property
    def to(self) -> Kind:
        return self.kind(self.model)


@dataclass(frozen=True, eq=False)
class ToOne(LinkToKind):
    """To at most one record, whose id the source holds in the column `by`.

    It may be the first of `among`: a filter then asks for any of these.
    """

    by: str
    among: ToList | None = None


@dataclass(frozen=True, eq=False)
class ToOneBacklink(LinkToKind):
    """To at most one record, which holds the source's id in its unique column `by`."""

    by: str


@dataclass(frozen=True, eq=False)
class ToOneUnion(Link):
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
class ToMany(LinkToKind):
    """To a list that can grow: a connection. `scopes` are other ways, chosen by an argument."""

    way: KeyJoin
    scopes: Mapping[Hashable, KeyJoin] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class ToAll(ToMany):
    """To all records of a kind: hangs on nothing, so it belongs to no kind's links."""

    def __post_init__(self) -> None:
        pass


def link_to_all(kind: Kind) -> ToAll:
    return ToAll(kind, "all", kind.model, AllRowsJoin())


@dataclass(frozen=True, eq=False)
class ToList(LinkToKind):
    """To a small list without pages, sorted by `order` and then by the key."""

    way: KeyJoin
    order: tuple[str, ...] = ()
    spells: Spells | None = None


@dataclass(frozen=True, eq=False)
class ToListUnion(Link):
    """To a small list of several kinds: in the order of the kinds, then of their keys."""

    ways: Mapping[type[SQLModel], KeyJoin]
    order: tuple[str, ...] = ()
    spells: Spells | None = None

    @property
    def targets(self) -> dict[Kind, KeyJoin]:
        return {self.kind(model): join for model, join in self.ways.items()}


@dataclass(frozen=True, eq=False)
class ToListThrough(LinkToKind):
    """To the distinct records at the end of a walk: along a list, then along links to one.

    A small list without pages. The spells are those of the first link, on a day if one is set.
    """

    first: ToMany
    names: tuple[str, ...]
