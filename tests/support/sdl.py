"""The published schema, by name."""

from functools import cache
from pathlib import Path

from graphql import GraphQLObjectType, build_schema, get_named_type

# `make check` holds it against the schema, which Strawberry has validated.
SDL = build_schema(
    (Path(__file__).parent.parent.parent / "schema" / "schema.graphql").read_text("utf-8"),
    assume_valid=True,
    assume_valid_sdl=True,
    no_location=True,
)
ROOT = SDL.query_type
assert ROOT

# The root field that lists a kind, by the name of its connection.
LISTS = {
    get_named_type(field.type).name: name
    for name, field in ROOT.fields.items()
    if get_named_type(field.type).name.endswith("Connection")
}


@cache
def field_types(kind: str) -> dict[str, str]:
    """Return the fields of a type, each with the name of its type."""
    published = SDL.type_map[kind]
    assert isinstance(published, GraphQLObjectType)
    return {name: get_named_type(field.type).name for name, field in published.fields.items()}


def camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
