"""Whether what was counted beforehand is what the records say."""

import argparse
from collections.abc import Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from commands.registry import on_registry
from feeds.loading import prepare, say
from kit.database import reading, writing
from kit.errors import NotDone
from resolvers.summaries import let_go, take_up, verify
from settings import read_settings


def declare(words: Any) -> None:
    verifying = words.add_parser("verify", help="count the records, and compare the summaries")
    verifying.add_argument(
        "--repair", action="store_true", help="then count those anew that differ, and all others"
    )
    run: Callable[[argparse.Namespace], None] = verified
    verifying.set_defaults(run=run)


def verified(arguments: argparse.Namespace) -> None:
    """Raises NotDone where they differ."""
    found = on_registry(read_settings(), repaired if arguments.repair else differing)
    for sentence in found:
        say(sentence)
    if found and not arguments.repair:
        raise NotDone("The summaries differ from the records: `verify --repair` counts them anew.")
    say("Counted anew." if found else "The summaries are what the records say.")


async def differing(engine: AsyncEngine) -> list[str]:
    await prepare(engine)
    async with reading(engine) as connection:
        return await connection.run_sync(verify)


async def repaired(engine: AsyncEngine) -> list[str]:
    """What was wrong; in one transaction, alone among writers."""
    await prepare(engine)
    async with writing(engine) as connection:
        found = await connection.run_sync(verify)
        if found:
            await connection.run_sync(let_go)
            await connection.run_sync(take_up)
        return found
