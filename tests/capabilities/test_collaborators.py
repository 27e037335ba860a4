"""Who would complement a studio: on rows of a test's own, and on the example records."""

from dataclasses import replace
from typing import Any

import pytest

from engine.sql.prepared import PREPARED_STATEMENTS
from execution import schema
from kit.db.postgres_pool import open_read_pool
from kit.i18n import Language
from kit.request_limits import UNLIMITED, RequestLimits
from models.partner import Role
from resolvers.core.access import PUBLIC, Viewer, partner_viewer
from resolvers.core.context import Context, Executor
from tests.support.graph import TODAY, GraphQLTestClient, RowFactory
from tests.support.visible_records import VIEWERS

WHOLE = """
query($on: Date, $weights: CollaboratorWeights, $filter: CollaboratorFilter, $first: Int,
      $after: String, $last: Int, $before: String) {
  studio(code: "mine") { collaborators(on: $on, weights: $weights, filter: $filter, first: $first,
                                       after: $after, last: $last, before: $before) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    cut { linkKind links record { code } }
    nodes { code }
    edges { cursor score reasons { kind detail weight records { __typename } }
            path { __typename code } node { code } }
  } }
}
"""
CITED = {"sources": "s", "audience": "PUBLIC"}


def studio(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": f"室{code}", "studio_kind": "OTHER", "level": "CITY",
             "region": "370200", "industry": "", "host": "", **more}  # fmt: skip


def member(key: str, studio: str, worker: str, role: str = "LEADER", **more: Any) -> dict[str, Any]:
    return {"key": key, "studio": studio, "worker": worker, "studio_role": role,
            "joined": "2020", "left": "", **CITED, **more}  # fmt: skip


def allied(key: str, alliance: str, studio: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "alliance": alliance, "studio": studio, "joined": "2021-05-01",
            "left": "", **CITED, **more}  # fmt: skip


def place(key: str, contest: str, worker: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "competition": contest, "worker": worker, "rank": 1,
            **CITED, **more}  # fmt: skip


async def fill(make: RowFactory) -> None:
    """`mine` in Shandong, and a studio for each way in which one may be linked to it."""
    workers = ["a", "b", "c", "d", "e"]
    await make(
        sources=[{"key": "s", "title": "报"}],
        occupations=[{"code": "mill", "name": "铣工", "scheme": "T"},
                     {"code": "weld", "name": "焊工", "scheme": "T"}],
        industries=[{"code": "axle", "name": "车桥", "scheme": "T"},
                    {"code": "robot", "name": "机器人", "scheme": "T"}],
        organisations=[
            {"code": "plant", "name": "厂", "organisation_kind": "ENTERPRISE"},
            {"code": "college", "name": "校", "organisation_kind": "VOCATIONAL_COLLEGE"},
        ],
        workers=[
            {"code": one, "name": f"工{one}", "occupation": "mill" if one == "a" else "weld",
             "audience": "PUBLIC"} for one in workers
        ],
        studios=[
            studio("mine", industry="axle", host="plant"),
            studio("ally", region="230100", industry="robot"),
            studio("rival", region="230100"),
            studio("twin", host="plant", level="PROVINCIAL"),
            studio("teacher"), studio("pupil"), studio("partner"), studio("stranger"),
        ],
        alliances=[{"code": "league", "name": "盟", "alliance_kind": "STUDIO",
                    "region": "370000"}],
        academies=[{"code": "school", "name": "院"}],
        competitions=[{"code": "cup", "name": "杯", "year": 2024},
                      {"code": "solo", "name": "独", "year": 2023}],
        honours=[{"code": "star", "name": "星", "level": "NATIONAL"}],
        results=[place("r_a", "cup", "a"), place("r_b", "cup", "b"), place("r_c", "solo", "c"),
                 place("r_d", "solo", "d"), place("r_e", "solo", "e")],
    )  # fmt: skip
    await make(
        studio_memberships=[
            member("m_a", "mine", "a"), member("m_b", "rival", "b"), member("m_c", "ally", "c"),
            member("m_d", "teacher", "d"), member("m_e", "pupil", "e"),
        ],
        alliance_memberships=[allied("am_1", "league", "mine"), allied("am_2", "league", "ally")],
        teachings=[
            {"key": "t_a", "academy": "school", "worker": "a", "started": "2022", **CITED},
            {"key": "t_d", "academy": "school", "worker": "d", "started": "2022", **CITED},
        ],
        mentorships=[{"key": "men", "mentor": "a", "apprentice": "e", "started": "2023",
                      **CITED}],
        outcomes=[
            {"key": "o_1", "studio": "mine", "outcome_kind": "INNOVATION", "title": "新",
             "value_value": 1000000, "value_unit": "yuan", "value_qualifier": "EXACT",
             "year": 2025, "status": "VERIFIED", **CITED},
        ],
        contributions=[
            {"key": "p_1", "outcome": "o_1", "studio": "mine", "share": 50, **CITED},
            {"key": "p_2", "outcome": "o_1", "studio": "partner", "share": 50, **CITED},
        ],
        conferrals=[{"key": "c_1", "honour": "star", "worker": "c", "year": 2025, **CITED}],
    )  # fmt: skip


