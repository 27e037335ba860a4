"""Cached responses to introspection queries, which are equal for all viewers."""

from collections.abc import Mapping
from typing import Any

import orjson
from cachetools import LRUCache
from graphql import get_introspection_query

from kit.runtime.byte_cache import CacheStatistics

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


class IntrospectionCache:
    """An LRU cache of responses as JSON."""

    def __init__(self, most: int = MAX_CACHE_BYTES) -> None:
        self.kept: LRUCache[IntrospectionKey, bytes] = LRUCache(most, getsizeof=len)
        self.hits = self.misses = 0

    def known(self, key: IntrospectionKey) -> orjson.Fragment | None:
        written = self.kept.get(key)
        if written is None:
            self.misses += 1
            return None
        self.hits += 1
        return orjson.Fragment(written)

    def keep(self, key: IntrospectionKey, data: Any) -> orjson.Fragment:
        written = orjson.dumps(data)
        if len(written) <= self.kept.maxsize:
            self.kept[key] = written
        return orjson.Fragment(written)

    def figures(self) -> CacheStatistics:
        return {
            "entries": len(self.kept),
            "bytes": int(self.kept.currsize),
            "limit": int(self.kept.maxsize),
            "hits": self.hits,
            "misses": self.misses,
        }
