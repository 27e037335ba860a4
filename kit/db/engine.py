"""Opens a database, and covers the differences between the SQL dialects."""

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

from kit.db.column_types import Text
from kit.db.pgbouncer import UNPREPARED_OPTIONS, set_config_statement, split_pooling
from kit.db.postgres_connection import CheckedConnection
from kit.db.session_role import SessionRole
from kit.db.write_lock import exclusive_writer, translate_timeouts
from kit.runtime.metering import STATEMENT_TIMER
from kit.security.private_files import make_private_file
from kit.timeouts import APPLICATION_NAME, Timeouts, milliseconds
from kit.values.random_rounding import member_hash

T = TypeVar("T")

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA busy_timeout = 5000",
)

# Instructions of SQLite's virtual machine between two looks at the clock: less than 1 ms.
PROGRESS_STEPS = 10_000
BUSY_TIMEOUT = 0.2  # seconds, between two tries to get the write lock

# One writer at a time: what a rule has checked still holds when its rows are written, and changes
# are numbered in the order in which they become visible. Any fixed number serves.
WRITE_LOCK_ID = 0x6A706B
WRITE_LOCK_FUNCTION = "pg_advisory_xact_lock"

# Protected rows are visible and writable only with this setting, even to the owner of the tables.
WRITER_SETTINGS = {"jiangpu.writing": "on"}


def open_engine(url: str, patience: Timeouts | None = None) -> AsyncEngine:
    """`sqlite:///path`, `postgresql://…` or either with its driver named.

    Without `patience` nothing is hurried: an import takes as long as it takes.
    """
    parsed, pooled = split_pooling(make_url(url))
    driver = {"sqlite": "sqlite+aiosqlite"}.get(parsed.get_backend_name(), "postgresql+asyncpg")
    limits: dict[str, Any] = {} if patience is None else engine_options(driver, patience)
    if driver == "postgresql+asyncpg":
        arguments = limits.setdefault("connect_args", {})
        settings = arguments.setdefault("server_settings", {})
        settings |= WRITER_SETTINGS
        if pooled:
            arguments |= {
                **UNPREPARED_OPTIONS,
                "server_settings": {"application_name": APPLICATION_NAME},
            }
    engine = create_async_engine(parsed.set(drivername=driver), hide_parameters=True, **limits)
    if pooled:
        hurry = {} if patience is None else patience.transaction_settings
        begun = set_config_statement(WRITER_SETTINGS | hurry)
        event.listen(engine.sync_engine, "begin", lambda opened: opened.exec_driver_sql(begun))
    if patience is not None:
        event.listen(engine.sync_engine, "before_cursor_execute", start_statement_timer)
        event.listen(engine.sync_engine, "after_cursor_execute", stop_statement_timer)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "do_connect", create_private_database)
        event.listen(engine.sync_engine, "connect", configure_sqlite)
        event.listen(engine.sync_engine, "begin", begin_sqlite)
        if patience is not None:
            event.listen(engine.sync_engine, "connect", install_deadline)
            event.listen(engine.sync_engine, "before_cursor_execute", set_statement_deadline)
    return engine


def engine_options(driver: str, patience: Timeouts) -> dict[str, Any]:
    options = {"execution_options": {"patience": patience}, "pool_timeout": patience.pool}
    if driver == "postgresql+asyncpg":
        settings = {
            "timeout": patience.connect,
            "server_settings": patience.connection_settings,
            "connection_class": CheckedConnection,
        }
        # The pool pings before each use, so that a restart of the database doesn't cause errors.
        return {**options, "connect_args": settings, "pool_pre_ping": True}
    return options


def create_private_database(
    dialect: Any, record: Any, arguments: list[Any], named: dict[str, Any]
) -> None:
    """SQLite gives its log and its index, `-wal` and `-shm`, the rights of the file itself."""
    path = Path(arguments[0])
    if not path.exists() and arguments[0] != ":memory:":
        make_private_file(path)


def install_deadline(connection: Any, record: Any) -> None:
    """SQLite knows no limit of time: it asks, every so many steps, whether to go on."""
    info = record.info

    def over() -> bool:
        return bool(monotonic() > info.get("until", inf))

    connection.run_async(lambda driver: driver.set_progress_handler(over, PROGRESS_STEPS))
    connection.execute(f"PRAGMA busy_timeout = {milliseconds(BUSY_TIMEOUT)}").close()


