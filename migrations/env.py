"""Runs migrations on a connection that is handed over, or, by `alembic`, on DATABASE_URL."""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, inspect, text
from sqlmodel import SQLModel

from kit.columns import Moment, PartialDateText, Text, Words, WordSet
from kit.database import open_engine, writing
from models import ALL_SUMMARIES, TWINS, RegionAncestor
from models.history import models_of, stored
from resolvers.summaries import let_go, take_up
from settings import read_settings

READERS = [f"jiangpu_{role}" for role in ("public", "partner", "convenor", "union", "steward")]
OURS = (Moment, PartialDateText, Text, Words, WordSet)


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our types as migrations write them; a list of words is text, so that it may grow."""
    if kind != "type" or not isinstance(item, OURS):
        return False
    if isinstance(item, Text):
        return f"kit.columns.Text({item.length or ''})"
    if isinstance(item, Words):
        return "kit.columns.Text(40)"
    if isinstance(item, WordSet):
        return "kit.columns.Text()"
    return f"kit.columns.{type(item).__name__}()"


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
    """The roles that read get what partners may ask for, and no other table."""
    if connection.dialect.name != "postgresql":
        return
    tables = [*map(stored, models_of()), stored(RegionAncestor), *TWINS.values()]
    tables += [summary.table for summary in ALL_SUMMARIES]
    names = {table.name for table in tables}
    there = names.intersection(inspect(connection).get_table_names())
    if there and connection.scalar(text("SELECT to_regrole('jiangpu_public')")):
        listed = ", ".join(map(connection.dialect.identifier_preparer.quote, sorted(there)))
        connection.execute(text(f"GRANT SELECT ON {listed} TO {', '.join(READERS)}"))


async def run_on_database_of_settings() -> None:
    engine = open_engine(read_settings().url)
    async with writing(engine) as connection:
        await connection.run_sync(let_go)
        await connection.run_sync(run)
        await connection.run_sync(take_up)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(run_on_database_of_settings())
else:
    run(given)
