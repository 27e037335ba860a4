"""The service as a process: how it starts, refuses to start, and ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from sqlalchemy import text

import server
from kit.db.engine import open_engine, write_transaction
from resolvers.database.schema_version import head_revision
from settings import Settings
from tests.support.databases import Databases
from tests.support.graph import run_async
from tests.support.over_http import post_graphql, serve

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 300  # seconds, for a machine that has much else to do
REGION = '{ region(code: "370000") { name } }'


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def clean_environment(**settings: str) -> dict[str, str]:
    """Nothing of the environment that the tests run in."""
    return {"PATH": os.environ["PATH"], "LOG_FORMAT": "json", **settings}


@dataclass
class ServiceProcess:
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
def start_service(folder: Path, **settings: str) -> Iterator[ServiceProcess]:
    """Run in `folder`, where the embedded registry is made, if configured."""
    with start_service_at_terminal(None, folder, settings) as service:
        yield service


@contextmanager
def start_service_at_terminal(
    terminal: int | None, folder: Path, settings: Mapping[str, str]
) -> Iterator[ServiceProcess]:
    """Yield what it says goes to a file, but for standard output if there is a terminal."""
    port = free_port()
    output = folder / f"{port}.log"
    command = [sys.executable, str(ROOT / "server.py")]
    given = clean_environment(PORT=str(port), **settings)
    with (
        output.open("wb") as said,
        subprocess.Popen(
            command, cwd=folder, env=given, stdout=terminal or said, stderr=said
        ) as process,
    ):
        try:
            yield ServiceProcess(process, f"http://127.0.0.1:{port}", output)
        finally:
            process.kill()


def refusal(capsys: pytest.CaptureFixture[str], **settings: str) -> str:
    """Return the error of a service that doesn't start, in this process, since that is faster."""
    capsys.readouterr()
    with patch.dict(os.environ, clean_environment(**{"PORT": "0", **settings}), clear=True):
        assert server.main() == 1
    printed, said = capsys.readouterr()
    assert printed == ""
    assert "Traceback" not in said
    [sentence] = said.splitlines()
    return sentence


@pytest.mark.parametrize("language", ["en", "zh_CN.UTF-8"])
def test_a_port_that_is_taken_is_named_before_anything_is_done(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, language: str
) -> None:
    database = tmp_path / "untouched.db"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = refusal(
            capsys, PORT=str(port), DATABASE_URL=f"sqlite:///{database}", LC_ALL=language
        )
    next_one = f"'PORT={port + 1} .venv/bin/python server.py'"
    assert sentence == (
        f"PORT: {port} on 127.0.0.1 is taken. Name another one, as in {next_one}."
        if language == "en"
        else f"PORT：127.0.0.1 的 {port} 端口已被占用。请另指定一个，如 {next_one}。"
    )
    assert not database.exists()


def test_an_address_of_another_machine_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    sentence = refusal(capsys, HOST="192.0.2.1", DATABASE_URL="sqlite:///unread.db")
    assert sentence.startswith("HOST, PORT: 192.0.2.1:0 can't be listened on: ")


async def make_newer(url: str) -> None:
    engine = open_engine(url)
    async with write_transaction(engine) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()


def assert_requests_logged(service: ServiceProcess, asked: int) -> None:
    """Where it listened, and each request; the first was a question of one statement."""
    [listening] = [entry for entry in service.log if entry["event"] == "listening"]
    assert listening["graphql"] == f"{service.url}/graphql"
    requests = [entry for entry in service.log if entry["event"] == "request"]
    assert (requests[0]["statements"], requests[0]["errors"]) == (1, 0)
    assert len(requests) == asked
    assert "Traceback" not in service.said


def assert_service_ready(service: ServiceProcess) -> None:
    assert service.ask(REGION) == {"region": {"name": "山东省"}}
    assert httpx.get(f"{service.url}/ready").json() == {"status": "ready"}


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_service_says_where_it_listens_and_ends_when_told(url: str, tmp_path: Path) -> None:
    """On SQLite the embedded registry shows it."""
    with start_service(tmp_path, DATABASE_URL=url) as service:
        service.wait()
        assert_service_ready(service)
        service.end()
        assert_requests_logged(service, asked=1)


def test_a_wrong_setting_is_named() -> None:
    """As a process: it ends with 1, and says a sentence on standard error alone."""
    ended = subprocess.run(
        [sys.executable, "server.py"],
        cwd=ROOT,
        env=clean_environment(DATABASE_URL="sqlite:///unused.db", PORT="abc"),
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
        f"The database has no tables yet; this version of the service needs {head_revision()}. "
        "Run 'python cli.py migrate' with the same DATABASE_URL, then start again."
    )
    databases.drop(url)


async def test_sqlite_brings_itself_up_to_date(databases: Databases) -> None:
    """As a service does before it listens."""
    url = databases.bare("sqlite")
    settings = Settings(database_url=url)
    await server.prepare_service(settings)
    async with serve(url) as client:
        answer = await post_graphql(client, {"query": REGION})
        assert answer.json()["data"] == {"region": {"name": "山东省"}}
        assert (await client.get("/ready")).json() == {"status": "ready"}
    databases.drop(url)


def test_a_database_of_a_newer_version_is_refused(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run_async(make_newer(url))
    assert "is at schema version 9999" in refusal(capsys, DATABASE_URL=url)
