"""What is done when a day begins in China."""

import asyncio
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from resolvers.context import CHINA, today_in_china
from resolvers.derived import refresh

log = structlog.get_logger()

AGAIN = 60  # seconds, after a failure


def seconds_to_midnight(now: datetime) -> float:
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), CHINA)
    return (tomorrow - now).total_seconds()


async def begin_each_day(engine: AsyncEngine) -> None:
    """At once, and then whenever a day begins; a database out of reach is tried again."""
    while True:
        try:
            await refresh(engine, today_in_china())
        except Exception:  # whatever it is, the service goes on
            log.exception("a day could not be begun")
            await asyncio.sleep(AGAIN)
        else:
            await asyncio.sleep(seconds_to_midnight(datetime.now(CHINA)) + 1)
