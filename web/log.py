"""Structured logging for the service and for the server that runs it."""

import json
import logging
import sys
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog
from structlog.typing import Processor

from kit.text.identity_numbers import mask_identity_numbers

# Coroutines that a request had not begun when it was broken off.
BROKEN_OFF = r"coroutine '(Executor\.|GraphQLCoreConverter\.|linked').* was never awaited"
MAX_LOGGED_NAME = 100  # characters of a name that a client chose
# Logger factory and lowest level while the log is JSON, else empty: see `line_writer`.
JSON_LOGGING: dict[str, Any] = {}
# Applied to the lines of structlog and of the standard library.
SHARED_PROCESSORS: list[Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # As text, without the values of local variables: the log must not contain request contents.
    structlog.processors.format_exc_info,
]


def configure_logging(form: str, level: str) -> None:
    """Configure the log. `form` is text, json, or auto: text on a terminal, else JSON."""
    lowest = getattr(logging, level.upper())
    as_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    last: Processor = (
        structlog.dev.ConsoleRenderer()
        if as_text
        else structlog.processors.JSONRenderer(serializer=serialize_line)
    )
    # Bypasses the standard library, which takes four times as long for a line.
    structlog.configure(
        processors=[*SHARED_PROCESSORS, last],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=(
            structlog.PrintLoggerFactory(sys.stderr)
            if as_text
            else structlog.BytesLoggerFactory(sys.stderr.buffer)
        ),
        cache_logger_on_first_use=True,
    )
    JSON_LOGGING.clear()
    if not as_text:
        JSON_LOGGING.update(factory=structlog.get_config()["logger_factory"], lowest=lowest)
    configure_stdlib_logging(last, lowest)


def loggable_name(name: str | None) -> str | None:
    """Return a client's name on one line, shortened, with identity numbers masked."""
    name = name and mask_identity_numbers(name)
    if name is None or (len(name) <= MAX_LOGGED_NAME and name.isprintable()):
        return name
    plain = "".join(
        character if character.isprintable() else "\ufffd"
        for character in name[: MAX_LOGGED_NAME + 1]
    )
    return plain if len(plain) <= MAX_LOGGED_NAME else f"{plain[:MAX_LOGGED_NAME]}…"


def line_writer() -> Callable[..., None]:
    """Return a fast writer of info lines, for the log as it is configured now.

    JSON is written in one step. The line equals the one that structlog's processors make.
    """
    if structlog.get_config()["logger_factory"] is not JSON_LOGGING.get("factory"):
        said: Callable[..., None] = structlog.get_logger().bind().info
        return said
    if JSON_LOGGING["lowest"] > logging.INFO:
        return lambda event, **fields: None
    stream = sys.stderr.buffer

    def write(event: str, **fields: Any) -> None:
        line = {**fields, "event": event, "level": "info", "timestamp": datetime.now(UTC)}
        stream.write(orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE))
        stream.flush()

    return write


def configure_stdlib_logging(last: Processor, lowest: int) -> None:
    """Send the lines of the server and of libraries to the same log, in the same format."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=SHARED_PROCESSORS,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                last,
                decode_line,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(lowest)
    # Python tells its warnings past the log.
    warnings.filterwarnings("ignore", BROKEN_OFF, RuntimeWarning)
    # alembic logs a line each time that a schema version is read.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # aiosqlite logs statements with their parameters at debug level: personal data.
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)


def serialize_line(line: Any, default: Any) -> bytes:
    try:
        return orjson.dumps(line, default=default)
    except TypeError:  # a lone surrogate, or an integer beyond 64 bits; json escapes or writes it
        return json.dumps(line, default=default).encode()


def decode_line(logger: Any, name: str, line: Any) -> str:
    return line.decode() if isinstance(line, bytes) else str(line)
