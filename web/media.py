"""Which media type a client sends, and which it accepts: `Content-Type` and `Accept` (RFC 9110)."""

import re
from functools import lru_cache

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
WILDCARD_RANGES = ("application/*", "*/*")  # that hold our two
UTF_8_NAMES = ("utf-8", "utf8")

HEADER_CACHE_SIZE = 128  # headers; clients send few different ones
QVALUE = re.compile(r"(0|1)(\.[0-9]{0,3})?")


@lru_cache(HEADER_CACHE_SIZE)
def is_utf8_json(header: str) -> bool:
    """In UTF-8, that is: JSON has no other charset."""
    name, parameters = parse_media_type(header)
    return name == JSON and is_utf8(parameters)


@lru_cache(HEADER_CACHE_SIZE)
def negotiate_media_type(header: str) -> str | None:
    """The one that weighs more; of equals, the one named more exactly; None if neither is accepted.

    GraphQL's own media type goes only to those who name it, or refuse plain JSON.
    """
    if not header.strip():
        return JSON
    weights: dict[str, float] = {}
    for one in header.split(","):
        name, parameters = parse_media_type(one)
        if is_utf8(parameters):
            weights[name] = max(parse_qvalue(parameters.get("q", "")), weights.get(name, 0))
    own, plain = media_type_rank(GRAPHQL_JSON, weights), media_type_rank(JSON, weights)
    if not (own[0] or plain[0]):
        return None
    # Who names both alike knows what ours means.
    return GRAPHQL_JSON if own > plain or (own == plain and GRAPHQL_JSON in weights) else JSON


def media_type_rank(media_type: str, weights: dict[str, float]) -> tuple[float, int]:
    """By the range that names it most exactly: its weight, and how exact that range is."""
    for vague, name in enumerate((media_type, *WILDCARD_RANGES)):
        if name in weights:
            return weights[name], -vague
    return 0, 0


def parse_qvalue(q: str) -> float:
    """None given, or none that can be read, is 1."""
    return min(float(q), 1) if QVALUE.fullmatch(q) else 1


def parse_media_type(value: str) -> tuple[str, dict[str, str]]:
    """A media type or range, and its parameters, in small letters."""
    name, *rest = value.lower().split(";")
    pairs = (word.partition("=") for word in rest)
    return name.strip(), {key.strip(): given.strip().strip('"') for key, _, given in pairs}


def is_utf8(parameters: dict[str, str]) -> bool:
    return parameters.get("charset", "utf-8") in UTF_8_NAMES
