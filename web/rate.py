"""How much each asker may still ask for: points in a sliding window, and failures to say who it is.

A request is charged a point for each row that was read for it, or POINTS for each millisecond that
it took of the process and of the database, whichever is more.

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
from kit.language import Sentence
from resolvers.access import PUBLIC, Viewer

log = structlog.get_logger()

WINDOW = 60  # seconds
EVERY = 1.0  # seconds
PATIENCE = 0.5  # seconds, with Redis
AWAY = 5.0  # seconds, before a Redis that was out of reach is asked again
KEPT = 4096  # addresses; to read one takes 2 µs
NETWORK = 64  # bits of an IPv6 address: who has one has all of its network
POINTS = 50  # for a millisecond: 1,000,000 in a minute are a third of a process

SPENDING = Sentence("points", "点")
FAILURES = Sentence("attempts to say who asks that failed", "次身份验证失败")


class Store:
    """Redis, or this process's memory; the latter too while Redis is out of reach."""

    def __init__(self, redis_url: str | None) -> None:
        self.memory = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.redis = None if redis_url is None else in_redis(redis_url)
        self.shared = None if self.redis is None else SlidingWindowCounterRateLimiter(self.redis)
        self.away = 0.0

    async def spend(self, item: RateLimitItem, name: str, amount: int) -> tuple[int, int, float]:
        """How much of it there was, what is left afterwards, and when there will be more."""
        if self.shared is not None and time.monotonic() >= self.away:
            try:
                return await spend(self.shared, item, name, amount)
            except StorageError as error:
                self.away = time.monotonic() + AWAY
                log.warning("Redis is away: each process counts rates by itself", why=str(error))
        return await spend(self.memory, item, name, amount)

    async def close(self) -> None:
        if self.redis is not None:
            connections: Any = self.redis.bridge
            await connections.storage.aclose()


def in_redis(url: str) -> RedisStorage:
    return RedisStorage(
        url,
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix="jiangpu",
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
    )


async def spend(
    window: SlidingWindowCounterRateLimiter, item: RateLimitItem, name: str, amount: int
) -> tuple[int, int, float]:
    spent = min(amount, item.amount)
    if spent and not await window.hit(item, name, cost=spent):
        _, spent = await window.get_window_stats(item, name)
        if spent > 0:
            await window.hit(item, name, cost=spent)
    reset, left = await window.get_window_stats(item, name)
    return spent, left, reset


class Spending:
    """One limit of many names; `what` stands in a sentence after its figure."""

    def __init__(self, store: Store, limit: int, what: Sentence) -> None:
        self.store, self.limit, self.what = store, limit, what
        self.item = RateLimitItemPerSecond(limit, WINDOW, namespace=what.english.partition(" ")[0])
        self.pending: dict[str, int] = {}
        self.left: dict[str, int] = {}  # when it was last looked at, where that wasn't all
        self.again: dict[str, float] = {}
        self.policy = f'"{self.item.namespace}";q={limit};w={WINDOW}'.encode()

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
        return WINDOW if again is None else max(1, min(WINDOW, ceil(again - time.time())))

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
            f"{self.limit:,} {self.what.english} in {WINDOW} s are the limit, and all are spent: "
            f"try again in {after} s.",
            f"{WINDOW} 秒内的上限为 {self.limit:,} {self.what.chinese}，已用完："
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

    async def settle_all(self) -> None:
        for name in {*self.pending, *self.left}:
            await self.settle(name)


class Account:
    """What one request is charged to; `viewer { rate }` tells how it stands.

    `rows` are the least that the request is charged for, in points.
    """

    __slots__ = ("name", "public", "rows", "spending")

    window = WINDOW

    def __init__(self, spending: Spending, name: str, public: bool) -> None:
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
        self.spending.charge(self.name, max(self.rows, ceil(milliseconds * POINTS)))

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The policy, and what is left of it (draft-ietf-httpapi-ratelimit-headers)."""
        spending, name = self.spending, self.name
        left = (spending.limit - spending.spent(name), spending.seconds(name))
        return [
            (b"ratelimit-policy", spending.policy),
            (b"ratelimit", b'"points";r=%d;t=%d' % left),
        ]


class Rates:
    """Points of a key or token; of an address, what comes from there without one: `public`."""

    def __init__(
        self, points: int, public: int, failures: int, redis_url: str | None = None
    ) -> None:
        self.store = Store(redis_url)
        self.points = Spending(self.store, points, SPENDING)
        self.public = Spending(self.store, public, SPENDING)
        self.failures = Spending(self.store, failures, FAILURES)

    def account(self, viewer: Viewer, address: str) -> Account:
        if viewer is PUBLIC:
            return Account(self.public, network(address), public=True)
        return Account(self.points, viewer.rated or network(address), public=False)

    def fails(self, address: str) -> bool:
        """Whether too many keys or tokens that came from there lately were false."""
        return not self.failures.fits(network(address))

    async def failed(self, address: str) -> None:
        """A key or token was false. Raises RateLimited where too many were before."""
        await self.failures.refuse_if_spent(network(address))
        self.failures.charge(network(address), 1)

    async def keep(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
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
            await spending.settle_all()


@lru_cache(KEPT)
def network(address: str) -> str:
    """Whose an address is."""
    try:
        read = ip_address(address)
    except ValueError:  # a socket of this machine has none
        return address
    if isinstance(read, IPv6Address):
        return f"{read.exploded[: NETWORK // 4 + 3]}::"
    return address


def address_of(scope: Any) -> str:
    """Of the client; behind a proxy that is trusted, the one that it names."""
    client = scope.get("client")
    return client[0] if client else ""
