"""Tables as lines of text, in the order of their keys, with the values of the database.

On PostgreSQL the lines are those of COPY; on SQLite each is a list in JSON. They can only be read
back into the same database system.
"""
# ruff: noqa: S608 (names of tables and columns are those of the models)

import json
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Sequence,
)
from contextlib import contextmanager
from itertools import islice
from typing import Any

from asyncpg import InterfaceError, PostgresError
from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

DUMP_BATCH_ROWS = 2000  # rows
# A moment has one text in every time zone; a role that may not see all rows gets an error.
DUMP_SETTINGS = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL row_security = off",
)

ChunkWriter = Callable[[bytes], Awaitable[None]]


async def dump_table(connection: AsyncConnection, table: Table, take: ChunkWriter) -> None:
    """Hands over the lines piece by piece: whole lines on SQLite, whatever comes on PostgreSQL."""
    keys = quoted_column_list(table.primary_key.columns)
    statement = f'SELECT {quoted_column_list(table.columns)} FROM "{table.name}" ORDER BY {keys}'
    if connection.dialect.name == "postgresql":
        with wrap_copy_errors(table):
            await (await copy_connection(connection)).copy_from_query(statement, output=take)
        return
    rows = await connection.stream(text(statement))
    async for batch in rows.partitions(DUMP_BATCH_ROWS):
        await take(b"".join(map(encode_row, batch)))


async def restore_lines(connection: AsyncConnection, table: Table, lines: Iterable[bytes]) -> None:
    """Insert the lines that `dump_table` handed over."""
    if connection.dialect.name == "postgresql":
        columns = [column.name for column in table.columns]
        await restore_table(connection, table, batch_lines(lines), columns)
        return
    marks = ", ".join("?" for _ in table.columns)
    statement = f'INSERT INTO "{table.name}" ({quoted_column_list(table.columns)}) VALUES ({marks})'
    left = map(decode_row, lines)
    while some := list(islice(left, DUMP_BATCH_ROWS)):
        await connection.exec_driver_sql(statement, some)


async def restore_table(
    connection: AsyncConnection, table: Table, lines: AsyncIterable[bytes], columns: Sequence[str]
) -> None:
    """Insert lines of COPY on PostgreSQL, with those columns."""
    with wrap_copy_errors(table):
        await (await copy_connection(connection)).copy_to_table(
            table.name, source=lines, columns=columns
        )


@contextmanager
def wrap_copy_errors(table: Table) -> Iterator[None]:
    """COPY passes by SQLAlchemy, which would make these of the driver's errors."""
    try:
        yield
    except (PostgresError, InterfaceError) as error:
        raise DBAPIError(f"COPY {table.name}", None, error) from error


async def batch_lines(lines: Iterable[bytes]) -> AsyncIterator[bytes]:
    left = iter(lines)
    while batch := b"".join(islice(left, DUMP_BATCH_ROWS)):
        yield batch


def quoted_column_list(columns: Iterable[Any]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)


async def copy_connection(connection: AsyncConnection) -> Any:
    for setting in DUMP_SETTINGS:
        await connection.execute(text(setting))
    return (await connection.get_raw_connection()).driver_connection


def encode_row(row: Iterable[Any]) -> bytes:
    values = [{"hex": value.hex()} if isinstance(value, bytes) else value for value in row]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode_row(line: bytes) -> tuple[Any, ...]:
    values = json.loads(line)
    return tuple(
        bytes.fromhex(value["hex"]) if isinstance(value, dict) else value for value in values
    )
