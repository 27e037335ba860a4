"""Opening a database, and what its dialects write differently."""

import hashlib
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    String,
    TableValuedAlias,
    any_,
    bindparam,
    event,
    func,
    select,
)
from sqlalchemy import column as sql_column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from kit.columns import Text
from kit.metered import STATEMENT
from kit.patience import NAME, Patience, milliseconds
from kit.pooling import NAMELESS, for_a_transaction, without_pooling
from kit.private import make_private
from kit.rounding import mark_of
from kit.sessions import Pinged
from kit.walls import Wall
from kit.writers import in_time, turn_to_write

T = TypeVar("T")

SQLITE_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA busy_timeout = 5000",
)

STEPS = 10_000  # of SQLite's machine, between two looks at the clock: less than a millisecond
LOOK = 0.2  # seconds, between two looks whether somebody else has written what he wanted

# One writer at a time: what a rule has checked still holds when its rows are written, and changes
# are numbered in the order in which they become visible. Any fixed number serves.
WRITER_LOCK = 0x6A706B
WRITERS_TURN = "pg_advisory_xact_lock"

# Even to the owner of its tables PostgreSQL shows and lets change what is protected only if told.
AS_WRITER = {"jiangpu.writing": "on"}


def open_engine(url: str, patience: Patience | None = None) -> AsyncEngine:
    """`sqlite:///path`, `postgresql://…` or either with its driver named.

    Without `patience` nothing is hurried: an import takes as long as it takes.
    """
    parsed, pooled = without_pooling(make_url(url))
    driver = {"sqlite": "sqlite+aiosqlite"}.get(parsed.get_backend_name(), "postgresql+asyncpg")
    limits: dict[str, Any] = {} if patience is None else limited(driver, patience)
    if driver == "postgresql+asyncpg":
        given = limits.setdefault("connect_args", {})
        settings = given.setdefault("server_settings", {})
        settings |= AS_WRITER
        if pooled:
            given |= {**NAMELESS, "server_settings": {"application_name": NAME}}
    engine = create_async_engine(parsed.set(drivername=driver), hide_parameters=True, **limits)
    if pooled:
        hurry = {} if patience is None else patience.of_transaction
        begun = for_a_transaction(AS_WRITER | hurry)
        event.listen(engine.sync_engine, "begin", lambda opened: opened.exec_driver_sql(begun))
    if patience is not None:
        event.listen(engine.sync_engine, "before_cursor_execute", count_statement)
        event.listen(engine.sync_engine, "after_cursor_execute", statement_counted)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "do_connect", keep_private)
        event.listen(engine.sync_engine, "connect", prepare_sqlite)
        event.listen(engine.sync_engine, "begin", begin_on_sqlite)
        if patience is not None:
            event.listen(engine.sync_engine, "connect", time_sqlite)
            event.listen(engine.sync_engine, "before_cursor_execute", begin_statement)
    return engine


def limited(driver: str, patience: Patience) -> dict[str, Any]:
    found = {"execution_options": {"patience": patience}, "pool_timeout": patience.pool}
    if driver == "postgresql+asyncpg":
        settings = {
            "timeout": patience.connect,
            "server_settings": patience.of_postgres,
            "connection_class": Pinged,
        }
        # Asked again before each use, so that a restart of the database is not seen for long.
        return {**found, "connect_args": settings, "pool_pre_ping": True}
    return found


def keep_private(dialect: Any, record: Any, arguments: list[Any], named: dict[str, Any]) -> None:
    """SQLite gives its log and its index, `-wal` and `-shm`, the rights of the file itself."""
    path = Path(arguments[0])
    if not path.exists() and arguments[0] != ":memory:":
        make_private(path)


def time_sqlite(connection: Any, record: Any) -> None:
    """SQLite knows no limit of time: it asks, every so many steps, whether to go on."""
    kept = record.info

    def over() -> bool:
        return bool(monotonic() > kept.get("until", inf))

    connection.run_async(lambda driver: driver.set_progress_handler(over, STEPS))
    connection.execute(f"PRAGMA busy_timeout = {milliseconds(LOOK)}").close()


