"""What is unfinished beside a field that failed ends with the request, and nothing is logged."""

import asyncio
import gc

import pytest

from resolvers.core.access import OPERATOR
from resolvers.core.context import Executor
from tests.support.over_http import error_codes, post_graphql, serve

# Lists whose totals and nodes are still awaited when another field fails, at the root or below it.
FAILING = [
    """{ workers(first: 2) { totalCount nodes { id employer { id } } }
      studios(first: 0) { totalCount } }""",
    """{ organisations(first: 9) { totalCount nodes {
      id region { name } workers(first: 2) { totalCount nodes { id } }
      studios(first: 0) { totalCount }
    } } }""",
    """{ workers(first: 2) { totalCount nodes { id employer { id name } region { id name } } }
      nodes(ids: ["nothing"]) { id } }""",
]


@pytest.mark.parametrize("query", FAILING, ids=["at the root", "below", "later"])
async def test_what_is_still_awaited_beside_a_field_that_failed_ends_with_the_request(
    examples_url: str, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    async with serve(examples_url, OPERATOR, way=Executor.DEFAULT) as client:
        known = await post_graphql(client, {"query": "{ workers { totalCount } }"})
        before = asyncio.all_tasks()
        answer = await post_graphql(client, {"query": query})
        assert error_codes(answer) == ["BAD_USER_INPUT"]
        assert answer.json()["data"] is None
        for _ in range(3):  # for the guards of the request
            await asyncio.sleep(0)
        assert asyncio.all_tasks() <= before
        again = await post_graphql(client, {"query": "{ workers { totalCount } }"})
        assert again.json()["data"] == known.json()["data"]
        gc.collect()
        await asyncio.sleep(0)
    assert [one.getMessage() for one in caplog.records if one.name == "asyncio"] == []
