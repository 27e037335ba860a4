"""Work on the registry of the settings, between opening and closing it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from feeds.loading import embed, prepare
from feeds.partners import introduce_without_keys
from kit.database import open_engine, writing
from settings import EMBEDDED, Settings, read_settings

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


def among_partners(work: Callable[[AsyncConnection], Awaitable[Given]]) -> Given:
    """In one transaction, alone among writers. Raises Unavailable for another schema version."""
    settings = read_settings()

    async def whole(engine: AsyncEngine) -> Given:
        await prepare(engine)
        if settings.embedded:
            await introduce_without_keys(engine)
        async with writing(engine) as connection:
            return await work(connection)

    return on_registry(settings, whole)
