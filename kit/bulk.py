"""Very many rows at once: COPY on PostgreSQL, batches on SQLite; indexes after the rows."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from itertools import islice
from typing import Any

from asyncpg import InterfaceError, PostgresError
from sqlalchemy import Column, Table, insert, text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    DropConstraint,
    DropIndex,
    ExecutableDDLElement,
)

AT_ONCE = 2000  # rows a batch; more gain nothing and cost memory
# Sorting for an index in memory is worth it; the rest of the server keeps the rest.
SORTING = "SET LOCAL maintenance_work_mem = '256MB'"


async def pour(
    connection: AsyncConnection,
    table: Table,
    columns: Sequence[str],
    records: Iterable[Sequence[Any]],
) -> None:
    """All records, in the columns' order; they are taken one by one, and never kept."""
    if connection.dialect.name == "postgresql":
        await copy(connection, table, columns, records)
        return
    left = iter(records)
    while batch := [dict(zip(columns, one, strict=True)) for one in islice(left, AT_ONCE)]:
        await connection.execute(insert(table), batch)


async def copy(
    connection: AsyncConnection,
    table: Table,
    columns: Sequence[str],
    records: Iterable[Sequence[Any]],
) -> None:
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    bound = as_bound(connection.dialect, [table.c[name] for name in columns], records)
    try:
        await driver.copy_records_to_table(table.name, records=bound, columns=columns)
    except (PostgresError, InterfaceError) as error:
        raise DBAPIError(f"COPY {table.name}", None, error) from error


def as_bound(
    dialect: Dialect, columns: Sequence[Column[Any]], records: Iterable[Sequence[Any]]
) -> Iterator[list[Any]]:
    """Values as the columns' types would hand them to the driver, which COPY passes by."""
    processors = [
        # The same few words come again and again.
        (place, lru_cache(process))
        for place, column in enumerate(columns)
        if (process := column.type.dialect_impl(dialect).bind_processor(dialect))
    ]
    for record in records:
        row = list(record)
        for place, process in processors:
            row[place] = process(row[place])
        yield row


@asynccontextmanager
async def indexed_afterwards(
    connection: AsyncConnection, tables: Sequence[Table]
) -> AsyncIterator[None]:
    """Meanwhile the tables have no indexes but those of keys and, on PostgreSQL, no references.

    All of them come back at the end, in the same transaction, and hold for every row; nobody else
    reads the tables until it is over.
    """
    has_alter = connection.dialect.supports_alter
    indexes = [index for table in tables for index in sorted(table.indexes, key=str)]
    references = [
        reference for table in tables for reference in table.foreign_key_constraints if has_alter
    ]
    statements: list[ExecutableDDLElement] = [
        *(DropConstraint(one) for one in references),
        *(DropIndex(one) for one in indexes),
    ]
    for statement in statements:
        await connection.execute(statement)
    yield
    if connection.dialect.name == "postgresql":
        await connection.execute(text(SORTING))
    statements = [
        *(CreateIndex(one) for one in indexes),
        *(AddConstraint(one, isolate_from_table=False) for one in references),
    ]
    for statement in statements:
        await connection.execute(statement)
    for table in tables:
        await connection.execute(text(f'ANALYZE "{table.name}"'))
