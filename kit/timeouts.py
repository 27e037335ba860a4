"""Timeouts in seconds, and the messages for requests that exceed them."""

from dataclasses import dataclass
from typing import Any

from kit.errors import ClientError, LimitExceeded, Overloaded, TimeLimitExceeded

APPLICATION_NAME = "jiangpu"  # by which an administrator knows our connections
QUERY_CANCELED, LOCK_NOT_AVAILABLE = "57014", "55P03"  # SQLSTATE


@dataclass(frozen=True, slots=True)
class Timeouts:
    request: float = 10.0
    statement: float = 5.0
    lock: float = 2.0
    pool: float = 3.0
    connect: float = 2.0
    body: float = 10.0

    @property
    def transaction_settings(self) -> dict[str, str]:
        """PostgreSQL's settings that each transaction may set again.

        The last one ends the transaction of a client that disconnected silently.
        """
        return {
            "statement_timeout": milliseconds(self.statement),
            "lock_timeout": milliseconds(self.lock),
            "idle_in_transaction_session_timeout": milliseconds(2 * self.request),
            # To compile what is worked out for each row takes seconds, and no answer that long.
            "jit": "off",
        }

    @property
    def connection_settings(self) -> dict[str, str]:
        """Settings of a connection, kept by the server: they cost no round trip.

        Keepalives as well let go of what a client holds that went away.
        """
        return {
            "application_name": APPLICATION_NAME,
            **self.transaction_settings,
            "tcp_keepalives_idle": "30",
            "tcp_keepalives_interval": "10",
            "tcp_keepalives_count": "3",
        }

    def told(self, error: BaseException | None) -> ClientError | None:
        """Return the error for the client, if the driver's error means that a limit was reached."""
        code = str(getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", ""))
        if code in (QUERY_CANCELED, "SQLITE_INTERRUPT"):
            return TimeLimitExceeded(
                f"A database statement took longer than the limit of {self.statement:g} s: ask "
                f"for less at a time.",
                f"数据库中的一条语句超过了 {self.statement:g} 秒的上限：请减少每次查询的内容。",
            )
        if code == "SQLITE_ERROR" and str(error) == "integer overflow":
            return LimitExceeded(
                "The sum exceeds what SQLite can add exactly: ask for fewer records at a time.",
                "此处合计超出 SQLite 可准确计算的范围：请减少每次查询的记录。",
            )
        if code == LOCK_NOT_AVAILABLE or code.startswith("SQLITE_BUSY"):
            return self.lock_timeout_error()
        return None

    def lock_timeout_error(self) -> Overloaded:
        return Overloaded(
            f"Another writer has locked this record for {self.lock:g} s: try again in a moment.",
            f"所查内容被占用已达 {self.lock:g} 秒，不再等待：请稍后再试。",
        )

    def pool_timeout_error(self) -> Overloaded:
        return Overloaded(
            f"All connections to the database were busy for {self.pool:g} s: try again in a "
            f"moment.",
            f"数据库连接在 {self.pool:g} 秒内全部占用，不再等待：请稍后再试。",
        )

    def request_timeout_error(self) -> TimeLimitExceeded:
        return TimeLimitExceeded(
            f"The request took longer than the limit of {self.request:g} s: ask for less at a "
            f"time.",
            f"整个请求超过了 {self.request:g} 秒的上限：请减少每次查询的内容。",
        )


def milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))


def engine_timeouts(engine: Any) -> Timeouts:
    """Return the timeouts that an engine was opened with."""
    patience: Timeouts = engine.sync_engine.get_execution_options().get("patience") or Timeouts()
    return patience
