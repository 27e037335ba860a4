"""PostgreSQL sessions of the driver, and the errors that mean a lost session."""

from typing import Any

import asyncpg

from kit.db.session_role import SessionRole

LOGIN_ROLE = SessionRole("none")  # as whom the connection was opened
CONNECTION_ERRORS = (
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
TIMEOUT_ERRORS = (asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError)  # by a limit


class PooledConnection(asyncpg.Connection):  # type: ignore[misc]  # it ships no types
    """Nothing is left behind in a session that only reads, so that nothing has to be reset.

    But the wall behind which it read last, which its next reader may well share; None: not known.
    """

    wall: SessionRole | None = LOGIN_ROLE
    used = 0.0  # when it was released, on the monotonic clock
    unverified_since: float | None = (
        None  # when it was taken unasked; None: it has said something since
    )

    def get_reset_query(self) -> str:
        return ""


class CheckedConnection(asyncpg.Connection):  # type: ignore[misc]  # it ships no types
    """Reports a session that the server has ended as lost: its first user opens another."""

    async def execute(self, query: str, *values: Any, timeout: float | None = None) -> Any:  # noqa: ASYNC109 - its own
        try:
            return await super().execute(query, *values, timeout=timeout)
        except asyncpg.InternalClientError as error:
            self.terminate()
            raise asyncpg.ConnectionDoesNotExistError("the server ended the session") from error
