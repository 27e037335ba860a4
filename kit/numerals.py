"""Chinese numerals: 十二 is 12, 二〇二二 is 2022."""

import re

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "两": 2,
}  # fmt: skip
DIGIT_CHARACTERS = "".join(DIGITS)
DIGITS_ONLY = re.compile(f"[{DIGIT_CHARACTERS}]+")
UP_TO_999 = re.compile(
    "(?:([一二三四五六七八九两])百零?)?(?:([一二三四五六七八九]?)十)?([一二三四五六七八九])?"
)
CHINESE_NUMERAL = f"[{DIGIT_CHARACTERS}十百]+"


def parse_chinese_number(text: str) -> int | None:
    """Return a number up to 999 with its units, or a row of digits; None for anything else."""
    if DIGITS_ONLY.fullmatch(text):
        return int("".join(str(DIGITS[digit]) for digit in text))
    found = UP_TO_999.fullmatch(text)
    if not text or found is None:
        return None
    hundreds, tens, ones = found.groups()
    ten = 0 if tens is None else DIGITS.get(tens, 1)
    return 100 * DIGITS.get(hundreds, 0) + 10 * ten + DIGITS.get(ones, 0)
