"""Content negotiation by `Accept-Language` (RFC 9110, 12.5.4)."""

import re
from functools import lru_cache
from operator import itemgetter

from kit.i18n import Language

HEADER_CACHE_SIZE = 128  # headers; clients send few different ones
LANGUAGE_RANGE = re.compile(
    r"\s*(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?",
    re.IGNORECASE,
)
TAG_LANGUAGES = {"zh": Language.CHINESE, "en": Language.ENGLISH}


@lru_cache(HEADER_CACHE_SIZE)
def negotiate_language(header: str) -> Language:
    """Return the language with the highest weight; of equals, the one named first.

    Chinese if neither is accepted, or if the header is malformed.
    """
    weights: dict[str, float] = {}
    for text in header.split(","):
        if not text.strip():
            continue
        match = LANGUAGE_RANGE.fullmatch(text)
        if match is None:
            return Language.CHINESE
        name = match[1].lower().partition("-")[0]
        weights[name] = max(float(match[2] or 1), weights.get(name, 0))
    others = weights.get("*", 0.0)
    # A named language goes before one that only `*` matches.
    named = [(name, weight) for name, weight in weights.items() if name in TAG_LANGUAGES]
    rest = [(name, others) for name in TAG_LANGUAGES if name not in weights]
    best, heaviest = max([*named, *rest], key=itemgetter(1))
    return TAG_LANGUAGES[best] if heaviest else Language.CHINESE
