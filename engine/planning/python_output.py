"""Output of values that Python holds: read field by field, without awaiting.

A selection on a value is compiled once to one Python expression. Most values of a response are
leaves, and a call for each would take longer than everything else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    is_leaf_type,
)

from engine.plan.execution import PlanExecution
from engine.plan.field_plans import (
    AttributeField,
    NotPlanned,
    PropertyField,
    ReferenceField,
    TypeNameField,
)
from engine.plan.output import raise_null
from engine.plan.projection import ProjectionScope, attribute_expression, literal, object_expression
from engine.plan.selection import SelectedField
from engine.planning.builder import PlanBuilder

# (a value, the request) -> the value in the response
ValueProjection = Callable[[Any, PlanExecution], Any]

# Python types that graphql-core's serialize leaves as they are, by leaf type.
SERIALIZED_CHECKS = {
    "String": "{0}.__class__ is str",
    "ID": "{0}.__class__ is str",
    "Int": "{0}.__class__ is int and -2147483648 <= {0} <= 2147483647",
}


def compile_field(field: SelectedField, planner: PlanBuilder) -> ValueProjection:
    """Raise NotPlanned for values of an abstract type, or without a field plan."""
    assert field.field is not None
    return compile_projection(field.field.type, field, planner)


def compile_projection(
    type_: GraphQLOutputType, field: SelectedField, planner: PlanBuilder
) -> ValueProjection:
    writer = ProjectionCompiler(planner)
    return writer.compile(("value", "run"), writer.value(type_, field, "value"))


class ProjectionCompiler(ProjectionScope):
    """Writes an expression; it names nothing but attributes, constants and its own variables."""

    def __init__(self, planner: PlanBuilder) -> None:
        super().__init__()
        self.planner = planner
        self.names = 0

    def name(self) -> str:
        self.names += 1
        return f"v{self.names}"

    def value(self, type_: GraphQLOutputType, field: SelectedField, read: str) -> str:
        """Return the expression of the value that `read` reads."""
        required = isinstance(type_, GraphQLNonNull)
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if is_leaf_type(inner):
            assert isinstance(inner, GraphQLLeafType)
            return self.leaf(inner, read, required=required)
        # A name is read as often as one likes, anything else once.
        name, bound = read, read
        if not read.isidentifier():
            name = self.name()
            bound = f"({name} := {read})"
        nothing = f"{self.constant(raise_null)}()" if required else "None"
        return f"({self.composite(inner, field, name)} if {bound} is not None else {nothing})"

    def leaf(self, type_: GraphQLLeafType, read: str, *, required: bool) -> str:
        serialize = type_.serialize

        def converted(value: object) -> Any:
            if value is None:
                return raise_null() if required else None
            return serialize(value)

        convert = self.constant(converted)
        if (plain := SERIALIZED_CHECKS.get(type_.name)) is None:
            return f"{convert}({read})"
        name = self.name()
        test = plain.format(name).replace(name, f"({name} := {read})", 1)
        return f"({name} if {test} else {convert}({name}))"

    def composite(self, type_: GraphQLOutputType, field: SelectedField, name: str) -> str:
        if isinstance(type_, GraphQLList):
            item = self.name()
            return f"[{self.value(type_.of_type, field, item)} for {item} in {name}]"
        if not isinstance(type_, GraphQLObjectType):
            raise NotPlanned(f"{type_} in Python")
        selected = self.planner.selector.below(field, type_.name)
        return object_expression((child.key, self.field(child, name)) for child in selected)

    def field(self, field: SelectedField, name: str) -> str:
        match field.meaning:
            case TypeNameField():
                return literal(field.on)
            case ReferenceField() as led:
                return f"{self.constant(self.planner.leading(field, led).stand_in)}({name}, run)"
            case AttributeField(name=attribute):
                read = attribute_expression(name, attribute)
            case PropertyField(read=function):
                keywords = ""
                if field.field and field.field.args:
                    arguments = self.planner.add_arguments(field, lambda values, today: values)
                    keywords = f", **run.bound[{arguments.number}]"
                read = f"{self.constant(function)}({name}{keywords})"
            case _:
                raise NotPlanned(f"{field.on}.{field.node.name.value}")
        assert field.field is not None
        return self.value(field.field.type, field, read)
