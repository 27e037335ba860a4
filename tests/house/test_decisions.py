"""Each record of a decision says whether it still holds, and what it names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
RECORDS = {path.name[:4]: path for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))}
NUMBER = r"\[(\d{4})\]\(\1-[a-z-]+\.md\)"
LIST = r"\[\d{4}\]\([^)]+\)(?:, \[\d{4}\]\([^)]+\))*"
STATUS = re.compile(
    rf"(?:Accepted|Superseded by (?P<superseded>{LIST}))"
    rf"(?:; amended by (?P<amended>{LIST}))?"
    rf"(?:; amends (?P<amends>{LIST}))?\."
)
# A path: a folder with its slash, a file, or a pattern of files; after `::` what is defined there.
PATH = re.compile(r"`((?:[a-z_]+/)+[\w*.-]*)(?:::(\w+))?`")
each_record = pytest.mark.parametrize("number", RECORDS)


def text(number: str) -> str:
    return RECORDS[number].read_text("utf-8")


def paragraph(number: str, head: str) -> str:
    found = re.findall(rf"(?ms)^\*\*{head}\*\* (.+?)(?:\n\n|\n?\Z)", text(number))
    assert len(found) == 1, f"One paragraph of {number} begins with **{head}**."
    return " ".join(found[0].split())


def status(number: str) -> dict[str, list[str]]:
    """Return the numbers that the status names, by how they are related."""
    found = STATUS.fullmatch(paragraph(number, r"Status\."))
    assert found, f"The status of {number} is none."
    return {how: re.findall(NUMBER, named or "") for how, named in found.groupdict().items()}


def test_numbers_are_consecutive() -> None:
    assert [*RECORDS] == [f"{number:04}" for number in range(1, len(RECORDS) + 1)]
    for number in RECORDS:
        assert text(number).startswith(f"# {int(number)}. ")


@each_record
def test_the_status_names_later_and_earlier_records(number: str) -> None:
    for how, named in status(number).items():
        assert len(named) == len(set(named))
        for other in named:
            assert RECORDS[other].name in text(number)
            assert other < number if how == "amends" else other > number


@each_record
def test_what_amends_a_record_says_so(number: str) -> None:
    for other in status(number)["amended"]:
        assert number in status(other)["amends"], other
    for other in status(number)["amends"]:
        assert number in status(other)["amended"], other


@each_record
def test_numbers_that_are_named_exist(number: str) -> None:
    named = re.findall(r"(?<!\d)0\d{3}(?!\d|_)", text(number))
    assert {*named} <= RECORDS.keys()
    assert {int(one) for one in re.findall(r"decision (\d+)", text(number))} <= {*map(int, RECORDS)}


@each_record
def test_files_and_tests_that_are_named_exist(number: str) -> None:
    held_by = paragraph(number, "Held by")
    assert PATH.search(held_by), number
    for path, defined in PATH.findall(text(number)):
        files = [*ROOT.glob(path.rstrip("/"))]
        assert files, path
        if defined:
            assert any(f"def {defined}(" in file.read_text("utf-8") for file in files), defined
