"""An alliance's key acts for the alliance: for its members, and not for who convenes it."""

from typing import Any

import pytest

from models.partner import Role
from resolvers.core.access import PUBLIC, partner_viewer
from resolvers.core.context import Executor
from tests.support.graph import GraphQLTestClient, RowFactory

OF_THE_CONVENOR = "{ qualifications { totalCount } workers { totalCount } }"
ALLIANCE, CONVENOR = partner_viewer(Role.ALLIANCE, "u"), partner_viewer(Role.UNION, "u", "370000")
EVERYTHING = """{
  qualifications { totalCount nodes { id } groups(by: [BASIS]) { nodes { count } } }
  workers { totalCount nodes { code note } }
  alliances { totalCount nodes { code grants { totalCount nodes { id note } } } }
  memberships: allianceMemberships(spells: ALL) { totalCount nodes { id } }
  search(text: "匠联", first: 5) { nodes { id } }
  figures(first: 5) { totalCount }
}"""
# (owner, audience): what is hidden of an alliance, of people, of figures.
SHARED_BY_A_MEMBER, THE_CONVENORS = ("m", "SHARED"), ("u", "OWNER")


async def test_the_demonstrations_alliance_is_not_shown_its_convenors_certificates(
    ask_examples: GraphQLTestClient,
) -> None:
    union = partner_viewer(Role.UNION, "demo_union_a", "demo_province_north")
    alliance = partner_viewer(Role.ALLIANCE, "demo_union_a")
    told = [(await ask_examples(OF_THE_CONVENOR, who)).data for who in (PUBLIC, alliance, union)]
    numbers = [one["qualifications"]["totalCount"] for one in told]
    assert numbers == [31, 31, numbers[2]]
    assert numbers[2] > 90


@pytest.fixture
async def registry(make: RowFactory) -> None:
    """`u` convenes `a`, of which `m` is a member, and not `b`."""

    def owned(owner: str, audience: str, **cells: Any) -> dict[str, Any]:
        return {"owner": owner, "audience": audience, "note": "记", **cells}

    whose = [("m", "SHARED"), ("m", "OWNER"), ("u", "OWNER"), ("u", "SHARED"), ("o", "SHARED")]
    await make(
        organisations=[
            {"code": code, "name": code, "organisation_kind": "OTHER"} for code in ("u", "m", "o")
        ],
        sources=[{"key": "s", "title": "t"}],
        workers=[
            owned(owner, audience, code=f"w_{owner}_{audience.lower()}", name="甲", region="370200")
            for owner, audience in whose
        ],
        qualifications=[
            owned(owner, audience, key=f"q_{owner}_{audience.lower()}", grade="SENIOR",
                  worker=f"w_{owner}_{audience.lower()}", sources="s")
            for owner, audience in whose
        ],
        alliances=[
            {"code": "a", "name": "甲匠联", "alliance_kind": "STUDIO", "convenor": "u"},
            owned("u", "OWNER", code="a_own", name="自匠联", alliance_kind="STUDIO", convenor="u"),
            owned("u", "OWNER", code="b", name="乙匠联", alliance_kind="STUDIO", convenor="o"),
        ],
        alliance_memberships=[
            {"key": "member", "alliance": "a", "organisation": "m", "sources": "s"},
            owned("u", "OWNER", key="ours", alliance="a", organisation="o", joined="2020",
                  left="2021", sources="s"),
            owned("m", "OWNER", key="theirs", alliance="a", organisation="o", joined="2022",
                  left="2023", sources="s"),
        ],
        grants=[
            owned("u", "OWNER", key="g_ours", alliance="a", year=2024, amount_value=5,
                  amount_unit="yuan", sources="s"),
            owned("m", "OWNER", key="g_theirs", alliance="a", year=2024, amount_value=5,
                  amount_unit="yuan", sources="s"),
            owned("u", "OWNER", key="g_elsewhere", alliance="b", year=2024, amount_value=5,
                  amount_unit="yuan", sources="s"),
        ],
    )  # fmt: skip


@pytest.mark.parametrize("way", Executor)
async def test_an_alliance_is_shown_what_is_shared_with_it_and_what_is_its_own(
    registry: None, ask: GraphQLTestClient, way: Executor
) -> None:
    if way is Executor.DEFAULT:
        answer = await ask(EVERYTHING, ALLIANCE)
    else:
        answer = await ask.by_plan(EVERYTHING, way, ALLIANCE)
    assert answer.errors == []
    told = answer.data
    assert told["workers"] == {"totalCount": 1, "nodes": [{"code": "w_m_shared", "note": None}]}
    assert told["qualifications"]["totalCount"] == len(told["qualifications"]["nodes"]) == 1
    assert [one["count"] for one in told["qualifications"]["groups"]["nodes"]] == [1]
    assert told["memberships"]["totalCount"] == len(told["memberships"]["nodes"]) == 2
    shown = {one["code"]: one["grants"] for one in told["alliances"]["nodes"]}
    assert {code: grants["totalCount"] for code, grants in shown.items()} == {"a": 1, "a_own": 0}
    assert [one["note"] for one in shown["a"]["nodes"]] == [None]
    assert len(told["search"]["nodes"]) == 2


async def test_its_convenor_sees_its_own_with_a_key_of_its_own(
    registry: None, ask: GraphQLTestClient
) -> None:
    told = (await ask("{ workers { nodes { code } } alliances { totalCount } }", CONVENOR)).data
    codes = {one["code"] for one in told["workers"]["nodes"]}
    assert {"w_u_owner", "w_u_shared"} <= codes
    assert told["alliances"]["totalCount"] == 3
