"""Reads with the drivers directly; several statements share a read-only snapshot."""

import asyncio
from collections.abc import Sequence
from contextvars import Context
from time import monotonic
from typing import Any

import asyncpg
from sqlalchemy.engine import URL, make_url

from kit.db.pgbouncer import set_config_statement, split_pooling
from kit.db.postgres_connection import (
    CONNECTION_ERRORS,
    LOGIN_ROLE,
    TIMEOUT_ERRORS,
    PooledConnection,
)
from kit.db.read_pool import (
    DATABASE_UNREACHABLE,
    BoundStatement,
    ReadPool,
    StatementGenerator,
    advance,
)
from kit.db.session_role import SessionRole
from kit.db.sqlite_pool import SqliteReadPool
from kit.errors import Unavailable
from kit.runtime.metering import STATEMENT_TIMER
from kit.runtime.time_slices import run_in_slices
from kit.runtime.turns import FairSemaphore
from kit.timeouts import APPLICATION_NAME, Timeouts

POSTGRES_CONNECTIONS = 16
UNSLICED_ROWS = 1000  # rows of which an answer is made without looking whether others wait
STATEMENT_CACHE_SIZE = 200  # prepared statements of a connection, which the server keeps in memory
TRUSTED_SECONDS = 2.0  # seconds since its last use, for which a connection is taken to be alive
STALE_SECONDS = 1.0  # seconds, in which a connection that was dead when it was taken says so
ROLLBACK_TIMEOUT = 5.0  # seconds, for a connection whose statement was cancelled
BEGIN_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class PostgresReadPool(ReadPool):
    """Connections are held, the one used last first, and each keeps its prepared statements.

    Behind a proxy that pools transactions, none stays idle, and no statement runs outside one.
    """

    dialect = "postgresql"
    connections = POSTGRES_CONNECTIONS

    def __init__(self, url: URL, patience: Timeouts | None = None) -> None:
        super().__init__(patience)
        plain, self.has_pooler = split_pooling(url.set(drivername="postgresql"))
        self.timeout_statement = set_config_statement(self.patience.transaction_settings)
        self.address = plain.render_as_string(hide_password=False)
        self.idle: list[PooledConnection] = []
        self.stale_at = 0.0  # when one was found dead: those returned before are checked
        self.turns = FairSemaphore(
            POSTGRES_CONNECTIONS, self.patience.pool, self.patience.pool_timeout_error
        )
        self.recovery_tasks: set[asyncio.Task[None]] = set()

    async def drive(
        self,
        work: StatementGenerator,
        ask: BoundStatement,
        *,
        alone: bool,
        wall: SessionRole | None,
        pieces: bool = False,
    ) -> Any:
        wall = wall or LOGIN_ROLE
        try:
            while True:
                connection = await self.take(wall)
                try:
                    if alone and not self.has_pooler:
                        await self.behind(wall, connection)
                        result = await self.answer(connection, work, ask, pieces=pieces)
                    else:
                        result = await self.transaction(wall, connection, work, ask, pieces=pieces)
                    break
                except BaseException as error:
                    self.recover(connection, error)
                    if not self.was_stale(connection, error):
                        raise
        except (*CONNECTION_ERRORS, *TIMEOUT_ERRORS) as error:
            raise self.patience.told(error) or Unavailable(*DATABASE_UNREACHABLE) from error
        finally:
            work.close()
        self.give_back(connection)
        return result

    async def transaction(
        self,
        wall: SessionRole,
        connection: PooledConnection,
        work: StatementGenerator,
        ask: BoundStatement,
        *,
        pieces: bool,
    ) -> Any:
        """Run the work. BEGIN sets the session role too, which saves a round trip."""
        before, connection.wall = connection.wall, None  # a transaction that fails undoes it
        if self.has_pooler:
            wall, text = (
                LOGIN_ROLE,
                f"{BEGIN_SNAPSHOT}; {self.timeout_statement}; {wall.transaction_statement}",
            )
        else:
            text = (
                BEGIN_SNAPSHOT if before == wall else f"{BEGIN_SNAPSHOT}; {wall.session_statement}"
            )
        await connection.execute(text)
        connection.unverified_since = None
        result = await self.answer(connection, work, ask, pieces=pieces)
        await connection.execute("COMMIT")
        connection.wall = wall
        return result

    async def behind(self, wall: SessionRole, connection: PooledConnection) -> None:
        if connection.wall != wall:
            connection.wall = None
            await connection.execute(wall.session_statement)
            connection.wall, connection.unverified_since = wall, None

    async def fetch(self, ask: BoundStatement, wall: SessionRole | None = None) -> Sequence[Any]:
        if self.has_pooler:
            return await super().fetch(ask, wall)
        statement, values = ask
        wall = wall or LOGIN_ROLE
        self.told(statement.text)
        try:
            while True:
                connection = await self.take(wall)
                try:
                    if connection.wall != wall:
                        await self.behind(wall, connection)
                    with STATEMENT_TIMER:
                        rows: Sequence[Any] = await connection.fetch(statement.text, *values)
                    break
                except BaseException as error:
                    self.recover(connection, error)
                    if not self.was_stale(connection, error):
                        raise
        except (*CONNECTION_ERRORS, *TIMEOUT_ERRORS) as error:
            raise self.patience.told(error) or Unavailable(*DATABASE_UNREACHABLE) from error
        self.give_back(connection)
        return rows

    def was_stale(self, connection: PooledConnection, error: BaseException) -> bool:
        """Whether it was dead when taken: there is no result yet, and all runs on another one.

        A loss during a statement is an error: the statement may be its cause. The retry takes no
        other unchecked connection, so no statement runs more often than twice.
        """
        taken = connection.unverified_since
        if (
            taken is None
            or not isinstance(error, CONNECTION_ERRORS)
            or monotonic() - taken > STALE_SECONDS
        ):
            return False
        self.stale_at = monotonic()
        return True

    def recover(self, connection: PooledConnection, error: BaseException) -> None:
        """End the transaction of a connection: it goes back to the pool, or is closed.

        No request waits for it. If a query was cancelled, asyncpg made the server stop its
        statement, and the next one on the connection waits until it has stopped.
        """
        if isinstance(error, CONNECTION_ERRORS):
            connection.terminate()
            self.turns.release()
            return
        # In a context of its own: it doesn't wait as the request may have to.
        task = asyncio.get_running_loop().create_task(self.roll_back(connection), context=Context())
        self.recovery_tasks.add(task)
        task.add_done_callback(self.recovery_tasks.discard)

    async def roll_back(self, connection: PooledConnection) -> None:
        connection.wall = None
        try:
            await asyncio.wait_for(connection.execute("ROLLBACK"), ROLLBACK_TIMEOUT)
        except BaseException:  # whatever it is, the connection is of no use any more
            connection.terminate()
            self.turns.release()
        else:
            self.give_back(connection)

    async def answer(
        self,
        connection: PooledConnection,
        work: StatementGenerator,
        ask: BoundStatement,
        *,
        pieces: bool,
    ) -> Any:
        while True:
            statement, values = ask
            self.told(statement.text)
            with STATEMENT_TIMER:
                rows = await connection.fetch(statement.text, *values)
            connection.unverified_since = None
            long = pieces or len(rows) > UNSLICED_ROWS
            over, result = await run_in_slices(advance, work, rows) if long else advance(work, rows)
            if over:
                return result
            ask = result

    async def take(self, wall: SessionRole = LOGIN_ROLE) -> PooledConnection:
        """Return a connection that has the role already, if there is one."""
        await self.turns.acquire()
        while self.idle:
            connection = self.idle.pop(self.matching_index(wall))
            if not connection.is_closed() and await self.is_alive(connection):
                return connection
        try:
            return await self.connect()
        except BaseException as error:
            self.turns.release()
            if isinstance(error, Exception):  # a driver may raise anything while it connects
                raise Unavailable(*DATABASE_UNREACHABLE) from error
            raise

    async def is_alive(self, connection: PooledConnection) -> bool:
        """Check a connection that was idle: the database may have been restarted meanwhile.

        If one is dead, those that were idle as long are dead too.
        """
        now = monotonic()
        if now - connection.used < TRUSTED_SECONDS and connection.used > self.stale_at:
            connection.unverified_since = now
            return True
        connection.unverified_since = None
        try:
            await connection.execute("SELECT 1", timeout=self.patience.connect)
        except CONNECTION_ERRORS:
            connection.terminate()
            for other in [other for other in self.idle if other.used <= connection.used]:
                other.terminate()
            return False
        except BaseException:
            connection.terminate()
            self.turns.release()
            raise
        return True

    def matching_index(self, wall: SessionRole) -> int:
        last = len(self.idle) - 1
        behind = (n for n in range(last, -1, -1) if self.idle[n].wall == wall)
        return next(behind, last)

    async def reachable(self) -> bool:
        try:
            knocked = await asyncpg.connect(self.address, timeout=self.patience.connect)
        except CONNECTION_ERRORS as error:
            return isinstance(error, asyncpg.TooManyConnectionsError)
        except Exception:  # any reply means that the server is up
            return True
        knocked.terminate()
        return True

    async def connect(self) -> PooledConnection:
        opened: PooledConnection = await asyncpg.connect(
            self.address,
            connection_class=PooledConnection,
            timeout=self.patience.connect,
            server_settings=(
                {"application_name": APPLICATION_NAME}
                if self.has_pooler
                else self.patience.connection_settings
            ),
            statement_cache_size=0 if self.has_pooler else STATEMENT_CACHE_SIZE,
            max_cacheable_statement_size=0,
            max_cached_statement_lifetime=0,
        )
        try:
            # Text that the database wrote as JSON goes into an answer as it is.
            await opened.set_type_codec(
                "json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
            )
        except BaseException:
            opened.terminate()
            raise
        return opened

    def give_back(self, connection: PooledConnection) -> None:
        connection.used = monotonic()
        self.idle.append(connection)
        self.turns.release()

    async def close(self) -> None:
        if self.recovery_tasks:
            await asyncio.wait(self.recovery_tasks)
        while self.idle:
            await self.idle.pop().close()


def open_read_pool(url: str | URL, patience: Timeouts | None = None) -> ReadPool:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteReadPool(parsed, patience)
    return PostgresReadPool(parsed, patience)
