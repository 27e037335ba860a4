"""Conversion between cells of a file and values of a column, with reasons for partners.

Spreadsheets change what was typed: TRUE, 370200.0, 2022/8/1, full-width digits. Such cells are
accepted where they are unambiguous.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Integer

from kit.db.column_types import EnumText, FixedDecimal, PartialDateText
from kit.errors import quote_input
from kit.numerals import CHINESE_NUMERAL, parse_chinese_number
from kit.text.normalization import normalize_code, normalize_prose
from kit.values.fixed_point import NumberOutOfRange, to_fixed_decimal
from kit.values.partial_date import parse_partial_date
from resolvers.writing.rules.row_rules import MAX_TEXT_LENGTH

MIN_INTEGER, MAX_INTEGER = -(2**31), 2**31 - 1  # range of an integer column
BOOLEAN_WORDS = {
    **dict.fromkeys(("true", "t", "yes", "y", "是", "真", "对", "√", "✓", "✔", "☑", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "否", "假", "不是", "×", "✗", "✘", "0"), False),
}
WHOLE_NUMBER = re.compile(r"([0-9]+)\.0+")  # an integer that a spreadsheet saved as a decimal
# How spreadsheets mark a number as text.
TEXT_MARK = re.compile(r'="([^"]*)"|[\'’]([^\'’]+)')
RANK_PATTERN = re.compile(
    rf"(?:并列)?(?:第|no\.?|#)?\s*([0-9]+|{CHINESE_NUMERAL})(?:st|nd|rd|th|名|位)?(?:\(并列\))?",
    re.IGNORECASE,
)
# 5-8, 第5至第8名, 前20名: a range of ranks, which leaves the rank unknown.
RANK_RANGE = re.compile(
    r"第?[0-9]+名?\s*[-~—–－至到]+\s*第?[0-9]+名?|(?:[前头]|top)\s*[0-9]+名?|[前头][一二三四五六七八九十]+名?"
    r"|[0-9]+\s*(?:名)?(?:以内|之内|以上|以后)",
    re.IGNORECASE,
)
DATE_PATTERNS = [
    re.compile(r"([0-9]{4})/([0-9]{1,2})(?:/([0-9]{1,2}))?"),
    re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})"),
    re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?"),
    re.compile(r"([0-9]{4})年(?:([0-9]{1,2})月(?:([0-9]{1,2})[日号])?)?"),
    re.compile(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-9]{2})?"),
]
# Texts that may follow a date. A time with a zone might be of another day in China.
TIME_OF_DAY = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?")
WEEKDAY = re.compile(r"\s*\(?(?:星期|周)[一二三四五六日天]\)?")
CHINESE_DATE = re.compile(rf"{CHINESE_NUMERAL}(?=[年月日号])")
# A spreadsheet counts days from the end of 1899; these are from 1927 to 2064.
SERIAL_DAY = re.compile(r"([1-5][0-9]{4})(?:\.[0-9]+)?")
SERIAL_ORIGIN = date(1899, 12, 30)


def read_cell(column: Column[Any], text: str) -> Any:
    """Return a cell's value, None if it is empty. Raises ValueError with a reason for a partner."""
    text = text.strip()
    if not text:
        return None
    for kind, read in CELL_READERS.items():
        if isinstance(column.type, kind):
            return read(column, without_text_mark(half_width_text(text)))
    if column.foreign_keys:
        text = read_key(text)
    length = getattr(column.type, "length", None)
    if length is not None and len(text) > length:
        raise ValueError(f"has {len(text)} characters; the limit is {length}.")
    return text


def half_width_text(text: str) -> str:
    """Return text with full-width characters as ASCII, and without invisible ones."""
    return unicodedata.normalize("NFKC", normalize_prose(text)).strip()


def without_text_mark(text: str) -> str:
    found = TEXT_MARK.fullmatch(text)
    return (found[1] or found[2] or "").strip() if found else text


def read_key(text: str) -> str:
    text = without_text_mark(normalize_code(text))
    number = WHOLE_NUMBER.fullmatch(text)
    return number[1] if number else text


