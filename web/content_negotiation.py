"""Content negotiation by `Content-Type` and `Accept` (RFC 9110)."""

import re
from functools import lru_cache

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
WILDCARD_RANGES = ("application/*", "*/*")  # the ranges that include both media types
UTF_8_NAMES = ("utf-8", "utf8")

HEADER_CACHE_SIZE = 128  # headers; clients send few different ones
QVALUE = re.compile(r"(0|1)(\.[0-9]{0,3})?")


@lru_cache(HEADER_CACHE_SIZE)
def is_utf8_json(header: str) -> bool:
    """Return whether a Content-Type is JSON in UTF-8, which is its only charset."""
    name, parameters = parse_media_type(header)
    return name == JSON and is_utf8(parameters)


@lru_cache(HEADER_CACHE_SIZE)
def negotiate_media_type(header: str) -> str | None:
    """Return the media type with the highest weight, or None if neither is accepted.

    If weights are equal, the more specific range wins. GraphQL's own media type is chosen only if
    it is named, or if plain JSON is refused.
    """
    if not header.strip():
        return JSON
    weights: dict[str, float] = {}
    for text in header.split(","):
        name, parameters = parse_media_type(text)
        if is_utf8(parameters):
            weights[name] = max(parse_qvalue(parameters.get("q", "")), weights.get(name, 0))
    own, plain = media_type_rank(GRAPHQL_JSON, weights), media_type_rank(JSON, weights)
    if not (own[0] or plain[0]):
        return None
    # A client that names both equally understands the GraphQL media type.
    return GRAPHQL_JSON if own > plain or (own == plain and GRAPHQL_JSON in weights) else JSON


def media_type_rank(media_type: str, weights: dict[str, float]) -> tuple[float, int]:
    """Return the weight of the most specific range that matches, and how specific it is."""
    for vague, name in enumerate((media_type, *WILDCARD_RANGES)):
        if name in weights:
            return weights[name], -vague
    return 0, 0


def parse_qvalue(q: str) -> float:
    """Return the weight; 1 if it is absent or malformed."""
    return min(float(q), 1) if QVALUE.fullmatch(q) else 1


def parse_media_type(value: str) -> tuple[str, dict[str, str]]:
    """Return a media type or range, and its parameters, in lower case."""
    name, *rest = value.lower().split(";")
    pairs = (pair.partition("=") for pair in rest)
    return name.strip(), {key.strip(): content.strip().strip('"') for key, _, content in pairs}


def is_utf8(parameters: dict[str, str]) -> bool:
    return parameters.get("charset", "utf-8") in UTF_8_NAMES
