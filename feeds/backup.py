"""A whole registry in one file, history and changes too; only an empty database takes it back."""

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

from feeds.export import on_disk
from kit.bulk import indexed_afterwards, settle
from kit.database import reading, writing
from kit.errors import NotDone
from kit.lines import read_lines, write_lines
from models import FOLLOWING, RoundingKey
from models.history import stored
from resolvers.schema_version import migrate, require_current, wanted
from resolvers.summaries import counted_afterwards

MANIFEST = "manifest.json"
BEFOREHAND = stored(RoundingKey)  # a migration made one already


class Tally:
    """How many lines, and their checksum."""

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


def tables() -> list[Table]:
    """All but those that follow from others."""
    return [table for table in SQLModel.metadata.sorted_tables if table not in FOLLOWING]


async def backup(engine: AsyncEngine, file: Path) -> Counter[str]:
    """One snapshot, while others write. The file is there whole, or not at all."""
    await require_current(engine)
    with unfinished(file) as output, ZipFile(output, "w", ZIP_DEFLATED) as archive:
        found = {}
        async with reading(engine) as connection:
            for table in tables():
                with archive.open(table.name, "w", force_zip64=True) as member:
                    found[table.name] = await tallied(connection, table, member)
        archive.writestr(MANIFEST, json.dumps(manifest(engine, found), indent=1))
    return Counter({name: one["rows"] for name, one in found.items() if one["rows"]})


@contextmanager
def unfinished(file: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name at the end. Nobody else may read it, as it holds all there is."""
    if file.exists():
        raise NotDone(f"{file} is there already: name a file that isn't.")
    with on_disk(file):
        output = NamedTemporaryFile(  # noqa: SIM115 - it is renamed, or removed, below
            dir=file.resolve().parent, prefix=f"{file.name}.", delete=False
        )
    try:
        with on_disk(file), output:
            yield output
            output.flush()
            os.fsync(output.fileno())
        Path(output.name).replace(file)
    finally:
        Path(output.name).unlink(missing_ok=True)


def manifest(engine: AsyncEngine, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "database": engine.dialect.name,
        "schemaVersion": wanted(),
        "takenAt": datetime.now(UTC).isoformat(),
        "tables": found,
    }


async def tallied(
    connection: AsyncConnection, table: Table, output: IO[bytes] | None = None
) -> dict[str, Any]:
    tally = Tally(output)
    await read_lines(connection, table, tally.take)
    return tally.told


async def restore(engine: AsyncEngine, file: Path) -> Counter[str]:
    """One transaction. Raises NotDone, and leaves nothing, unless all is as it was."""
    try:
        with ZipFile(file) as archive:
            told = json.loads(archive.read(MANIFEST))
            await require_fit(engine, told)
            await migrate(engine)
            async with writing(engine) as connection:
                await pour_back(connection, archive, told["tables"])
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise NotDone(f"{file} is no backup that can be read.") from error
    await settle(engine)
    rows = {name: one["rows"] for name, one in told["tables"].items()}
    return +Counter(rows)


async def require_fit(engine: AsyncEngine, told: dict[str, Any]) -> None:
    if (told["database"], told["schemaVersion"]) != (engine.dialect.name, wanted()):
        raise NotDone(
            f"This backup is of {told['database']} at schema version {told['schemaVersion']}; "
            f"wanted is {engine.dialect.name} at {wanted()}. Restore it with the version of the "
            "service that made it, then migrate."
        )
    async with engine.connect() as connection:
        there = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        for table in set(tables()) - {BEFOREHAND}:
            if table.name in there and await connection.scalar(select(table).limit(1)) is not None:
                raise NotDone("The database isn't empty: name an empty one in DATABASE_URL.")


async def pour_back(
    connection: AsyncConnection, archive: ZipFile, told: dict[str, dict[str, Any]]
) -> None:
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    await connection.execute(delete(BEFOREHAND))
    async with (
        counted_afterwards(connection),
        indexed_afterwards(connection, tables(), lambda: None),
    ):
        for table in tables():
            with archive.open(table.name) as lines:
                await write_lines(connection, table, lines)
    for table in tables():
        found = await tallied(connection, table)
        if found != told[table.name]:
            raise NotDone(
                f"{table.name} isn't what it was when the backup was made: {found['rows']} rows of "
                f"{told[table.name]['rows']}, or other ones. Nothing was restored."
            )
