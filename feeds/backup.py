"""Backups: a whole registry with its history in one file, restored into an empty database."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy import Table, delete, inspect, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import SQLModel

from feeds.export import disk_errors_reported
from kit.db.bulk_load import deferred_indexes, vacuum_analyze
from kit.db.engine import read_transaction, write_transaction
from kit.db.table_dump import dump_table, restore_table
from kit.errors import CommandFailed
from models import DERIVED_TABLES, RoundingKey
from models.history import model_table
from resolvers.database.schema_version import head_revision, migrate, require_current_schema
from resolvers.writing.summary_tables import triggers_suspended

MANIFEST = "manifest.json"
PREFILLED_TABLE = model_table(RoundingKey)  # a migration inserts its row


class TableChecksum:
    """The number and checksum of a table's lines."""

    def __init__(self, output: IO[bytes] | None = None) -> None:
        self.output, self.lines, self.digest = output, 0, hashlib.sha256()

    async def take(self, piece: bytes) -> None:
        self.lines += piece.count(b"\n")
        self.digest.update(piece)
        if self.output is not None:
            self.output.write(piece)

    @property
    def told(self) -> dict[str, Any]:
        return {"rows": self.lines, "sha256": self.digest.hexdigest()}


def backup_tables() -> list[Table]:
    """Return all tables but those that are derived from others."""
    return [table for table in SQLModel.metadata.sorted_tables if table not in DERIVED_TABLES]


async def write_backup(engine: AsyncEngine, file: Path) -> Counter[str]:
    """Write one consistent snapshot; others may write meanwhile. The file is complete or absent."""
    await require_current_schema(engine)
    with atomic_file(file) as output, ZipFile(output, "w", ZIP_DEFLATED) as archive:
        found = {}
        async with read_transaction(engine) as connection:
            for table in backup_tables():
                with archive.open(table.name, "w", force_zip64=True) as member:
                    found[table.name] = await table_checksum(connection, table, member)
        archive.writestr(MANIFEST, json.dumps(build_manifest(engine, found), indent=1))
    return Counter({name: one["rows"] for name, one in found.items() if one["rows"]})


@contextmanager
def atomic_file(file: Path) -> Iterator[IO[bytes]]:
    """Open a file that gets its name at the end. Only its owner may read it: it has all data."""
    if file.exists():
        raise CommandFailed(f"{file} is there already: name a file that isn't.")
    with disk_errors_reported(file):
        output = NamedTemporaryFile(  # noqa: SIM115 - it is renamed, or removed, below
            dir=file.resolve().parent, prefix=f"{file.name}.", delete=False
        )
    try:
        with disk_errors_reported(file), output:
            yield output
            output.flush()
            os.fsync(output.fileno())
        Path(output.name).replace(file)
    finally:
        Path(output.name).unlink(missing_ok=True)


def build_manifest(engine: AsyncEngine, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "database": engine.dialect.name,
        "schemaVersion": head_revision(),
        "takenAt": datetime.now(UTC).isoformat(),
        "tables": found,
    }


async def table_checksum(
    connection: AsyncConnection, table: Table, output: IO[bytes] | None = None
) -> dict[str, Any]:
    tally = TableChecksum(output)
    await dump_table(connection, table, tally.take)
    return tally.told


async def restore_backup(engine: AsyncEngine, file: Path) -> Counter[str]:
    """Restore a backup in one transaction. Raises CommandFailed unless every checksum matches."""
    try:
        with ZipFile(file) as archive:
            told = json.loads(archive.read(MANIFEST))
            await require_compatible(engine, told)
            await migrate(engine)
            async with write_transaction(engine) as connection:
                await insert_tables(connection, archive, told["tables"])
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise CommandFailed(f"{file} is no backup that can be read.") from error
    await vacuum_analyze(engine)
    rows = {name: one["rows"] for name, one in told["tables"].items()}
    return +Counter(rows)


async def require_compatible(engine: AsyncEngine, told: dict[str, Any]) -> None:
    if (told["database"], told["schemaVersion"]) != (engine.dialect.name, head_revision()):
        raise CommandFailed(
            f"This backup is of {told['database']} at schema version {told['schemaVersion']}; "
            f"wanted is {engine.dialect.name} at {head_revision()}. Restore it with the version "
            "of the "
            "service that made it, then migrate."
        )
    async with engine.connect() as connection:
        there = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        for table in set(backup_tables()) - {PREFILLED_TABLE}:
            if table.name in there and await connection.scalar(select(table).limit(1)) is not None:
                raise CommandFailed("The database isn't empty: name an empty one in DATABASE_URL.")


async def insert_tables(
    connection: AsyncConnection, archive: ZipFile, told: dict[str, dict[str, Any]]
) -> None:
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    await connection.execute(delete(PREFILLED_TABLE))
    async with (
        triggers_suspended(connection),
        deferred_indexes(connection, backup_tables(), lambda: None),
    ):
        for table in backup_tables():
            with archive.open(table.name) as lines:
                await restore_table(connection, table, lines)
    for table in backup_tables():
        found = await table_checksum(connection, table)
        if found != told[table.name]:
            raise CommandFailed(
                f"{table.name} isn't what it was when the backup was made: {found['rows']} rows of "
                f"{told[table.name]['rows']}, or other ones. Nothing was restored."
            )
