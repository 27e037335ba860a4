"""`verify`: compare summaries, audiences and the region tree with the records."""

import argparse
from collections.abc import Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from commands.registry_session import run_on_registry
from feeds.importing import prepare_registry, print_stderr
from kit.db.engine import read_transaction, write_transaction
from kit.errors import CommandFailed
from resolvers.core.context import today_in_china
from resolvers.writing.audiences import narrow_all_audiences, verify_audiences
from resolvers.writing.derived_columns import update_region_tree, verify_region_tree
from resolvers.writing.organisation_renaming import narrow_former_names, verify_former_names
from resolvers.writing.summary_tables import drop_triggers, rebuild_summaries, verify_summaries
from settings import read_settings


def declare(words: Any) -> None:
    verifying = words.add_parser("verify", help="compare summaries and audiences with the records")
    verifying.add_argument(
        "--repair", action="store_true", help="then count anew, and narrow what is too wide"
    )
    run: Callable[[argparse.Namespace], None] = run_verify
    verifying.set_defaults(run=run)


def run_verify(arguments: argparse.Namespace) -> None:
    """Raise CommandFailed if anything differs, unless `--repair` is set."""
    found = run_on_registry(
        read_settings(), repair_registry if arguments.repair else find_differences
    )
    for sentence in found:
        print_stderr(sentence)
    if found and not arguments.repair:
        raise CommandFailed(
            "Summaries differ from the records, or somebody is shown too much: "
            "`verify --repair` counts anew and narrows."
        )
    print_stderr(
        "Repaired."
        if found
        else "The summaries are what the records say; nobody is shown too much."
    )


async def find_differences(engine: AsyncEngine) -> list[str]:
    await prepare_registry(engine)
    async with read_transaction(engine) as connection:
        differing = await connection.run_sync(verify_summaries)
        wide = await verify_audiences(connection, today_in_china()) + await verify_former_names(
            connection
        )
        return differing + await verify_region_tree(connection) + wide


async def repair_registry(engine: AsyncEngine) -> list[str]:
    """Repair in one write transaction, and return what was wrong."""
    await prepare_registry(engine)
    async with write_transaction(engine) as connection:
        wide = await verify_audiences(connection, today_in_china())
        if wide:
            await narrow_all_audiences(connection, "verify", today_in_china())
        if named := await verify_former_names(connection):
            await narrow_former_names(connection, "verify")
            wide += named
        if tree := await verify_region_tree(connection):
            await update_region_tree(connection)
            wide += tree
        found = await connection.run_sync(verify_summaries)
        if found:
            await connection.run_sync(drop_triggers)
            await connection.run_sync(rebuild_summaries)
        return found + wide
