"""SQLite with a clock: statements that end when their time is up, or when nobody waits any more."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from math import inf
from time import monotonic
from typing import Any

from sqlalchemy.engine import URL

from kit.database import SQLITE_SETTINGS, STEPS
from kit.errors import Unavailable
from kit.metered import in_thread
from kit.patience import Patience
from kit.walls import Wall
from kit.work import OUT_OF_REACH, Ask, Snapshots, Work

SQLITE_THREADS = 4


class Timed(sqlite3.Connection):
    """`until` is when what it is doing has to be over, on the monotonic clock."""

    until = inf

    def over(self) -> bool:
        return monotonic() > self.until


class Job:
    """What a thread does for somebody, who may leave meanwhile."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self.connection: Timed | None = None
        self.stopped = False

    def rows(self, connection: Timed, text: str, values: list[Any]) -> list[Any]:
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


class Turns(asyncio.Semaphore):
    """So many at once; others wait, but not for ever."""

    def __init__(self, number: int, patience: Patience) -> None:
        super().__init__(number)
        self.patience = patience

    async def take(self) -> None:
        """Raises Busy."""
        if not self.locked():
            await self.acquire()
            return
        try:
            async with asyncio.timeout(self.patience.pool):
                await self.acquire()
        except TimeoutError as error:
            raise self.patience.no_connection() from error


def open_to_read(path: str) -> Timed:
    connection = sqlite3.connect(
        f"file:{path}?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        factory=Timed,
    )
    for setting in (*SQLITE_SETTINGS, "PRAGMA query_only = ON"):
        connection.execute(setting).close()
    connection.set_progress_handler(connection.over, STEPS)
    return connection


class SqliteSnapshots(Snapshots):
    """A whole request is one hop to a thread."""

    dialect = "sqlite"
    connections = SQLITE_THREADS

    def __init__(self, url: URL, patience: Patience | None = None) -> None:
        super().__init__(patience)
        self.path = url.database or ""
        self.threads = ThreadPoolExecutor(SQLITE_THREADS, thread_name_prefix="sqlite")
        self.turns = Turns(SQLITE_THREADS, self.patience)
        self.idle: list[Timed] = []

    async def drive(
        self, work: Work, ask: Ask, *, alone: bool, wall: Wall | None, pieces: bool = False
    ) -> Any:
        try:
            await self.turns.take()
        except BaseException:
            work.close()
            raise
        loop, job = asyncio.get_running_loop(), Job(self.patience)
        try:
            return await loop.run_in_executor(self.threads, in_thread(self.answer), work, ask, job)
        except asyncio.CancelledError:
            job.stop()
            raise
        finally:
            self.turns.release()

    def answer(self, work: Work, ask: Ask, job: Job) -> Any:
        try:
            connection = self.idle.pop() if self.idle else open_to_read(self.path)
        except sqlite3.Error as error:
            raise Unavailable(*OUT_OF_REACH) from error
        try:
            connection.execute("BEGIN")
            while True:
                statement, values = ask
                self.told(statement.text)
                ask = work.send(job.rows(connection, statement.text, values))
        except StopIteration as done:
            return done.value
        except sqlite3.OperationalError as error:
            if told := self.patience.told(error):
                raise told from error
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