@pytest.fixture
async def own_country(make: RowFactory) -> None:
    """For what enters more."""
    await fill(make)


async def answer(
    ask: GraphQLTestClient, viewer: Viewer = PUBLIC, **variables: Any
) -> dict[str, Any]:
    """By the executor and by a plan: one answer."""
    got = await ask(WHOLE, viewer, **variables)
    assert got.errors == []
    assert (await ask.by_plan(WHOLE, Executor.PLAN, viewer, **variables)).data == got.data
    found: dict[str, Any] = got.data["studio"]["collaborators"]
    return found


def codes(found: dict[str, Any]) -> list[str]:
    return [edge["node"]["code"] for edge in found["edges"]]


async def test_each_kind_of_link_leads_to_a_studio_with_its_path(
    ask_filled: GraphQLTestClient,
) -> None:
    found = await answer(ask_filled)
    assert found["totalCount"] == 6
    assert [one["code"] for one in found["nodes"]] == codes(found)
    assert {
        edge["node"]["code"]: [f"{one['__typename']}:{one['code']}" for one in edge["path"]]
        for edge in found["edges"]
    } == {
        "ally": ["Studio:mine", "Alliance:league", "Studio:ally"],
        "rival": ["Studio:mine", "Worker:a", "Competition:cup", "Worker:b", "Studio:rival"],
        "twin": ["Studio:mine", "Organisation:plant", "Studio:twin"],
        "teacher": ["Studio:mine", "Worker:a", "Academy:school", "Worker:d", "Studio:teacher"],
        "pupil": ["Studio:mine", "Worker:a", "Worker:e", "Studio:pupil"],
        "partner": ["Studio:mine", "Studio:partner"],
    }
    assert found["cut"] == []


async def test_the_whole_answer_for_one_of_them(ask_filled: GraphQLTestClient) -> None:
    """Complementarity 2·min(2, 3)/5; one alliance of two; a national honour; two deeds."""
    found = await answer(ask_filled, filter={"industry": {"code": "robot"}})
    [edge] = found["edges"]
    edge.pop("cursor")
    # mine: mill, axle, innovation; ally: weld, robot. 2 × 2 / 5 = 0.8; closeness 0.7; standing
    # (3 of 9 + 0 + 0) / 3 = 0.111111; activity: honour of 2025 (the place is of 2023) 1 of 6.
    assert edge == {
        "score": 0.568889,
        "reasons": [
            {"kind": "COMPLEMENTARITY", "weight": 0.32,
             "detail": "室ally has 机器人, 焊工; 室mine has 车桥, 铣工, innovation.",
             "records": [{"__typename": name} for name in
                         ("Industry", "Occupation", "Industry", "Occupation")]},
            {"kind": "ALLIANCE", "weight": 0.21, "detail": "Both are members of 盟.",
             "records": [{"__typename": "AllianceMembership"}] * 2},
            {"kind": "STANDING", "weight": 0.022222,
             "detail": "室ally has: honours 1, outcomes 0.",
             "records": [{"__typename": "Conferral"}]},
            {"kind": "ACTIVITY", "weight": 0.016667,
             "detail": "Honours, outcomes, places and joinings of 室ally in the three years "
                       "before 2026-11-21: 1.",
             "records": [{"__typename": "Conferral"}]},
        ],
        "path": [{"__typename": "Studio", "code": "mine"},
                 {"__typename": "Alliance", "code": "league"},
                 {"__typename": "Studio", "code": "ally"}],
        "node": {"code": "ally"},
    }  # fmt: skip


