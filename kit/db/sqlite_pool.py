"""SQLite with deadlines: statements end at a timeout, or when the request is cancelled."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from math import inf
from time import monotonic
from typing import Any

from sqlalchemy.engine import URL

from kit.db.engine import PROGRESS_STEPS, SQLITE_PRAGMAS
from kit.db.read_pool import DATABASE_UNREACHABLE, BoundStatement, ReadPool, StatementGenerator
from kit.db.session_role import SessionRole
from kit.errors import Unavailable
from kit.runtime.metering import meter_in_thread
from kit.runtime.turns import FairSemaphore
from kit.timeouts import Timeouts

SQLITE_THREADS = 4


class DeadlineConnection(sqlite3.Connection):
    """`until` is when what it is doing has to be over, on the monotonic clock."""

    until = inf

    def over(self) -> bool:
        return monotonic() > self.until


class CancellableRead:
    """A read in a thread, for a client that may disconnect meanwhile."""

    def __init__(self, patience: Timeouts) -> None:
        self.patience = patience
        self.connection: DeadlineConnection | None = None
        self.stopped = False

    def rows(self, connection: DeadlineConnection, text: str, values: list[Any]) -> list[Any]:
        self.connection = connection
        connection.until = monotonic() + self.patience.statement
        if self.stopped:  # in this order, whether it is stopped a moment before or after
            connection.until = 0.0
        return connection.execute(text, values).fetchall()

    def stop(self) -> None:
        """From another thread."""
        self.stopped = True
        if self.connection is not None:
            self.connection.until = 0.0


def open_read_connection(path: str) -> DeadlineConnection:
    connection = sqlite3.connect(
        f"file:{path}?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        factory=DeadlineConnection,
    )
    for setting in (*SQLITE_PRAGMAS, "PRAGMA query_only = ON"):
        connection.execute(setting).close()
    connection.set_progress_handler(connection.over, PROGRESS_STEPS)
    return connection


class SqliteReadPool(ReadPool):
    """A whole request is one hop to a thread."""

    dialect = "sqlite"
    connections = SQLITE_THREADS

    def __init__(self, url: URL, patience: Timeouts | None = None) -> None:
        super().__init__(patience)
        self.path = url.database or ""
        self.threads = ThreadPoolExecutor(SQLITE_THREADS, thread_name_prefix="sqlite")
        self.turns = FairSemaphore(
            SQLITE_THREADS, self.patience.pool, self.patience.pool_timeout_error
        )
        self.idle: list[DeadlineConnection] = []

    async def drive(
        self,
        work: StatementGenerator,
        ask: BoundStatement,
        *,
        alone: bool,
        wall: SessionRole | None,
        pieces: bool = False,
    ) -> Any:
        try:
            await self.turns.acquire()
        except BaseException:
            work.close()
            raise
        loop, job = asyncio.get_running_loop(), CancellableRead(self.patience)
        try:
            return await loop.run_in_executor(
                self.threads, meter_in_thread(self.answer), work, ask, job
            )
        except asyncio.CancelledError:
            job.stop()
            raise
        finally:
            self.turns.release()

    def answer(self, work: StatementGenerator, ask: BoundStatement, job: CancellableRead) -> Any:
        try:
            connection = self.idle.pop() if self.idle else open_read_connection(self.path)
        except sqlite3.Error as error:
            raise Unavailable(*DATABASE_UNREACHABLE) from error
        try:
            connection.execute("BEGIN")
            while True:
                statement, values = ask
                self.told(statement.text)
                ask = work.send(job.rows(connection, statement.text, values))
        except StopIteration as done:
            return done.value
        except sqlite3.OperationalError as error:
            if timeout := self.patience.told(error):
                raise timeout from error
            raise
        finally:
            connection.until = inf
            work.close()
            connection.rollback()
            self.idle.append(connection)

    async def close(self) -> None:
        self.threads.shutdown()
        while self.idle:
            self.idle.pop().close()
