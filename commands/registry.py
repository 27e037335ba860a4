"""Work on the registry of the settings, between opening and closing it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.loading import embed
from kit.database import open_engine
from settings import EMBEDDED, Settings

Given = TypeVar("Given")


def on_registry(settings: Settings, work: Callable[[AsyncEngine], Awaitable[Given]]) -> Given:
    """The embedded registry is made where it isn't there yet."""

    async def whole() -> Given:
        engine = open_engine(settings.url)
        try:
            return await work(engine)
        finally:
            await engine.dispose()

    if settings.embedded:
        embed(EMBEDDED)
    return asyncio.run(whole())
