"""Caches that are bounded in bytes keep what was used last."""

from kit.runtime.byte_cache import ByteCache


def test_what_was_used_longest_ago_goes_first() -> None:
    cache = ByteCache[str, str](10, len)
    for key, value in (("a", "aaaa"), ("b", "bbbb")):
        cache.put(key, value)
    assert cache.get("a") == "aaaa"
    cache.put("c", "cccc")
    assert [cache.get(key) for key in "abc"] == ["aaaa", None, "cccc"]
    assert cache.statistics() == {"entries": 2, "bytes": 8, "limit": 10, "hits": 3, "misses": 1}


def test_an_entry_that_is_replaced_counts_once() -> None:
    cache = ByteCache[str, str](10, len)
    cache.put("a", "aaaa")
    cache.put("a", "aa")
    assert (cache.statistics()["bytes"], cache.get("a")) == (2, "aa")


def test_what_is_larger_than_the_cache_is_not_kept() -> None:
    cache = ByteCache[str, str](3, len)
    cache.put("a", "aaaa")
    assert (cache.statistics()["bytes"], cache.get("a")) == (0, None)
