"""Sessions of PostgreSQL as the driver holds them, and what it raises when one is lost."""

from typing import Any

import asyncpg

from kit.walls import Wall

NO_WALL = Wall("none")  # as whom the connection was opened
LOST = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    # The server said that it ends the session, and the driver has not closed it yet.
    asyncpg.InternalClientError,
)
STOPPED = (asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError)  # by a limit


class Held(asyncpg.Connection):  # type: ignore[misc]  # it ships no types
    """Nothing is left behind in a session that only reads, so that nothing has to be reset.

    But the wall behind which it read last, which its next reader may well share; None: not known.
    """

    wall: Wall | None = NO_WALL
    used = 0.0  # when it was given back, on the monotonic clock
    trusted: float | None = None  # when it was taken unasked; None: it has said something since

    def get_reset_query(self) -> str:
        return ""


class Pinged(asyncpg.Connection):  # type: ignore[misc]  # it ships no types
    """One that the server has ended is said to be lost: whoever asks it first opens another."""

    async def execute(self, query: str, *values: Any, timeout: float | None = None) -> Any:  # noqa: ASYNC109 - its own
        try:
            return await super().execute(query, *values, timeout=timeout)
        except asyncpg.InternalClientError as error:
            self.terminate()
            raise asyncpg.ConnectionDoesNotExistError("the server ended the session") from error
