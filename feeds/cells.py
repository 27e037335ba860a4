"""Cells of a file as values of a column, and back: what can't be one is said in a sentence."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer

from kit.columns import PartialDateText, Words
from kit.errors import quoted
from kit.partial_date import partial_date
from resolvers.rules import TEXT_LENGTH

LEAST, MOST = -(2**31), 2**31 - 1  # what both databases keep in an integer column
TRUE_FALSE = {"true": True, "false": False}


def read_cell(column: Column[Any], text: str) -> Any:
    """Empty is None. Raises ValueError with a reason for a partner."""
    text = text.strip()
    if not text:
        return None
    for kind, read in READERS.items():
        if isinstance(column.type, kind):
            return read(column, text)
    length = getattr(column.type, "length", None)
    if length is not None and len(text) > length:
        raise ValueError(f"has {len(text)} characters; {length} fit.")
    return text


def read_word(column: Column[Any], text: str) -> Any:
    words = column.type.words  # type: ignore[attr-defined]
    if text in words.__members__:
        return words(text)
    raise ValueError(f"{quoted(text)} is none of {', '.join(words.__members__)}.")


def read_partial_date(column: Column[Any], text: str) -> Any:
    return partial_date(text)


def read_integer(column: Column[Any], text: str) -> int:
    if not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError(f"{quoted(text)} is no whole number.")
    if len(text) > len(str(LEAST)) or not LEAST <= int(text) <= MOST:
        raise ValueError(f"{quoted(text)} is not from {LEAST} to {MOST}.")
    return int(text)


def read_number(column: Column[Any], text: str) -> float:
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return float(text)
    raise ValueError(f"{quoted(text)} is no number; write it with digits and a point.")


def read_truth(column: Column[Any], text: str) -> bool:
    if text in TRUE_FALSE:
        return TRUE_FALSE[text]
    raise ValueError(f"{quoted(text)} is neither true nor false.")


def read_keys(text: str) -> list[str]:
    """Those joined by `;`, each once."""
    if len(text) > TEXT_LENGTH:
        raise ValueError(f"has {len(text)} characters; {TEXT_LENGTH} fit.")
    return list(dict.fromkeys(one.strip() for one in text.split(";") if one.strip()))


def write_cell(value: Any) -> str:
    """What `read_cell` reads as this value; None is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        # The shortest digits that are this very number, without an exponent; -0.0 is 0.
        return format(Decimal(repr(value + 0.0)), "f").removesuffix(".0")
    return str(value)


READERS: dict[type, Callable[[Column[Any], str], Any]] = {
    Words: read_word,
    PartialDateText: read_partial_date,
    Boolean: read_truth,
    Integer: read_integer,
    Float: read_number,
}
