"""Backups: a whole registry with its history in one file, restored into an empty database.

The file is a ZIP archive with a manifest. By its `form` it holds the database as SQLite or pg_dump
wrote it, or else a member of lines for each table.
"""

import asyncio
import hashlib
import json
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from sqlalchemy import Table, delete, inspect, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import SQLModel

from feeds.export import disk_errors_reported
from feeds.native_backup import (
    copy_sqlite,
    count_rows,
    count_sqlite_rows,
    dump_postgresql,
    overwrite_sqlite,
    pg_dump_usable,
    restore_dumped_table,
)
from kit.db.bulk_load import deferred_indexes, vacuum_analyze
from kit.db.engine import read_transaction, write_transaction
from kit.db.table_dump import dump_table, restore_lines
from kit.errors import CommandFailed
from models import DERIVED_TABLES
from models.history import model_table
from models.rollup import RoundingKey
from resolvers.database.schema_version import head_revision, migrate, require_current_schema
from resolvers.writing.summary_tables import triggers_suspended

MANIFEST = "manifest.json"
PREFILLED_TABLE = model_table(RoundingKey)  # a migration inserts its row
LINES, SQLITE, PG_DUMP = "lines", "sqlite", "pg_dump"  # older backups name no form: lines
COPY_MEMBERS = {SQLITE: ("registry.db", ZIP_DEFLATED), PG_DUMP: ("registry.dump", ZIP_STORED)}


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
    def entry(self) -> dict[str, Any]:
        return {"rows": self.lines, "sha256": self.digest.hexdigest()}


def backup_tables() -> list[Table]:
    """Return all tables but those that are derived from others."""
    return [table for table in SQLModel.metadata.sorted_tables if table not in DERIVED_TABLES]


async def write_backup(engine: AsyncEngine, file: Path) -> Counter[str]:
    """Write one consistent snapshot; others may write meanwhile. The file is complete or absent."""
    await require_current_schema(engine)
    form = await choose_form(engine)
    with atomic_file(file) as output, ZipFile(output, "w", ZIP_DEFLATED) as archive:
        write = write_lines if form == LINES else write_copy
        entries = await write(engine, archive, form, file)
        archive.writestr(MANIFEST, json.dumps(build_manifest(engine, form, entries), indent=1))
    rows = {name: entry["rows"] for name, entry in entries["tables"].items()}
    return +Counter(rows)


async def choose_form(engine: AsyncEngine) -> str:
    """Return how a backup is written: by the database's own means where they copy everything."""
    if engine.dialect.name == "sqlite":
        return SQLITE
    return PG_DUMP if await pg_dump_usable(engine) else LINES


async def write_lines(
    engine: AsyncEngine, archive: ZipFile, form: str = LINES, file: Path = Path()
) -> dict[str, Any]:
    """Write each table as lines. Return what the manifest says of them."""
    tables = {}
    async with read_transaction(engine) as connection:
        for table in backup_tables():
            with archive.open(table.name, "w", force_zip64=True) as member:
                tables[table.name] = await table_checksum(connection, table, member)
    return {"tables": tables}


async def write_copy(
    engine: AsyncEngine, archive: ZipFile, form: str, file: Path
) -> dict[str, Any]:
    """Write the database's own copy of itself. Return what the manifest says of it."""
    member, compression = COPY_MEMBERS[form]
    with temporary_file_beside(file, member) as copy:
        if form == SQLITE:
            source = Path(str(engine.url.database))
            await asyncio.to_thread(copy_sqlite, source, copy)
            rows = await asyncio.to_thread(count_sqlite_rows, copy, backup_tables())
        else:
            rows = await dump_postgresql(engine, copy, backup_tables())
        entry = {"member": member, "sha256": await asyncio.to_thread(file_checksum, copy)}
        await asyncio.to_thread(archive.write, copy, member, compression)
    return {"copy": entry, "tables": {name: {"rows": number} for name, number in rows.items()}}


@contextmanager
def temporary_file_beside(file: Path, name: str) -> Iterator[Path]:
    """Yield the path of a file to be made, in a folder that no one else may read."""
    with TemporaryDirectory(prefix=f"{file.name}.", dir=file.resolve().parent) as folder:
        yield Path(folder) / name


