"""PROTECTED is for people and the facts that name them: of the rest a union counts everything."""

from typing import Any

import pytest

from kit.errors import ImportRejected
from tests.support.graph import RowFactory, row_counts

CITED = {"sources": "s"}
TITLE = {"honour": "h", "year": 2024, **CITED}


async def fill(make: RowFactory) -> None:
    await make(
        sources=[{"key": "s", "title": "甲报"}],
        workers=[{"code": "w", "name": "甲", "audience": "OWNER", "owner": "o"}],
        organisations=[{"code": "o", "name": "厂", "organisation_kind": "ENTERPRISE"}],
        honours=[{"code": "h", "name": "荣"}],
    )


NOT_OF_PEOPLE: list[tuple[str, dict[str, Any]]] = [
    ("studios", {"code": "st", "name": "室", "studio_kind": "CRAFTSMAN"}),
    ("conferrals", {"key": "c", "organisation": "o", **TITLE}),
    ("conferrals", {"key": "c", "recipient_as_published": "某班组", **TITLE}),
]


@pytest.mark.parametrize(("file", "row"), NOT_OF_PEOPLE)
async def test_what_names_nobody_is_refused(
    make: RowFactory, file: str, row: dict[str, Any]
) -> None:
    await fill(make)
    before = await row_counts(make.engine)
    with pytest.raises(ImportRejected) as refused:
        await make(**{file: [{**row, "audience": "PROTECTED"}]})
    assert [str(problem) for problem in refused.value.problems] == [
        f"{file}.csv, line 2, audience: protects people, and facts that name one: here OWNER keeps "
        "it to its owner."
    ]
    assert await row_counts(make.engine) == before
    assert (await make(**{file: [{**row, "audience": "OWNER"}]})).total() == 1


async def test_people_and_facts_that_name_them_are_taken(make: RowFactory) -> None:
    await fill(make)
    protected = {"audience": "PROTECTED", "owner": "o"}
    await make(
        workers=[{"code": "v", "name": "乙", **protected}],
        conferrals=[{"key": "c", "worker": "w", **TITLE, **protected}],
    )
