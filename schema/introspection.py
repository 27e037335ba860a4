"""Answers about the schema alone: the same for everybody, so each is written once and kept."""

from collections.abc import Mapping
from typing import Any

import orjson
from graphql import get_introspection_query

MAX_CACHE_BYTES = 16_000_000  # of all that are kept; the whole schema takes one million

IntrospectionKey = tuple[str, str | None, bytes]

# What GraphiQL, Relay, Apollo and code generators send, as far as it is known beforehand.
COMMON_QUERIES = [
    get_introspection_query(type_depth=9),
    get_introspection_query(type_depth=7),
    get_introspection_query(
        type_depth=9,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    ),
]


def introspection_key(
    query: str, name: str | None, variables: Mapping[str, Any] | None
) -> IntrospectionKey:
    """Texts that differ in spaces alone are one, where a text can't hold spaces that matter."""
    plain = '"' not in query and "#" not in query
    text = " ".join(query.split()) if plain else query
    return text, name, orjson.dumps(variables or {}, option=orjson.OPT_SORT_KEYS)


class IntrospectionCache:
    """Those asked last, as JSON."""

    def __init__(self, most: int = MAX_CACHE_BYTES) -> None:
        self.most = most
        self.kept: dict[IntrospectionKey, bytes] = {}
        self.bytes = 0

    def known(self, key: IntrospectionKey) -> orjson.Fragment | None:
        written = self.kept.pop(key, None)
        if written is None:
            return None
        self.kept[key] = written  # the last that would go
        return orjson.Fragment(written)

    def keep(self, key: IntrospectionKey, data: Any) -> orjson.Fragment:
        written = orjson.dumps(data)
        self.bytes += len(written) - len(self.kept.pop(key, b""))
        self.kept[key] = written
        while self.bytes > self.most:
            self.bytes -= len(self.kept.pop(next(iter(self.kept))))
        return orjson.Fragment(written)
