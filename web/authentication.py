"""Authentication by `Authorization: Bearer`, with a key or a token.

A request with false credentials is refused, never treated as public.
"""

import asyncio
import re
import time
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

import structlog
from cachetools import LRUCache
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.errors import Unauthenticated
from kit.i18n import Message
from kit.security.jwt import InvalidToken, TokenVerifier
from resolvers.core.access import PUBLIC, Viewer
from resolvers.partners.api_key import (
    AuthenticatedViewer,
    authenticate_key,
    authenticate_partner,
    authenticate_worker,
    record_key_use,
)
from web.rate_limit import RateLimiter

log = structlog.get_logger()

# Entries of each cache. Valid and false credentials are apart: false ones can't evict valid ones.
MAX_CACHED_CREDENTIALS = 10_000
MAX_LOOKUPS = 4  # concurrent look-ups, so that false credentials can't take all connections
MAX_HEADER_LENGTH = 8000  # characters
BEARER = re.compile("bearer +([A-Za-z0-9._~+/=-]+) *", re.IGNORECASE | re.ASCII)
LAST_USE_INTERVAL = timedelta(minutes=1)  # between two records of a key's last use
CLOSE_TIMEOUT = 5.0  # seconds to wait for such records at shutdown

BEARER_EXPECTED = Message(
    "Send 'Authorization: Bearer' once, with a partner's key (jp_…) or a token.",
    "请只发送一次 Authorization: Bearer，附上合作方密钥（jp_…）或令牌。",
)
INVALID_KEY = Message(
    "Invalid key: it is unknown, mistyped, expired or revoked. Ask the steward.",
    "此密钥无效：不存在、有误、已过期或已吊销。请联系登记管理方。",
)
INVALID_TOKEN = Message(
    "Invalid token: it is false, expired, or issued for another service. Get a new one.",
    "此令牌在此无效：不真实、已过期或并非为此处签发。请重新获取。",
)


class Authenticator(Protocol):
    async def viewer(self, header: str | None) -> Viewer:
        """Return the viewer of a header. Raises Unauthenticated or Unavailable."""

    def was_valid(self, header: str) -> bool:
        """Return whether a header was valid lately."""

    async def close(self) -> None: ...


class FixedAuthenticator:
    """An authenticator that returns one viewer for any header: for tests and benchmarks."""

    def __init__(self, viewer: Viewer) -> None:
        self.one = viewer

    async def viewer(self, header: str | None) -> Viewer:
        return self.one

    def was_valid(self, header: str) -> bool:
        return True

    async def close(self) -> None:
        pass