def count_statement(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
    """The time of the statement is the request's; what it waits for the writers' lock is not."""
    if WRITERS_TURN not in statement:
        STATEMENT.__enter__()


def statement_counted(*_: Any) -> None:
    STATEMENT.__exit__()


def begin_statement(connection: Connection, *rest: Any) -> None:
    patience = connection.get_execution_options()["patience"]
    connection.connection.info["until"] = monotonic() + patience.statement


async def stop(connection: AsyncConnection) -> None:
    """Makes an end of the statement that SQLite is running; PostgreSQL needs no more than that
    nobody waits for it."""
    if connection.dialect.name == "sqlite":
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.interrupt()


def prepare_sqlite(connection: Any, record: Any) -> None:
    # The driver would begin transactions late, and only before writes: we begin them ourselves.
    connection.isolation_level = None
    for setting in SQLITE_SETTINGS:
        connection.execute(setting).close()
    connection.create_function("mark_of", 2, mark_of, deterministic=True)
    connection.create_function("md5", 1, md5, deterministic=True)


def md5(text: str) -> str:
    """PostgreSQL's function of the name."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def begin_on_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("writing", False):
        connection.exec_driver_sql("BEGIN")
        return
    # SQLite itself waits for `busy_timeout` only, and others may write for longer.
    until = monotonic() + options["patience"].lock if "patience" in options else inf
    while monotonic() < until:
        if begun(connection):
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def begun(connection: Connection) -> bool:
    cursor = connection.connection.cursor()
    try:
        cursor.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    finally:
        cursor.close()
    return True


@asynccontextmanager
async def reading(engine: AsyncEngine, wall: Wall | None = None) -> AsyncIterator[AsyncConnection]:
    """One snapshot: what is read in it does not change meanwhile."""
    async with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            if wall is not None:
                await connection.exec_driver_sql(wall.local)
        yield connection


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One transaction, alone among writers; it is rolled back whole when anything is raised.

    Raises Busy where others write for longer than is waited.
    """
    async with turn_to_write(engine), engine.connect() as connection:
        await connection.execution_options(writing=True)
        async with connection.begin():
            if engine.dialect.name == "postgresql":
                await connection.execute(select(func.pg_advisory_xact_lock(WRITER_LOCK)))
            yield connection


@asynccontextmanager
async def writing_if(
    engine: AsyncEngine, check: Callable[[AsyncConnection], Awaitable[T]]
) -> AsyncIterator[tuple[AsyncConnection, T]]:
    """As `writing`, for who may: `check` raises for who may not, before any lock is asked for.

    It is asked again behind the lock; what it gives there comes with the connection. Raises
    Unavailable too.
    """
    async with in_time(engine):
        async with reading(engine) as connection:
            await check(connection)
        async with writing(engine) as connection:
            yield connection, await check(connection)


@asynccontextmanager
async def rebuilding(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """As `writing`, for changes of the tables themselves.

    SQLite changes most of a table by making it anew, and can't while references are enforced: they
    are checked at the end instead, and only outside a transaction can that be switched.
    """
    if engine.dialect.name != "sqlite":
        async with writing(engine) as connection:
            yield connection
        return
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.execute("PRAGMA foreign_keys = OFF")
        try:
            await connection.execution_options(writing=True)
            async with connection.begin():
                yield connection
                lost = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
                assert not lost, lost
        finally:
            await driver.execute("PRAGMA foreign_keys = ON")


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys that are bound under a name whenever a statement is run: a single one, or a list."""

    name: str
    single: bool

    def bound(self) -> BindParameter[str]:
        return bindparam(self.name, type_=Text())

    def listed(self, dialect: str) -> TableValuedAlias:
        """The keys as rows with one column, `key`."""
        if dialect == "postgresql":
            array: Any = bindparam(self.name, type_=ARRAY(Text()))
            rows = func.unnest(array).table_valued(sql_column("key", Text()), name=self.name)
            return rows.render_derived()
        return func.json_each(bindparam(self.name, type_=String())).table_valued(
            sql_column("value", Text()), name=self.name
        )


def bound_keys(keys: Sequence[str], dialect: str) -> Any:
    """A list of keys as a driver takes it for `Keys`."""
    return list(keys) if dialect == "postgresql" else json.dumps(list(keys))


def among(
    column: ColumnElement[Any], keys: Sequence[str] | Keys | ColumnElement[str], dialect: str
) -> ColumnElement[bool]:
    """`column` is one of `keys`, bound as one value: drivers limit how many a statement takes.

    Or the key of another row of the same statement.
    """
    if isinstance(keys, ColumnElement):
        return column == keys
    if isinstance(keys, Keys):
        if keys.single:
            return column == keys.bound()
        if dialect == "postgresql":
            return column == any_(bindparam(keys.name, type_=ARRAY(Text())))
        return column.in_(select(*keys.listed(dialect).c))
    if len(keys) == 1:
        return column == keys[0]
    if dialect == "postgresql":
        return column == any_(bindparam(None, list(keys), type_=ARRAY(Text())))
    listed = func.json_each(json.dumps(list(keys))).table_valued("value")
    return column.in_(select(listed.c.value))
