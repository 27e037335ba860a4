"""The audits of the GraphQL-over-HTTP specification, by its reference suite, on a running service.

They need Node and npm; everything else does without.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.service.test_server import start_service
from tests.support.databases import Databases

AUDITS = Path(__file__).parent.parent / "audits"
LOCK = AUDITS / "package-lock.json"
INSTALLED = AUDITS / "node_modules" / "installed.json"  # the lock that was installed from
PATIENCE = 120  # seconds
OUT_OF_REACH = (
    "EAI_AGAIN", "ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH",
    "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT", "E502", "E503", "E504",
)  # fmt: skip

# GET is off: questions in addresses end in the logs of others, with all that they ask for.
GET_IS_OFF = {
    "5A70": "MAY accept application/x-www-form-urlencoded formatted GET requests",
    "D6D5": "MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting "
    "application/graphql-response+json",
    "6A70": "MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting "
    "application/json",
}


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"There is no {name} on this machine, and the audits are a program for it.")
    return found


def install() -> None:
    npm = program("npm")
    if INSTALLED.exists() and INSTALLED.read_bytes() == LOCK.read_bytes():
        return
    ended = subprocess.run(
        [npm, "ci"], cwd=AUDITS, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if any(f"code {code}" in ended.stderr for code in OUT_OF_REACH):
        pytest.skip(f"npm can't reach its registry for the audits: {ended.stderr.splitlines()[0]}")
    assert ended.returncode == 0, ended.stderr
    shutil.copyfile(LOCK, INSTALLED)


def audited(url: str) -> list[dict[str, Any]]:
    ended = subprocess.run(
        [program("node"), "audit.mjs", url],
        cwd=AUDITS,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found: list[dict[str, Any]] = json.loads(ended.stdout)
    return found


def test_the_service_passes_every_audit_but_those_of_get(
    databases: Databases, tmp_path: Path
) -> None:
    program("node")
    install()
    url = databases.copy("sqlite", "examples")
    with start_service(tmp_path, DATABASE_URL=url) as service:
        service.wait()
        results = audited(f"{service.url}/graphql")
    databases.drop(url)
    assert len(results) == 61
    others = [one for one in results if one["status"] != "ok"]
    assert {one["id"]: (one["status"], one["name"]) for one in others} == {
        id: ("notice", name) for id, name in GET_IS_OFF.items()
    }, others