class BearerAuthenticator:
    """An authenticator with a cache.

    `seconds` is the time for which a result is cached, and so the longest that a revoked key works.
    """

    def __init__(self, engine: AsyncEngine, tokens: TokenVerifier | None, seconds: float) -> None:
        self.engine, self.tokens, self.seconds = engine, tokens, seconds
        self.true: LRUCache[bytes, tuple[Viewer, float]] = LRUCache(MAX_CACHED_CREDENTIALS)
        self.false: LRUCache[bytes, tuple[Message, float]] = LRUCache(MAX_CACHED_CREDENTIALS)
        self.lookups: dict[bytes, asyncio.Task[Viewer]] = {}
        self.turns = asyncio.Semaphore(MAX_LOOKUPS)
        self.noted: LRUCache[str, datetime] = LRUCache(MAX_CACHED_CREDENTIALS)
        self.note_tasks: set[asyncio.Task[None]] = set()

    async def viewer(self, header: str | None) -> Viewer:
        if header is None:
            return PUBLIC
        # The cache stores digests, never credentials.
        digest = sha256(header.encode("latin-1")).digest()
        cached = self.true.get(digest)
        if cached is not None and cached[1] > time.monotonic():
            return cached[0]
        return await self.looked_up(header, digest)

    def was_valid(self, header: str) -> bool:
        return sha256(header.encode("latin-1")).digest() in self.true

    async def looked_up(self, header: str, digest: bytes) -> Viewer:
        refused = self.false.get(digest)
        if refused is not None and refused[1] > time.monotonic():
            raise Unauthenticated(*refused[0])
        form = BEARER.fullmatch(header) if len(header) <= MAX_HEADER_LENGTH else None
        if form is None:
            raise Unauthenticated(*BEARER_EXPECTED)
        # Concurrent requests with the same credential share one look-up.
        task = self.lookups.get(digest)
        if task is None:
            task = asyncio.create_task(self.judged(form[1], digest))
            self.lookups[digest] = task
            task.add_done_callback(lambda done: self.ended(digest, done))
        return await asyncio.shield(task)

    def ended(self, digest: bytes, task: asyncio.Task[Viewer]) -> None:
        del self.lookups[digest]
        if not task.cancelled():
            task.exception()  # retrieved, so that asyncio doesn't warn if no caller is left

    async def judged(self, credential: str, digest: bytes) -> Viewer:
        is_key = credential.startswith("jp_")
        began = time.monotonic()
        authenticated = await (self.look_up_key if is_key else self.look_up_token)(credential)
        if authenticated is None:
            message = INVALID_KEY if is_key else INVALID_TOKEN
            self.false[digest] = message, began + self.seconds
            raise Unauthenticated(*message)
        left = (authenticated.until - datetime.now(UTC)).total_seconds()
        self.true[digest] = authenticated.viewer, began + min(self.seconds, left)
        return authenticated.viewer

    async def look_up_key(self, credential: str) -> AuthenticatedViewer | None:
        async with self.turns:
            authenticated = await authenticate_key(self.engine, credential)
        if authenticated is not None and authenticated.key_id is not None:
            self.used(authenticated.key_id, authenticated.last_used)
        return authenticated

    async def look_up_token(self, credential: str) -> AuthenticatedViewer | None:
        """Return the viewer of a token, or None if it is invalid.

        The claim `partner` names the partner, or else `sub`. A token of a person has their code in
        the claim `worker`; then `partner` and `scope` are ignored.
        """
        if self.tokens is None:
            return None
        try:
            claims = await self.tokens.claims(credential)
        except InvalidToken as error:
            log.info("a false token", why=str(error))
            return None
        if "worker" in claims:
            return await self.by_worker(claims)
        code, scope = claims.get("partner", claims["sub"]), claims.get("scope", "")
        if not isinstance(code, str) or not isinstance(scope, str):
            return None
        until = datetime.fromtimestamp(claims["exp"], UTC)
        async with self.turns:
            return await authenticate_partner(self.engine, code, scope.split(), until)

    async def by_worker(self, claims: Mapping[str, Any]) -> AuthenticatedViewer | None:
        if not isinstance(claims["worker"], str):
            return None
        until = datetime.fromtimestamp(claims["exp"], UTC)
        async with self.turns:
            return await authenticate_worker(self.engine, claims["worker"], until)

    def used(self, key_id: str, before: datetime | None) -> None:
        """Record a key's use in the background, once in LAST_USE_INTERVAL."""
        now = datetime.now(UTC)
        last = max(filter(None, (before, self.noted.get(key_id))), default=None)
        if last is None or now - last >= LAST_USE_INTERVAL:
            self.noted[key_id] = now
            self.beside(self.note(key_id))

    async def note(self, key_id: str) -> None:
        try:
            await record_key_use(self.engine, key_id)
        except Exception:  # the request itself has been answered
            log.exception("a key's last use could not be noted", key=key_id)

    def beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.note_tasks.add(task)
        task.add_done_callback(self.note_tasks.discard)

    async def close(self) -> None:
        if self.note_tasks:
            await asyncio.wait(self.note_tasks, timeout=CLOSE_TIMEOUT)


class GuardedAuthenticator:
    """An authenticator that limits failures by address, and never refuses a valid credential.

    After too many false credentials from an address, its unknown credentials are looked up one at a
    time. They delay only each other. Further false ones are refused for a while with RateLimited.
    """

    def __init__(self, asked_by: Authenticator, rates: RateLimiter) -> None:
        self.authenticator, self.rate_limiter = asked_by, rates
        self.suspect_semaphore = asyncio.Semaphore(1)

    async def viewer(self, header: str | None, address: str) -> Viewer:
        """Return the viewer of a header. Raises Unauthenticated, RateLimited or Unavailable."""
        try:
            if (
                header is None
                or not self.rate_limiter.has_excess_failures(address)
                or self.authenticator.was_valid(header)
            ):
                return await self.authenticator.viewer(header)
            async with self.suspect_semaphore:
                return await self.authenticator.viewer(header)
        except Unauthenticated:
            await self.rate_limiter.record_failure(address)
            raise
