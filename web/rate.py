"""How much each asker may still ask for: points in a sliding window, and failures to say who it is.

A request is charged a point for each row that was read for it, or POINTS_PER_MILLISECOND for each
millisecond that it took of the process and of the database, whichever is more.

The window is kept by the `limits` library, which takes some 15 µs a request: too much for an answer
of 120. So what is spent is added up here, and goes there once a second, or when it would be too
much. Several processes share a window in Redis, and may know of each other a second late.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Any

import structlog
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from kit.errors import RateLimited
from kit.language import Message
from resolvers.access import PUBLIC, Viewer

log = structlog.get_logger()

WINDOW_SECONDS = 60  # seconds
FLUSH_SECONDS = 1.0  # seconds
REDIS_TIMEOUT = 0.5  # seconds, with Redis
REDIS_RETRY_SECONDS = 5.0  # seconds, before a Redis that was out of reach is asked again
ADDRESS_CACHE_SIZE = 4096  # addresses; to read one takes 2 µs
IPV6_PREFIX_BITS = 64  # bits of an IPv6 address: who has one has all of its network
POINTS_PER_MILLISECOND = 50  # for a millisecond: 1,000,000 in a minute are a third of a process

POINTS_UNIT = Message("points", "点")
FAILURES_UNIT = Message("attempts to say who asks that failed", "次身份验证失败")


class RateStore:
    """Redis, or this process's memory; the latter too while Redis is out of reach."""

    def __init__(self, redis_url: str | None) -> None:
        self.memory = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.redis = None if redis_url is None else redis_storage(redis_url)
        self.shared = None if self.redis is None else SlidingWindowCounterRateLimiter(self.redis)
        self.redis_retry_at = 0.0

    async def spend(self, item: RateLimitItem, name: str, amount: int) -> tuple[int, int, float]:
        """How much of it there was, what is left afterwards, and when there will be more."""
        if self.shared is not None and time.monotonic() >= self.redis_retry_at:
            try:
                return await spend_from_window(self.shared, item, name, amount)
            except StorageError as error:
                self.redis_retry_at = time.monotonic() + REDIS_RETRY_SECONDS
                log.warning("Redis is away: each process counts rates by itself", why=str(error))
        return await spend_from_window(self.memory, item, name, amount)

    async def close(self) -> None:
        if self.redis is not None:
            connections: Any = self.redis.bridge
            await connections.storage.aclose()


def redis_storage(url: str) -> RedisStorage:
    return RedisStorage(
        url,
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix="jiangpu",
        socket_connect_timeout=REDIS_TIMEOUT,
        socket_timeout=REDIS_TIMEOUT,
    )


async def spend_from_window(
    window: SlidingWindowCounterRateLimiter, item: RateLimitItem, name: str, amount: int
) -> tuple[int, int, float]:
    spent = min(amount, item.amount)
    if spent and not await window.hit(item, name, cost=spent):
        _, spent = await window.get_window_stats(item, name)
        if spent > 0:
            await window.hit(item, name, cost=spent)
    reset, left = await window.get_window_stats(item, name)
    return spent, left, reset


class WindowLimit:
    """One limit of many names; `what` stands in a sentence after its figure."""

    def __init__(self, store: RateStore, limit: int, what: Message) -> None:
        self.store, self.limit, self.what = store, limit, what
        self.item = RateLimitItemPerSecond(
            limit, WINDOW_SECONDS, namespace=what.english.partition(" ")[0]
        )
        self.pending: dict[str, int] = {}
        self.left: dict[str, int] = {}  # when it was last looked at, where that wasn't all
        self.again: dict[str, float] = {}
        self.policy = f'"{self.item.namespace}";q={limit};w={WINDOW_SECONDS}'.encode()

    def charge(self, name: str, amount: int) -> None:
        self.pending[name] = self.pending.get(name, 0) + amount

    def spent(self, name: str) -> int:
        spent = self.limit - self.left.get(name, self.limit) + self.pending.get(name, 0)
        return min(spent, self.limit)

    def fits(self, name: str) -> bool:
        """Whether there is something left, for all that is known here."""
        return self.pending.get(name, 0) < self.left.get(name, self.limit)

    def seconds(self, name: str) -> int:
        """Until there will be more."""
        again = self.again.get(name)
        return (
            WINDOW_SECONDS
            if again is None
            else max(1, min(WINDOW_SECONDS, ceil(again - time.time())))
        )

    async def refuse_if_spent(self, name: str) -> None:
        """Raises RateLimited."""
        if self.fits(name):
            return
        if name in self.pending or time.time() >= self.again.get(name, 0):
            await self.settle(name)
        if self.left.get(name, self.limit) > 0:
            return
        after = self.seconds(name)
        raise RateLimited(
            f"{self.limit:,} {self.what.english} in {WINDOW_SECONDS} s are the limit, and all "
            "are spent: "
            f"try again in {after} s.",
            f"{WINDOW_SECONDS} 秒内的上限为 {self.limit:,} {self.what.chinese}，已用完："
            f"请在 {after} 秒后再试。",
            after,
        )

    async def settle(self, name: str) -> None:
        """What is too much is owed, as much as the limit at most: it waits for the next room."""
        amount = self.pending.pop(name, 0)
        spent, left, self.again[name] = await self.store.spend(self.item, name, amount)
        if owed := min(amount - spent, self.limit):
            self.charge(name, owed)
        self.left[name] = left
        if left >= self.limit:
            del self.left[name], self.again[name]

    async def flush_all(self) -> None:
        for name in {*self.pending, *self.left}:
            await self.settle(name)


