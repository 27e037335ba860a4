"""The context of a request: viewer, day and access to the database."""

import asyncio
from datetime import date, datetime
from enum import Enum
from random import getrandbits
from typing import Any, Protocol, Self, runtime_checkable
from zoneinfo import ZoneInfo

import strawberry
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.loaders import RequestLoaders
from engine.plan.execution import DatabaseUsage
from engine.sql.predicate import ViewerContext
from kit.db.read_pool import ReadPool
from kit.i18n import Language
from kit.request_limits import DEFAULT_LIMITS, RequestLimits
from kit.security.encryption import EncryptionKeys
from resolvers.core.access import Viewer

# China has one time zone; a request that runs past midnight keeps the day on which it began.
CHINA_TIME_ZONE = ZoneInfo("Asia/Shanghai")


def today_in_china() -> date:
    return datetime.now(CHINA_TIME_ZONE).date()


class Executor(Enum):
    """The executor of read queries; all give the same answers."""

    PLAN = "PLAN"  # by the engine, with pushdown
    BATCH = "BATCH"  # by the engine, without pushdown
    DEFAULT = "DEFAULT"  # by Strawberry's executor


@runtime_checkable
class RateLimitStatus(Protocol):
    """Points spent in a sliding window of `window` seconds."""

    @property
    def limit(self) -> int: ...
    @property
    def spent(self) -> int: ...
    @property
    def window(self) -> int: ...


class Context:
    """The state of a request.

    Without `snapshots` the engine isn't used. `way` is the executor to try first.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        asker: ViewerContext,
        snapshots: ReadPool | None = None,
        way: Executor = Executor.PLAN,
        limits: RequestLimits = DEFAULT_LIMITS,
        language: Language = Language.ENGLISH,
        seals: EncryptionKeys | None = None,
    ) -> None:
        self.engine, self.asker, self.snapshots, self.way = engine, asker, snapshots, way
        self.limits, self.language = limits, language
        self.asked = 0  # nodes requested
        self.lists = False  # whether a root field that can return many records is requested
        self.minimum_cost = 0  # in points
        self.seals = seals  # without keys there is no personal data
        self.request_id = f"{getrandbits(128):032x}"  # not a secret
        self.operation: str | None = None
        self.fallback_reason: str | None = None  # why the engine didn't answer
        self.tally = DatabaseUsage()  # by the engine
        self.read: RequestLoaders | None = None
        self.rate: RateLimitStatus | None = None  # the viewer's limit, and the points spent
        self.over = False
        # By the executor, beside a field that failed; the response doesn't need it.
        self.unfinished: set[asyncio.Future[Any]] = set()

    @classmethod
    def of(
        cls,
        engine: AsyncEngine,
        viewer: Viewer,
        today: date | None = None,
        snapshots: ReadPool | None = None,
        way: Executor = Executor.PLAN,
        limits: RequestLimits = DEFAULT_LIMITS,
        language: Language = Language.ENGLISH,
        seals: EncryptionKeys | None = None,
    ) -> "Context":
        asker = ViewerContext(viewer, today or today_in_china(), viewer.wall, language, limits)
        return cls(engine, asker, snapshots, way, limits, language, seals)

    @property
    def reader(self) -> RequestLoaders:
        """The loaders for Strawberry's executor; a plan needs none."""
        if self.read is None:
            self.read = RequestLoaders(self.engine, self.asker)
            # A resolver that starts after the response was sent, because of an error, must open
            # nothing.
            self.read.over = self.over
        return self.read

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.close()

    async def end_unfinished(self) -> None:
        """Wait for the end of work that no longer belongs to the answer: it reads nothing more.

        Cancelled, it would leave coroutines behind that never began.
        """
        if self.unfinished:
            self.over = True
            if self.read is not None:
                self.read.over = True
            await asyncio.wait(self.unfinished)

    async def abandon(self) -> None:
        """Stop reading: the client no longer waits for the response."""
        self.over = True
        for task in self.unfinished:
            task.cancel()
        if self.read is not None:
            await self.read.abandon()

    async def close(self) -> None:
        self.over = True
        if self.read is not None:
            await self.read.close()

    @property
    def executor_name(self) -> str:
        """The executor that answered: `default` or `plan`."""
        return "default" if self.fallback_reason is not None else "plan"

    @property
    def statements(self) -> int:
        return self.tally.statements + (self.read.statements if self.read else 0)

    @property
    def spent(self) -> int:
        """Rows read, whether or not the response succeeded."""
        return self.tally.rows + (self.read.rows if self.read else 0)


Info = strawberry.Info[Context, None]


def field_path(path: Any) -> tuple[Any, ...]:
    """Return the place in the response, without list positions: field names and parent types."""
    steps = []
    while path is not None:
        if not isinstance(path.key, int):
            steps.append((path.key, path.typename))
        path = path.prev
    return tuple(steps)
