"""Which media type a client sends, and which it accepts: `Content-Type` and `Accept` (RFC 9110)."""

import re
from functools import lru_cache

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
WIDER = ("application/*", "*/*")  # that hold our two
UTF_8 = ("utf-8", "utf8")

KEPT = 128  # headers; clients send few different ones
WEIGHT = re.compile(r"(0|1)(\.[0-9]{0,3})?")


@lru_cache(KEPT)
def is_json(header: str) -> bool:
    """In UTF-8, that is: JSON has no other charset."""
    name, parameters = parts(header)
    return name == JSON and in_utf_8(parameters)


@lru_cache(KEPT)
def accepted(header: str) -> str | None:
    """The one that weighs more; of equals, the one named more exactly; None if neither is accepted.

    GraphQL's own media type goes only to those who name it, or refuse plain JSON.
    """
    if not header.strip():
        return JSON
    weights: dict[str, float] = {}
    for one in header.split(","):
        name, parameters = parts(one)
        if in_utf_8(parameters):
            weights[name] = max(weight(parameters.get("q", "")), weights.get(name, 0))
    own, plain = rank(GRAPHQL_JSON, weights), rank(JSON, weights)
    if not (own[0] or plain[0]):
        return None
    # Who names both alike knows what ours means.
    return GRAPHQL_JSON if own > plain or (own == plain and GRAPHQL_JSON in weights) else JSON


def rank(media_type: str, weights: dict[str, float]) -> tuple[float, int]:
    """By the range that names it most exactly: its weight, and how exact that range is."""
    for vague, name in enumerate((media_type, *WIDER)):
        if name in weights:
            return weights[name], -vague
    return 0, 0


def weight(q: str) -> float:
    """None given, or none that can be read, is 1."""
    return min(float(q), 1) if WEIGHT.fullmatch(q) else 1


def parts(value: str) -> tuple[str, dict[str, str]]:
    """A media type or range, and its parameters, in small letters."""
    name, *rest = value.lower().split(";")
    pairs = (word.partition("=") for word in rest)
    return name.strip(), {key.strip(): given.strip().strip('"') for key, _, given in pairs}


def in_utf_8(parameters: dict[str, str]) -> bool:
    return parameters.get("charset", "utf-8") in UTF_8
