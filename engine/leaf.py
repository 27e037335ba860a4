"""How what a driver gives becomes what stands in an answer."""

import binascii
from collections.abc import Callable
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType, GraphQLScalarType
from sqlalchemy import Boolean, Float, Integer
from sqlalchemy.types import TypeEngine

from engine.compiled import reader_of
from kit.columns import PartialDateText, Text, Thousandths, Words
from kit.thousandths import UNIT

URL_SAFE = bytes.maketrans(b"+/", b"-_")

# Types whose stored values stand in an answer as they are, on both databases.
AS_THEY_ARE: dict[str, tuple[type[TypeEngine[Any]], ...]] = {
    "String": (Text, PartialDateText),
    "ID": (Text,),
    "PartialDate": (PartialDateText,),
    "Int": (Integer,),
    "Float": (Float,),
}


def words_of(leaf: GraphQLEnumType, column: Words) -> dict[Any, str | None]:
    """What is stored, to the name in the schema."""
    published: dict[Any, str | None] = {None: None}
    return published | {word.value: leaf.serialize(word) for word in column.words}


def conversion(
    leaf: GraphQLLeafType, column: TypeEngine[Any], dialect: str
) -> Callable[[Any], Any] | None:
    """None where there is nothing to do; what converts takes null to null."""
    if isinstance(column, AS_THEY_ARE.get(leaf.name, ())):
        return None
    if isinstance(column, Boolean) and leaf.name == "Boolean" and dialect == "postgresql":
        return None
    if isinstance(leaf, GraphQLEnumType) and isinstance(column, Words):
        return words_of(leaf, column).__getitem__
    if isinstance(column, Thousandths) and leaf.name == "Float":
        return nearest_float
    stored = reader_of(column, dialect)
    published = leaf.serialize if isinstance(leaf, GraphQLScalarType | GraphQLEnumType) else None
    assert published is not None

    def convert(value: Any) -> Any:
        found = stored(value) if stored and value is not None else value
        return None if found is None else published(found)

    return convert


def nearest_float(thousandths: int | None) -> float | None:
    return None if thousandths is None else thousandths / UNIT


def global_ids(kind: str) -> Callable[[str], str]:
    """As kit.global_id, for one kind and for very many keys."""
    prefix = f"{kind}:".encode()

    def id_of(key: str) -> str:
        text = binascii.b2a_base64(prefix + key.encode(), newline=False)
        return text.translate(URL_SAFE, b"=").decode()

    return id_of
