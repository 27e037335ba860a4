"""Tables as lines of text, in the order of their keys, as the database itself has their values.

On PostgreSQL the lines are those of COPY, on SQLite each is a list in JSON: they go back to where
they came from, and nowhere else.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from asyncpg import InterfaceError, PostgresError
from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

AT_ONCE = 2000  # rows
# A moment is one text, wherever the server stands; and whoever may not see all rows is told so.
ALIKE = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL row_security = off",
)

Take = Callable[[bytes], Awaitable[None]]


async def read_lines(connection: AsyncConnection, table: Table, take: Take) -> None:
    """Hands over the lines piece by piece: whole lines on SQLite, whatever comes on PostgreSQL."""
    keys = names(table.primary_key.columns)
    statement = f'SELECT {names(table.columns)} FROM "{table.name}" ORDER BY {keys}'
    if connection.dialect.name == "postgresql":
        with refusals(table):
            await (await driver(connection)).copy_from_query(statement, output=take)
        return
    rows = await connection.stream(text(statement))
    async for some in rows.partitions(AT_ONCE):
        await take(b"".join(map(line_of, some)))


async def write_lines(connection: AsyncConnection, table: Table, lines: Iterable[bytes]) -> None:
    if connection.dialect.name == "postgresql":
        columns = [column.name for column in table.columns]
        source = pieces(lines)
        with refusals(table):
            await (await driver(connection)).copy_to_table(
                table.name, source=source, columns=columns
            )
        return
    marks = ", ".join("?" for _ in table.columns)
    statement = f'INSERT INTO "{table.name}" ({names(table.columns)}) VALUES ({marks})'
    left = map(row_of, lines)
    while some := list(islice(left, AT_ONCE)):
        await connection.exec_driver_sql(statement, some)


@contextmanager
def refusals(table: Table) -> Iterator[None]:
    """COPY passes by SQLAlchemy, which would make these of the driver's errors."""
    try:
        yield
    except (PostgresError, InterfaceError) as error:
        raise DBAPIError(f"COPY {table.name}", None, error) from error


async def pieces(lines: Iterable[bytes]) -> Any:
    left = iter(lines)
    while some := b"".join(islice(left, AT_ONCE)):
        yield some


def names(columns: Iterable[Any]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)


async def driver(connection: AsyncConnection) -> Any:
    for setting in ALIKE:
        await connection.execute(text(setting))
    return (await connection.get_raw_connection()).driver_connection


def line_of(row: Iterable[Any]) -> bytes:
    values = [{"hex": one.hex()} if isinstance(one, bytes) else one for one in row]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def row_of(line: bytes) -> tuple[Any, ...]:
    values = json.loads(line)
    return tuple(bytes.fromhex(one["hex"]) if isinstance(one, dict) else one for one in values)
