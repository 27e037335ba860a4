"""Coerces variable values by the input types of a schema (GraphQL: Input Coercion).

graphql-core looks at every field of an input type for each object that a client sends, and a filter
has forty. This module looks only at the fields that are sent. graphql-core reports the errors.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    Undefined,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_value

# Undefined: it doesn't fit.
Coerce = Callable[[Any], Any]


class InputCoercion:
    """The coercions of one schema's inputs, made when they are needed.

    A field that an object omits stays omitted, unless its default is not null.
    """

    def __init__(self) -> None:
        self.made: dict[Hashable, Coerce] = {}

    def of(self, type_: GraphQLInputType) -> Coerce:
        cached = self.made.get(type_)
        if cached is None:
            cached = self.made[type_] = self.make(type_)
        return cached

    def make(self, type_: GraphQLInputType) -> Coerce:
        if is_non_null_type(type_):
            return self.required(self.of(type_.of_type))
        if is_list_type(type_):
            return self.listed(self.of(type_.of_type))
        if is_input_object_type(type_) and is_plain_input(type_):
            return self.object(type_)
        if is_leaf_type(type_):
            return coerce_leaf(type_.coerce_input_value)
        return lambda value: coerce_input_value(value, type_)

    def required(self, inner: Coerce) -> Coerce:
        return lambda value: Undefined if value is None else inner(value)

    def listed(self, inner: Coerce) -> Coerce:
        def coerce(value: object) -> object:
            if value is None:
                return None
            items = [inner(item) for item in (value if type(value) is list else [value])]
            return Undefined if Undefined in items else items

        return coerce

    def object(self, type_: GraphQLInputObjectType) -> Coerce:
        fields: dict[str, tuple[str, Coerce]] = {}
        declared = type_.fields
        needed = [name for name, field in declared.items() if is_required_input_field(field)]
        defaults = {
            field.out_name or name: default
            for name, field in declared.items()
            if (default := coerce_default_value(field)) is not Undefined and default is not None
        }

        def coerce(value: object) -> object:
            if value is None:
                return None
            if type(value) is not dict:
                return Undefined
            coerced = dict(defaults)
            for name, raw in value.items():
                entry = fields.get(name)
                if entry is None:  # an input may hold itself: its fields are made when they are met
                    if name not in declared:
                        return Undefined
                    field = declared[name]
                    entry = fields[name] = field.out_name or name, self.of(field.type)
                result = entry[1](raw)
                if result is Undefined:
                    return Undefined
                coerced[entry[0]] = result
            return Undefined if any(name not in value for name in needed) else coerced

        return coerce


def coerce_leaf(read: Coerce) -> Coerce:
    def coerce(value: object) -> object:
        if value is None:
            return None
        try:
            return read(value)
        except Exception:  # whatever a scalar raises, GraphQL asks it again and says it
            return Undefined

    return coerce


def is_plain_input(type_: GraphQLInputObjectType) -> bool:
    """Whether its value is an object of what its fields are."""
    return not type_.is_one_of and type_.out_type is GraphQLInputObjectType.out_type
