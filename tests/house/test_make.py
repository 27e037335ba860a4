"""`make` alone, and `make help`, print each target with what it does."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MAKE = shutil.which("make")
NAME = r"([a-z-]+)"


def printed(*arguments: str) -> str:
    if MAKE is None:
        pytest.skip("make isn't installed.")
    # Under `make test` this would be a make within a make, which prints more.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        [MAKE, *arguments], cwd=ROOT, env=plain, capture_output=True, text=True, check=True
    ).stdout


def test_help_prints_every_target_with_a_text() -> None:
    text = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", "")
    [phony] = re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    lines = printed("help").splitlines()
    assert [*phony.split()] == [line.split()[1] for line in lines]
    assert [line for line in lines if not re.fullmatch(rf"make {NAME} +\S.+", line)] == []
    assert max(map(len, lines)) <= 100


def test_make_alone_prints_the_help() -> None:
    assert printed() == printed("help")


def test_pages_name_targets_that_exist() -> None:
    """`make x` in the READMEs, in CONTRIBUTING.md and in docs/."""
    targets = {line.split()[1] for line in printed("help").splitlines()}
    named = re.compile(rf"(?:`make |^make (?=\S+ +#)){NAME}", re.MULTILINE)
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        assert {*named.findall(page.read_text("utf-8"))} <= targets, page
