"""The service as a process: how it starts, refuses to start, and ends."""

import csv
import io
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
from contextlib import chdir, closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from sqlalchemy import text

import cli
import server
from feeds.loading import DEMONSTRATION, PUBLISHED
from feeds.partners import NO_TERMINAL
from kit.database import open_engine, writing
from resolvers.schema_version import wanted
from settings import Settings
from tests.asking import Ask, run
from tests.databases import Databases
from tests.over_http import post, served

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


def refusal(capsys: pytest.CaptureFixture[str], **settings: str) -> str:
    """What a service says that doesn't start: in this process, for each takes long to start."""
    capsys.readouterr()
    with patch.dict(os.environ, environment(**settings), clear=True):
        assert server.main() == 1
    printed, said = capsys.readouterr()
    assert printed == ""
    assert "Traceback" not in said
    [sentence] = said.splitlines()
    return sentence


async def make_newer(url: str) -> None:
    engine = open_engine(url)
    async with writing(engine) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()


def assert_logged(service: Service, asked: int) -> None:
    """Where it listened, and each request; the first was a question of one statement."""
    [listening] = [entry for entry in service.log if entry["event"] == "listening"]
    assert listening["graphql"] == f"{service.url}/graphql"
    requests = [entry for entry in service.log if entry["event"] == "request"]
    assert (requests[0]["statements"], requests[0]["errors"]) == (1, 0)
    assert len(requests) == asked
    assert "Traceback" not in service.said


def answers_and_is_ready(service: Service) -> None:
    assert service.ask(REGION) == {"region": {"name": "山东省"}}
    assert httpx.get(f"{service.url}/ready").json() == {"status": "ready"}


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_service_says_where_it_listens_and_ends_when_told(url: str, tmp_path: Path) -> None:
    """On SQLite the embedded registry shows it."""
    with started(tmp_path, DATABASE_URL=url) as service:
        service.wait()
        answers_and_is_ready(service)
        service.end()
        assert_logged(service, asked=1)


