"""A disk that is full: an import ends with a sentence, and what is there is whole and is read."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from kit.db.engine import open_engine, write_transaction
from resolvers.core.context import today_in_china
from resolvers.writing.derived_columns import refresh_for_day
from tests.faults.asked import ANSWER, query_worker, service_client
from tests.faults.importing import ImportProcess
from tests.service.test_server import start_service
from tests.support.commands import table_row_counts
from tests.support.databases import Databases

ROOM = 300_000  # bytes beside the database: less than an import wants


@pytest.fixture
def tmpfs(tmp_path: Path, databases: Databases) -> Iterator[Path]:
    """Yield a small disk with a registry on it, and little room beside."""
    if os.geteuid() != 0:
        pytest.skip("Only root may mount a small disk.")
    folder = tmp_path / "disk"
    folder.mkdir()
    source = Path(databases.template("sqlite", "examples").removeprefix("sqlite:///"))
    size = source.stat().st_size + ROOM
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"A small disk can't be mounted here: {done.stderr.strip()}")
    try:
        shutil.copyfile(source, folder / "registry.db")
        yield folder / "registry.db"
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def integrity(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall()


async def test_an_import_onto_a_full_disk_is_refused_and_reads_go_on(
    tmpfs: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmpfs}"
    engine = open_engine(url)
    await refresh_for_day(engine, today_in_china())  # or the service would, while it is looked at
    await engine.dispose()
    before = await table_row_counts(url)
    with start_service(tmp_path, DATABASE_URL=url) as service:
        await asyncio.to_thread(service.wait)
        async with service_client(service.url) as client:
            code, said = await ImportProcess(url, tmp_path).whole()
            assert (code, said) == (
                1,
                "The database can't be reached, or refused the work: database or disk is full",
            )
            assert await query_worker(client) == ANSWER
            assert (await client.get("/ready")).status_code == 200
    assert await table_row_counts(url) == before
    assert integrity(tmpfs) == [("ok",)]


async def test_a_file_that_may_not_grow_refuses_an_import_and_is_whole(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Without root: the file is bounded for the connection that writes."""
    before = await table_row_counts(sqlite_url)
    engine = open_engine(sqlite_url)
    event.listen(
        engine.sync_engine,
        "connect",
        lambda connection, record: connection.execute("PRAGMA max_page_count = 1").close(),
    )
    with pytest.raises(OperationalError, match="database or disk is full"):
        async with write_transaction(engine) as connection:
            await connection.execute(text("CREATE TABLE more AS SELECT * FROM region"))
    await engine.dispose()
    assert await table_row_counts(sqlite_url) == before
    assert integrity(Path(sqlite_url.removeprefix("sqlite:///"))) == [("ok",)]
