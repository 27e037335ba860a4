"""Statements are compiled once in a process of tests, not once for each engine.

Most tests open an engine of their own, and SQLAlchemy keeps what it compiled by engine and dialect
object: the fifty statements of a first write would be compiled again in each test.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

CAPACITY = 2000  # statements: as much as some files of tests need
COMPILED: LRUCache[Any, Any] = LRUCache(CAPACITY)
# By what a statement's text depends on: the driver, and the version of the server.
DIALECTS: dict[tuple[type[Dialect], Any], Dialect] = {}


def share_compiled_statements() -> None:
    """In all engines that are opened from now on, those of the service too."""
    event.listen(Engine, "engine_connect", use_shared_dialect)


def use_shared_dialect(connection: Connection) -> None:
    dialect = connection.dialect
    version = getattr(dialect, "server_version_info", None)
    connection.dialect = DIALECTS.setdefault((type(dialect), version), dialect)
    connection.execution_options(compiled_cache=COMPILED)
