"""What the fields of the schema mean to the engine: written beside each field where it is made.

A field without a resolver is read off the row; one that says nothing is computed in Python, and a
request that asks for it goes to Strawberry's own executor.
"""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLField
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from engine.meaning import AttributeField, FieldPlan

FIELD_PLAN_KEY = "meaning"


def plan_metadata(meaning: FieldPlan) -> dict[str, FieldPlan]:
    """The metadata of a field."""
    return {FIELD_PLAN_KEY: meaning}


def strawberry_field(field: GraphQLField) -> StrawberryField | None:
    found = field.extensions.get("strawberry-definition")
    return found if isinstance(found, StrawberryField) else None


def field_plan_of(field: GraphQLField) -> FieldPlan | None:
    found = strawberry_field(field)
    if found is None:
        return None
    told: FieldPlan | None = found.metadata.get(FIELD_PLAN_KEY)
    return (
        AttributeField(found.python_name) if told is None and found.base_resolver is None else told
    )


def argument_converter(schema: Any) -> Any:
    """Arguments as Strawberry hands them to a resolver."""
    scalars, config = schema.schema_converter.scalar_registry, schema.config

    def convert(field: GraphQLField, given: Mapping[str, Any]) -> dict[str, Any]:
        found = strawberry_field(field)
        assert found is not None
        return convert_arguments(dict(given), found.arguments, scalars, config)

    return convert
