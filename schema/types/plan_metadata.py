"""Field plans: what each field means to the engine, declared beside the field.

A field without a resolver is read from the row. One with a resolver and no plan is computed in
Python, and an operation that selects it goes to Strawberry's executor.
"""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLField
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from engine.plan.field_plans import AttributeField, FieldPlan

FIELD_PLAN_KEY = "meaning"


def plan_metadata(meaning: FieldPlan) -> dict[str, FieldPlan]:
    """Return the metadata of a field with this plan."""
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
    """Return a converter of arguments to what Strawberry passes to resolvers."""
    scalars, config = schema.schema_converter.scalar_registry, schema.config

    def convert(field: GraphQLField, given: Mapping[str, Any]) -> dict[str, Any]:
        found = strawberry_field(field)
        assert found is not None
        return convert_arguments(dict(given), found.arguments, scalars, config)

    return convert
