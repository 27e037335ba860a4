"""Outcomes that several brought about: one record, in the list of each, with shares that add up."""

from typing import Any

import pytest

from kit.errors import ImportRejected
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts

CITED = {"sources": "s"}


def contribution(key: str, outcome: str, **more: Any) -> dict[str, Any]:
    nobody = dict.fromkeys(("worker", "organisation", "studio"))
    return {"key": key, "outcome": outcome, **nobody, "share": None, **more, **CITED}


@pytest.fixture
async def shared(make: RowFactory) -> None:
    """`both` is led by studio a and shared with b; `own` is a's alone."""
    await make(
        sources=[{"key": "s", "title": "t"}],
        workers=[{"code": "w", "name": "工"}],
        organisations=[{"code": "o", "name": "厂", "organisation_kind": "ENTERPRISE"}],
        studios=[
            {"code": code, "name": code, "studio_kind": "OTHER", "region": region}
            for code, region in (("a", "370200"), ("b", "230100"), ("c", "370200"))
        ],
        outcomes=[
            {"key": key, "studio": "a", "outcome_kind": "INNOVATION", "title": key, **CITED}
            for key in ("both", "own")
        ],
        contributions=[
            contribution("1", "both", studio="a", share=60),
            contribution("2", "both", studio="b", share=30.5),
            contribution("3", "both", organisation="o", share=9.5),
        ],
    )


async def test_each_studio_lists_it_and_together_it_counts_once(
    shared: None, ask: GraphQLTestClient
) -> None:
    query = """{
      studios { nodes { code outcomes { totalCount nodes { title studio { code } } } } }
      shandong: region(code: "370000") { outcomes { totalCount } }
      heilongjiang: region(code: "230000") { outcomes { totalCount } }
      outcomes { totalCount }
      with: studios(filter: {outcomes: {title: "both"}}) { nodes { code } }
    }"""
    both, own = ({"title": title, "studio": {"code": "a"}} for title in ("both", "own"))
    assert await ask.data(query) == {
        "studios": {
            "nodes": [
                {"code": "a", "outcomes": {"totalCount": 2, "nodes": [both, own]}},
                {"code": "b", "outcomes": {"totalCount": 1, "nodes": [both]}},
                {"code": "c", "outcomes": {"totalCount": 0, "nodes": []}},
            ]
        },
        "shandong": {"outcomes": {"totalCount": 2}},
        "heilongjiang": {"outcomes": {"totalCount": 0}},
        "outcomes": {"totalCount": 2},
        "with": {"nodes": [{"code": "a"}, {"code": "b"}]},
    }


async def test_contributors_are_listed_with_their_shares(
    shared: None, ask: GraphQLTestClient
) -> None:
    query = """{ outcomes(filter: {title: "both"}) { nodes { contributions {
      nodes { share contributor { __typename code } } } } } }"""
    [found] = (await ask.data(query))["outcomes"]["nodes"]
    assert found["contributions"]["nodes"] == [
        {"share": 9.5, "contributor": {"__typename": "Organisation", "code": "o"}},
        {"share": 30.5, "contributor": {"__typename": "Studio", "code": "b"}},
        {"share": 60.0, "contributor": {"__typename": "Studio", "code": "a"}},
    ]


async def test_a_part_that_was_retracted_leaves_the_list(
    shared: None, ask: GraphQLTestClient, make: RowFactory
) -> None:
    await make(contributions=[{"key": "2", "status": "RETRACTED", **CITED}])
    query = '{ studio(code: "b") { outcomes { totalCount } contributions { totalCount } } }'
    found = await ask.data(query)
    assert found == {"studio": {"outcomes": {"totalCount": 0}, "contributions": {"totalCount": 0}}}
    # Its share is free again.
    await make(contributions=[contribution("4", "both", studio="b", share=30.5)])
    assert (await ask.data(query))["studio"]["outcomes"]["totalCount"] == 1


TOO_MUCH = "brings the shares to more than 100 %."
TWICE = "has a part of that holder already; correct it."
WRONG: list[tuple[list[dict[str, Any]], str, str]] = [
    ([contribution("4", "both", worker="w", share=0.1)], "share", TOO_MUCH),
    ([contribution("1", "both", studio="a", share=60.1)], "share", TOO_MUCH),
    (
        [contribution("5", "own", worker="w", share=50), contribution("6", "own", studio="b",
         share=51)],
        "share",
        TOO_MUCH,
    ),
    ([contribution("4", "both", studio="b")], "outcome", TWICE),
    (
        [contribution("5", "own", worker="w"), contribution("6", "own", worker="w")],
        "outcome",
        TWICE,
    ),
    ([contribution("7", "own", worker="w", share=101)], "share", "is 101; it is from 0 to 100."),
    ([contribution("7", "own")], "studio", "fill exactly one of worker, organisation, studio."),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "column", "reason"), WRONG)
async def test_parts_that_cannot_be_are_refused_whole(
    shared: None, make: RowFactory, rows: list[dict[str, Any]], column: str, reason: str
) -> None:
    before = await row_counts(make.engine)
    with pytest.raises(ImportRejected) as refused:
        await make(contributions=rows)
    assert [(one.column, one.reason) for one in refused.value.problems] == [(column, reason)]
    assert await row_counts(make.engine) == before


async def test_shares_that_are_rounded_still_make_a_whole(shared: None, make: RowFactory) -> None:
    thirds = [(33.3, "w", None), (33.3, None, "b"), (33.4, None, "a")]
    written = await make(
        contributions=[
            contribution(f"t{n}", "own", worker=worker, studio=studio, share=share)
            for n, (share, worker, studio) in enumerate(thirds)
        ]
    )
    assert written["Contribution"] == 3


async def test_a_part_moves_from_one_holder_to_another(shared: None, make: RowFactory) -> None:
    """Correcting a row in place frees what it held."""
    moved = [
        contribution("1", "both", studio="b", share=60),
        contribution("2", "both", studio="a", share=40),
        contribution("3", "both", organisation="o", share=0),
    ]
    assert (await make(contributions=moved))["Contribution"] == 3
