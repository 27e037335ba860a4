"""The whole registry as a folder that `load` reads: an empty registry loads it and is equal."""

import csv
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from feeds.cells import write_cell
from feeds.folder import ID, NOBODYS, columns_of, files, key_of, left_open
from feeds.loading import progress
from kit.database import reading
from kit.errors import NotDone
from models.row import Audience, Row
from resolvers.exporting import read_kind, recoded
from resolvers.schema_version import require_current


async def export(engine: AsyncEngine, folder: Path) -> Counter[str]:
    """How many rows of each kind were written. The folder is there whole, or not at all."""
    await require_current(engine)
    unfinished = begin(folder)
    try:
        written = await write_kinds(engine, unfinished)
        if not written:
            raise NotDone("The registry holds no records: there is nothing to export.")
        finish(unfinished, folder)
    finally:
        rmtree(unfinished, ignore_errors=True)
    return written


def begin(folder: Path) -> Path:
    """A folder beside the one that is wanted; nobody else may read it, as it holds all there is."""
    with on_disk(folder):
        wanted = folder.resolve()
        if wanted.exists() and (not wanted.is_dir() or any(wanted.iterdir())):
            raise NotDone(f"{folder} is there already: name a folder that isn't, or is empty.")
        return Path(mkdtemp(prefix=f"{wanted.name}.", suffix=".unfinished", dir=wanted.parent))


def finish(unfinished: Path, folder: Path) -> None:
    with on_disk(folder):
        unfinished.rename(folder.resolve())


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotDone(f"{path} can't be written: {error.strerror}.") from error


async def write_kinds(engine: AsyncEngine, folder: Path) -> Counter[str]:
    tell, written = progress(), Counter[str]()
    async with reading(engine) as connection:
        for file, model in files().items():
            if number := await write_kind(connection, model, folder / file):
                written[model.__name__] = number
                tell(model.__name__, number)
    return written


async def write_kind(connection: AsyncConnection, model: type[Row], path: Path) -> int:
    ids = [ID] if await recoded(connection, model) else []
    header = [key_of(model), *ids, *columns_of(model)]
    number = 0
    async for rows in read_kind(connection, model):
        lines = ([cell(model, name, row) for name in header] for row in rows)
        append(path, lines if number else [header, *lines])
        number += len(rows)
    return number


def append(path: Path, lines: Iterable[list[str]]) -> None:
    with on_disk(path), path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
        file.flush()
        os.fsync(file.fileno())


def cell(model: type[Row], name: str, row: dict[str, Any]) -> str:
    if name == key_of(model):
        return str(row["code" if name != ID else "id"])
    if name == ID:
        return "" if row["id"] == row["code"] else str(row["id"])
    column = columns_of(model)[name]
    value = row[column.key]
    if isinstance(value, list):
        return ";".join(value)
    if value is not None:
        return write_cell(value)
    # An empty cell would leave it to the source who owns a fact, and to facts who owns a thing.
    hidden = column.key == "owner_id" and row["audience"] is not Audience.PUBLIC
    return NOBODYS[1] if hidden or left_open(model, column) else write_cell(value)