def file_checksum(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@contextmanager
def atomic_file(file: Path) -> Iterator[IO[bytes]]:
    """Open a file that gets its name at the end. Only its owner may read it: it has all data."""
    if file.exists():
        raise CommandFailed(
            f"{file} is there already: name a file that isn't.", f"{file} 已存在：请另取文件名。"
        )
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


def build_manifest(engine: AsyncEngine, form: str, entries: dict[str, Any]) -> dict[str, Any]:
    return {
        "database": engine.dialect.name,
        "schemaVersion": head_revision(),
        "takenAt": datetime.now(UTC).isoformat(),
        "form": form,
        **entries,
    }


async def table_checksum(
    connection: AsyncConnection, table: Table, output: IO[bytes] | None = None
) -> dict[str, Any]:
    tally = TableChecksum(output)
    await dump_table(connection, table, tally.take)
    return tally.entry


async def restore_backup(engine: AsyncEngine, file: Path) -> Counter[str]:
    """Restore all of a backup or nothing. Raises CommandFailed unless every checksum matches."""
    try:
        with ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            await require_compatible(engine, manifest)
            if manifest.get("form", LINES) == LINES:
                await migrate(engine)
                async with write_transaction(engine) as connection:
                    await insert_tables(connection, archive, manifest["tables"])
            else:
                with verified_copy(archive, manifest, file) as copy:
                    await restore_copy(engine, copy, manifest)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise CommandFailed(
            f"{file} is no backup that can be read.", f"{file} 不是可读取的备份。"
        ) from error
    await vacuum_analyze(engine)
    rows = {name: entry["rows"] for name, entry in manifest["tables"].items()}
    return +Counter(rows)


@contextmanager
def verified_copy(archive: ZipFile, manifest: dict[str, Any], file: Path) -> Iterator[Path]:
    """Yield the database's own copy as a file. Raises CommandFailed unless its checksum matches."""
    entry = manifest["copy"]
    with temporary_file_beside(file, "copy") as copy:
        with archive.open(entry["member"]) as member, copy.open("wb") as output:
            copyfileobj(member, output)
        if file_checksum(copy) != entry["sha256"]:
            raise CommandFailed(
                f"{entry['member']} isn't what it was when the backup was made. Nothing was "
                "restored.",
                f"{entry['member']} 与备份时不同。未恢复任何内容。",
            )
        yield copy


async def restore_copy(engine: AsyncEngine, copy: Path, manifest: dict[str, Any]) -> None:
    if manifest["form"] == SQLITE:
        for name, number in count_sqlite_rows(copy, backup_tables()).items():
            require_same(name, {"rows": number}, manifest["tables"][name])
        target = Path(str(engine.url.database))
        await engine.dispose()
        await asyncio.to_thread(overwrite_sqlite, copy, target)
        return
    await migrate(engine)
    async with write_transaction(engine) as connection:
        async with emptied_tables(connection):
            for table in backup_tables():
                await restore_dumped_table(connection, table, copy)
        for name, number in (await count_rows(connection, backup_tables())).items():
            require_same(name, {"rows": number}, manifest["tables"][name])


async def require_compatible(engine: AsyncEngine, manifest: dict[str, Any]) -> None:
    if (manifest["database"], manifest["schemaVersion"]) != (engine.dialect.name, head_revision()):
        raise CommandFailed(
            f"This backup is of {manifest['database']} at schema version "
            f"{manifest['schemaVersion']}; wanted is {engine.dialect.name} at {head_revision()}. "
            "Restore it with the version of the service that made it, then migrate.",
            f"此备份来自 {manifest['database']}，结构版本 {manifest['schemaVersion']}；所需为 "
            f"{engine.dialect.name}，{head_revision()}。请以制作它的服务版本恢复，然后迁移。",
        )
    async with engine.connect() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        for table in set(backup_tables()) - {PREFILLED_TABLE}:
            if table.name in tables and await connection.scalar(select(table).limit(1)) is not None:
                raise CommandFailed(
                    "The database isn't empty: name an empty one in DATABASE_URL.",
                    "数据库不为空：请在 DATABASE_URL 中指明一个空数据库。",
                )


@asynccontextmanager
async def emptied_tables(connection: AsyncConnection) -> AsyncIterator[None]:
    """Take in rows: without triggers, and with indexes and references made after them."""
    await connection.execute(delete(PREFILLED_TABLE))
    async with (
        triggers_suspended(connection),
        deferred_indexes(connection, backup_tables(), lambda: None),
    ):
        yield


async def insert_tables(
    connection: AsyncConnection, archive: ZipFile, entries: dict[str, dict[str, Any]]
) -> None:
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    async with emptied_tables(connection):
        for table in backup_tables():
            with archive.open(table.name) as lines:
                await restore_lines(connection, table, lines)
    for table in backup_tables():
        require_same(table.name, await table_checksum(connection, table), entries[table.name])


def require_same(name: str, found: dict[str, Any], entry: dict[str, Any]) -> None:
    """Raise CommandFailed unless a table has the rows that the manifest says."""
    if found != entry:
        raise CommandFailed(
            f"{name} isn't what it was when the backup was made: {found['rows']} rows of "
            f"{entry['rows']}, or other ones. Nothing was restored.",
            f"{name} 与备份时不同：{entry['rows']} 行中有 {found['rows']} 行，"
            "或内容不同。未恢复任何内容。",
        )
