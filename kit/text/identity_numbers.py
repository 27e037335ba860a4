"""Finds numbers of identity documents in text, so that they are refused or masked.

These count (GB 11643), however they are typed (full-width, with spaces or hyphens between their
parts, among letters):

- 18 digits, of which the last may be X: a day of birth from 1900 to today in places 7 to 14, the
  right check digit (ISO 7064 MOD 11-2), and at the beginning a place that ever had a code, 81, 82
  or 83 of residence cards, or 9 and a province of permanent residents;
- 15 digits, as until 1999, with no capital before and no letter behind: such a place, and a day of
  birth from 1930 to 1999.

A longer run of digits holds none, and a valid unified social credit code is none: those that begin
with 9 may have a day in the same places. By chance 1 of some 20,000 numbers of 18 digits that begin
with a place is taken for one, and 1 of 40 of 15 digits.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache

from stdnum import numdb
from stdnum.cn import ric, uscc

from kit.text.normalization import INVISIBLE

MIN_DIGITS = 15
SEPARATOR = f"[ ·._/\\-\u2010-\u2015{INVISIBLE}]{{0,2}}"
# Looked for at each digit that begins a run: one number may begin inside another's groups.
LONG_NUMBER = re.compile(rf"(?<![0-9])(?=((?:[0-9]{SEPARATOR}){{17}}[0-9Xx])(?![0-9]))", re.ASCII)
SHORT_NUMBER = re.compile(
    rf"(?<![0-9A-Z])(?=((?:[0-9][{INVISIBLE}]*){{6}}[ -]?(?:[0-9][{INVISIBLE}]*){{6}}[ -]?"
    rf"(?:[0-9][{INVISIBLE}]*){{2}}[0-9])(?![0-9A-Za-z]))",
    re.ASCII,
)
REGION_CODE = re.compile("[1-8][0-9]{5}")
RESIDENT_PREFIX = re.compile("9(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])")
EARLIEST_BIRTH = {18: date(1900, 1, 1), 15: date(1930, 1, 1)}
NUMBER_FORBIDDEN = (
    "holds the number of an identity document ({}): such numbers are never entered here."
)


def find_identity_numbers(text: str) -> list[tuple[int, int]]:
    """Where they stand, in order and apart."""
    if len(text) < MIN_DIGITS or sum(map(str.isdigit, text)) < MIN_DIGITS - 1:
        return []
    spans: list[tuple[int, int]] = []
    for start, end in sorted(candidate_spans(fold_to_ascii(text))):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def candidate_spans(text: str) -> Iterator[tuple[int, int]]:
    for shape in (LONG_NUMBER, SHORT_NUMBER):
        for match in shape.finditer(text):
            if is_identity_number(re.sub("[^0-9Xx]", "", match[1]).upper()):
                yield match.span(1)


@lru_cache(maxsize=2**10)
def is_identity_number(number: str) -> bool:
    region, year = number[:6], number[6:10]
    if len(number) == 18:
        if ric.calc_check_digit(number) != number[-1]:
            return False
        if number[0] == "9":
            resident = RESIDENT_PREFIX.match(number) and uscc.calc_check_digit(number) != number[-1]
            return bool(resident) and is_birth_date(18, year, number[10:14])
        return is_region_code(region) and is_birth_date(18, year, number[10:14])
    return is_region_code(region) and is_birth_date(15, f"19{number[6:8]}", number[8:12])


def is_region_code(code: str) -> bool:
    if code in {"810000", "820000", "830000"}:
        return True
    return bool(REGION_CODE.fullmatch(code)) and any(
        details for _, details in numdb.get("cn/loc").info(code)
    )


def is_birth_date(length: int, year: str, day: str) -> bool:
    try:
        born = date(int(year), int(day[:2]), int(day[2:]))
    except ValueError:
        return False
    return EARLIEST_BIRTH[length] <= born <= datetime.now(UTC).date()


def fold_to_ascii(text: str) -> str:
    """Fold each character to its equivalent in ASCII, for the search for numbers."""
    if text.isascii():
        return text
    return "".join(char if char.isascii() else ascii_equivalent(char) for char in text)


@lru_cache(maxsize=2**12)
def ascii_equivalent(char: str) -> str:
    normalized = unicodedata.normalize("NFKC", char)
    return normalized if len(normalized) == 1 else char


def identity_number_error(text: str) -> str | None:
    """Return the reason for a refusal, with the number masked; None if there is none."""
    for start, end in find_identity_numbers(text):
        return NUMBER_FORBIDDEN.format(mask_digits(fold_to_ascii(text[start:end])))
    return None


def mask_digits(number: str) -> str:
    """Mask all but the first three characters and the last."""
    digits = re.sub("[^0-9Xx]", "", number)
    return f"{digits[:3]}{'*' * (len(digits) - 4)}{digits[-1]}"


def mask_identity_numbers(text: str) -> str:
    """Text that may be shown: a number in it loses its middle; all else stays as it is."""
    for start, end in reversed(find_identity_numbers(text)):
        text = text[:start] + mask_digits(fold_to_ascii(text[start:end])) + text[end:]
    return text
