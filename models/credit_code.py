"""Unified social credit codes (统一社会信用代码): GB 32100-2015."""

import re
import unicodedata

from stdnum.cn import uscc

from kit.errors import quote_input
from kit.text.normalization import INVISIBLE

CREDIT_CODE_LENGTH = 18
CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z
# Signs between or around its characters; dashes of every kind, and invisible characters.
SEPARATORS = re.compile(rf"[\s{INVISIBLE}\u2010-\u2015\u2212\u30fc\u2500·•.,/_'\"‘’“”()\[\]-]+")
# GB 11643: a region, a date of birth, three digits and a check character. An organisation's code
# has a date there only by chance, and then begins with 1, 5, 9 or a letter.
IDENTITY_NUMBER = re.compile(
    r"[1-8]\d{5}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]", re.ASCII
)
IDENTITY_REFUSED = "is the number of an identity document: such numbers are never entered here."


def canonical_credit_code(code: str) -> str:
    """Return a code as issued: capitals and digits, without separators."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", code)).upper()


def credit_code_fault(code: str) -> str | None:
    """Return the error in a code, or None. The message never repeats an identity number."""
    if IDENTITY_NUMBER.fullmatch(code):
        return IDENTITY_REFUSED
    if len(code) != CREDIT_CODE_LENGTH:
        return (
            f"{quote_input(code)} has {len(code)} places; a unified social credit code has "
            f"{CREDIT_CODE_LENGTH}."
        )
    for position, sign in enumerate(code, 1):
        if sign not in CREDIT_CODE_ALPHABET:
            return (
                f"{code!r} has {sign!r} in place {position}; the signs are {CREDIT_CODE_ALPHABET}."
            )
    if not code[2:8].isdecimal():
        return f"{code!r} names no region: places 3 to 8 are digits."
    check = uscc.calc_check_digit(code)
    if code[-1] != check:
        return (
            f"{code!r} has {code[-1]!r} in place {CREDIT_CODE_LENGTH}; by the others it is "
            f"{check!r}."
        )
    return None