async def test_reasons_are_told_in_the_language_of_the_request(
    ask_filled: GraphQLTestClient,
) -> None:
    asked = '{studio(code: "mine") {collaborators(first: 1) {edges {reasons {detail}}}}}'
    snapshots = open_read_pool(ask_filled.engine.url)
    for given in (snapshots, None):
        context = Context.of(
            ask_filled.engine, PUBLIC, TODAY, given, limits=UNLIMITED, language=Language.CHINESE
        )
        async with context:
            result = await schema.answer(asked, {}, context)
        assert result.data is not None
        [edge] = result.data["studio"]["collaborators"]["edges"]
        assert (
            edge["reasons"][0]["detail"]
            == "室ally有机器人、焊工，室mine有车桥、铣工、创新成果，可以互补。"
        )
    await snapshots.close()


@pytest.mark.parametrize(("filter", "expected"), [
    ({"otherProvince": True}, {"ally", "rival"}),
    ({"otherProvince": False}, {"twin", "teacher", "pupil", "partner"}),
    ({"region": {"code": "230000"}}, {"ally", "rival"}),
    ({"industry": {"code": "robot"}}, {"ally"}),
    ({"level": "PROVINCIAL"}, {"twin"}),
    ({"honour": {"level": "NATIONAL"}}, {"ally"}),
    ({"honour": {"level": "CITY"}}, set()),
    ({"notAllied": True}, {"rival", "twin", "teacher", "pupil", "partner"}),
    ({"notAllied": False}, {"ally"}),
    ({"notAllied": True, "otherProvince": True}, {"rival"}),
])  # fmt: skip
async def test_a_filter_leaves_some_of_them_with_the_same_scores(
    ask_filled: GraphQLTestClient, filter: dict[str, Any], expected: set[str]
) -> None:
    whole, some = await answer(ask_filled), await answer(ask_filled, filter=filter)
    assert set(codes(some)) == expected
    assert some["totalCount"] == len(expected)
    scores = {edge["node"]["code"]: edge["score"] for edge in whole["edges"]}
    assert all(scores[edge["node"]["code"]] == edge["score"] for edge in some["edges"])


@pytest.mark.parametrize("weights", [None, {"complementarity": 0}])
async def test_pages_are_the_list_in_either_direction(
    ask_filled: GraphQLTestClient, weights: Any
) -> None:
    whole = await answer(ask_filled, weights=weights)
    places = [(-edge["score"], edge["node"]["code"]) for edge in whole["edges"]]
    assert places == sorted(places)
    for size, (word, cursor, end, more) in (
        (size, side)
        for size in (2, 4)
        for side in (("first", "after", "endCursor", "hasNextPage"),
                     ("last", "before", "startCursor", "hasPreviousPage"))
    ):  # fmt: skip
        pages: list[list[str]] = []
        asked: dict[str, Any] = {word: size}
        while True:
            got = await ask_filled(WHOLE, PUBLIC, weights=weights, **asked)
            page = got.data["studio"]["collaborators"]
            pages.append(codes(page))
            if not page["pageInfo"][more]:
                break
            asked[cursor] = page["pageInfo"][end]
        ordered = pages if word == "first" else pages[::-1]
        assert [one for page in ordered for one in page] == codes(whole)


