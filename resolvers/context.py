"""One request: who asks, on which day, and how it reaches the database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

import strawberry
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.reader import Reader
from engine.run import Tally
from kit.snapshots import Snapshots
from resolvers.access import Viewer

# China has one time zone; a request that runs past midnight keeps the day on which it began.
CHINA = ZoneInfo("Asia/Shanghai")


def today_in_china() -> date:
    return datetime.now(CHINA).date()


class Way(Enum):
    """How read queries are answered; all give the same answers."""

    PLAN = "PLAN"  # by the engine, with what the database can write as JSON
    BATCH = "BATCH"  # by the engine, row by row
    DEFAULT = "DEFAULT"  # by Strawberry's own executor


@dataclass
class Context:
    reader: Reader
    request_id: str = field(default_factory=lambda: token_hex(16))
    operation: str | None = None
    snapshots: Snapshots | None = None  # without them, nothing goes by the engine
    way: Way = Way.PLAN  # that is tried first
    handed_over: str | None = None  # why the engine didn't answer
    tally: Tally = field(default_factory=Tally)  # of the engine

    @classmethod
    def of(
        cls,
        engine: AsyncEngine,
        viewer: Viewer,
        today: date | None = None,
        snapshots: Snapshots | None = None,
        way: Way = Way.PLAN,
    ) -> "Context":
        reader = Reader(engine, viewer, today or today_in_china())
        return cls(reader, snapshots=snapshots, way=way)

    @property
    def went(self) -> str:
        """The way that the answer took."""
        return "default" if self.handed_over is not None else "plan"

    @property
    def statements(self) -> int:
        return self.tally.statements + self.reader.statements


Info = strawberry.Info[Context, None]


def place(path: Any) -> tuple[Any, ...]:
    """Where in the answer, without positions in lists: field names, and the types they are of."""
    steps = []
    while path is not None:
        if not isinstance(path.key, int):
            steps.append((path.key, path.typename))
        path = path.prev
    return tuple(steps)
