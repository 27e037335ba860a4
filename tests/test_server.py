"""The service as a process: how it starts, refuses to start, and ends."""

import csv
import json
import os
import pty
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from feeds.loading import DEMONSTRATION, PUBLISHED
from feeds.partners import NO_TERMINAL
from kit.database import open_engine, writing
from resolvers.schema_version import wanted
from tests.asking import Ask, run
from tests.databases import Databases

ROOT = Path(__file__).parent.parent
PATIENCE = 300  # seconds, for a machine that has much else to do
REGION = '{ region(code: "370000") { name } }'


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def environment(**settings: str) -> dict[str, str]:
    """Nothing of the environment that the tests run in."""
    return {"PATH": os.environ["PATH"], "LOG_FORMAT": "json", **settings}


@dataclass
class Service:
    process: subprocess.Popen[bytes]
    url: str
    output: Path

    @property
    def said(self) -> str:
        return self.output.read_text("utf-8")

    @property
    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.said.splitlines() if line.startswith("{")]

    def wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        with httpx.Client() as client:  # one: each takes longer to be made than to ask
            while time.monotonic() < deadline:
                assert self.process.poll() is None, self.said
                try:
                    assert client.get(f"{self.url}/health").json() == {"status": "alive"}
                except httpx.TransportError:
                    time.sleep(0.05)  # the other needs the processor
                else:
                    return
        raise AssertionError(self.said)

    def ask(self, query: str, key: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        answer = httpx.post(
            f"{self.url}/graphql", json={"query": query}, headers=headers, timeout=PATIENCE
        )
        return answer.json()["data"]

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=10)


@contextmanager
def started(folder: Path, **settings: str) -> Iterator[Service]:
    """In `folder`: the embedded registry, where it is asked for, is made there."""
    with started_before(None, folder, settings) as service:
        yield service


@contextmanager
def started_before(
    terminal: int | None, folder: Path, settings: Mapping[str, str]
) -> Iterator[Service]:
    """What it says goes to a file, but for standard output if there is a terminal."""
    port = free_port()
    output = folder / f"{port}.log"
    command = [sys.executable, str(ROOT / "server.py")]
    given = environment(PORT=str(port), **settings)
    with (
        output.open("wb") as said,
        subprocess.Popen(
            command, cwd=folder, env=given, stdout=terminal or said, stderr=said
        ) as process,
    ):
        try:
            yield Service(process, f"http://127.0.0.1:{port}", output)
        finally:
            process.kill()


