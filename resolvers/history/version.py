"""A version of a record: its fields, and which of them changed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from engine.catalog.kind import Kind
from engine.catalog.link import ToOne, ToOneUnion
from kit.relay.global_id import to_global_id
from kit.values.composite import Composite
from models.change import ChangeKind
from models.row import Row
from resolvers.core.access import Viewer, is_owner
from resolvers.core.declare import REGISTRY
from resolvers.writing.proposal import enterable_columns
from resolvers.writing.proposal import referenced_models as referring

# The columns with a field's value, of which at most one is filled.
FieldColumns = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """A version; `before` is the previous version that the viewer may see."""

    row: Any
    before: Any
    known_until: datetime | None
    change_kind: ChangeKind

    @property
    def known_from(self) -> datetime:
        moment: datetime = self.row.recorded_at
        return moment


@dataclass(frozen=True, slots=True)
class VersionField:
    field: str
    value: str | None
    changed: bool


def version_fields(
    version: RecordVersion, paths: Mapping[str, FieldColumns], viewer: Viewer
) -> list[VersionField]:
    """Return the fields of a version, and those emptied by it, as the viewer sees them."""
    now = field_texts(version.row, paths, viewer)
    before = field_texts(version.before, paths, viewer) if version.before else dict.fromkeys(now)
    return [
        VersionField(path, said, said != before.get(path))
        for path, said in now.items()
        if said is not None or before.get(path) is not None
    ]


def field_texts(
    row: Any, paths: Mapping[str, FieldColumns], viewer: Viewer
) -> dict[str, str | None]:
    ends = referenced_kinds(row.kind)
    hidden = frozenset() if is_owner(viewer, row) else row.kind.reserved.keys()
    texts: dict[str, str | None] = {}
    for path, columns in paths.items():
        if hidden & {*columns}:
            continue
        pairs = ((column, getattr(row, column)) for column in columns)
        filled = ((column, value) for column, value in pairs if value is not None)
        texts[path] = next((value_text(ends.get(column), value) for column, value in filled), None)
    return texts


def value_text(end: Kind | None, value: Any) -> str:
    """Return a value as in a cell of a file; a reference as global id."""
    if end is not None:
        return to_global_id(end.name, value)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def row_model(kind: Kind) -> type[Row]:
    assert issubclass(kind.model, Row)
    return kind.model


@cache
def referenced_kinds(kind: Kind) -> dict[str, Kind]:
    """Return the kind that each entered column refers to, without the row's owner."""
    return {
        column: REGISTRY[model]
        for column, model in referring(row_model(kind))
        if column != "owner_id"
    }


def published_columns(kind: Kind, names: Mapping[str, str]) -> dict[str, FieldColumns]:
    """Return the columns of each published field; derived columns have no history."""
    entered = {column.key for column in enterable_columns(row_model(kind))}
    return {
        path: columns
        for name, published in names.items()
        for path, columns in columns_of_field(kind, name, published).items()
        if entered.issuperset(columns)
    }


def columns_of_field(kind: Kind, name: str, published: str) -> dict[str, FieldColumns]:
    """Return the columns of a field: one path for a to-one link, several for a composite value."""
    match kind.links.get(name), getattr(kind.row, name, None):
        case ToOne(by=column), _:
            return {published: (column,)}
        case ToOneUnion(by=columns), _:
            return {published: tuple(columns.values())}
        case _, Composite(make=make, columns=parts):
            names = [part.name for part in fields(make)]  # type: ignore[arg-type]
            return {
                f"{published}.{part}": (column,) for part, column in zip(names, parts, strict=True)
            }
    if name == "sources":
        return {published: ("source_id",)}
    return {published: (name,)} if name in kind.table.c else {}
