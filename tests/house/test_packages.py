"""The output of `make check` about packages: known faults, and licences."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from requirements.audit import faults, licences

CLEAN = {"name": "starlette", "version": "1.10.0", "vulns": []}
FAULTY = {
    "name": "orjson",
    "version": "3.13.0",
    "vulns": [
        {"id": "PYSEC-2026-1", "fix_versions": ["3.13.1"]},
        {"id": "X-2", "fix_versions": []},
    ],
}
UNKNOWN = {"name": "opencc", "skip_reason": "not found"}
UNASKED = "Known faults of packages are NOT checked: the package index here tells no advisories."
COUNTED = "Known faults of {} packages are checked."


@pytest.mark.parametrize(("packages", "told", "wrong"), [
    (None, [UNASKED], []),
    ([CLEAN], [COUNTED.format(1)], []),
    ([CLEAN, UNKNOWN],
     ["Known faults of these packages are NOT checked: opencc.", COUNTED.format(1)], []),
    ([CLEAN, FAULTY], [COUNTED.format(2)], [
        "orjson 3.13.0: PYSEC-2026-1, mended in 3.13.1.",
        "orjson 3.13.0: X-2, mended in no version yet.",
    ]),
])  # fmt: skip
def test_what_is_known_against_a_package_is_told_and_so_is_what_was_not_asked(
    packages: list[dict[str, Any]] | None,
    told: list[str],
    wrong: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert faults(packages) == wrong
    assert capsys.readouterr().out.splitlines() == told


def test_every_licence_is_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    assert licences() == []
    assert "packages are among those allowed." in capsys.readouterr().out


def test_a_licence_that_is_not_allowed_is_refused(project_root: Path) -> None:
    """So that the test above can fail."""
    command = [sys.executable, "-m", "piplicenses", "--allow-only", "Apache"]
    done = subprocess.run(command, cwd=project_root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "not in allow-only" in done.stderr