async def test_a_cursor_of_other_arguments_is_refused(ask_filled: GraphQLTestClient) -> None:
    cursor = (await answer(ask_filled, first=1))["edges"][0]["cursor"]
    same = await ask_filled(WHOLE, PUBLIC, after=cursor, first=1, weights={
        "complementarity": 4, "closeness": 3, "standing": 2, "activity": 1})  # fmt: skip
    assert same.errors == []
    for other in ({"weights": {"activity": 9}}, {"on": "2025-01-01"},
                  {"filter": {"otherProvince": True}}, {"after": "bm8"}):  # fmt: skip
        refused = await ask_filled(WHOLE, PUBLIC, **{"after": cursor, "first": 1, **other})
        assert refused.codes == ["BAD_USER_INPUT"]
        assert refused.data == {"studio": None}


@pytest.mark.parametrize(("given", "code"), [
    ({"weights": {"closeness": -0.1}}, "BAD_USER_INPUT"),
    ({"weights": {"closeness": 1000.5}}, "BAD_USER_INPUT"),
    ({"weights": {"closeness": 1e308}}, "BAD_USER_INPUT"),
    ({"weights": {"complementarity": 0, "closeness": 0, "standing": 0, "activity": 0}},
     "BAD_USER_INPUT"),
    ({"weights": {"closeness": float("nan")}}, "BAD_USER_INPUT"),
    ({"weights": {"closeness": float("inf")}}, "BAD_USER_INPUT"),
    ({"first": 0}, "BAD_USER_INPUT"),
    ({"first": 101}, "LIMIT_EXCEEDED"),
    ({"first": 1, "last": 1}, "BAD_USER_INPUT"),
])  # fmt: skip
async def test_what_cannot_be_asked_is_told(
    ask_filled: GraphQLTestClient, given: dict[str, Any], code: str
) -> None:
    refused = await ask_filled(WHOLE, PUBLIC, **given)
    assert refused.codes == [code]
    assert not (refused.data or {}).get("studio")


async def test_what_held_on_a_day_is_what_counts(ask_filled: GraphQLTestClient) -> None:
    assert codes(await answer(ask_filled, on="2019-12-31")) == ["twin"]  # a host has no dates
    assert set(codes(await answer(ask_filled, on="2023-12-31"))) == {
        "ally",
        "twin",
        "teacher",
        "pupil",
    }
    assert set(codes(await answer(ask_filled, on="2026-11-21"))) == set(
        codes(await answer(ask_filled))
    )


