"""What is done when a day begins in China."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from resolvers.context import CHINA, today_in_china
from resolvers.derived import refresh

log = structlog.get_logger()

AGAIN = 60.0  # seconds, after a failure
PATIENCE = 5.0  # seconds, at the end


def seconds_to_midnight(now: datetime) -> float:
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), CHINA)
    return (tomorrow - now).total_seconds()


async def begin_each_day(engine: AsyncEngine, stop: asyncio.Event) -> None:
    """At once, and then whenever a day begins; a database out of reach is tried again."""
    while not stop.is_set():
        try:
            await refresh(engine, today_in_china())
            pause = seconds_to_midnight(datetime.now(CHINA)) + 1
        except Exception:  # whatever it is, the service goes on
            log.exception("a day could not be begun")
            pause = AGAIN
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


@asynccontextmanager
async def each_day(engine: AsyncEngine) -> AsyncIterator[None]:
    """What has begun is let finish, within bounds: broken off, it would leave its connection."""
    stop = asyncio.Event()
    days = asyncio.create_task(begin_each_day(engine, stop))
    yield
    stop.set()
    await asyncio.wait([days], timeout=PATIENCE)
    days.cancel()
    await asyncio.wait([days])
