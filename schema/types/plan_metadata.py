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
    definition = field.extensions.get("strawberry-definition")
    return definition if isinstance(definition, StrawberryField) else None


def field_plan_of(field: GraphQLField) -> FieldPlan | None:
    definition = strawberry_field(field)
    if definition is None:
        return None
    plan: FieldPlan | None = definition.metadata.get(FIELD_PLAN_KEY)
    return (
        AttributeField(definition.python_name)
        if plan is None and definition.base_resolver is None
        else plan
    )


def argument_converter(schema: Any) -> Any:
    """Return a converter of arguments to what Strawberry passes to resolvers."""
    scalars, config = schema.schema_converter.scalar_registry, schema.config

    def convert(field: GraphQLField, values: Mapping[str, Any]) -> dict[str, Any]:
        definition = strawberry_field(field)
        assert definition is not None
        return convert_arguments(dict(values), definition.arguments, scalars, config)

    return convert
