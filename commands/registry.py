"""Work on the registry of the settings, between opening and closing it."""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from feeds.loading import embed, prepare
from feeds.partners import introduce_without_keys
from kit.database import open_engine, writing
from kit.sealed import Seals, seals_with
from resolvers.leaving_out import KnownAgain
from settings import EMBEDDED, Settings, read_settings

Given = TypeVar("Given")
NOT_FREED = (
    "The database is being read: its log of writes still holds what was deleted. Run it again."
)


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


def on_current(work: Callable[[AsyncEngine, Settings], Awaitable[Given]]) -> Given:
    """Raises Unavailable for another schema version."""
    settings = read_settings()

    async def prepared(engine: AsyncEngine) -> Given:
        await prepare(engine)
        return await work(engine, settings)

    return on_registry(settings, prepared)


def in_one(work: Callable[[AsyncConnection], Awaitable[Given]]) -> Given:
    async def whole(engine: AsyncEngine, settings: Settings) -> Given:
        async with writing(engine) as connection:
            return await work(connection)

    return on_current(whole)


def seals_of(settings: Settings) -> Seals | None:
    """None where there are no keys."""
    return seals_with(settings.sealing, settings.sealing_file)


def declare_bringing_back(words: ArgumentParser) -> None:
    words.add_argument(
        "--bring-back",
        dest="brought_back",
        action="append",
        default=[],
        metavar="CODE",
        help="enter somebody who was erased, or a record in which a name was redacted, again",
    )
    words.add_argument(
        "--without-marks",
        action="store_true",
        help="though keys by which the erased are known again are lost",
    )


def known_again(settings: Settings, given: Namespace) -> KnownAgain:
    return KnownAgain(seals_of(settings), frozenset(given.brought_back), given.without_marks)
