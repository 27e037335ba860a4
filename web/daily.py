"""What is done when a day begins in China."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from resolvers.context import CHINA_TIME_ZONE, today_in_china
from resolvers.derived import refresh_for_day

log = structlog.get_logger()

RETRY_SECONDS = 60.0  # seconds, after a failure
STOP_TIMEOUT = 5.0  # seconds, at the end


def seconds_to_midnight(now: datetime) -> float:
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), CHINA_TIME_ZONE)
    return (tomorrow - now).total_seconds()


async def refresh_each_day(engine: AsyncEngine, stop: asyncio.Event) -> None:
    """At once, and then whenever a day begins; a database out of reach is tried again."""
    while not stop.is_set():
        try:
            await refresh_for_day(engine, today_in_china())
            pause = seconds_to_midnight(datetime.now(CHINA_TIME_ZONE)) + 1
        except Exception:  # whatever it is, the service goes on
            log.exception("a day could not be begun")
            pause = RETRY_SECONDS
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


@asynccontextmanager
async def refreshing_daily(engine: AsyncEngine) -> AsyncIterator[None]:
    """What has begun is let finish, within bounds: broken off, it would leave its connection."""
    stop = asyncio.Event()
    days = asyncio.create_task(refresh_each_day(engine, stop))
    yield
    stop.set()
    await asyncio.wait([days], timeout=STOP_TIMEOUT)
    days.cancel()
    await asyncio.wait([days])
