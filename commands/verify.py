"""Whether what was counted beforehand is what the records say, and nobody is shown too much."""

import argparse
from collections.abc import Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from commands.registry import on_registry
from feeds.loading import prepare, say
from kit.database import reading, writing
from kit.errors import NotDone
from resolvers.audiences import narrow_all, too_wide
from resolvers.context import today_in_china
from resolvers.derived import derive_tree, wrong_tree
from resolvers.renaming import narrow_names, too_wide_names
from resolvers.summaries import let_go, take_up, verify
from settings import read_settings


def declare(words: Any) -> None:
    verifying = words.add_parser("verify", help="compare summaries and audiences with the records")
    verifying.add_argument(
        "--repair", action="store_true", help="then count anew, and narrow what is too wide"
    )
    run: Callable[[argparse.Namespace], None] = verified
    verifying.set_defaults(run=run)


def verified(arguments: argparse.Namespace) -> None:
    """Raises NotDone where they differ."""
    found = on_registry(read_settings(), repaired if arguments.repair else differing)
    for sentence in found:
        say(sentence)
    if found and not arguments.repair:
        raise NotDone(
            "Summaries differ from the records, or somebody is shown too much: "
            "`verify --repair` counts anew and narrows."
        )
    say(
        "Repaired."
        if found
        else "The summaries are what the records say; nobody is shown too much."
    )


async def differing(engine: AsyncEngine) -> list[str]:
    await prepare(engine)
    async with reading(engine) as connection:
        differing = await connection.run_sync(verify)
        wide = await too_wide(connection, today_in_china()) + await too_wide_names(connection)
        return differing + await wrong_tree(connection) + wide


async def repaired(engine: AsyncEngine) -> list[str]:
    """What was wrong; in one transaction, alone among writers."""
    await prepare(engine)
    async with writing(engine) as connection:
        wide = await too_wide(connection, today_in_china())
        if wide:
            await narrow_all(connection, "verify", today_in_china())
        if named := await too_wide_names(connection):
            await narrow_names(connection, "verify")
            wide += named
        if tree := await wrong_tree(connection):
            await derive_tree(connection)
            wide += tree
        found = await connection.run_sync(verify)
        if found:
            await connection.run_sync(let_go)
            await connection.run_sync(take_up)
        return found + wide
