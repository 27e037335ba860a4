"""The cost of a request: nodes by page sizes, and rows that were read for it."""

from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from execution import schema
from kit.db.postgres_pool import open_read_pool
from kit.relay.global_id import to_global_id
from resolvers.core.access import OPERATOR
from resolvers.core.context import Context, Executor
from tests.support.graph import TODAY
from tests.support.over_http import post_graphql

WORKER = 'worker(code: "yu_yimu")'
SIZED = "query($n: Int) { workers(first: $n) { nodes { name } } }"
NESTED = """query($n: Int, $m: Int) {
  workers(first: $n) { nodes { conferrals(last: $m) { nodes { id } } } }
}"""
EITHER = "query($f: Int, $l: Int) { workers(first: $f, last: $l) { nodes { name } } }"
IDS = [to_global_id("Worker", "yu_yimu")]
COSTS: list[tuple[str, dict[str, Any], int]] = [
    ("{ __typename }", {}, 0),
    (f"{{ {WORKER} {{ name }} }}", {}, 1),
    (f"{{ {WORKER} {{ name employer {{ name region {{ name }} }} }} }}", {}, 3),
    # A connection asked only for totals or groups costs 1.
    ("{ workers { totalCount } }", {}, 1),
    ("{ workers(first: 9) { totalCount groups(by: [GRADE], first: 50) { nodes { count } } } }",
     {}, 1),
    ("{ employments(on: \"2023-01-01\") { totalCount undated } }", {}, 1),
    # Whatever asks for its page asks for all of it, once.
    ("{ workers { nodes { name } } }", {}, 20),
    ("{ workers(first: 3) { nodes { name } } }", {}, 3),
    ("{ workers(last: 3) { nodes { name } } }", {}, 3),
    ("{ workers(first: 3) { edges { cursor } } }", {}, 3),
    ("{ workers(first: 3) { pageInfo { hasNextPage } } }", {}, 3),
    ("{ workers(first: 3) { nodes { name } edges { node { name } } pageInfo { endCursor } } }",
     {}, 3),
    # The product along each path, and their sum.
    ("{ workers(first: 3) { nodes { conferrals(first: 5) { nodes { id } } } } }", {}, 3 + 15),
    ("{ workers(first: 3) { nodes { conferrals(first: 5) { totalCount } } } }", {}, 3 + 3),
    ("{ workers(first: 3) { edges { node { employer { name } } } } }", {}, 3 + 3),
    ("{ workers(first: 3) { nodes { employer { name } region { name } } } }", {}, 3 + 6),
    ("{ workers(first: 3) { nodes { conferrals(first: 5) { nodes { honour { name } } } } } }",
     {}, 33),
    ("{ a: workers(first: 3) { nodes { name } } b: workers(first: 4) { nodes { name } } }", {}, 7),
    # A list that takes no size counts as a page.
    (f"{{ {WORKER} {{ conferrals(first: 2) {{ nodes {{ sources {{ title }} }} }} }} }}", {}, 43),
    ("{ region(code: \"370000\") { children { name } } }", {}, 21),
    (f"{{ {WORKER} {{ history(first: 5) {{ nodes {{ assertedBy {{ name }} }} }} }} }}", {}, 11),
    # Fragments and conditions change nothing.
    ("{ workers(first: 3) { ...F } } fragment F on WorkerConnection { nodes { ...G } } "
     "fragment G on Worker { employer { name } }", {}, 6),
    ("{ a: workers(first: 3) { ...F } b: workers(first: 4) { ...F } } "
     "fragment F on WorkerConnection { nodes { employer { name } } }", {}, 14),
    ("{ workers(first: 3) { ... @skip(if: true) { nodes { name } } } }", {}, 3),
    # Values that are no records cost nothing.
    ("{ figures(first: 3) { nodes { quantity { value } } } }", {}, 3),
    # Sizes from variables.
    (SIZED, {"n": 7}, 7), (SIZED, {"n": None}, 20), (SIZED, {}, 20), (SIZED, {"n": 7.0}, 7),
    (SIZED.replace("Int", "Int = 9"), {}, 9), (SIZED.replace("Int", "Int = 9"), {"n": 2}, 2),
    (SIZED.replace("Int", "Int = 9"), {"n": None}, 20),
    (NESTED, {"n": 3, "m": 5}, 18), (NESTED, {"n": 3}, 63), (NESTED, {"m": 5}, 120),
    (EITHER, {"f": 4}, 4), (EITHER, {"l": 5}, 5), (EITHER, {"f": None, "l": 6}, 6),
    (EITHER, {}, 20),
    # As many as there are ids.
    ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": IDS}, 1),
    ("query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Worker { employer { name } } } }",
     {"ids": IDS * 4}, 8),
    (f"{{ nodes(ids: [\"{IDS[0]}\", \"{IDS[0]}\"]) {{ id }} }}", {}, 2),
]  # fmt: skip


async def cost(
    engine: AsyncEngine, asked: str, given: dict[str, Any], way: Executor
) -> tuple[int, int, Any]:
    snapshots = open_read_pool(engine.url)
    context = Context.of(engine, OPERATOR, TODAY, snapshots, way)
    try:
        async with context:
            result = await schema.answer(asked, given, context)
    finally:
        await snapshots.close()
    assert result.errors is None
    return context.asked, context.spent, result.data


@pytest.mark.parametrize(("asked", "given", "nodes"), COSTS)
async def test_a_request_asks_for_the_product_of_its_pages_whichever_way_it_goes(
    examples_engine: AsyncEngine, asked: str, given: dict[str, Any], nodes: int
) -> None:
    for way in Executor:
        found, _, _ = await cost(examples_engine, asked, given, way)
        assert found == nodes, way


async def test_each_answer_tells_what_was_asked_for_and_read(client: httpx.AsyncClient) -> None:
    answer = await post_graphql(client, {"query": SIZED, "variables": {"n": 4}})
    assert answer.json()["extensions"]["cost"] == {"asked": 4, "spent": 4}
    # What is refused while it is run has asked and read as well; what is refused before, has not.
    later = "{ workers(first: 2) { nodes { name conferrals(first: 0) { nodes { id } } } } }"
    for asked, told in (
        (later, {"asked": 2, "spent": 3}),  # a page reads one row too many, to see if more follow
        ("{ nothing }", {"asked": 0, "spent": 0}),
    ):
        refused = await post_graphql(client, {"query": asked})
        assert refused.json()["errors"]
        assert refused.json()["extensions"]["cost"] == told
    large = await post_graphql(client, {"query": "{ " + " ".join(
        f"a{n}: workers(first: 100) {{ nodes {{ conferrals(first: 100) {{ nodes {{ id }} }} }} }}"
        for n in range(5)) + " }"})  # fmt: skip
    assert large.json()["extensions"]["cost"] == {"asked": 50_500, "spent": 0}
    assert large.json()["errors"][0]["message"].endswith(
        "its page sizes multiply to 50500. Ask for smaller pages, or send several requests."
    )


PAGES = """query($n: Int) { organisation(code: "demo_college") {
  enrolments(first: $n) { nodes { cohort trainee { name results { nodes { rank award } } } } }
} }"""


async def test_what_is_spent_grows_with_the_rows_that_are_read(
    examples_engine: AsyncEngine,
) -> None:
    for way in Executor:
        small, large = [(await cost(examples_engine, PAGES, {"n": n}, way))[1] for n in (5, 100)]
        assert 5 < small < 60, way
        assert 100 < large < 600, way
        assert small * 5 < large, way
