"""Cells of a file as values of a column: what can't be one is said in a sentence."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer

from kit.columns import PartialDateText, Words
from kit.partial_date import partial_date

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
    raise ValueError(f"{text!r} is none of {', '.join(words.__members__)}.")


def read_partial_date(column: Column[Any], text: str) -> Any:
    return partial_date(text)


def read_integer(column: Column[Any], text: str) -> int:
    if re.fullmatch(r"-?[0-9]{1,9}", text):
        return int(text)
    raise ValueError(f"{text!r} is no whole number.")


def read_number(column: Column[Any], text: str) -> float:
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return float(text)
    raise ValueError(f"{text!r} is no number; write it with digits and a point.")


def read_truth(column: Column[Any], text: str) -> bool:
    if text in TRUE_FALSE:
        return TRUE_FALSE[text]
    raise ValueError(f"{text!r} is neither true nor false.")


READERS: dict[type, Callable[[Column[Any], str], Any]] = {
    Words: read_word,
    PartialDateText: read_partial_date,
    Boolean: read_truth,
    Integer: read_integer,
    Float: read_number,
}
