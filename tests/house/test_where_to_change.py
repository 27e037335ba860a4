"""The table of requests in docs/adding.md leads to files and names that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "adding.md").read_text("utf-8")
PATH = re.compile(r"`((?:\w+/)+(?:\w+\.\w+)?)`")
NAME = re.compile(r"`(\w+)`")


def requests() -> list[tuple[str, str, str, str]]:
    """Return the rows of the table: request, file, look for, test."""
    found = re.search(r"<!-- requests -->\n(.+?)<!-- end of requests -->", PAGE, re.DOTALL)
    assert found
    _, _, *lines = found[1].splitlines()
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    return [(request, file, names, test) for request, file, names, test in rows]


REQUESTS = requests()
each_request = pytest.mark.parametrize("row", REQUESTS, ids=lambda row: row[0][:40])


@cache
def defined_in(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def test_there_are_twelve_requests() -> None:
    assert len({request for request, *_ in REQUESTS}) == 12


@each_request
def test_each_path_of_a_request_exists(row: tuple[str, str, str, str]) -> None:
    paths = PATH.findall(" ".join(row))
    assert [path for path in paths if not (ROOT / path).exists()] == []
    tests = PATH.findall(row[3])
    assert tests
    assert all(path.startswith("tests/") for path in tests)


@each_request
def test_each_name_of_a_request_is_defined_in_its_files(row: tuple[str, str, str, str]) -> None:
    files = [ROOT / path for path in PATH.findall(f"{row[1]} {row[2]}") if path.endswith(".py")]
    names = set(NAME.findall(row[2]))
    assert names
    assert names <= set[str]().union(*map(defined_in, files))
