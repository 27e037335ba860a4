"""Removes deleted rows from the database files too."""

from collections.abc import Iterable
from sqlite3 import OperationalError

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


async def enable_secure_delete(connection: AsyncConnection) -> None:
    """From here on, in this connection: SQLite fills with zeros what it frees."""
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("PRAGMA secure_delete = ON")


async def purge_deleted(engine: AsyncEngine, tables: Iterable[Table]) -> bool:
    """Whether nothing is left of what was deleted, in the database's own files.

    SQLite rewrites its file and empties its write-ahead log, which waits for readers. On PostgreSQL
    a vacuum frees the rows. Archives of the write-ahead log, and backups of either database, keep
    them until they are deleted.
    """
    async with engine.connect() as opened:
        connection = await opened.execution_options(isolation_level="AUTOCOMMIT")
        if engine.dialect.name == "postgresql":
            quote = engine.dialect.identifier_preparer.format_table
            await connection.execute(text(f"VACUUM {', '.join(map(quote, tables))}"))
            return True
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        try:
            await driver.execute("VACUUM")
            [(busy, *_)] = await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        except OperationalError:  # another process writes for longer than we wait
            return False
        return not busy
