"""A backup that is made while others write, and what comes back of it."""

import asyncio
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from feeds.backup import MANIFEST, restore_backup, write_backup
from kit.db.engine import open_engine
from kit.errors import CommandFailed
from tests.support.commands import RunCli, table_row_counts
from tests.support.databases import Databases
from tests.support.graph import GraphQLTestClient, RowFactory


@pytest.fixture
def full_url(databases: Databases, dialect: str) -> Iterator[str]:
    url = databases.copy(dialect, "examples")
    yield url
    databases.drop(url)


def manifest(file: Path) -> Any:
    with ZipFile(file) as archive:
        return json.loads(archive.read(MANIFEST))


async def saved(url: str, file: Path) -> Any:
    engine = open_engine(url)
    await write_backup(engine, file)
    await engine.dispose()
    return manifest(file)["tables"]


async def brought_back(url: str, file: Path) -> None:
    engine = open_engine(url)
    try:
        await restore_backup(engine, file)
    finally:
        await engine.dispose()


async def recorded(url: str, call: RunCli) -> dict[str, int]:
    """Rows of all but summaries: those are counted anew, and are right."""
    code, said = await asyncio.to_thread(call, url, "verify")
    assert (code, said) == (0, ["The summaries are what the records say."])
    return {
        name: rows for name, rows in (await table_row_counts(url)).items() if "_summary" not in name
    }


async def test_what_is_restored_is_what_was_there_at_one_moment(
    full_url: str, unmigrated_url: str, tmp_path: Path, run_cli: RunCli
) -> None:
    """Each write adds a worker and the change that tells of it: together, or not at all."""
    engine = open_engine(full_url)
    make, over = RowFactory(engine), asyncio.Event()

    async def write() -> int:
        number = 0
        while not over.is_set():
            number += 1
            await make(workers=[{"code": f"more_{number}", "name": "甲"}])
        return number

    before = await table_row_counts(full_url)
    writing = asyncio.create_task(write())
    await asyncio.sleep(0.2)
    told = await saved(full_url, tmp_path / "one.backup")
    over.set()
    written = await writing
    await engine.dispose()
    more = told["worker"]["rows"] - before["worker"]
    assert 0 < more < written
    assert told["change"]["rows"] - before["change"] == more
    await brought_back(unmigrated_url, tmp_path / "one.backup")
    assert await recorded(unmigrated_url, run_cli) == {
        name: one["rows"] for name, one in told.items()
    }
    assert await saved(unmigrated_url, tmp_path / "two.backup") == told
    assert stat.S_IMODE((tmp_path / "one.backup").stat().st_mode) == 0o600
    assert sorted(os.listdir(tmp_path)) == ["one.backup", "two.backup"]
    await goes_on(unmigrated_url)


async def goes_on(url: str) -> None:
    """What was restored is asked and written as any registry."""
    engine = open_engine(url)
    assert await GraphQLTestClient(engine).data('{ worker(code: "yu_yimu") { name } }') == {
        "worker": {"name": "于义睦"}
    }
    await RowFactory(engine)(workers=[{"code": "after", "name": "乙"}])
    await engine.dispose()


async def test_a_backup_that_was_changed_is_refused_and_leaves_no_row(
    full_url: str, unmigrated_url: str, tmp_path: Path, run_cli: RunCli
) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    await saved(full_url, good)
    with ZipFile(good) as source, ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "worker":
                content = content.replace("于义睦".encode(), "于义木".encode())
            target.writestr(name, content)
    with pytest.raises(CommandFailed, match="worker isn't what it was when the backup was made"):
        await brought_back(unmigrated_url, bad)
    left = await table_row_counts(unmigrated_url)
    assert left.pop("rounding_key") == 1  # the migration's own
    assert set(left.values()) == {0}
    await brought_back(unmigrated_url, good)
    assert await recorded(unmigrated_url, run_cli) == await recorded(full_url, run_cli)


def test_only_an_empty_database_of_the_same_version_is_restored_to(
    url: str, unmigrated_url: str, tmp_path: Path, run_cli: RunCli
) -> None:
    file = str(tmp_path / "file")
    code, said = run_cli(url, "backup", file)
    assert (code, said[-1][:9]) == (0, "Written: ")
    before = asyncio.run(table_row_counts(url))
    assert run_cli(url, "backup", file) == (
        1,
        [f"{file} is there already: name a file that isn't."],
    )
    assert run_cli(url, "restore", file) == (
        1, ["The database isn't empty: name an empty one in DATABASE_URL."],
    )  # fmt: skip
    assert asyncio.run(table_row_counts(url)) == before
    other = tmp_path / "other"
    with ZipFile(file) as source, ZipFile(other, "w") as target:
        told = {**json.loads(source.read(MANIFEST)), "schemaVersion": "0001"}
        target.writestr(MANIFEST, json.dumps(told))
    code, said = run_cli(unmigrated_url, "restore", str(other))
    assert (code, "at schema version 0001" in said[0]) == (1, True)
    other.write_text("nothing")
    assert run_cli(unmigrated_url, "restore", str(other)) == (
        1, [f"{other} is no backup that can be read."],
    )  # fmt: skip
    assert run_cli(unmigrated_url, "restore", file)[0] == 0
    assert asyncio.run(table_row_counts(unmigrated_url)) == before
