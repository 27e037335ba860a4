"""The embedded registry, as the service makes it: whole, private, with keys on a terminal alone."""

import csv
import io
import json
import os
import pty
import re
import sqlite3
import time
from contextlib import chdir, closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import text

import cli
from feeds.demonstration_partners import NO_TERMINAL_NOTICE
from feeds.importing import DEMONSTRATION, PUBLISHED
from kit.db.engine import open_engine
from tests.service.test_server import (
    PATIENCE,
    ServiceProcess,
    assert_requests_logged,
    assert_service_ready,
    clean_environment,
    start_service,
    start_service_at_terminal,
)
from tests.support.graph import GraphQLTestClient


def embedded(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "var").iterdir())


def rights(folder: Path) -> dict[str, str]:
    """Of the registry and what SQLite keeps beside it."""
    files = (folder / "var").glob("*.db*")
    return {path.suffix: f"{path.stat().st_mode & 0o777:o}" for path in files}


def command(folder: Path, *words: str) -> tuple[int, str, str]:
    """Return the command line in `folder`: its code, what it printed and what it said."""
    printed, said = io.StringIO(), io.StringIO()
    with (
        chdir(folder),
        patch.dict(os.environ, clean_environment(), clear=True),
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


def enrolments(service: ServiceProcess, key: str | None = None) -> int:
    found: int = service.ask(ENROLMENTS, key)["organisation"]["enrolments"]["totalCount"]
    return found


@dataclass(frozen=True)
class EmbeddedRegistry:
    """The registry that a service made at a terminal, after one that was killed at it."""

    folder: Path
    left: list[str]  # by the one that was killed
    files: list[str]  # when the second had ended
    keys: dict[str, str]  # by partner, as they were shown on the terminal
    given: dict[str, Any]  # issued beside the service
    enrolled: int  # as either key sees it


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedRegistry:
    """Made once: it takes longer than all that is asked of it."""
    folder = tmp_path_factory.mktemp("embedded")
    unfinished = folder / "var" / "registry.unfinished"
    with start_service(folder) as service:
        deadline = time.monotonic() + PATIENCE
        while not unfinished.exists() and time.monotonic() < deadline:
            assert service.process.poll() is None, service.said
            time.sleep(0.005)  # the other needs the processor
        service.process.kill()
        service.process.wait()
        assert unfinished.exists(), service.said
        left = embedded(folder)
    master, terminal = pty.openpty()
    with start_service_at_terminal(terminal, folder, {}) as service:
        service.wait()
        assert_service_ready(service)
        assert service.ask('{ worker(code: "yu_yimu") { name } }') == {"worker": {"name": "于义睦"}}
        shown = os.read(master, 65_536).decode()
        keys = dict(re.findall(r"^  (demo_\w+) +(jp_\S+)\r$", shown, re.MULTILINE))
        given = issued(folder, "demo_college")
        enrolled = enrolments(service, keys["demo_college"])
        assert enrolments(service, given["key"]) == enrolled > 100
        assert enrolments(service) == 0
        assert rights(folder) == PRIVATE
        service.end()
        assert_requests_logged(service, asked=5)
        assert "jp_" not in service.said, "A log holds no keys."
    os.close(master)
    os.close(terminal)
    return EmbeddedRegistry(folder, left, embedded(folder), keys, given, enrolled)


def test_an_embedded_registry_is_whole_or_not_there(made: EmbeddedRegistry) -> None:
    assert "registry.db" not in made.left
    assert made.files == ["personal.keys", "registry.db"]


def test_a_newcomer_finds_keys_of_the_demonstration_on_the_terminal(made: EmbeddedRegistry) -> None:
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


def test_a_service_without_a_terminal_issues_no_keys(made: EmbeddedRegistry) -> None:
    """On a registry of an older version, which others may read: not even to who has none."""
    path = made.folder / "var" / "registry.db"
    path.chmod(0o644)
    with closing(sqlite3.connect(path)) as alone, alone:
        alone.execute("DELETE FROM partner_key WHERE partner_code = 'demo_union_b'")
    with start_service(made.folder) as service:
        service.wait()
        assert enrolments(service, made.given["key"]) == made.enrolled
        assert rights(made.folder) == PRIVATE
        assert keys_of(path, "demo_union_b") == 0
        given = issued(made.folder, "demo_union_b")
        viewer = service.ask("{ viewer { organisation { code } } }", given["key"])
        assert viewer == {"viewer": {"organisation": {"code": "demo_union_b"}}}
        service.end()
        assert "jp_" not in service.said
        assert NO_TERMINAL_NOTICE.english in service.said


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "workers.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


async def test_an_embedded_registry_holds_the_examples(made: EmbeddedRegistry) -> None:
    path = made.folder / "var" / "registry.db"
    engine = open_engine(f"sqlite:///{path}")
    try:
        found = await GraphQLTestClient(engine).data("{ workers { totalCount } }")
        assert found == {"workers": {"totalCount": len(rows(PUBLISHED)) + len(rows(DEMONSTRATION))}}
        async with engine.connect() as connection:
            for pragma, value in (("journal_mode", "wal"), ("foreign_keys", 1)):
                assert await connection.scalar(text(f"PRAGMA {pragma}")) == value
    finally:
        await engine.dispose()
    with closing(sqlite3.connect(path)) as alone:
        assert alone.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert alone.execute("PRAGMA foreign_key_check").fetchall() == []
