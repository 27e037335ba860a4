"""How many nodes a field can give: read off its type and its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    IntValueNode,
    ListValueNode,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from schema.cost import ONE, UNSAID, Cost, Size, size_of, total

PAGES = ("first", "last", "ids")  # arguments that say how many
META: dict[str, GraphQLField] = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}


def fixed_value(node: ValueNode | None) -> Any:
    match node:
        case IntValueNode():
            return int(node.value)
        case ListValueNode():
            return list(node.values)
    return None


@dataclass(frozen=True, slots=True)
class Sized:
    """What one field is to the cost: `rows` are what its `size` multiplies."""

    type: GraphQLNamedType | None = None
    is_connection: bool = False
    is_record: bool = False
    gives_rows: bool = False
    size: int | Size = 1  # of a page or list

    def cost(self, inner: Cost, *, rows: bool) -> Cost:
        if self.gives_rows:
            return inner  # its connection multiplies it
        if self.is_connection:
            return total([ONE, inner]).times(self.size) if rows else total([ONE, inner])
        own = total([ONE, inner]) if self.is_record else inner
        return own if self.size == 1 else own.times(self.size)


UNKNOWN = Sized()


class Sizes:
    """Of one document: what was seen of page sizes is kept."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self.variables: set[Size] = set()
        self.largest = 0
        self.of_the_schema = in_introspection(schema)

    def of(self, on: GraphQLNamedType | None, node: FieldNode) -> Sized:
        field = self.field(on, node.name.value)
        if on is None or field is None:
            return UNKNOWN
        named = get_named_type(field.type)
        listed = is_list_type(get_nullable_type(field.type))
        asked = self.asked(node)
        if named.name.startswith("__"):
            size = self.of_the_schema.get(node.name.value, 1) if listed else 1
            return Sized(named, is_record=listed, size=size)
        if is_connection(named):
            return Sized(named, is_connection=True, size=UNSAID if asked is None else asked)
        if is_connection(on) and (listed or named.name == "PageInfo"):
            return Sized(named, gives_rows=True)
        if is_edge(on) and node.name.value == "node":
            return Sized(named)
        unsaid = UNSAID if listed else 1
        many = is_record(named) and asked is not None
        return Sized(named, is_record=is_record(named), size=asked if many and asked else unsaid)

    def field(self, on: GraphQLNamedType | None, name: str) -> GraphQLField | None:
        if name in META and on is self.schema.query_type:
            return META[name]
        if isinstance(on, GraphQLObjectType | GraphQLInterfaceType):
            found: GraphQLField | None = on.fields.get(name)
            return found
        return None

    def asked(self, node: FieldNode) -> int | Size | None:
        """None where no size is given."""
        given = [one.value for one in node.arguments or () if one.name.value in PAGES]
        variables = tuple(one.name.value for one in given if isinstance(one, VariableNode))
        fixed = [size for one in given if (size := size_of(fixed_value(one))) is not None]
        self.largest = max(self.largest, *fixed, 0)
        if variables:
            found = Size(variables, max(fixed, default=0))
            self.variables.add(found)
            return found
        return max(fixed, default=None)


def is_edge(named: GraphQLNamedType) -> bool:
    return isinstance(named, GraphQLObjectType) and {"cursor", "node"} <= named.fields.keys()


def is_connection(named: GraphQLNamedType) -> bool:
    return isinstance(named, GraphQLObjectType) and "pageInfo" in named.fields


def is_record(named: GraphQLNamedType) -> bool:
    """Whatever has an id of its own, and what can be one of several such."""
    if isinstance(named, GraphQLUnionType):
        return True
    if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        return False
    return named.name == "Node" or any(one.name == "Node" for one in named.interfaces)


def in_introspection(schema: GraphQLSchema) -> dict[str, int]:
    """How many the lists of introspection hold: of types all, of the rest what a type has of it."""
    types = schema.type_map.values()
    objects = [one for one in types if isinstance(one, GraphQLObjectType | GraphQLInterfaceType)]
    fields = [field for one in objects for field in one.fields.values()]
    numbers = {
        "fields": len(fields),
        "inputFields": sum(len(t.fields) for t in types if isinstance(t, GraphQLInputObjectType)),
        "enumValues": sum(len(t.values) for t in types if isinstance(t, GraphQLEnumType)),
        "interfaces": sum(len(one.interfaces) for one in objects),
        "possibleTypes": sum(len(one.interfaces) for one in objects),
    }
    found = {name: number // len(types) + 1 for name, number in numbers.items()}
    return {**found, "types": len(types), "args": 3, "directives": len(schema.directives)}