def read_enum(column: Column[Any], text: str) -> Any:
    """Return the member with this name or Chinese label."""
    kind = column.type.words  # type: ignore[attr-defined]
    fitting = [
        member
        for member in kind
        if text.upper() == member.value or text == half_width_text(getattr(member, "label", ""))
    ]
    if len(fitting) > 1:
        several = " or ".join(member.value for member in fitting)
        raise ValueError(f"{quote_input(text)} may be {several}: write the word that is meant.")
    if fitting:
        return fitting[0]
    raise ValueError(f"{quote_input(text)} is none of {', '.join(kind.__members__)}.")


def read_date_cell(column: Column[Any], text: str) -> Any:
    """Read a date, also of a spreadsheet: 2022/8/1, 2022.8.1, 2022年8月1日, with a time."""
    if serial := SERIAL_DAY.fullmatch(text):
        day = SERIAL_ORIGIN + timedelta(days=int(serial[1]))
        raise ValueError(
            f"{quote_input(text)} is how spreadsheets count days; this may be {day}: "
            "write the date."
        )
    return parse_partial_date(hyphenated_date(text))


def hyphenated_date(text: str) -> str:
    whole, text = text, WEEKDAY.sub("", text)
    text = re.sub(f"{TIME_OF_DAY.pattern}$", "", text)
    if "年" in text:
        text = CHINESE_DATE.sub(chinese_digits, re.sub(r"\s+", "", text))
    parts = None
    for shape in DATE_PATTERNS:
        parts = parts or shape.fullmatch(text)
    if parts is None:
        year = WHOLE_NUMBER.fullmatch(text)
        return year[1] if year and len(year[1]) == len("2022") else whole
    return "-".join(part.zfill(2) for part in parts.groups() if part)


def chinese_digits(match: re.Match[str]) -> str:
    number = parse_chinese_number(match[0])
    return match[0] if number is None else str(number)


def read_integer(column: Column[Any], text: str) -> int:
    text = read_key(text)
    if column.key.startswith("rank"):
        text = rank_digits(text)
        if RANK_RANGE.fullmatch(text):
            raise ValueError(
                f"{quote_input(text)} is a range of ranks; a rank is one whole number. "
                "Leave it empty, and write the range as the `award`."
            )
    if not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError(f"{quote_input(text)} is not a whole number.")
    if len(text) > len(str(MIN_INTEGER)) or not MIN_INTEGER <= int(text) <= MAX_INTEGER:
        raise ValueError(f"{quote_input(text)} is not from {MIN_INTEGER} to {MAX_INTEGER}.")
    return int(text)


def rank_digits(text: str) -> str:
    """Return the digits of 第3名, 并列第三 or 3rd; any other text as it is."""
    found = RANK_PATTERN.fullmatch(text)
    if found is None:
        return text
    number = int(found[1]) if found[1].isascii() else parse_chinese_number(found[1])
    return text if number is None else str(number)


def read_decimal(column: Column[Any], text: str) -> Decimal:
    try:
        return to_fixed_decimal(text)
    except NumberOutOfRange as error:
        raise ValueError(str(error)) from error


def read_boolean(column: Column[Any], text: str) -> bool:
    word = read_key(text.lower())
    if word in BOOLEAN_WORDS:
        return BOOLEAN_WORDS[word]
    raise ValueError(f"{quote_input(text)} is neither true nor false.")


def read_key_list(text: str) -> list[str]:
    """Return the keys that `;` separates, without duplicates."""
    if len(text) > MAX_TEXT_LENGTH:
        raise ValueError(f"has {len(text)} characters; the limit is {MAX_TEXT_LENGTH}.")
    return list(
        dict.fromkeys(key for part in re.split("[;；]", text) if (key := normalize_code(part)))
    )


def write_cell(value: Any) -> str:
    """Return the text that `read_cell` reads as this value; "" for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


CELL_READERS: dict[type, Callable[[Column[Any], str], Any]] = {
    EnumText: read_enum,
    PartialDateText: read_date_cell,
    Boolean: read_boolean,
    Integer: read_integer,
    FixedDecimal: read_decimal,
}
