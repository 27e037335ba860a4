"""Export of the whole registry as a folder. Imported into an empty registry, it gives the same."""

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

from feeds.csv_cells import write_cell
from feeds.csv_folder import (
    ID_HEADING,
    REGISTRY_OWNED,
    columns_by_heading,
    keeps_default,
    key_heading,
    models_by_file,
)
from feeds.importing import progress_printer
from kit.db.engine import read_transaction
from kit.errors import CommandFailed
from models.row import Audience, Row
from resolvers.database.export import has_changed_codes, read_records
from resolvers.database.schema_version import require_current_schema


async def export_registry(engine: AsyncEngine, folder: Path) -> Counter[str]:
    """Return the number of rows written of each kind. The folder is complete or absent."""
    await require_current_schema(engine)
    unfinished = create_unfinished_folder(folder)
    try:
        written = await write_kinds(engine, unfinished)
        if not written:
            raise CommandFailed(
                "The registry holds no records: there is nothing to export.",
                "登记簿中没有记录，无可导出。",
            )
        publish_folder(unfinished, folder)
    finally:
        rmtree(unfinished, ignore_errors=True)
    return written


def create_unfinished_folder(folder: Path) -> Path:
    """Create a folder beside the requested one. Only its owner may read it: it has all data."""
    with disk_errors_reported(folder):
        target = folder.resolve()
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise CommandFailed(
                f"{folder} is there already: name a folder that isn't, or is empty.",
                f"{folder} 已存在：请指定不存在的或空的文件夹。",
            )
        return Path(mkdtemp(prefix=f"{target.name}.", suffix=".unfinished", dir=target.parent))


def publish_folder(unfinished: Path, folder: Path) -> None:
    with disk_errors_reported(folder):
        unfinished.rename(folder.resolve())


@contextmanager
def disk_errors_reported(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandFailed(
            f"{path} can't be written: {error.strerror}.", f"无法写入 {path}：{error.strerror}。"
        ) from error


async def write_kinds(engine: AsyncEngine, folder: Path) -> Counter[str]:
    tell, written = progress_printer(), Counter[str]()
    async with read_transaction(engine) as connection:
        for file, model in models_by_file().items():
            if number := await write_kind(connection, model, folder / file):
                written[model.__name__] = number
                tell(model.__name__, number)
    return written


async def write_kind(connection: AsyncConnection, model: type[Row], path: Path) -> int:
    ids = [ID_HEADING] if await has_changed_codes(connection, model) else []
    header = [key_heading(model), *ids, *columns_by_heading(model)]
    number = 0
    async for rows in read_records(connection, model):
        lines = ([export_cell(model, name, row) for name in header] for row in rows)
        append_rows(path, lines if number else [header, *lines])
        number += len(rows)
    return number


def append_rows(path: Path, lines: Iterable[list[str]]) -> None:
    with disk_errors_reported(path), path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
        file.flush()
        os.fsync(file.fileno())


def export_cell(model: type[Row], name: str, row: dict[str, Any]) -> str:
    if name == key_heading(model):
        return str(row["code" if name != ID_HEADING else "id"])
    if name == ID_HEADING:
        return "" if row["id"] == row["code"] else str(row["id"])
    column = columns_by_heading(model)[name]
    value = row[column.key]
    if isinstance(value, list):
        return ";".join(value)
    if value is not None:
        return write_cell(value)
    # An empty cell would take a fact's owner from its source, and a thing's owner from its facts.
    hidden = column.key == "owner_id" and row["audience"] is not Audience.PUBLIC
    return REGISTRY_OWNED[1] if hidden or keeps_default(model, column) else write_cell(value)
