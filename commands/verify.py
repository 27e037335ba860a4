"""`verify`: compare summaries, audiences and the region tree with the records."""

from sqlalchemy.ext.asyncio import AsyncEngine

from commands.registry_session import run_on_registry, say
from feeds.importing import prepare_registry, print_stderr
from kit.db.engine import read_transaction, write_transaction
from kit.errors import CommandFailed
from kit.i18n import Message
from resolvers.core.context import today_in_china
from resolvers.writing.audiences import narrow_all_audiences, verify_audiences
from resolvers.writing.derived_columns import update_region_tree, verify_region_tree
from resolvers.writing.organisation_renaming import narrow_former_names, verify_former_names
from resolvers.writing.summary_tables import drop_triggers, rebuild_summaries, verify_summaries
from settings import read_settings

REPAIRED = Message("Repaired.", "已修复。")
CORRECT = Message(
    "The summaries agree with the records; no audience is too wide.",
    "汇总表与记录一致；无人可见过多内容。",
)


def verify(repair: bool) -> None:
    """Raise CommandFailed if anything differs, unless `--repair` is set."""
    differences = run_on_registry(read_settings(), repair_registry if repair else find_differences)
    for sentence in differences:
        print_stderr(sentence)
    if differences and not repair:
        raise CommandFailed(
            "Summaries differ from the records, or an audience is too wide: "
            "`verify --repair` counts again and narrows.",
            "汇总表与记录不一致，或有人可见过多内容：`verify --repair` 将重新汇总并收窄。",
        )
    say(REPAIRED if differences else CORRECT)


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
        differences = await connection.run_sync(verify_summaries)
        if differences:
            await connection.run_sync(drop_triggers)
            await connection.run_sync(rebuild_summaries)
        return differences + wide
