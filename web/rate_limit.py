"""Rate limits: points in a sliding window for each client, and failed authentications.

A request is charged one point for each row that was read for it, or POINTS_PER_MILLISECOND for each
millisecond of the process and of the database that it used, whichever is more.

The `limits` library implements the window. It takes some 15 µs a call, which is too much beside a
response of 120 µs. Charges are therefore added up here, and sent to the library once a second, or
when they would exceed the limit. Several processes share a window in Redis, and learn of each
other's charges up to a second late.
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
from kit.i18n import Message
from resolvers.core.access import PUBLIC, Viewer

log = structlog.get_logger()

WINDOW_SECONDS = 60
FLUSH_SECONDS = 1.0
REDIS_TIMEOUT = 0.5  # seconds to connect to Redis, and for each call
REDIS_RETRY_SECONDS = 5.0  # seconds until an unreachable Redis is tried again
ADDRESS_CACHE_SIZE = 4096  # addresses; parsing one takes 2 µs
IPV6_PREFIX_BITS = 64  # a client with one IPv6 address usually has the whole /64 network
POINTS_PER_MILLISECOND = 50  # 1,000,000 points in a minute are a third of a process

POINTS_UNIT = Message("points", "点")
FAILURES_UNIT = Message("failed authentications", "次身份验证失败")


class RateStore:
    """Windows in Redis, or in this process's memory, also while Redis is unreachable."""

    def __init__(self, redis_url: str | None) -> None:
        self.memory = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.redis = None if redis_url is None else redis_storage(redis_url)
        self.shared = None if self.redis is None else SlidingWindowCounterRateLimiter(self.redis)
        self.redis_retry_at = 0.0

    async def spend(self, item: RateLimitItem, name: str, amount: int) -> tuple[int, int, float]:
        """Return the points spent, the points left, and the time of the next reset."""
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
    """One limit for many names. `what` follows its figure in messages."""

    def __init__(self, store: RateStore, limit: int, what: Message) -> None:
        self.store, self.limit, self.what = store, limit, what
        self.item = RateLimitItemPerSecond(
            limit, WINDOW_SECONDS, namespace=what.english.partition(" ")[0]
        )
        self.pending: dict[str, int] = {}
        self.left: dict[str, int] = {}  # at the last flush, for names with less than the limit
        self.again: dict[str, float] = {}
        self.policy = f'"{self.item.namespace}";q={limit};w={WINDOW_SECONDS}'.encode()

    def charge(self, name: str, amount: int) -> None:
        self.pending[name] = self.pending.get(name, 0) + amount

    def spent(self, name: str) -> int:
        spent = self.limit - self.left.get(name, self.limit) + self.pending.get(name, 0)
        return min(spent, self.limit)

    def fits(self, name: str) -> bool:
        """Return whether anything is left, as far as this process knows."""
        return self.pending.get(name, 0) < self.left.get(name, self.limit)

    def seconds(self, name: str) -> int:
        """Return the seconds until more is left."""
        again = self.again.get(name)
        return (
            WINDOW_SECONDS
            if again is None
            else max(1, min(WINDOW_SECONDS, ceil(again - time.time())))
        )

    async def refuse_if_spent(self, name: str) -> None:
        """Raise RateLimited if no points are left."""
        if self.fits(name):
            return
        if name in self.pending or time.time() >= self.again.get(name, 0):
            await self.settle(name)
        if self.left.get(name, self.limit) > 0:
            return
        after = self.seconds(name)
        raise RateLimited(
            f"{self.limit:,} {self.what.english} in {WINDOW_SECONDS} s are the limit, and all are "
            f"used: try again in {after} s.",
            f"{WINDOW_SECONDS} 秒内的上限为 {self.limit:,} {self.what.chinese}，已用完："
            f"请在 {after} 秒后再试。",
            after,
        )

    async def settle(self, name: str) -> None:
        """Send the charges of a name to the store.

        Charges beyond the limit stay pending for the next window, up to the limit once more.
        """
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
    """The account that one request is charged to, shown by `viewer { rate }`.

    `rows` is the minimum charge of the request, in points.
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

    @property
    def fits(self) -> bool:
        """Return whether points are left, as far as this process knows."""
        return self.spending.fits(self.name)

    async def refuse_if_spent(self) -> None:
        """Raise RateLimited, with the seconds to wait, if no points are left."""
        await self.spending.refuse_if_spent(self.name)

    def charge(self, milliseconds: float = 0.0) -> None:
        self.spending.charge(self.name, max(self.rows, ceil(milliseconds * POINTS_PER_MILLISECOND)))

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the policy and the rest (draft-ietf-httpapi-ratelimit-headers)."""
        spending, name = self.spending, self.name
        left = max(0, spending.left.get(name, spending.limit) - spending.pending.get(name, 0))
        return [
            (b"ratelimit-policy", spending.policy),
            (b"ratelimit", b'"points";r=%d;t=%d' % (left, spending.seconds(name))),
        ]


class RateLimiter:
    """Points for each key or token, and `public` points for each address without one."""

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
        """Return whether too many false credentials came from an address lately."""
        return not self.failures.fits(client_network(address))

    async def record_failure(self, address: str) -> None:
        """Count a false credential. Raises RateLimited if there were too many before."""
        await self.failures.refuse_if_spent(client_network(address))
        self.failures.charge(client_network(address), 1)

    async def keep(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.settle()
            except Exception:  # later charges must still be counted
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
    """Return the address, or the /64 network of an IPv6 address."""
    try:
        read = ip_address(address)
    except ValueError:  # a Unix socket has no address
        return address
    if isinstance(read, IPv6Address):
        return f"{read.exploded[: IPV6_PREFIX_BITS // 4 + 3]}::"
    return address


def client_address(scope: Any) -> str:
    """Return the client's address. Behind a trusted proxy it is the one that the proxy names."""
    client = scope.get("client")
    return client[0] if client else ""
