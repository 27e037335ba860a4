"""Gaps of an alliance, candidates for them, and the loss if a member leaves."""

from typing import Any

from resolvers.core.access import PUBLIC
from resolvers.core.context import Executor
from tests.support.graph import GraphQLTestClient, RowFactory

QUESTION = """
{ alliance(code: "demo_alliance_axle") {
    gaps(first: 3) { totalCount cut edges { studios node { __typename code } } }
    candidates(first: 3) { totalCount cut pageInfo { hasNextPage }
                           edges { adds { code } node { code } } }
    robotics: without(member: "demo_studio_robotics") {
      occupations { code } industries { code } outcomeCount outcomes { title } }
    forging: without(member: "demo_studio_forging") {
      occupations { code } industries { code } outcomeCount }
    stranger: without(member: "demo_studio_mould") { outcomeCount } } }
"""


async def test_what_a_convenor_is_told_of_the_example_alliance(
    ask_examples: GraphQLTestClient,
) -> None:
    got = await ask_examples(QUESTION, PUBLIC)
    assert got.errors == []
    for way in (Executor.BATCH, Executor.PLAN):
        assert (await ask_examples.by_plan(QUESTION, way, PUBLIC)).data == got.data
    alliance = got.data["alliance"]
    assert alliance["gaps"] == {
        "totalCount": 8,
        "cut": False,
        "edges": [
            {"studios": 2, "node": {"__typename": "Industry", "code": "demo_industry_power"}},
            {"studios": 2,
             "node": {"__typename": "Occupation", "code": "demo_occupation_casting"}},
            {"studios": 2, "node": {"__typename": "Occupation", "code": "demo_occupation_power"}},
        ],
    }  # fmt: skip
    candidates = alliance["candidates"]
    assert candidates["totalCount"] == 5
    assert candidates["pageInfo"] == {"hasNextPage": True}
    assert [one["node"]["code"] for one in candidates["edges"]] == [
        "demo_studio_reactor", "demo_studio_relay", "demo_studio_spinning",
    ]  # fmt: skip
    assert [len(one["adds"]) for one in candidates["edges"]] == [2, 2, 2]
    assert alliance["robotics"] == {
        "occupations": [],
        "industries": [],
        "outcomeCount": 3,
        "outcomes": [
            {"title": "机器人换手装置"}, {"title": "产线快换机构实用新型专利"},
            {"title": "三年累计增加效益"},
        ],
    }  # fmt: skip
    assert alliance["stranger"] is None


async def every(ask: GraphQLTestClient, field: str) -> list[Any]:
    found: list[Any] = []
    after = None
    while True:
        given = f', after: "{after}"' if after else ""
        question = (
            f'{{alliance(code: "demo_alliance_axle") {{page: {field}(first: 2{given}) {{'
            "totalCount pageInfo {hasNextPage endCursor} edges {node {code}}}}}"
        )
        page = (await ask.data(question))["alliance"]["page"]
        found += [edge["node"]["code"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            assert len(found) == page["totalCount"]
            return found
        after = page["pageInfo"]["endCursor"]


async def test_candidates_close_every_gap(ask_examples: GraphQLTestClient) -> None:
    gaps = await every(ask_examples, "gaps")
    whole = await ask_examples.data(
        '{alliance(code: "demo_alliance_axle") {candidates(first: 100) {edges {adds {code} '
        "node {code}}}}}"
    )
    edges = whole["alliance"]["candidates"]["edges"]
    assert sorted(one["code"] for edge in edges for one in edge["adds"]) == sorted(gaps)
    assert [edge["node"]["code"] for edge in edges] == await every(ask_examples, "candidates")
    sizes = [len(edge["adds"]) for edge in edges]
    assert sizes == sorted(sizes, reverse=True)


async def test_an_unseen_member_or_skill_changes_nothing_for_the_public(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    cited = {"sources": "s", "audience": "PUBLIC"}
    hidden = {"sources": "s", "audience": "OWNER"}
    question = """{ alliance(code: "league") {
        gaps { totalCount edges { studios node { code } } nodes { code } }
        candidates { edges { adds { code } node { code } } nodes { code } }
        without(member: "in") { industries { code } outcomeCount } } }"""
    studio = {"studio_kind": "OTHER", "region": "370200"}
    await make(
        sources=[{"key": "s", "title": "报"}],
        industries=[{"code": one, "name": one, "scheme": "T"} for one in ("axle", "robot")],
        occupations=[{"code": "weld", "name": "焊工", "scheme": "T"}],
        studios=[{"code": "in", "name": "内", "industry": "axle", **studio},
                 {"code": "out", "name": "外", "industry": "robot", **studio}],
        alliances=[{"code": "league", "name": "盟", "alliance_kind": "STUDIO",
                    "region": "370000"}],
        alliance_memberships=[{"key": "m", "alliance": "league", "studio": "in",
                               "joined": "2020", **cited}],
    )  # fmt: skip
    before = (await ask(question, PUBLIC)).data
    assert before == {
        "alliance": {
            "gaps": {
                "totalCount": 1,
                "edges": [{"studios": 1, "node": {"code": "robot"}}],
                "nodes": [{"code": "robot"}],
            },
            "candidates": {
                "edges": [{"adds": [{"code": "robot"}], "node": {"code": "out"}}],
                "nodes": [{"code": "out"}],
            },
            "without": {"industries": [{"code": "axle"}], "outcomeCount": 0},
        }
    }
    await make(
        workers=[{"code": "trainee", "name": "学员", "occupation": "weld"}],
        studio_memberships=[{"key": "t", "studio": "out", "worker": "trainee",
                             "studio_role": "MEMBER", "joined": "2022", **hidden}],
        alliance_memberships=[{"key": "h", "alliance": "league", "studio": "out",
                               "joined": "2020", **hidden}],
        outcomes=[{"key": "o", "studio": "in", "outcome_kind": "OTHER", **hidden}],
    )  # fmt: skip
    assert (await ask(question, PUBLIC)).data == before
    assert (await ask(question)).data != before


async def test_the_number_of_statements_is_fixed(ask_examples: GraphQLTestClient) -> None:
    for field in ("gaps { totalCount }", "candidates { totalCount }",
                  'without(member: "demo_studio_axle") { outcomeCount }'):  # fmt: skip
        for code in ("demo_alliance_axle", "demo_alliance_textile", "demo_alliance_cross"):
            question = f'{{alliance(code: "{code}") {{{field}}}}}'
            assert len((await ask_examples(question)).statements) == 1 + 7
            assert len((await ask_examples.by_plan(question, Executor.PLAN)).statements) == 1 + 7
