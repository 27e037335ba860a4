"""Notices in `extensions`: a response may contain demonstration records."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import orjson
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.i18n import Language, Message
from resolvers.core.context import Context, today_in_china
from resolvers.core.record_counts import database_has_demonstration_records

log = structlog.get_logger()

CHECK_SECONDS = 60.0  # seconds between checks of the registry
STOP_TIMEOUT = 5.0  # seconds to wait for a running check at shutdown
DEMONSTRATION_NOTICE = Message(
    "Some records of this registry were invented for demonstration: `demonstration` of each says "
    "which, and filters take it.",
    "本登记库含有为演示而虚构的记录：每条记录的 demonstration 字段可辨，也可据此筛选。",
)
NOTICES = {
    language: orjson.Fragment(
        orjson.dumps([{"code": "DEMONSTRATION", "message": DEMONSTRATION_NOTICE.said(language)}])
    )
    for language in Language
}


class Notices:
    """The notices of this registry, checked in the background.

    Demonstration records concern the whole registry, so no request pays for the check.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine, self.invented = engine, False

    def beside(self, context: Context) -> orjson.Fragment | None:
        """Return the notice for a response with lists, searches or tables, for any viewer."""
        return NOTICES[context.language] if self.invented and context.lists else None

    async def look(self) -> None:
        try:
            self.invented = await database_has_demonstration_records(self.engine, today_in_china())
        except Exception:  # a failed check must not stop the service
            log.warning("whether records are invented could not be looked up", exc_info=True)

    async def check_periodically(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), CHECK_SECONDS)
                return
            await self.look()

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        await self.look()
        stop = asyncio.Event()
        looking = asyncio.create_task(self.check_periodically(stop))
        yield
        stop.set()
        await asyncio.wait([looking], timeout=STOP_TIMEOUT)
        looking.cancel()
        await asyncio.wait([looking])
