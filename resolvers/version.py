"""One version of a record: what it said, and what of that the version before didn't say."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from engine.kind import Kind
from engine.link import One, OneOf
from kit.composite import Composite
from kit.global_id import global_id
from models.change import ChangeKind
from models.row import Row
from resolvers.access import Viewer, owns
from resolvers.declare import REGISTRY
from resolvers.proposal import entered_columns
from resolvers.proposal import references as referring

# Where a field's value stands: the columns of which one at most is filled.
Columns = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """`before` is the row of the version before it that the viewer may see."""

    row: Any
    before: Any
    known_until: datetime | None
    change_kind: ChangeKind

    @property
    def known_from(self) -> datetime:
        found: datetime = self.row.recorded_at
        return found


@dataclass(frozen=True, slots=True)
class FieldValue:
    field: str
    value: str | None
    changed: bool


def values(version: Version, paths: Mapping[str, Columns], viewer: Viewer) -> list[FieldValue]:
    """What the version said, and what it says no longer, as far as the viewer is shown it."""
    now = texts(version.row, paths, viewer)
    before = texts(version.before, paths, viewer) if version.before else dict.fromkeys(now)
    return [
        FieldValue(path, said, said != before.get(path))
        for path, said in now.items()
        if said is not None or before.get(path) is not None
    ]


def texts(row: Any, paths: Mapping[str, Columns], viewer: Viewer) -> dict[str, str | None]:
    ends = references(row.kind)
    hidden = frozenset() if owns(viewer, row) else row.kind.reserved.keys()
    found: dict[str, str | None] = {}
    for path, columns in paths.items():
        if hidden & {*columns}:
            continue
        given = ((column, getattr(row, column)) for column in columns)
        filled = ((column, value) for column, value in given if value is not None)
        found[path] = next((text(ends.get(column), value) for column, value in filled), None)
    return found


def text(end: Kind | None, value: Any) -> str:
    """As a cell of a file would say it; a reference is the global id."""
    if end is not None:
        return global_id(end.name, value)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def model_of(kind: Kind) -> type[Row]:
    assert issubclass(kind.model, Row)
    return kind.model


@cache
def references(kind: Kind) -> dict[str, Kind]:
    """The kind to which each entered column refers; whoever asserted the row is no part of it."""
    return {
        column: REGISTRY[model]
        for column, model in referring(model_of(kind))
        if column != "owner_id"
    }


def paths(kind: Kind, names: Mapping[str, str]) -> dict[str, Columns]:
    """The columns behind each published field, by its name; derived columns have no history."""
    entered = {column.key for column in entered_columns(model_of(kind))}
    return {
        path: columns
        for name, published in names.items()
        for path, columns in behind(kind, name, published).items()
        if entered.issuperset(columns)
    }


def behind(kind: Kind, name: str, published: str) -> dict[str, Columns]:
    """A link to one is its columns; a value of several parts is as many paths."""
    match kind.links.get(name), getattr(kind.row, name, None):
        case One(by=column), _:
            return {published: (column,)}
        case OneOf(by=columns), _:
            return {published: tuple(columns.values())}
        case _, Composite(make=make, columns=parts):
            names = [part.name for part in fields(make)]  # type: ignore[arg-type]
            return {
                f"{published}.{part}": (column,) for part, column in zip(names, parts, strict=True)
            }
    if name == "sources":
        return {published: ("source_id",)}
    return {published: (name,)} if name in kind.table.c else {}
