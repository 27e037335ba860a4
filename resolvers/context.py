"""One request: who asks, on which day, and how it reaches the database."""

from datetime import date, datetime
from enum import Enum
from random import getrandbits
from typing import Any, Protocol, Self, runtime_checkable
from zoneinfo import ZoneInfo

import strawberry
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.predicate import ViewerContext
from engine.reader import RequestLoaders
from engine.run import DatabaseUsage
from kit.language import Language
from kit.limits import DEFAULT_LIMITS, RequestLimits
from kit.sealed import EncryptionKeys
from kit.work import ReadPool
from resolvers.access import Viewer

# China has one time zone; a request that runs past midnight keeps the day on which it began.
CHINA_TIME_ZONE = ZoneInfo("Asia/Shanghai")


def today_in_china() -> date:
    return datetime.now(CHINA_TIME_ZONE).date()


class Executor(Enum):
    """How read queries are answered; all give the same answers."""

    PLAN = "PLAN"  # by the engine, with what the database can write as JSON
    BATCH = "BATCH"  # by the engine, row by row
    DEFAULT = "DEFAULT"  # by Strawberry's own executor


@runtime_checkable
class RateLimitStatus(Protocol):
    """Points in a sliding window of so many seconds."""

    @property
    def limit(self) -> int: ...
    @property
    def spent(self) -> int: ...
    @property
    def window(self) -> int: ...


class Context:
    """Without `snapshots` nothing goes by the engine; `way` is what is tried first."""

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
        self.asked = 0  # nodes
        self.lists = False  # whether what holds many records is asked for, at the root
        self.minimum_cost = 0  # points that it costs at least
        self.seals = seals  # without them there is no personal data
        self.request_id = f"{getrandbits(128):032x}"  # it is no secret
        self.operation: str | None = None
        self.fallback_reason: str | None = None  # why the engine didn't answer
        self.tally = DatabaseUsage()  # of the engine
        self.read: RequestLoaders | None = None
        self.rate: RateLimitStatus | None = None  # what the viewer may still spend
        self.over = False

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
        """For what Strawberry's executor answers; a plan needs none."""
        if self.read is None:
            self.read = RequestLoaders(self.engine, self.asker)
            # Who only comes when the answer is given, after an error, is to open nothing any more.
            self.read.over = self.over
        return self.read

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.close()

    async def abandon(self) -> None:
        """Nobody waits for the answer any more."""
        self.over = True
        if self.read is not None:
            await self.read.abandon()

    async def close(self) -> None:
        self.over = True
        if self.read is not None:
            await self.read.close()

    @property
    def executor_name(self) -> str:
        """The way that the answer took."""
        return "default" if self.fallback_reason is not None else "plan"

    @property
    def statements(self) -> int:
        return self.tally.statements + (self.read.statements if self.read else 0)

    @property
    def spent(self) -> int:
        """Rows that were read, whatever became of the answer."""
        return self.tally.rows + (self.read.rows if self.read else 0)


Info = strawberry.Info[Context, None]


def field_path(path: Any) -> tuple[Any, ...]:
    """Where in the answer, without positions in lists: field names, and the types they are of."""
    steps = []
    while path is not None:
        if not isinstance(path.key, int):
            steps.append((path.key, path.typename))
        path = path.prev
    return tuple(steps)