@pytest.mark.usefixtures("own_country")
async def test_nothing_unseen_or_retracted_changes_what_the_public_is_told(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    before = await answer(ask)
    hidden = {"sources": "s", "audience": "OWNER"}
    retracted = {**CITED, "status": "RETRACTED"}
    await make(
        workers=[{"code": "trainee", "name": "学员", "occupation": "weld"}],
        studios=[studio("secret", audience="OWNER", host="plant")],
        mentorships=[{"key": "hidden", "mentor": "a", "apprentice": "trainee",
                      "started": "2024", **hidden}],
        studio_memberships=[member("m_t", "stranger", "trainee", "MEMBER", audience="OWNER"),
                            member("m_x", "mine", "trainee", "MEMBER", audience="OWNER")],
        alliance_memberships=[allied("am_s", "league", "secret", audience="OWNER"),
                              allied("am_h", "league", "stranger", audience="OWNER"),
                              allied("am_r", "league", "rival", status="RETRACTED")],
        outcomes=[{"key": "o_h", "studio": "ally", "outcome_kind": "BENEFIT", "year": 2026,
                   **hidden}],
        results=[{"key": "r_r", "competition": "cup", "studio": "stranger", "rank": 2,
                  **retracted}],
        conferrals=[{"key": "c_h", "honour": "star", "studio": "rival", "year": 2026, **hidden}],
    )  # fmt: skip
    assert await answer(ask) == before
    college = partner_viewer(Role.STEWARD, "college")
    assert {"stranger", "secret"} <= set(codes(await answer(ask, college)))


@pytest.mark.usefixtures("own_country")
async def test_a_record_with_too_many_links_is_cut_and_the_answer_says_so(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await make(
        studios=[studio(f"x{n}") for n in range(5)],
        alliance_memberships=[allied(f"ax{n}", "league", f"x{n}") for n in range(5)],
    )
    assert (await answer(ask))["totalCount"] == 11
    snapshots = open_read_pool(ask.engine.url)
    found = []
    for given in (snapshots, None):
        limits = replace(UNLIMITED, links=3)
        async with Context.of(ask.engine, PUBLIC, TODAY, given, limits=limits) as context:
            result = await schema.answer(WHOLE, {}, context)
        assert result.data is not None
        found.append(result.data["studio"]["collaborators"])
    await snapshots.close()
    for one in found:
        # The first by key: am_1 (mine), am_2 (ally), ax0.
        assert {"ally", "x0"} <= set(codes(one))
        assert not {"x1", "x2", "x3", "x4"} & set(codes(one))
        assert one["cut"] == [{"linkKind": "ALLIANCE", "links": 3, "record": {"code": "league"}}]
    assert RequestLimits().links == 200


@pytest.mark.usefixtures("own_country")
@pytest.mark.parametrize("size", [1, 40])
async def test_the_number_of_statements_depends_on_the_query_alone(
    ask: GraphQLTestClient, make: RowFactory, size: int
) -> None:
    """Nine statements for the work, one for the studio, one for each selected kind."""
    await make(
        studios=[studio(f"x{n}") for n in range(size)],
        alliance_memberships=[allied(f"ax{n}", "league", f"x{n}") for n in range(size)],
    )
    bare = '{studio(code: "mine") {collaborators {totalCount edges {score reasons {detail}}}}}'
    nodes = '{studio(code: "mine") {collaborators {edges {node {name leader {name}} path {name}}}}}'
    assert len((await ask(bare)).statements) == 10
    assert len((await ask(nodes)).statements) == 10 + 2 + 6
    for way in (Executor.BATCH, Executor.PLAN):
        assert len((await ask.by_plan(bare, way)).statements) == 10
        assert len((await ask.by_plan(nodes, way)).statements) == 10 + 1 + 6


async def test_several_studios_are_asked_for_at_once(ask_filled: GraphQLTestClient) -> None:
    asked = '{studios(filter: {code: "%s"}) {nodes {code collaborators {totalCount nodes {code}}}}}'
    every = "{studios {nodes {code collaborators {totalCount nodes {code}}}}}"
    got = await ask_filled(every, PUBLIC)
    assert len(got.statements) == 1 + 9 + 1
    for one in got.data["studios"]["nodes"]:
        alone = await ask_filled(asked % one["code"], PUBLIC)
        assert alone.data["studios"]["nodes"] == [one]


async def test_no_statement_is_compiled_again_for_another_studio(
    ask_examples: GraphQLTestClient,
) -> None:
    """Nine are; one more for each list that holds a single key, which `=` compares."""
    query = "query($code: String!) { studio(code: $code) { collaborators { totalCount } } }"
    studios = await ask_examples("{ studios { nodes { code } } }")
    cache = PREPARED_STATEMENTS
    cache.clear()
    for studio in studios.data["studios"]["nodes"]:
        await ask_examples.by_plan(query, Executor.PLAN, code=studio["code"])
    assert cache.hits + cache.misses == 9 * len(studios.data["studios"]["nodes"])
    assert cache.misses == 17


@pytest.mark.parametrize("viewer", VIEWERS, ids=[one.name for one in VIEWERS])
async def test_whoever_asks_is_answered_alike_both_ways(
    ask_examples: GraphQLTestClient, viewer: Viewer
) -> None:
    asked = """{
      studios(first: 5) { nodes { collaborators(first: 3) { totalCount nodes { code } } } }
      alliances(first: 5) { nodes {
        gaps(first: 3) { totalCount nodes { code } }
        candidates(first: 3) { totalCount nodes { code } }
        without(member: "no") { outcomeCount }
      } }
    }"""
    plain = await ask_examples(asked, viewer)
    assert plain.errors == []
    assert any(one["collaborators"]["totalCount"] for one in plain.data["studios"]["nodes"])
    for way in (Executor.BATCH, Executor.PLAN):
        assert (await ask_examples.by_plan(asked, way, viewer)).data == plain.data
