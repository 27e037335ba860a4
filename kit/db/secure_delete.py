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

    SQLite writes its file anew, and empties its log of writes, which waits for those who read. On
    PostgreSQL a vacuum frees the rows; archives of the write-ahead log keep them as long as these
    are kept, as backups do on either.
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
        except OperationalError:  # somebody writes, and goes on longer than we wait
            return False
        return not busy
