"""Converts driver values to the leaf values of a response."""

import binascii
from collections.abc import Callable
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType, GraphQLScalarType
from sqlalchemy import Boolean, Float, Integer

from engine.sql.compiled import result_processor
from kit.db.column_types import EnumText, FixedDecimal, PartialDateText, Text
from kit.db.expressions import ColumnType
from kit.values.fixed_point import SCALE

URL_SAFE = bytes.maketrans(b"+/", b"-_")

# Types whose stored values stand in an answer as they are, on both databases.
UNCONVERTED_TYPES: dict[str, tuple[type[ColumnType], ...]] = {
    "String": (Text, PartialDateText),
    "ID": (Text,),
    "PartialDate": (PartialDateText,),
    "Int": (Integer,),
    "Float": (Float,),
}


def enum_names(leaf: GraphQLEnumType, column: EnumText) -> dict[object, str | None]:
    """Map stored values to names in the schema."""
    published: dict[object, str | None] = {None: None}
    return published | {member.value: leaf.serialize(member) for member in column.words}


def leaf_converter(
    leaf: GraphQLLeafType, column: ColumnType, dialect: str
) -> Callable[[Any], Any] | None:
    """None where there is nothing to do; what converts takes null to null."""
    if isinstance(column, UNCONVERTED_TYPES.get(leaf.name, ())):
        return None
    if isinstance(column, Boolean) and leaf.name == "Boolean" and dialect == "postgresql":
        return None
    if isinstance(leaf, GraphQLEnumType) and isinstance(column, EnumText):
        return enum_names(leaf, column).__getitem__
    if isinstance(column, FixedDecimal) and leaf.name == "Float":
        return thousandths_to_float
    stored = result_processor(column, dialect)
    published = leaf.serialize if isinstance(leaf, GraphQLScalarType | GraphQLEnumType) else None
    assert published is not None

    def convert(value: object) -> object:
        converted = stored(value) if stored and value is not None else value
        return None if converted is None else published(converted)

    return convert


def thousandths_to_float(thousandths: int | None) -> float | None:
    return None if thousandths is None else thousandths / SCALE


def global_id_encoder(kind: str) -> Callable[[str], str]:
    """As `kit.relay.global_id.to_global_id`, for one kind and for very many keys."""
    prefix = f"{kind}:".encode()

    def id_of(key: str) -> str:
        text = binascii.b2a_base64(prefix + key.encode(), newline=False)
        return text.translate(URL_SAFE, b"=").decode()

    return id_of