def test_a_wrong_setting_is_named() -> None:
    """As a process: it ends with 1, and says a sentence on standard error alone."""
    ended = subprocess.run(
        [sys.executable, "server.py"],
        cwd=ROOT,
        env=environment(DATABASE_URL="sqlite:///unused.db", PORT="abc"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    [sentence] = ended.stderr.splitlines()
    assert sentence.startswith("PORT: ")


def test_a_database_out_of_reach_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    sentence = refusal(capsys, DATABASE_URL="postgresql://somebody:secret@127.0.0.1:1/nothing")
    assert sentence.startswith("The database can't be reached: ")
    assert "secret" not in sentence


def test_postgresql_is_not_migrated_by_a_start(
    databases: Databases, capsys: pytest.CaptureFixture[str]
) -> None:
    url = databases.bare("postgresql")
    assert refusal(capsys, DATABASE_URL=url) == (
        f"The database has no tables yet; this version of the service needs {wanted()}. "
        "Run 'python cli.py migrate' with the same DATABASE_URL, then start again."
    )
    databases.drop(url)


async def test_sqlite_brings_itself_up_to_date(databases: Databases) -> None:
    """As a service does before it listens."""
    url = databases.bare("sqlite")
    settings = Settings(database_url=url)
    await server.make_ready(settings)
    async with served(url) as client:
        answer = await post(client, {"query": REGION})
        assert answer.json()["data"] == {"region": {"name": "山东省"}}
        assert (await client.get("/ready")).json() == {"status": "ready"}
    databases.drop(url)


def test_a_database_of_a_newer_version_is_refused(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(make_newer(url))
    assert "is at schema version 9999" in refusal(capsys, DATABASE_URL=url)


def embedded(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "var").iterdir())


def rights(folder: Path) -> dict[str, str]:
    """Of the registry and what SQLite keeps beside it."""
    files = (folder / "var").glob("*.db*")
    return {path.suffix: f"{path.stat().st_mode & 0o777:o}" for path in files}


def command(folder: Path, *words: str) -> tuple[int, str, str]:
    """The command line in `folder`: its code, what it printed and what it said."""
    printed, said = io.StringIO(), io.StringIO()
    with (
        chdir(folder),
        patch.dict(os.environ, environment(), clear=True),
        redirect_stdout(printed),
        redirect_stderr(said),
    ):
        code = cli.main(list(words))
    return code, printed.getvalue(), said.getvalue()


def issued(folder: Path, partner: str) -> dict[str, Any]:
    code, printed, _ = command(folder, "key", "issue", partner, "--json")
    assert code == 0
    given: dict[str, Any] = json.loads(printed)
    return given


ENROLMENTS = '{ organisation(code: "demo_college") { enrolments { totalCount } } }'
PRIVATE = {".db": "600", ".db-shm": "600", ".db-wal": "600"}


def enrolments(service: Service, key: str | None = None) -> int:
    found: int = service.ask(ENROLMENTS, key)["organisation"]["enrolments"]["totalCount"]
    return found


@dataclass(frozen=True)
class Made:
    """The registry that a service made at a terminal, after one that was killed at it."""

    folder: Path
    left: list[str]  # by the one that was killed
    files: list[str]  # when the second had ended
    keys: dict[str, str]  # by partner, as they were shown on the terminal
    given: dict[str, Any]  # issued beside the service


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
    master, terminal = pty.openpty()
    with started_before(terminal, folder, {}) as service:
        service.wait()
        answers_and_is_ready(service)
        assert service.ask('{ worker(code: "yu_yimu") { name } }') == {"worker": {"name": "于义睦"}}
        shown = os.read(master, 65_536).decode()
        keys = dict(re.findall(r"^  (demo_\w+) +(jp_\S+)\r$", shown, re.MULTILINE))
        given = issued(folder, "demo_college")
        for key in (keys["demo_college"], given["key"]):
            assert enrolments(service, key) > 100
        assert enrolments(service) == 0
        assert rights(folder) == PRIVATE
        service.end()
        assert_logged(service, asked=5)
        assert "jp_" not in service.said, "A log holds no keys."
    os.close(master)
    os.close(terminal)
    return Made(folder, left, embedded(folder), keys, given)


def test_an_embedded_registry_is_whole_or_not_there(made: Made) -> None:
    assert "registry.db" not in made.left
    assert made.files == ["personal.keys", "registry.db"]


def test_a_newcomer_finds_keys_of_the_demonstration_on_the_terminal(made: Made) -> None:
    assert list(made.keys) == [
        "demo_alliance_axle", "demo_college", "demo_steward", "demo_union_a", "demo_union_b",
    ]  # fmt: skip
    assert made.given.keys() == {"partner", "key", "id", "expires"}
    code, printed, said = command(made.folder, "key", "issue", "demo_college", "--json")
    assert (code, printed) == (1, "")
    assert f"Revoke one ('python cli.py key revoke {made.keys['demo_college'][3:15]}')" in said


def keys_of(path: Path, partner: str) -> int:
    with closing(sqlite3.connect(path)) as alone:
        counted = "SELECT count(*) FROM partner_key WHERE partner_code = ?"
        [[found]] = alone.execute(counted, [partner])
    return int(found)


def test_a_service_without_a_terminal_issues_no_keys(made: Made) -> None:
    """On a registry of an older version, which others may read: not even to who has none."""
    path = made.folder / "var" / "registry.db"
    path.chmod(0o644)
    with closing(sqlite3.connect(path)) as alone, alone:
        alone.execute("DELETE FROM partner_key WHERE partner_code = 'demo_union_b'")
    with started(made.folder) as service:
        service.wait()
        assert enrolments(service, made.given["key"]) > 100
        assert rights(made.folder) == PRIVATE
        assert keys_of(path, "demo_union_b") == 0
        given = issued(made.folder, "demo_union_b")
        viewer = service.ask("{ viewer { organisation { code } } }", given["key"])
        assert viewer == {"viewer": {"organisation": {"code": "demo_union_b"}}}
        service.end()
        assert "jp_" not in service.said
        assert NO_TERMINAL in service.said


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
