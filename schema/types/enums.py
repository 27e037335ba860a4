"""Enums of the schema. Each description is beside the enum's declaration."""

from collections.abc import Callable, Iterable
from enum import EnumType
from typing import Any, cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from kit.values.labelled_enum import LabelledEnum
from resolvers.core.records import GeneratedEnum
from schema.types.descriptions import describe_values_later

# Published before any type refers to them.
for words in LabelledEnum.__subclasses__():
    strawberry.enum(words, description=words.enum_description)
    definition = cast(Any, words).__strawberry_definition__
    assert isinstance(definition, StrawberryEnumDefinition)
    for value, word in zip(definition.values, words, strict=True):
        value.description = f"{word.meaning}. {word.label}"


def make_enum(
    name: str, members: Iterable[str], description: str, describe: Callable[[str], str]
) -> Any:
    """Return an enum with members from a declaration; a member's value is the declared word."""
    enum = EnumType.__call__(GeneratedEnum, name, {member.upper(): member for member in members})
    return describe_values_later(strawberry.enum(enum, description=description), describe)
