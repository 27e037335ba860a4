"""Runs migrations on a connection that is handed over, or, by `alembic`, on DATABASE_URL."""

import asyncio
from collections.abc import Iterable
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, inspect, text
from sqlmodel import SQLModel

from kit.db.column_types import (
    EnumSetText,
    EnumText,
    FixedDecimal,
    PartialDateText,
    Text,
    UtcDateTime,
)
from kit.db.engine import open_engine, write_transaction
from kit.db.table_aliases import WITHHELD_INFO
from models import (
    ALL_UNRESTRICTED_SUMMARIES,
    AUDIENCE_SUMMARIES,
    HISTORY_TABLES,
    UNPUBLISHED_SUMMARY,
)
from models.history import model_table, table_models
from models.region import RegionAncestor
from models.unpublished import UnpublishedGrade, WorkerUnpublished
from resolvers.writing.summary_tables import drop_triggers, rebuild_summaries
from settings import read_settings

STEWARD = "jiangpu_steward"
READERS = [f"jiangpu_{role}" for role in ("public", "partner", "convenor", "union", "steward")]
UNPUBLISHED_TABLES = {
    UNPUBLISHED_SUMMARY.table,
    model_table(UnpublishedGrade),
    model_table(WorkerUnpublished),
}
OURS = (UtcDateTime, PartialDateText, Text, FixedDecimal, EnumText, EnumSetText)


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our types as migrations write them; a list of words is text, so that it may grow."""
    if kind != "type" or not isinstance(item, OURS):
        return False
    if isinstance(item, Text):
        return f"kit.db.column_types.Text({item.length or ''})"
    if isinstance(item, EnumText):
        return "kit.db.column_types.Text(40)"
    if isinstance(item, EnumSetText):
        return "kit.db.column_types.Text()"
    return f"kit.db.column_types.{type(item).__name__}()"


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        let_read(connection)


def let_read(connection: Connection) -> None:
    """Grant the reading roles the tables that partners may query, and no other.

    What is withheld, and what is counted of all there is, only the steward reads; of what isn't
    public, the public reads nothing.
    """
    if connection.dialect.name != "postgresql":
        return
    tables = [
        *map(model_table, table_models()),
        model_table(RegionAncestor),
        *HISTORY_TABLES.values(),
    ]
    tables += [summary.table for summary in AUDIENCE_SUMMARIES]
    whole = {summary.name for summary in ALL_UNRESTRICTED_SUMMARIES}
    inspector, quote = inspect(connection), connection.dialect.identifier_preparer.quote
    there = set(inspector.get_table_names())
    if not there or not connection.scalar(text("SELECT to_regrole('jiangpu_public')")):
        return
    let(connection, "SELECT", map(quote, sorted(whole & there)), STEWARD)
    unpublished = {table.name for table in UNPUBLISHED_TABLES}
    let(connection, "SELECT", map(quote, sorted(unpublished & there)), *READERS[1:])
    for table in tables:
        withheld = {column.name for column in table.c if column.info.get(WITHHELD_INFO)}
        if table.name in there and withheld:
            columns = [quote(one["name"]) for one in inspector.get_columns(table.name)]
            others = [one for one in columns if one not in withheld]
            name = quote(table.name)
            revoked = f"REVOKE SELECT ON {name} FROM {', '.join(READERS)}"  # noqa: S608 (names of ours)
            connection.execute(text(revoked))
            let(connection, f"SELECT ({', '.join(others)})", [name], *READERS)
            let(connection, "SELECT", [name], STEWARD)
            there.remove(table.name)
    names = {table.name for table in tables}
    let(connection, "SELECT", map(quote, sorted(names & there)), *READERS)


def let(connection: Connection, what: str, tables: Iterable[str], *roles: str) -> None:
    if listed := ", ".join(tables):
        connection.execute(text(f"GRANT {what} ON {listed} TO {', '.join(roles)}"))


async def run_on_database_of_settings() -> None:
    engine = open_engine(read_settings().url)
    async with write_transaction(engine) as connection:
        await connection.run_sync(drop_triggers)
        await connection.run_sync(run)
        await connection.run_sync(rebuild_summaries)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(run_on_database_of_settings())
else:
    run(given)
