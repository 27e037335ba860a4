"""LRU caches that are bounded in bytes, and say how full they are."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypedDict, TypeVar

from cachetools import LRUCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class CacheStatistics(TypedDict):
    entries: int
    bytes: int
    limit: int  # in bytes
    hits: int
    misses: int


class ByteCache(Generic[K, V]):
    """An LRU cache that threads share. `size` estimates the bytes of an entry.

    An entry larger than the limit isn't cached. cachetools alone is for one thread: SQLite's
    statements are built in several.
    """

    def __init__(self, limit: int, size: Callable[[V], int]) -> None:
        self.limit, self.size, self.lock = limit, size, Lock()
        self.clear()

    def clear(self) -> None:
        self.entries: LRUCache[K, V] = LRUCache(self.limit, getsizeof=self.size)
        self.hits = self.misses = 0

    def find(self, key: K, make: Callable[[], V]) -> V:
        """Return the entry; make it if it isn't there."""
        entry = self.get(key)
        if entry is None:
            entry = make()
            self.put(key, entry)
        return entry

    def get(self, key: K) -> V | None:
        with self.lock:
            entry = self.entries.get(key)
            if entry is None:
                self.misses += 1
            else:
                self.hits += 1
            return entry

    def put(self, key: K, value: V) -> None:
        with self.lock:
            if self.size(value) <= self.limit:
                self.entries[key] = value

    def remove(self, key: K) -> None:
        with self.lock:
            self.entries.pop(key, None)

    def statistics(self) -> CacheStatistics:
        with self.lock:
            return {
                "entries": len(self.entries),
                "bytes": int(self.entries.currsize),
                "limit": self.limit,
                "hits": self.hits,
                "misses": self.misses,
            }
