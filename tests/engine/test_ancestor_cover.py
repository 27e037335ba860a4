"""Groups by province, city and district: sums of summary tables equal those of rows."""

from typing import Any

import pytest

from models.partner import Role
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from tests.support.graph import GraphQLTestClient, RowFactory

OWNER = partner_viewer(Role.COLLEGE, "school")
UNION = partner_viewer(Role.UNION, "hall", "town")

# code, level, what it lies in; a hidden one is shown to its owner alone
TREE = [
    ("country", "NATIONAL", ""),
    ("north", "PROVINCIAL", "country"),
    ("town", "CITY", "north"),
    ("street", "DISTRICT", "town"),
    ("hidden", "DISTRICT", "town"),
    ("suburb", "CITY", "town"),  # no such thing is published, but it may be entered
    ("lane", "DISTRICT", "suburb"),
    ("park", "ZONE", "street"),
    ("county", "COUNTY", "north"),
    ("capital", "PROVINCIAL", "country"),
    ("quarter", "DISTRICT", "capital"),
]
GROUPS = "{ totalCount remainder nodes { count keys { code label } } }"
SOURCES = [code for code, _, _ in TREE if code != "hidden"]
DIMENSIONS = ["CITY", "DISTRICT", "PROVINCE", "CITY, LEVEL", "LEVEL, DISTRICT", "CITY, PROVINCE"]
ALL = 'filter: {not: {code: "none"}}'  # what is filtered is counted row by row


@pytest.fixture
async def ask(make: RowFactory) -> GraphQLTestClient:
    await make(
        organisations=[
            {"code": code, "name": code, "organisation_kind": "OTHER"}
            for code in ("school", "hall")
        ]
    )
    await make(
        regions=[
            {"code": code, "name": f"{code}!", "level": level, "parent": parent}
            | ({"audience": "OWNER", "owner": "school"} if code == "hidden" else {})
            for code, level, parent in TREE
        ],
    )
    await make(
        studios=[
            {
                "code": f"{code}_{n}",
                "name": "室",
                "region": code,
                "level": level,
                "studio_kind": "CRAFTSMAN",
                "audience": audience,
                "owner": "school",
            }
            for code, _, _ in TREE
            for n, (level, audience) in enumerate(
                [("CITY", "PUBLIC"), ("ENTERPRISE", "PUBLIC"), ("CITY", "OWNER")]
            )
        ],
    )
    return GraphQLTestClient(make.engine)


async def counted(ask: GraphQLTestClient, region: str, by: str, viewer: Viewer) -> dict[Any, int]:
    asked = f"studios {{ groups(by: [{by}]) {GROUPS} }}"
    answer = await ask(f'{{ region(code: "{region}") {{ {asked} }} }}', viewer)
    nodes = answer.data["region"]["studios"]["groups"]["nodes"]
    return {tuple(key["code"] for key in one["keys"]): one["count"] for one in nodes}


async def test_a_city_holds_all_that_lies_in_it(ask: GraphQLTestClient) -> None:
    # By the public two studios each: those of a district that it can't see are in no city for it.
    assert await counted(ask, "country", "CITY", PUBLIC) == {(None,): 12, ("town",): 10}
    assert await counted(ask, "country", "CITY", OPERATOR) == {("town",): 18, (None,): 15}
    assert await counted(ask, "country", "CITY", OWNER) == {("town",): 18, (None,): 15}
    assert await counted(ask, "town", "CITY", PUBLIC) == {("town",): 10, (None,): 2}
    assert await counted(ask, "capital", "CITY", PUBLIC) == {(None,): 4}
    # A source within a city: all that lies in it lies in that city.
    assert await counted(ask, "suburb", "CITY", PUBLIC) == {("town",): 4}
    assert await counted(ask, "park", "CITY", PUBLIC) == {("town",): 2}


async def test_what_else_is_grouped_by_is_kept_apart(ask: GraphQLTestClient) -> None:
    assert await counted(ask, "north", "CITY, LEVEL", OPERATOR) == {
        ("town", "CITY"): 12,
        ("town", "ENTERPRISE"): 6,
        (None, "CITY"): 4,
        (None, "ENTERPRISE"): 2,
    }


async def test_cells_and_rows_say_the_same(ask: GraphQLTestClient) -> None:
    groups = " ".join(f"g{n}: groups(by: [{by}]) {GROUPS}" for n, by in enumerate(DIMENSIONS))
    asked = f"{{ totalCount {groups} }}"
    for region in SOURCES:
        query = f'{{ region(code: "{region}") {{ studios {asked} rows: studios({ALL}) {asked} }} }}'
        for viewer in (PUBLIC, OPERATOR, OWNER, UNION):
            found = (await ask(query, viewer)).data["region"]
            told = found["studios"]
            assert told == found["rows"], (region, viewer.name)
            for n in range(len(DIMENSIONS)):
                assert told["totalCount"] == sum(one["count"] for one in told[f"g{n}"]["nodes"])
