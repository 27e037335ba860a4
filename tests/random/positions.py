"""The places of a selection in a document, and the fields that fit there."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from engine.catalog.link import ToListUnion, ToOneUnion
from tests.random.scopes import Scopes, SelectionScope
from tests.support.sdl import LISTS, ROOT, SDL, camel_case
from tests.support.visible_picture import KINDS

CompositeType = GraphQLObjectType | GraphQLInterfaceType

DEEPEST = 6  # links from the root
PYTHON_FIELDS = {
    "history",
    "registered",
    "personal",
    "accessLog",
    "disputes",
    "erasureRequests",
    "__schema",
    "__type",
}  # in Python: no plan knows them
MULTISTEP_FIELDS = {
    "search",
    "collaborators",
    "gaps",
    "candidates",
    "without",
}  # of statements of their own
# At the root, but of no kind and no plan: asked by tests of their own.
UNPLANNED_ROOT_FIELDS = {
    "viewer", "rollup", "accessLog", "disputes", "erasureRequests", "cohort", "promotable",
    "registry",
}  # fmt: skip
ROWS = {"nodes", "edges", "node"}  # the fields of a list that hold its records

OF_SCHEMA = {
    "__schema": "{ queryType { name fields { name } } directives { name } }",
    "__type": "{ kind name fields { name type { name ofType { name } } } possibleTypes { name } }",
}


@dataclass(frozen=True)
class SelectionPosition:
    type: CompositeType
    scopes: Scopes
    level: int = 0
    rows: int = 1  # how many of these the answer may hold
    room: int = 0  # how many links and fragments may follow
    likely: tuple[str, ...] = ()  # the types that records behind an interface will be of

    @property
    def is_root(self) -> bool:
        return self.type is ROOT

    @property
    def is_kind(self) -> bool:
        return self.type.name in KINDS or isinstance(self.type, GraphQLInterfaceType)

    @property
    def is_list(self) -> bool:
        """A connection or an edge of it."""
        return is_connection_or_edge(self.type)

    def inside(self, type: CompositeType, scopes: Scopes, **changes: Any) -> "SelectionPosition":
        return replace(self, **{"type": type, "scopes": scopes, "likely": (), **changes})


@dataclass(frozen=True)
class Fragment:
    name: str
    on: CompositeType
    text: str
    scope: SelectionScope
    levels: int  # how many links deeper it leads
    factor: int  # how many rows may come of one


def composite_type(name: str) -> CompositeType:
    found = SDL.type_map[name]
    assert isinstance(found, CompositeType)
    return found


def is_connection_or_edge(type: CompositeType) -> bool:
    return type.name.endswith(("Connection", "Edge"))


@cache
def leaf_fields(type: CompositeType) -> list[str]:
    names = [name for name, of in type.fields.items() if is_leaf_type(get_named_type(of.type))]
    return names or ["__typename"]


@cache
def field_type(type: CompositeType, name: str) -> CompositeType:
    return composite_type(get_named_type(type.fields[name].type).name)


@cache
def nested_fields(type: CompositeType) -> list[str]:
    """Return the fields that need a selection and lead to no record."""
    names = [name for name in type.fields if name not in leaf_fields(type)]
    if is_connection_or_edge(type):
        return [name for name in names if name not in ROWS]
    if type.name in KINDS or isinstance(type, GraphQLInterfaceType):
        names = [name for name in names if field_type(type, name).name == "Quantity"]
    return names


@cache
def record_fields(type: CompositeType) -> list[str]:
    """Return the fields of a kind that lead to records, the computed ones left out."""
    names = [name for name in type.fields if name not in leaf_fields(type)]
    left_out = PYTHON_FIELDS | {*nested_fields(type)}
    return [name for name in names if name not in left_out]


@cache
def root_field_groups() -> list[list[str]]:
    """Return the fields of the root by sort, the sorts as often as they are to be chosen."""
    assert ROOT
    names = [
        name
        for name in ROOT.fields
        if name not in {"node", "nodes", *MULTISTEP_FIELDS, *UNPLANNED_ROOT_FIELDS}
    ]
    lists = list(LISTS.values())
    looks = [name for name in names if name not in lists]
    summed = [LISTS[f"{name}Connection"] for name, kind in KINDS.items() if kind.measures]
    return [lists, looks, lists, ["nodes"], lists, ["node"], lists, summed, ["search"]]


@cache
def possible_kinds(type: CompositeType) -> list[str]:
    """Return the kinds whose records may be of the type."""
    if isinstance(type, GraphQLObjectType):
        return [type.name]
    return sorted(found.name for found in SDL.get_possible_types(type))


@cache
def link_target_kinds(type: CompositeType, name: str) -> tuple[str, ...]:
    """Return the kinds that a link to several may lead to."""
    links = KINDS[type.name].links if type.name in KINDS else {}
    found = [link for word, link in links.items() if camel_case(word) == name]
    if found and isinstance(found[0], ToOneUnion | ToListUnion):
        return tuple(kind.name for kind in found[0].targets)
    return ()


@cache
def is_unpaged_list(type: CompositeType, name: str) -> bool:
    return is_list_type(get_nullable_type(type.fields[name].type)) and name not in ROWS


def connection_kind(connection: CompositeType) -> str:
    """Return the kind that a connection lists; of versions there is none."""
    return connection.name.removesuffix("Connection") if connection.name in LISTS else ""
