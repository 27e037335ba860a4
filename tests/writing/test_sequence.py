"""What follows from a contest, a round or a challenge isn't dated before it."""

from typing import Any

import pytest

from kit.errors import ImportRejected
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts
from tests.support.registries import disposing_engine

CITED = {"sources": "s"}
CERTIFICATE = {"key": "q", "worker": "w", "grade": "SENIOR", "based_on": "r", **CITED}
TITLE = {"key": "t", "worker": "w", "honour": "h", **CITED}
GRANT = {"key": "g", "worker": "w", "amount_value": 1, "amount_unit": "yuan", "based_on": "r",
         **CITED}  # fmt: skip
BID = {"key": "b", "worker": "w", "challenge": "x", **CITED}


async def fill(make: RowFactory) -> None:
    await make(
        sources=[{"key": "s", "title": "报"}],
        workers=[{"code": "w", "name": "工"}],
        honours=[{"code": "h", "name": "荣"}],
        competitions=[{"code": "c", "name": "赛", "held_on": "2024-05"}],
        results=[{"key": "r", "competition": "c", "worker": "w", "rank": 1, **CITED}],
        selection_rounds=[{"code": "n", "name": "批", "honour": "h", "opened": "2024-03"}],
        challenges=[
            {"code": "x", "name": "题", "challenge_status": "OPEN", "posted": "2024-05-02"}
        ],
    )


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("qualifications", CERTIFICATE | {"issued_on": "2024-04-30"},
     "issued_on: is 2024-04-30: that comes before 'c', 2024-05, from which it follows."),
    ("qualifications", CERTIFICATE | {"issued_on": "2023"},
     "issued_on: is 2023: that comes before 'c', 2024-05, from which it follows."),
    ("conferrals", TITLE | {"based_on": "r", "year": 2023},
     "year: is 2023: that comes before 'c', 2024-05, from which it follows."),
    ("conferrals", TITLE | {"selection_round": "n", "year": 2023},
     "year: is 2023: that comes before 'n', 2024-03, from which it follows."),
    ("grants", GRANT | {"year": 2023},
     "year: is 2023: that comes before 'c', 2024-05, from which it follows."),
    ("bids", BID | {"submitted": "2024-04"},
     "submitted: is 2024-04: that comes before 'x', 2024-05-02, from which it follows."),
]  # fmt: skip


@pytest.mark.parametrize(("file", "row", "reason"), WRONG)
async def test_what_comes_before_its_cause_is_refused(
    filled_url: str, file: str, row: dict[str, Any], reason: str
) -> None:
    async with disposing_engine(filled_url) as engine:
        before = await row_counts(engine)
        with pytest.raises(ImportRejected) as refused:
            await RowFactory(engine)(**{file: [row]})
        assert [str(one) for one in refused.value.problems] == [f"{file}.csv, line 2, {reason}"]
        assert await row_counts(engine) == before


async def test_what_may_have_come_after_is_entered(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """As precisely as the dates are known; and a certificate of nothing may be of any day."""
    await fill(make)
    for row in (
        CERTIFICATE | {"issued_on": "2024"},
        CERTIFICATE | {"issued_on": "2024-05-01"},
        CERTIFICATE | {"issued_on": ""},
        CERTIFICATE | {"issued_on": "2020", "based_on": ""},
        CERTIFICATE | {"issued_on": "2020", "status": "RETRACTED"},
    ):
        await make(qualifications=[row])
    await make(
        conferrals=[TITLE | {"based_on": "r", "selection_round": "n", "year": 2024}],
        bids=[BID | {"submitted": "2024-05"}],
    )
    answer = await ask.data("{ conferrals { totalCount } bids { totalCount } }")
    assert answer == {"conferrals": {"totalCount": 1}, "bids": {"totalCount": 1}}


async def test_a_contest_is_not_moved_past_what_follows_from_it(make: RowFactory) -> None:
    await fill(make)
    await make(
        qualifications=[CERTIFICATE | {"issued_on": "2024-06"}],
        bids=[BID | {"submitted": "2024-05-03"}],
    )
    before = await row_counts(make.engine)
    with pytest.raises(ImportRejected) as refused:
        await make(
            competitions=[{"code": "c", "held_on": "2024-07"}],
            challenges=[{"code": "x", "posted": "2024-06"}],
        )
    assert [str(one) for one in refused.value.problems] == [
        "challenges.csv, line 2, posted: is 2024-06: that comes after 'b', 2024-05-03, "
        "which follows from it.",
        "competitions.csv, line 2, held_on: is 2024-07: that comes after 'q', 2024-06, "
        "which follows from it.",
    ]
    assert await row_counts(make.engine) == before
    await make(
        competitions=[{"code": "c", "held_on": "2024-07"}],
        qualifications=[{"key": "q", "issued_on": "2024-08"}],
    )