def start_statement_timer(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
    """Start the request's timer, which excludes waiting for the writers' lock."""
    if WRITE_LOCK_FUNCTION not in statement:
        STATEMENT_TIMER.__enter__()


def stop_statement_timer(*_: Any) -> None:
    STATEMENT_TIMER.__exit__()


def set_statement_deadline(connection: Connection, *rest: Any) -> None:
    patience = connection.get_execution_options()["patience"]
    connection.connection.info["until"] = monotonic() + patience.statement


async def interrupt_statement(connection: AsyncConnection) -> None:
    """Interrupt the running statement of SQLite; asyncpg cancels one when its task is cancelled."""
    if connection.dialect.name == "sqlite":
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.interrupt()


def configure_sqlite(connection: Any, record: Any) -> None:
    # The driver would begin transactions late, and only before writes: we begin them ourselves.
    connection.isolation_level = None
    for setting in SQLITE_PRAGMAS:
        connection.execute(setting).close()
    connection.create_function("mark_of", 2, member_hash, deterministic=True)
    connection.create_function("md5", 1, md5, deterministic=True)


def md5(text: str) -> str:
    """PostgreSQL's function of the name."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("writing", False):
        connection.exec_driver_sql("BEGIN")
        return
    # SQLite itself waits for `busy_timeout` only, and others may write for longer.
    until = monotonic() + options["patience"].lock if "patience" in options else inf
    while monotonic() < until:
        if try_begin_immediate(connection):
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def try_begin_immediate(connection: Connection) -> bool:
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
async def read_transaction(
    engine: AsyncEngine, wall: SessionRole | None = None
) -> AsyncIterator[AsyncConnection]:
    """One snapshot: what is read in it does not change meanwhile."""
    async with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            if wall is not None:
                await connection.exec_driver_sql(wall.transaction_statement)
        yield connection


@asynccontextmanager
async def write_transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One transaction, alone among writers; it is rolled back whole when anything is raised.

    Raises Overloaded where others write for longer than is waited.
    """
    async with exclusive_writer(engine), engine.connect() as connection:
        await connection.execution_options(writing=True)
        async with connection.begin():
            if engine.dialect.name == "postgresql":
                await connection.execute(select(func.pg_advisory_xact_lock(WRITE_LOCK_ID)))
            yield connection


@asynccontextmanager
async def checked_write_transaction(
    engine: AsyncEngine, check: Callable[[AsyncConnection], Awaitable[T]]
) -> AsyncIterator[tuple[AsyncConnection, T]]:
    """As `write_transaction`, but `check` runs first and raises for a viewer who may not write.

    No lock is taken before it. It runs again behind the lock; its result comes with the
    connection. Raises Unavailable too.
    """
    async with translate_timeouts(engine):
        async with read_transaction(engine) as connection:
            await check(connection)
        async with write_transaction(engine) as connection:
            yield connection, await check(connection)


@asynccontextmanager
async def ddl_transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """As `write_transaction`, for changes of the tables themselves.

    SQLite changes most of a table by recreating it, which it can't do while foreign keys are
    enforced. They are checked at the end instead; that is switched outside the transaction.
    """
    if engine.dialect.name != "sqlite":
        async with write_transaction(engine) as connection:
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
class KeyParameter:
    """Keys that are bound under a name whenever a statement is run: a single one, or a list."""

    name: str
    single: bool

    def bound(self) -> BindParameter[str]:
        return bindparam(self.name, type_=Text())

    def listed(self, dialect: str) -> TableValuedAlias:
        """Return the keys as rows with one column, `key`."""
        if dialect == "postgresql":
            array: Any = bindparam(self.name, type_=ARRAY(Text()))
            rows = func.unnest(array).table_valued(sql_column("key", Text()), name=self.name)
            return rows.render_derived()
        return func.json_each(bindparam(self.name, type_=String())).table_valued(
            sql_column("value", Text()), name=self.name
        )


def key_parameter_value(keys: Sequence[str], dialect: str) -> Any:
    """Return a list of keys as a driver takes it for `KeyParameter`."""
    return list(keys) if dialect == "postgresql" else json.dumps(list(keys))


ROWS_PER_STATEMENT = 5000  # more rows in a statement gain nothing and cost memory


def in_keys(
    column: ColumnElement[Any],
    keys: Sequence[str] | KeyParameter | ColumnElement[str],
    dialect: str,
) -> ColumnElement[bool]:
    """`column` is one of `keys`, bound as one value: drivers limit how many a statement takes.

    Or the key of another row of the same statement.
    """
    if isinstance(keys, ColumnElement):
        return column == keys
    if isinstance(keys, KeyParameter):
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
