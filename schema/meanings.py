"""What the fields of the schema mean to the engine: written beside each field where it is made.

A field without a resolver is read off the row; one that says nothing is computed in Python, and a
request that asks for it goes to Strawberry's own executor.
"""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLField
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from engine.meaning import Meaning, Stored

MEANING = "meaning"


def means(meaning: Meaning) -> dict[str, Meaning]:
    """The metadata of a field."""
    return {MEANING: meaning}


def definition(field: GraphQLField) -> StrawberryField | None:
    found = field.extensions.get("strawberry-definition")
    return found if isinstance(found, StrawberryField) else None


def meaning_of(field: GraphQLField) -> Meaning | None:
    found = definition(field)
    if found is None:
        return None
    told: Meaning | None = found.metadata.get(MEANING)
    return Stored(found.python_name) if told is None and found.base_resolver is None else told


def converter(schema: Any) -> Any:
    """Arguments as Strawberry hands them to a resolver."""
    scalars, config = schema.schema_converter.scalar_registry, schema.config

    def convert(field: GraphQLField, given: Mapping[str, Any]) -> dict[str, Any]:
        found = definition(field)
        assert found is not None
        return convert_arguments(dict(given), found.arguments, scalars, config)

    return convert