def refusal(**settings: str) -> str:
    """What a service says that doesn't start."""
    ended = subprocess.run(
        [sys.executable, "server.py"],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    [sentence] = ended.stderr.splitlines()
    return sentence


async def make_newer(url: str) -> None:
    engine = open_engine(url)
    async with writing(engine) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()


def test_a_service_says_where_it_listens_and_ends_when_told(url: str, tmp_path: Path) -> None:
    with started(tmp_path, DATABASE_URL=url) as service:
        service.wait()
        assert service.ask(REGION) == {"region": {"name": "山东省"}}
        assert httpx.get(f"{service.url}/ready").json() == {"status": "ready"}
        service.end()
        [listening] = [entry for entry in service.log if entry["event"] == "listening"]
        assert listening["graphql"] == f"{service.url}/graphql"
        [request] = [entry for entry in service.log if entry["event"] == "request"]
        assert (request["statements"], request["errors"]) == (1, 0)
        assert "Traceback" not in service.said


def test_a_wrong_setting_is_named() -> None:
    assert refusal(DATABASE_URL="sqlite:///unused.db", PORT="abc").startswith("PORT: ")


def test_a_database_out_of_reach_is_told_in_a_sentence() -> None:
    sentence = refusal(DATABASE_URL="postgresql://somebody:secret@127.0.0.1:1/nothing")
    assert sentence.startswith("The database can't be reached: ")
    assert "secret" not in sentence


def test_postgresql_is_not_migrated_by_a_start(databases: Databases) -> None:
    url = databases.bare("postgresql")
    assert refusal(DATABASE_URL=url) == (
        f"The database has no tables yet; this version of the service needs {wanted()}. "
        "Run 'python cli.py migrate' with the same DATABASE_URL, then start again."
    )
    databases.drop(url)


def test_sqlite_brings_itself_up_to_date(databases: Databases, tmp_path: Path) -> None:
    url = databases.bare("sqlite")
    with started(tmp_path, DATABASE_URL=url) as service:
        service.wait()
        assert service.ask(REGION) == {"region": {"name": "山东省"}}
        assert httpx.get(f"{service.url}/ready").json() == {"status": "ready"}
    databases.drop(url)


def test_a_database_of_a_newer_version_is_refused(url: str) -> None:
    run(make_newer(url))
    sentence = refusal(DATABASE_URL=url)
    assert "is at schema version 9999" in sentence


def embedded(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "var").iterdir())


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *words],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@dataclass(frozen=True)
class Made:
    """The registry that a service made without a terminal, after one that was killed at it."""

    folder: Path
    left: list[str]  # by the one that was killed
    files: list[str]  # when the second had ended
    said: str
    worker: Any
    viewer: Any  # who asks by a key that was issued beside it


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Made once: it takes longer than all that is asked of it."""
    folder = tmp_path_factory.mktemp("embedded")
    unfinished = folder / "var" / "registry.unfinished"
    with started(folder) as service:
        deadline = time.monotonic() + PATIENCE
        while not unfinished.exists() and time.monotonic() < deadline:
            assert service.process.poll() is None, service.said
            time.sleep(0.005)  # the other needs the processor
        service.process.kill()
        service.process.wait()
        assert unfinished.exists(), service.said
        left = embedded(folder)
    with started(folder) as service:
        service.wait()
        worker = service.ask('{ worker(code: "yu_yimu") { name } }')
        given = json.loads(command(folder, "key", "issue", "demo_college", "--json").stdout)
        viewer = service.ask("{ viewer { organisation { code } } }", given["key"])
        service.end()
        return Made(folder, left, embedded(folder), service.said, worker, viewer)


def test_an_embedded_registry_is_whole_or_not_there(made: Made) -> None:
    assert "registry.db" not in made.left
    assert made.worker == {"worker": {"name": "于义睦"}}
    assert made.files == ["personal.keys", "registry.db"]


def rights(path: Path) -> str:
    return f"{path.stat().st_mode & 0o777:o}"


def test_a_newcomer_finds_keys_of_the_demonstration_on_the_terminal(tmp_path: Path) -> None:
    enrolments = '{ organisation(code: "demo_college") { enrolments { totalCount } } }'
    master, terminal = pty.openpty()
    with started_before(terminal, tmp_path, {}) as service:
        service.wait()
        shown = os.read(master, 65_536).decode()
        keys = dict(re.findall(r"^  (demo_\w+) +(jp_\S+)\r$", shown, re.MULTILINE))
        assert list(keys) == [
            "demo_alliance_axle", "demo_college", "demo_steward", "demo_union_a", "demo_union_b",
        ]  # fmt: skip
        assert "jp_" not in service.said, "A log holds no keys."
        given = json.loads(command(tmp_path, "key", "issue", "demo_college", "--json").stdout)
        assert given.keys() == {"partner", "key", "id", "expires"}
        for key in (keys["demo_college"], given["key"]):
            seen = service.ask(enrolments, key)["organisation"]["enrolments"]
            assert seen["totalCount"] > 100
        assert service.ask(enrolments)["organisation"]["enrolments"]["totalCount"] == 0
        third = command(tmp_path, "key", "issue", "demo_college", "--json")
        assert (third.returncode, third.stdout) == (1, "")
        assert (
            f"Revoke one ('python cli.py key revoke {keys['demo_college'][3:15]}')" in third.stderr
        )
        files = sorted((tmp_path / "var").glob("*.db*"))
        assert [rights(file) for file in files] == ["600"] * len(files)
        assert {file.suffix for file in files} == {".db", ".db-shm", ".db-wal"}
        service.end()
    for file in files[:1]:
        file.chmod(0o644)  # as an older version made it
    with started(tmp_path) as service:
        service.wait()
        assert service.ask(enrolments, given["key"])["organisation"]["enrolments"] == seen
        assert [rights(file) for file in files] == ["600"] * len(files)
    os.close(master)
    os.close(terminal)


def test_a_service_without_a_terminal_issues_no_keys(made: Made) -> None:
    assert "jp_" not in made.said
    assert NO_TERMINAL in made.said
    assert made.viewer == {"viewer": {"organisation": {"code": "demo_college"}}}


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "workers.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


async def test_an_embedded_registry_holds_the_examples(made: Made) -> None:
    path = made.folder / "var" / "registry.db"
    engine = open_engine(f"sqlite:///{path}")
    try:
        found = await Ask(engine).data("{ workers { totalCount } }")
        assert found == {"workers": {"totalCount": len(rows(PUBLISHED)) + len(rows(DEMONSTRATION))}}
        async with engine.connect() as connection:
            for pragma, value in (("journal_mode", "wal"), ("foreign_keys", 1)):
                assert await connection.scalar(text(f"PRAGMA {pragma}")) == value
    finally:
        await engine.dispose()
    with closing(sqlite3.connect(path)) as alone:
        assert alone.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert alone.execute("PRAGMA foreign_key_check").fetchall() == []
