"""SQLite with a clock: statements that end when their time is up, or when nobody waits any more."""

import asyncio
import sqlite3
from math import inf
from time import monotonic
from typing import Any

from kit.database import SQLITE_SETTINGS, STEPS
from kit.patience import Patience


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
