"""The number of nodes that a field may return, by its type and arguments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
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

from execution.cost import (
    DEFAULT_LIST_SIZE,
    UNIT_COST,
    CostFormula,
    VariableSize,
    size_value,
    sum_costs,
)

SIZE_ARGUMENTS = ("first", "last", "ids")  # arguments that limit the number of nodes
META_FIELDS: dict[str, GraphQLField] = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}


def literal_size(node: ValueNode | None) -> Any:
    match node:
        case IntValueNode():
            return int(node.value)
        case ListValueNode():
            return list(node.values)
    return None


@dataclass(frozen=True, slots=True)
class FieldSize:
    """A field's type and size. Its cost depends on whether records of a page are selected."""

    type: GraphQLNamedType | None = None
    is_connection: bool = False
    is_record: bool = False
    is_page_field: bool = False
    is_introspection: bool = False
    size: int | VariableSize = 1  # of a page or list

    def cost(self, inner: CostFormula, *, rows: bool) -> CostFormula:
        if self.is_page_field:
            return inner  # the connection has multiplied it
        if self.is_connection:
            return (
                sum_costs([UNIT_COST, inner]).times(self.size)
                if rows
                else sum_costs([UNIT_COST, inner])
            )
        own = sum_costs([UNIT_COST, inner]) if self.is_record else inner
        return own if self.size == 1 else own.times(self.size)


UNKNOWN_FIELD = FieldSize()


class ListSizes:
    """The list sizes of one document, with its variable sizes and its largest literal one."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self.variables: set[VariableSize] = set()
        self.largest = 0
        self.introspection_sizes = introspection_list_sizes(schema)
        self.unasked = unasked_sizes(schema)

    def of(self, on: GraphQLNamedType | None, node: FieldNode) -> FieldSize:
        if on is None:
            return UNKNOWN_FIELD
        known = self.unasked.get((on.name, node.name.value))
        if known is None:
            field = self.field(on, node.name.value)
            known = UNKNOWN_FIELD if field is None else self.unasked_size(on, node, field)
            if field is not None:
                self.unasked[on.name, node.name.value] = known
        if not node.arguments or known is UNKNOWN_FIELD:
            return known
        requested = self.asked(node)
        if requested is None:
            return known
        many = known.is_connection or (known.is_record and requested and not known.is_introspection)
        return replace(known, size=requested) if many else known

    def unasked_size(self, on: GraphQLNamedType, node: FieldNode, field: GraphQLField) -> FieldSize:
        """Return the size of a field whose arguments request none."""
        named = get_named_type(field.type)
        listed = is_list_type(get_nullable_type(field.type))
        if named.name.startswith("__"):
            size = self.introspection_sizes.get(node.name.value, 1) if listed else 1
            return FieldSize(named, is_record=listed, is_introspection=True, size=size)
        if is_connection_type(named):
            return FieldSize(named, is_connection=True, size=DEFAULT_LIST_SIZE)
        if is_connection_type(on) and (listed or named.name == "PageInfo"):
            return FieldSize(named, is_page_field=True)
        if is_edge_type(on) and node.name.value == "node":
            return FieldSize(named)
        size = DEFAULT_LIST_SIZE if listed else 1
        return FieldSize(named, is_record=is_record_type(named), size=size)

    def field(self, on: GraphQLNamedType | None, name: str) -> GraphQLField | None:
        if name in META_FIELDS and on is self.schema.query_type:
            return META_FIELDS[name]
        if isinstance(on, GraphQLObjectType | GraphQLInterfaceType):
            field: GraphQLField | None = on.fields.get(name)
            return field
        return None

    def asked(self, node: FieldNode) -> int | VariableSize | None:
        """Return the size that the arguments request; None without such an argument."""
        values = [
            argument.value
            for argument in node.arguments or ()
            if argument.name.value in SIZE_ARGUMENTS
        ]
        variables = tuple(value.name.value for value in values if isinstance(value, VariableNode))
        fixed = [size for value in values if (size := size_value(literal_size(value))) is not None]
        self.largest = max(self.largest, *fixed, 0)
        if variables:
            variable_size = VariableSize(variables, max(fixed, default=0))
            self.variables.add(variable_size)
            return variable_size
        return max(fixed, default=None)


def is_edge_type(named: GraphQLNamedType) -> bool:
    return isinstance(named, GraphQLObjectType) and {"cursor", "node"} <= named.fields.keys()


def is_connection_type(named: GraphQLNamedType) -> bool:
    return isinstance(named, GraphQLObjectType) and "pageInfo" in named.fields


def is_record_type(named: GraphQLNamedType) -> bool:
    """Return whether a type is a record, or a union or interface of records."""
    if isinstance(named, GraphQLUnionType):
        return True
    if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        return False
    return named.name == "Node" or any(interface.name == "Node" for interface in named.interfaces)


@cache
def unasked_sizes(schema: GraphQLSchema) -> dict[tuple[str, str], FieldSize]:
    """Return the sizes that are known so far, by type and field: there is one for each field."""
    return {}


@cache
def introspection_list_sizes(schema: GraphQLSchema) -> dict[str, int]:
    """Return the sizes of introspection lists: of all types, or the average of a type's list."""
    types = schema.type_map.values()
    objects = [
        type_ for type_ in types if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
    ]
    fields = [field for type_ in objects for field in type_.fields.values()]
    numbers = {
        "fields": len(fields),
        "inputFields": sum(len(t.fields) for t in types if isinstance(t, GraphQLInputObjectType)),
        "enumValues": sum(len(t.values) for t in types if isinstance(t, GraphQLEnumType)),
        "interfaces": sum(len(type_.interfaces) for type_ in objects),
        "possibleTypes": sum(len(type_.interfaces) for type_ in objects),
    }
    averages = {name: number // len(types) + 1 for name, number in numbers.items()}
    return {**averages, "types": len(types), "args": 3, "directives": len(schema.directives)}
