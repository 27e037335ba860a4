"""Rules of one row: violations are refused, with the column and the reason."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kit.errors import ImportRejected
from resolvers.core.access import PUBLIC
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts
from tests.support.registries import disposing_engine

CITED = {"sources": "s"}
YUAN = {"amount_value": 5000, "amount_unit": "yuan", "amount_qualifier": "EXACT"}


async def fill(make: RowFactory) -> None:
    await make(
        sources=[{"key": "s", "title": "t"}],
        workers=[{"code": "w", "name": "工", "region": "370200", "audience": "PUBLIC"}],
        studios=[{"code": "t", "name": "室", "studio_kind": "OTHER", "region": "230100"}],
        alliances=[{"code": "a", "name": "盟", "alliance_kind": "STUDIO", "region": "230000"}],
        honours=[{"code": code, "name": "荣"} for code in ("h", "h2")],
        competitions=[{"code": "c", "name": "赛"}],
        results=[{"key": "r", "competition": "c", "worker": "w", "rank": 1, **CITED}],
        challenges=[{"code": "x", "name": "题", "challenge_status": "OPEN"}],
        policies=[{"code": "p", "name": "文", "policy_kind": "MEASURES"}],
        service_teams=[{"code": "v", "name": "队"}],
        selection_rounds=[{"code": code, "name": "批", "honour": "h"} for code in ("n", "n2")],
        conferrals=[{"key": "k", "honour": "h", "worker": "w", "selection_round": "n", **CITED}],
        nominations=[
            {"key": "m", "selection_round": "n", "worker": "w", "conferral": "k", **CITED}
        ],
        prize_rules=[{"key": "pr", "honour": "h", **YUAN, **CITED}],
        subsidy_rules=[{"key": "sr", "subsidy_kind": "SUBSIDY", "label": "补", **CITED}],
    )


@pytest.fixture
async def known(make: RowFactory) -> None:
    await fill(make)


ONE_OF = "fill exactly one of worker, organisation, studio"
WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("challenges", {"code": "y", "name": "题", "challenge_status": "OPEN",
                    "posted": "2024-05-02", "deadline": "2024-05-01"},
     "deadline", "is 2024-05-01: that comes before `posted`, 2024-05-02."),
    ("challenges", {"code": "y", "name": "题", "challenge_status": "DONE"}, "challenge_status",
     "'DONE' is none of OPEN, CLAIMED, SOLVED, WITHDRAWN."),
    ("bids", {"key": "b", "challenge": "x"}, "studio", f"{ONE_OF}."),
    ("bids", {"key": "b", "challenge": "x", "worker": "w", "studio": "t"}, "studio", f"{ONE_OF}."),
    ("grants", {"key": "g", "worker": "w", "studio": "t", **YUAN}, "studio",
     f"{ONE_OF}, alliance."),
    ("grants", {"key": "g", "worker": "w", "prize_rule": "pr", "subsidy_rule": "sr", **YUAN},
     "subsidy_rule", "fill at most one of prize_rule, subsidy_rule."),
    ("grants", {"key": "g", "worker": "w", "amount_value": 5}, "amount_unit", "may not be empty."),
    ("promotion_rules", {"key": "m", "grade": "SENIOR"}, "rank_to",
     "goes without a share of the entrants, and a share without a rank."),
    ("promotion_rules", {"key": "m", "grade": "SENIOR", "rank_to": 10, "share_to": 30}, "rank_to",
     "goes without a share of the entrants, and a share without a rank."),
    ("promotion_rules", {"key": "m", "grade": "SENIOR", "share_to": 130}, "share_to",
     "is 130; it is from 0 to 100."),
    ("subsidy_rules", {"key": "q", "subsidy_kind": "FUND", "label": "金", "amount_value": 5},
     "amount_value", "goes with its unit and its qualifier."),
    ("nominations", {"key": "o", "selection_round": "n"}, "studio", f"{ONE_OF}."),
    ("conferrals", {"key": "c2", "honour": "h2", "worker": "w", "selection_round": "n"},
     "selection_round", "is a round of another honour than this conferral is of."),
    ("conferrals", {"key": "k", "honour": "h", "worker": "w", "selection_round": "n2"},
     "selection_round", "is another round than that of 'm', which led to this conferral."),
    ("nominations", {"key": "m2", "selection_round": "n2", "worker": "w", "conferral": "k"},
     "conferral", "was conferred in another round than this one."),
    ("selection_rounds", {"code": "n", "name": "批", "honour": "h2"}, "honour",
     "is another honour than that of 'k', which was conferred in this round."),
    ("figures", {"key": "f", "metric": "m", "label": "x", "quantity_value": 1,
                 "quantity_unit": "person", "quantity_qualifier": "EXACT", "worker": "w",
                 "policy": "p"}, "policy",
     "fill at most one of worker, subject_organisation, studio, academy, alliance, competition, "
     "series, honour, ladder, programme, service_team, event, policy."),
    ("service_teams", {"code": "v", "name": "队", "parent": "v"}, "parent",
     "'v' would be inside itself."),
    ("service_team_memberships", {"key": "z", "service_team": "v", "worker": "w",
                                  "joined": "2024", "left": "2023"}, "left",
     "2023 is not after 2024: a spell holds on a day at least."),
]  # fmt: skip


@pytest.mark.parametrize(("file", "row", "column", "reason"), WRONG)
async def test_a_row_that_cannot_be_is_refused(
    filled_url: str, file: str, row: dict[str, Any], column: str, reason: str
) -> None:
    facts = {
        "bids",
        "conferrals",
        "grants",
        "promotion_rules",
        "subsidy_rules",
        "nominations",
        "figures",
    }
    async with disposing_engine(filled_url) as engine:
        before = await row_counts(engine)
        given = row | (CITED if file in facts or "ship" in file else {})
        with pytest.raises(ImportRejected) as refused:
            await RowFactory(engine)(**{file: [given]})
        assert await row_counts(engine) == before
    found = [(one.column, one.reason) for one in refused.value.problems]
    assert (column, reason) in found


async def test_the_database_refuses_two_subjects_itself(known: None, make: RowFactory) -> None:
    """The rule was restated when figures came to have more subjects."""
    figure = {"key": "f", "metric": "m", "label": "x", "quantity_value": 1, "policy": "p"}
    await make(
        figures=[{**figure, "quantity_unit": "item", "quantity_qualifier": "EXACT", **CITED}]
    )
    with pytest.raises(IntegrityError):
        async with make.engine.begin() as connection:
            await connection.execute(text("UPDATE figure SET worker_id = 'w'"))


async def test_all_that_follows_from_a_place_is_told(
    known: None, ask: GraphQLTestClient, make: RowFactory
) -> None:
    """Conferrals, then qualifications, then grants; money is of its recipient's region."""
    await make(
        conferrals=[{"key": "1", "honour": "h", "worker": "w", "based_on": "r", **CITED}],
        qualifications=[{"key": "1", "worker": "w", "grade": "SENIOR", "based_on": "r", **CITED}],
        grants=[
            {"key": key, **dict.fromkeys(("worker", "studio", "alliance")), recipient: code,
             "prize_rule": rule, "based_on": result, **YUAN, **CITED}
            for key, recipient, code, rule, result in (
                ("1", "worker", "w", "pr", "r"),
                ("2", "studio", "t", None, None),
                ("3", "alliance", "a", None, None),
            )
        ],
    )  # fmt: skip
    query = """{ results { nodes { consequences { __typename ... on Grant {
        amount { value unit qualifier } recipient { code } prizeRule { honour { code } } } } } }
      shandong: region(code: "370000") { ...Paid } heilongjiang: region(code: "230000") { ...Paid }
    }
    fragment Paid on Region { grants { totalCount groups(by: [PROVINCE]) {
      nodes { keys { code } count sum(of: AMOUNT) { value unit qualifier } } } } }"""
    amount = {"value": 5000.0, "unit": "yuan", "qualifier": "EXACT"}

    def paid(code: str, count: int) -> dict[str, Any]:
        group = {"keys": [{"code": code}], "count": count, "sum": {**amount, "value": 5000 * count}}
        return {"grants": {"totalCount": count, "groups": {"nodes": [group]}}}

    assert await ask.data(query) == {
        "results": {
            "nodes": [
                {
                    "consequences": [
                        {"__typename": "Conferral"},
                        {"__typename": "Qualification"},
                        {
                            "__typename": "Grant",
                            "amount": amount,
                            "recipient": {"code": "w"},
                            "prizeRule": {"honour": {"code": "h"}},
                        },
                    ]
                }
            ]
        },
        "shandong": paid("370000", 1),
        "heilongjiang": paid("230000", 2),
    }


async def test_who_was_not_selected_is_not_public(
    known: None, ask: GraphQLTestClient, make: RowFactory
) -> None:
    await make(nominations=[{"key": "1", "selection_round": "n2", "worker": "w", **CITED}])
    query = '{ worker(code: "w") { nominations { totalCount nodes { id } } } }'
    assert (await ask.data(query))["worker"]["nominations"]["totalCount"] == 2
    hidden = await ask(query, viewer=PUBLIC)
    assert hidden.data == {"worker": {"nominations": {"totalCount": 0, "nodes": []}}}
