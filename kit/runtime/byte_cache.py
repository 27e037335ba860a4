"""Caches that are bounded in bytes: what was used longest ago goes first."""

from collections.abc import Callable, Hashable
from typing import Generic, TypedDict, TypeVar

T = TypeVar("T")


class CacheStatistics(TypedDict):
    entries: int
    bytes: int
    limit: int  # in bytes
    hits: int
    misses: int


class ByteBoundedCache(Generic[T]):
    """An LRU cache; `size` estimates the bytes of an entry, once. Larger entries aren't kept."""

    def __init__(self, limit: int, size: Callable[[T], int]) -> None:
        self.limit, self.size = limit, size
        self.clear()

    def clear(self) -> None:
        self.entries: dict[Hashable, tuple[T, int]] = {}  # the last used comes last
        self.bytes = self.hits = self.misses = 0

    def find(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the entry; make it if it isn't there."""
        found = self.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def get(self, key: Hashable) -> T | None:
        found = self.entries.pop(key, None)
        if found is None:
            self.misses += 1
            return None
        self.entries[key] = found
        self.hits += 1
        return found[0]

    def put(self, key: Hashable, value: T) -> None:
        size = self.size(value)
        if size > self.limit:
            return
        self.bytes += size - self.entries.pop(key, (None, 0))[1]
        self.entries[key] = value, size
        while self.bytes > self.limit:
            oldest = next(iter(self.entries))
            self.bytes -= self.entries.pop(oldest)[1]

    def figures(self) -> CacheStatistics:
        return {
            "entries": len(self.entries),
            "bytes": self.bytes,
            "limit": self.limit,
            "hits": self.hits,
            "misses": self.misses,
        }
