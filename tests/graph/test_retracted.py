"""Retracted facts are in a list only if the filter names that status."""

from typing import Any

import pytest

from tests.support.graph import GraphQLTestClient, RowFactory

RESULTS = """query($filter: ResultFilter) {
  results(filter: $filter, orderBy: [{field: RANK}]) { totalCount nodes { recipient { code } } }
}"""
RETRACTED, DISPUTED = {"status": "RETRACTED"}, {"status": "DISPUTED"}
FIRST = {"rank": 1}

# r1 and x1 are first places, r2 and x2 second ones; those with x are retracted, d3 is disputed.
FILTERS: list[tuple[Any, list[str]]] = [
    (None, ["r1", "r2", "d3"]),
    (FIRST, ["r1"]),
    (RETRACTED, ["x1", "x2"]),
    ({**FIRST, **RETRACTED}, ["x1"]),
    ({"not": DISPUTED}, ["r1", "r2"]),
    ({**FIRST, "not": DISPUTED}, ["r1"]),
    ({"not": RETRACTED}, ["r1", "r2", "d3"]),
    ({"not": {"not": RETRACTED}}, []),
    ({"not": FIRST}, ["r2", "d3"]),
    ({**RETRACTED, "not": FIRST}, ["x2"]),
    ({"or": [RETRACTED, FIRST]}, ["r1", "x1", "x2"]),
    ({"or": [RETRACTED, {"not": RETRACTED}]}, ["r1", "x1", "r2", "x2", "d3"]),
    ({**FIRST, "or": [RETRACTED, DISPUTED]}, ["x1"]),
    ({**RETRACTED, "or": [FIRST, {"rank": 2}]}, ["x1", "x2"]),
    ({"and": [FIRST, RETRACTED]}, []),
    ({"and": [{**FIRST, **RETRACTED}, RETRACTED]}, ["x1"]),
    ({"and": [{"not": DISPUTED}, {"or": [RETRACTED, FIRST]}]}, ["r1"]),
    ({"or": []}, []),
    ({"and": [], "or": [{"and": [RETRACTED]}]}, ["x1", "x2"]),
]


async def fill(make: RowFactory) -> None:
    status = {"x": "RETRACTED", "d": "DISPUTED", "r": ""}
    keys = ("r1", "x1", "r2", "x2", "d3")
    await make(
        sources=[{"key": "s", "title": "t"}],
        competitions=[{"code": "c", "name": "赛"}],
        workers=[{"code": key, "name": key} for key in keys],
        results=[
            {"key": key, "worker": key, "competition": "c", "rank": key[1],
             "status": status[key[0]], "sources": "s"}
            for key in keys
        ],
    )  # fmt: skip


@pytest.mark.parametrize(("filter", "keys"), FILTERS)
async def test_only_a_condition_that_names_the_status_brings_back_what_was_retracted(
    ask_filled: GraphQLTestClient, filter: Any, keys: list[str]
) -> None:
    results = (await ask_filled.data(RESULTS, filter=filter))["results"]
    assert sorted(node["recipient"]["code"] for node in results["nodes"]) == sorted(keys)
    assert results["totalCount"] == len(keys)


async def test_links_and_groups_leave_it_out_alike(ask_filled: GraphQLTestClient) -> None:
    """An added condition never makes a list longer: no champion whose title was withdrawn."""
    query = """{
      champions: workers(filter: {results: {rank: 1, not: {status: DISPUTED}}}) { nodes { code } }
      competition(code: "c") {
        results(filter: {not: {status: DISPUTED}}) {
          totalCount
          groups(by: [AWARD]) { nodes { count } }
        }
      }
    }"""
    assert await ask_filled.data(query) == {
        "champions": {"nodes": [{"code": "r1"}]},
        "competition": {
            "results": {
                "totalCount": 2,
                "groups": {"nodes": [{"count": 2}]},
            }
        },
    }