class RateAccount:
    """What one request is charged to; `viewer { rate }` tells how it stands.

    `rows` are the least that the request is charged for, in points.
    """

    __slots__ = ("name", "public", "rows", "spending")

    window = WINDOW_SECONDS

    def __init__(self, spending: WindowLimit, name: str, public: bool) -> None:
        self.spending, self.name, self.public, self.rows = spending, name, public, 0

    @property
    def limit(self) -> int:
        return self.spending.limit

    @property
    def spent(self) -> int:
        return self.spending.spent(self.name)

    async def refuse_if_spent(self) -> None:
        """Raises RateLimited, with the seconds after which to ask again."""
        if not self.spending.fits(self.name):
            await self.spending.refuse_if_spent(self.name)

    def charge(self, milliseconds: float = 0.0) -> None:
        self.spending.charge(self.name, max(self.rows, ceil(milliseconds * POINTS_PER_MILLISECOND)))

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The policy, and what is left of it (draft-ietf-httpapi-ratelimit-headers)."""
        spending, name = self.spending, self.name
        left = (spending.limit - spending.spent(name), spending.seconds(name))
        return [
            (b"ratelimit-policy", spending.policy),
            (b"ratelimit", b'"points";r=%d;t=%d' % left),
        ]


class RateLimiter:
    """Points of a key or token; of an address, what comes from there without one: `public`."""

    def __init__(
        self, points: int, public: int, failures: int, redis_url: str | None = None
    ) -> None:
        self.store = RateStore(redis_url)
        self.points = WindowLimit(self.store, points, POINTS_UNIT)
        self.public = WindowLimit(self.store, public, POINTS_UNIT)
        self.failures = WindowLimit(self.store, failures, FAILURES_UNIT)

    def account(self, viewer: Viewer, address: str) -> RateAccount:
        if viewer is PUBLIC:
            return RateAccount(self.public, client_network(address), public=True)
        return RateAccount(self.points, viewer.rate_key or client_network(address), public=False)

    def has_excess_failures(self, address: str) -> bool:
        """Whether too many keys or tokens that came from there lately were false."""
        return not self.failures.fits(client_network(address))

    async def record_failure(self, address: str) -> None:
        """A key or token was false. Raises RateLimited where too many were before."""
        await self.failures.refuse_if_spent(client_network(address))
        self.failures.charge(client_network(address), 1)

    async def keep(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.settle()
            except Exception:  # whatever it is, what comes next is counted
                log.exception("rates could not be kept")

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        keeping = asyncio.create_task(self.keep())
        yield
        keeping.cancel()
        await asyncio.wait([keeping])
        await self.settle()
        await self.store.close()

    async def settle(self) -> None:
        for spending in (self.points, self.public, self.failures):
            await spending.flush_all()


@lru_cache(ADDRESS_CACHE_SIZE)
def client_network(address: str) -> str:
    """Whose an address is."""
    try:
        read = ip_address(address)
    except ValueError:  # a socket of this machine has none
        return address
    if isinstance(read, IPv6Address):
        return f"{read.exploded[: IPV6_PREFIX_BITS // 4 + 3]}::"
    return address


def client_address(scope: Any) -> str:
    """Of the client; behind a proxy that is trusted, the one that it names."""
    client = scope.get("client")
    return client[0] if client else ""
