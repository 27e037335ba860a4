"""Lists of workers by visible grade, for each viewer: page by page, in both directions."""

from collections.abc import Iterator
from typing import Any

import pytest

from models.partner import Role
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.core.context import Executor
from tests.support.graph import GraphQLTestClient
from tests.support.visible_records import VisibilityOracle

VIEWERS = [
    PUBLIC,
    partner_viewer(Role.COLLEGE, "demo_college"),
    partner_viewer(Role.ALLIANCE, "demo_union_a"),
    partner_viewer(Role.UNION, "demo_union_a", "demo_province_north"),
    Viewer("a worker", worker="demo_trainee_2022_001"),
    OPERATOR,
]
REGIONS = ["demo_province_north", "demo_province_east"]
LISTS = """query($after: String, $before: String, $first: Int, $last: Int) { LISTED }"""
LISTED = """: region(code: "CODE") {
  workers(filter: {FILTER}, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { code grade }
  } }"""
# Of several records at once the pages are cut off otherwise.
OF_ALL = """{ regions(first: 100, filter: {or: [{code: "demo_province_north"},
  {code: "demo_province_east"}]}) { nodes { code workers(filter: {grade: SENIOR}, first: 2) {
    totalCount nodes { code grade } } } } }"""


def listed(code: str, filter: str) -> str:
    said = LISTED.replace("CODE", code).replace("{FILTER}", f"{{{filter}}}")
    return LISTS.replace("LISTED", f"found{said}")


async def answered(
    ask: GraphQLTestClient, way: Executor, viewer: Viewer, query: str, **variables: Any
) -> Any:
    if way is Executor.DEFAULT:
        answer = await ask(query, viewer, **variables)
    else:
        answer = await ask.by_plan(query, way, viewer, **variables)
    assert answer.errors == []
    return answer.data


def of_grade(truth: VisibilityOracle, viewer: Viewer, grade: str | None) -> Iterator[Any]:
    """In the order of lists."""
    grades = truth.grades(viewer)
    workers = [row for row in truth.seen_by(viewer, "worker") if grades.get(row["id"]) == grade]
    yield from sorted(workers, key=lambda row: (row["name_key"].encode(), row["code"].encode()))


@pytest.mark.parametrize("way", [Executor.PLAN, Executor.DEFAULT])
@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda one: f"{one.role or one.name}")
async def test_pages_of_the_workers_of_a_grade_are_the_list_cut_to_pieces(
    ask_examples: GraphQLTestClient, viewer: Viewer, way: Executor
) -> None:
    truth = await VisibilityOracle.of(ask_examples.engine)
    for filter, grade in (("grade: SENIOR", "SENIOR"), ("isNull: [GRADE]", None)):
        people = list(of_grade(truth, viewer, grade))
        for region in REGIONS:
            wanted = [
                {"code": row["code"], "grade": grade}
                for row in people
                if region in truth.upward(row["region_id"])
            ]
            query = listed(region, filter)
            for turn in ({"first": 7, "after": None}, {"last": 7, "before": None}):
                found: list[Any] = []
                while True:
                    told = (await answered(ask_examples, way, viewer, query, **turn))["found"]
                    page = told["workers"]
                    assert page["totalCount"] == len(wanted)
                    nodes, info = page["nodes"], page["pageInfo"]
                    found = found + nodes if "first" in turn else nodes + found
                    if not info["hasNextPage" if "first" in turn else "hasPreviousPage"]:
                        break
                    name, cursor = ("after", "endCursor") if "first" in turn else (
                        "before", "startCursor"
                    )  # fmt: skip
                    turn = {**turn, name: info[cursor]}
                assert found == wanted, (region, filter, turn)
    told = await answered(ask_examples, way, viewer, OF_ALL)
    people = list(of_grade(truth, viewer, "SENIOR"))
    some = viewer.organisation is not None or viewer is OPERATOR
    assert some <= any(one["workers"]["nodes"] for one in told["regions"]["nodes"])
    for one in told["regions"]["nodes"]:
        here = [row["code"] for row in people if one["code"] in truth.upward(row["region_id"])]
        nodes = [{"code": code, "grade": "SENIOR"} for code in here[:2]]
        assert one["workers"] == {"totalCount": len(here), "nodes": nodes}
