"""Cached responses to introspection queries, which are equal for all viewers."""

from collections.abc import Mapping
from typing import Any

import orjson
from graphql import get_introspection_query

from kit.runtime.byte_cache import ByteCache

MAX_CACHE_BYTES = 16_000_000  # of all responses; that with the whole schema takes a million

IntrospectionKey = tuple[str, str | None, bytes]

# Queries of GraphiQL, Relay, Apollo and code generators, as far as they are known.
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
    """Return a cache key. White space is normalized unless strings or comments contain it."""
    plain = '"' not in query and "#" not in query
    text = " ".join(query.split()) if plain else query
    return text, name, orjson.dumps(variables or {}, option=orjson.OPT_SORT_KEYS)


class IntrospectionCache(ByteCache[IntrospectionKey, bytes]):
    """An LRU cache of responses as JSON."""

    def __init__(self, limit: int = MAX_CACHE_BYTES) -> None:
        super().__init__(limit, len)

    def known(self, key: IntrospectionKey) -> orjson.Fragment | None:
        written = self.get(key)
        return None if written is None else orjson.Fragment(written)

    def keep(self, key: IntrospectionKey, data: Any) -> orjson.Fragment:
        written = orjson.dumps(data)
        self.put(key, written)
        return orjson.Fragment(written)
