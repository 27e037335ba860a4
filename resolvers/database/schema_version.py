"""The schema version of a database, and the one that this service needs."""

import io
from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import SQLModel

from kit.db.engine import ddl_transaction
from kit.errors import Unavailable
from kit.i18n import Message
from resolvers.core.context import today_in_china
from resolvers.database.text_normalization import normalize_stored_texts
from resolvers.writing.audiences import narrow_all_audiences
from resolvers.writing.derived_columns import update_region_tree
from resolvers.writing.search_index import insert_missing_terms
from resolvers.writing.summary_tables import drop_triggers, rebuild_summaries

NORMALIZED_SINCE = "0026"  # the version that normalized stored text, by kit/text/normalization.py
PROJECT_ROOT = Path(__file__).parent.parent.parent


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config(toml_file=PROJECT_ROOT / "pyproject.toml", stdout=io.StringIO())
    config.attributes["connection"] = connection
    return config


@cache
def head_revision() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def read_revisions() -> set[str]:
    return {
        revision.revision
        for revision in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    }


def newer_version_message(version: str | None) -> Message:
    return Message(
        f"The database is at schema version {version}, which a newer version of the service made. "
        "Run that version.",
        f"数据库的结构版本 {version} 由更新的服务建立，本版服务不认识，请运行更新的版本。",
    )


def current_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def is_schema_current(connection: AsyncConnection) -> bool:
    return await connection.run_sync(current_revision) == head_revision()


async def require_current_schema(engine: AsyncEngine) -> None:
    """Raise Unavailable with the command to run, unless the schema is current."""
    async with engine.connect() as connection:
        current = await connection.run_sync(current_revision)
    if current != head_revision():
        if current is not None and current not in read_revisions():
            raise Unavailable(*newer_version_message(current))
        state = "has no tables yet" if current is None else f"is at schema version {current}"
        raise Unavailable(
            f"The database {state}; this version of the service needs {head_revision()}. "
            "Run 'python cli.py migrate' with the same DATABASE_URL, then start again.",
            f"数据库的结构版本为 {current or '空'}，本版服务需要 {head_revision()}。"
            "请以同一 DATABASE_URL 运行 python cli.py migrate，然后重新启动。",
        )


async def migrate(engine: AsyncEngine, revision: str = "head") -> bool:
    """Migrate; return whether anything changed. `base` drops all tables with their data."""
    async with ddl_transaction(engine) as connection:
        before = await connection.run_sync(current_revision)
        try:
            await connection.run_sync(lambda sync: run_migrations(sync, revision, before))
        except CommandError as error:
            raise Unavailable(*newer_version_message(before)) from error
        after = await connection.run_sync(current_revision)
        if after == head_revision():
            await insert_missing_terms(connection)
            if before is not None and before < NORMALIZED_SINCE:
                await normalize_stored_texts(connection, "migrate")
            if before not in (
                None,
                after,
            ):  # earlier versions may have placed regions otherwise
                await update_region_tree(connection)
                # Nor did they narrow audiences as this one does.
                await narrow_all_audiences(connection, "migrate", today_in_china())
        return before != after


def run_migrations(connection: Connection, revision: str, before: str | None) -> None:
    """Run migrations and rebuild summaries, as SQLite loses triggers when it changes a table."""
    if revision == "head" and before == head_revision():
        return
    turn = command.downgrade if revision == "base" else command.upgrade
    drop_triggers(connection)
    turn(alembic_config(connection), revision)
    rebuild_summaries(connection)


async def create_revision(engine: AsyncEngine, message: str) -> None:
    """Write a migration from the newest version to the models. The database must be empty.

    Nothing is derived in it, as that would read the tables that aren't there yet.
    """
    async with ddl_transaction(engine) as connection:
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), "head"))
    number = f"{int(head_revision() or 0) + 1:04}"
    async with engine.connect() as connection:
        await connection.run_sync(
            lambda sync: command.revision(
                alembic_config(sync), message=message, autogenerate=True, rev_id=number
            )
        )
    head_revision.cache_clear()


def schema_drift(connection: Connection) -> list[object]:
    """Return the differences between tables and models, like `alembic check`."""
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, SQLModel.metadata))
