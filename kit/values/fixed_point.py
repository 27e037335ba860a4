"""Decimal numbers as they are stored: whole thousandths in a 64-bit integer.

2^53 of a unit are 9.007·10^18 thousandths, which just fit: so whole numbers are exact to 2^53, as
those of a Float are. In Python such a number is a Decimal without trailing zeros. An entered number
never passes through a binary fraction.
"""

import re
from decimal import Context, Decimal
from fractions import Fraction
from math import ceil, floor, isfinite

from kit.errors import BadInput, quote_input

DECIMAL_PLACES = 3
SCALE: int = 10**DECIMAL_PLACES
MAX_UNITS: int = 2**53  # in units, and as far below zero
MAX_THOUSANDTHS = MAX_UNITS * SCALE
MAX_EXPONENT = 40  # places before or behind the point: no number that fits has so many
DECIMAL_PATTERN = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
EXACT_CONTEXT = Context(prec=400)  # digits: more than any sum has, so that nothing is rounded


class NumberOutOfRange(BadInput, ValueError):
    """A number that would have to be changed before it could be kept."""


def to_thousandths(number: Decimal | float | str) -> int:
    """Convert a number; a float is that of its shortest digits. Raises NumberOutOfRange."""
    if isinstance(number, float):
        if not isfinite(number):
            raise not_a_number(str(number))
        number = Decimal(repr(number))
    if isinstance(number, int) and not isinstance(number, bool):
        number = Decimal(number)  # written with "f", it would be rounded to a float
    if isinstance(number, Decimal):
        if not number.is_finite():
            raise not_a_number(str(number))
        if number and abs(number.adjusted()) > MAX_EXPONENT:  # it would take long to write it out
            raise (
                too_large_number(str(number))
                if number.adjusted() > 0
                else too_many_decimals(str(number))
            )
    text = number if isinstance(number, str) else format(number, "f")
    read = DECIMAL_PATTERN.fullmatch(text)
    if read is None or isinstance(number, bool):
        raise not_a_number(text)
    sign, units, decimals = read[1], read[2].lstrip("0"), (read[3] or "").rstrip("0")
    if len(decimals) > DECIMAL_PLACES:
        raise too_many_decimals(text)
    # By its length first: of very many digits no number is made.
    thousandths = MAX_THOUSANDTHS + 1
    if len(units) <= len(str(MAX_UNITS)):
        thousandths = int(units + decimals.ljust(DECIMAL_PLACES, "0"))
    if thousandths > MAX_THOUSANDTHS:
        raise too_large_number(text)
    return -thousandths if sign else thousandths


def not_a_number(text: str) -> NumberOutOfRange:
    return NumberOutOfRange(
        f"{quote_input(text)} is not a number: use digits and a decimal point.",
        f"{quote_input(text)} 不是数，请用数字和小数点书写。",
    )


def too_many_decimals(text: str) -> NumberOutOfRange:
    return NumberOutOfRange(
        f"{quote_input(text)} has more than three decimals: round it to three.",
        f"{quote_input(text)} 的小数超过三位，请先舍入到三位。",
    )


def too_large_number(text: str) -> NumberOutOfRange:
    return NumberOutOfRange(
        f"{quote_input(text)} is beyond {MAX_UNITS}, up to which numbers are stored exactly.",
        f"{quote_input(text)} 超出能够准确保存的范围 {MAX_UNITS}。",
    )


def from_thousandths(thousandths: int) -> Decimal:
    """Without zeros at its end: its text is the shortest that says it."""
    for places in range(DECIMAL_PLACES, 0, -1):
        if thousandths % 10:
            return EXACT_CONTEXT.scaleb(Decimal(thousandths), -places)
        thousandths //= 10
    return Decimal(thousandths)


def to_fixed_decimal(number: Decimal | float | str) -> Decimal:
    """Return the number as it is stored. Raises NumberOutOfRange."""
    return from_thousandths(to_thousandths(number))


def exact_difference(minuend: Decimal, subtrahend: Decimal) -> Decimal:
    """To the last digit, also where the two are sums."""
    return from_thousandths(
        int(EXACT_CONTEXT.scaleb(EXACT_CONTEXT.subtract(minuend, subtrahend), DECIMAL_PLACES))
    )


def percent(part: Decimal, total: Decimal) -> Decimal:
    """Return the percentage, to two decimals; halves are rounded up."""
    ratio = Fraction(part) * 100 / Fraction(total)
    return from_thousandths(floor(ratio * 100 + Fraction(1, 2)) * (SCALE // 100))


def decimal_or_float(number: Fraction) -> Decimal | float:
    """Return the decimal; for a third and the like, the nearest float."""
    twos, fives, rest = 0, 0, number.denominator
    while rest % 2 == 0:
        twos, rest = twos + 1, rest // 2
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    if rest != 1:
        return float(number)
    places = max(twos, fives)
    return EXACT_CONTEXT.scaleb(Decimal(int(number * 10**places)), -places)


def thousandths_bound(limit: float, *, least: bool) -> int:
    """Return the bound in thousandths, rounded towards the inside."""
    exact = Fraction(Decimal(repr(limit))) * SCALE
    return ceil(exact) if least else floor(exact)
