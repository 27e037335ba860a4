"""A background task that runs when a day begins in China."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from resolvers.core.context import CHINA_TIME_ZONE, today_in_china
from resolvers.writing.derived_columns import refresh_for_day

log = structlog.get_logger()

RETRY_SECONDS = 60.0  # after a failure
STOP_TIMEOUT = 5.0  # seconds to wait for running work at shutdown


def seconds_to_midnight(now: datetime) -> float:
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), CHINA_TIME_ZONE)
    return (tomorrow - now).total_seconds()


async def refresh_each_day(engine: AsyncEngine, stop: asyncio.Event) -> None:
    """Refresh at once, and whenever a day begins. A failure is retried after RETRY_SECONDS."""
    while not stop.is_set():
        try:
            await refresh_for_day(engine, today_in_china())
            pause = seconds_to_midnight(datetime.now(CHINA_TIME_ZONE)) + 1
        except Exception:  # a failed refresh must not stop the service
            log.exception("a day could not be begun")
            pause = RETRY_SECONDS
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


@asynccontextmanager
async def refreshing_daily(engine: AsyncEngine) -> AsyncIterator[None]:
    """Run `refresh_each_day` in the background.

    At the end running work may finish within STOP_TIMEOUT: cancelled, it would leave its connection
    open.
    """
    stop = asyncio.Event()
    days = asyncio.create_task(refresh_each_day(engine, stop))
    yield
    stop.set()
    await asyncio.wait([days], timeout=STOP_TIMEOUT)
    days.cancel()
    await asyncio.wait([days])
