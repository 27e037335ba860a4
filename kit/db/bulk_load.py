"""Bulk inserts: COPY on PostgreSQL, batches on SQLite; indexes are made after the rows."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from itertools import islice
from typing import Any

from asyncpg import InterfaceError, PostgresError
from sqlalchemy import Column, Table, bindparam, insert, text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

BULK_BATCH_ROWS = 2000  # rows a batch; more gain nothing and cost memory
# How each reference and index goes, and how it comes back, as the database itself tells it.
POSTGRESQL_CATALOG_QUERIES = (
    """SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s',
            conrelid::regclass, conname, pg_get_constraintdef(c.oid))
    FROM pg_constraint c JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype = 'f' AND relname IN :tables ORDER BY 1""",
    """SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relname IN :tables AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)
    ORDER BY 1""",
)
SQLITE_CATALOG_QUERIES = (
    """SELECT 'DROP INDEX "' || name || '"', sql FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN :tables ORDER BY 1""",
)


async def bulk_insert(
    connection: AsyncConnection,
    table: Table,
    columns: Sequence[str],
    records: Iterable[Sequence[Any]],
) -> None:
    """All records, in the columns' order; they are taken one by one, and never kept."""
    if connection.dialect.name == "postgresql":
        await copy_rows(connection, table, columns, records)
        return
    left = iter(records)
    while batch := [
        dict(zip(columns, record, strict=True)) for record in islice(left, BULK_BATCH_ROWS)
    ]:
        await connection.execute(insert(table), batch)


async def copy_rows(
    connection: AsyncConnection,
    table: Table,
    columns: Sequence[str],
    records: Iterable[Sequence[Any]],
) -> None:
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    bound = convert_for_copy(connection.dialect, [table.c[name] for name in columns], records)
    try:
        await driver.copy_records_to_table(table.name, records=bound, columns=columns)
    except (PostgresError, InterfaceError) as error:
        raise DBAPIError(f"COPY {table.name}", None, error) from error


def convert_for_copy(
    dialect: Dialect, columns: Sequence[Column[Any]], records: Iterable[Sequence[Any]]
) -> Iterator[list[Any]]:
    """Values as the columns' types would hand them to the driver, which COPY passes by."""
    processors = [
        # The same few words come again and again.
        (index, lru_cache(process))
        for index, column in enumerate(columns)
        if (process := column.type.dialect_impl(dialect).bind_processor(dialect))
    ]
    for record in records:
        row = list(record)
        for index, process in processors:
            row[index] = process(row[index])
        yield row


@asynccontextmanager
async def deferred_indexes(
    connection: AsyncConnection, tables: Sequence[Table], each: Callable[[], None]
) -> AsyncIterator[None]:
    """Drop indexes, except those of keys, and on PostgreSQL foreign keys, until the block ends.

    At the end all are recreated in the same transaction, and checked for every row. No other
    session reads the tables until then. `each` is called after every step of that.
    """
    names = [table.name for table in tables]
    catalogues = (
        SQLITE_CATALOG_QUERIES
        if connection.dialect.name == "sqlite"
        else POSTGRESQL_CATALOG_QUERIES
    )
    indexes: list[Any] = []
    for catalogue in catalogues:
        query = text(catalogue).bindparams(bindparam("tables", expanding=True))
        indexes += (await connection.execute(query, {"tables": names})).all()
    for gone, _ in indexes:
        await connection.execute(text(gone))
    yield
    analyses = (f'ANALYZE "{name}"' for name in names)
    for statement in [*(back for _, back in reversed(indexes)), *analyses]:
        await connection.execute(text(statement))
        each()


async def vacuum_analyze(engine: AsyncEngine) -> None:
    """PostgreSQL answers from an index alone only after this; by itself it comes to it later."""
    if engine.dialect.name == "postgresql":
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("VACUUM ANALYZE"))
