"""Fields that are computed in Python, by the same functions in plans and in the executor."""

from typing import Any

import strawberry

import resolvers.core.multistep
from engine.plan.field_plans import MultistepField, PropertyField, ReferenceField
from resolvers.core.context import Info
from schema.types.plan_metadata import plan_metadata


def multistep_field(
    meaning: MultistepField, type_: Any, description: str, arguments: list[Any]
) -> Any:
    async def answer(row: strawberry.Parent[Any], info: Info, **values: Any) -> Any:
        return await resolvers.core.multistep.resolve_multistep(info, meaning, row, **values)

    field = strawberry.field(
        answer, graphql_type=type_, description=description, metadata=plan_metadata(meaning)
    )
    field.arguments = arguments
    return field


def reference_field(meaning: ReferenceField, type_: Any, description: str) -> Any:
    """Return a field with the records to which a value refers."""

    async def answer(value: strawberry.Parent[Any], info: Info) -> Any:
        return await resolvers.core.multistep.resolve_references(info, meaning, value)

    return strawberry.field(
        answer, graphql_type=type_, description=description, metadata=plan_metadata(meaning)
    )


def computed_field(answer: Any, type_: Any, description: str) -> Any:
    return strawberry.field(
        answer,
        graphql_type=type_,
        description=description,
        metadata=plan_metadata(PropertyField(answer)),
    )
