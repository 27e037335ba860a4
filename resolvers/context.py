"""One request: who asks, on which day, and how it reaches the database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import strawberry
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.reader import Reader
from resolvers.access import Viewer

# China has one time zone; a request that runs past midnight keeps the day on which it began.
CHINA = ZoneInfo("Asia/Shanghai")


def today_in_china() -> date:
    return datetime.now(CHINA).date()


@dataclass
class Context:
    reader: Reader
    request_id: str = field(default_factory=lambda: uuid4().hex)
    operation: str | None = None

    @classmethod
    def of(cls, engine: AsyncEngine, viewer: Viewer, today: date | None = None) -> "Context":
        return cls(Reader(engine, viewer, today or today_in_china()))


Info = strawberry.Info[Context, None]


def place(path: Any) -> tuple[Any, ...]:
    """Where in the answer, without positions in lists: field names, and the types they are of."""
    steps = []
    while path is not None:
        if not isinstance(path.key, int):
            steps.append((path.key, path.typename))
        path = path.prev
    return tuple(steps)
