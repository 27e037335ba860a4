"""Unified social credit codes (统一社会信用代码): GB 32100-2015."""

import re
import unicodedata

from stdnum.cn import uscc

from kit.errors import quoted

PLACES = 18
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z
SEPARATORS = re.compile(r"[\s\u00ad\u200b-\u200f\u2010-\u2015\ufeff·.-]+")
# GB 11643: a place, a day of birth, three digits and the check. No code of an organisation has a
# day there but by chance, and those begin with 1, 5, 9 or a letter.
IDENTITY = re.compile(
    r"[1-8]\d{5}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]", re.ASCII
)
NO_IDENTITY = "is the number of an identity document: it is never entered here."


def canonical(code: str) -> str:
    """As issued: capitals and digits, without the spaces and hyphens between groups."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", code)).upper()


def fault(code: str) -> str | None:
    """What is wrong with a code; None where nothing is. No identity number is repeated."""
    if IDENTITY.fullmatch(code):
        return NO_IDENTITY
    if len(code) != PLACES:
        return f"{quoted(code)} has {len(code)} places; a unified social credit code has {PLACES}."
    for place, sign in enumerate(code, 1):
        if sign not in SIGNS:
            return f"{code!r} has {sign!r} in place {place}; the signs are {SIGNS}."
    if not code[2:8].isdecimal():
        return f"{code!r} names no region: places 3 to 8 are digits."
    check = uscc.calc_check_digit(code)
    if code[-1] != check:
        return f"{code!r} has {code[-1]!r} in place {PLACES}; by the others it is {check!r}."
    return None
