"""The executor of each request, and its report."""

from typing import Any

import httpx
import pytest

from tests.support.contract_queries import PLANNED, contract_query, contract_variables
from tests.support.over_http import post_graphql

CACHES = {"documents", "plans", "statements", "prepared", "introspections"}
HANDED_OVER = {
    '{ worker(code: "yu_yimu") { history { totalCount } } }': "Worker.history",
    "{ workers(first: 0) { totalCount } }": "arguments",
    "{ __schema { queryType { name } } }": "Query.__schema",
    "{ nothing }": "document",
    "{": "document",
}


async def counts(client: httpx.AsyncClient) -> dict[str, Any]:
    """Without the figures of caches, which other tests fill too."""
    told: dict[str, Any] = (await client.get("/executor-stats")).json()
    assert set(told.pop("caches")) == CACHES
    return told


async def test_caches_tell_their_entries_bytes_and_use(client: httpx.AsyncClient) -> None:
    before = (await client.get("/executor-stats")).json()["caches"]
    asked = {"query": f"{{ workers {{ totalCount }} }} # {before['documents']}"}  # a new text
    for _ in range(3):
        await post_graphql(client, asked)
    after = (await client.get("/ways")).json()["caches"]  # its former name
    grown = {name: after[name]["misses"] - before[name]["misses"] for name in after}
    assert grown["documents"] == grown["plans"] == 1
    assert after["documents"]["hits"] - before["documents"]["hits"] == 2
    assert after["plans"]["hits"] - before["plans"]["hits"] == 2
    for figures in after.values():
        assert set(figures) == {"entries", "bytes", "limit", "hits", "misses"}
        assert 0 <= figures["bytes"] <= figures["limit"]
        assert (figures["entries"] > 0) is (figures["bytes"] > 0)


async def test_every_query_of_the_contract_goes_by_a_plan(client: httpx.AsyncClient) -> None:
    for number in PLANNED:
        await post_graphql(
            client, {"query": contract_query(number), "variables": contract_variables(number)}
        )
    counted = await counts(client)
    assert counted == {"ways": {"plan": len(PLANNED)}, "handedOver": {}}


@pytest.mark.parametrize("asked", HANDED_OVER)
async def test_what_the_engine_does_not_know_is_handed_over_and_counted(
    client: httpx.AsyncClient, asked: str
) -> None:
    await post_graphql(client, {"query": asked})
    counted = await counts(client)
    assert counted == {"ways": {"default": 1}, "handedOver": {HANDED_OVER[asked]: 1}}


async def test_variables_that_do_not_fit_are_handed_over_to_nobody(
    client: httpx.AsyncClient,
) -> None:
    asked = "query($code: String!) { worker(code: $code) { name } }"
    await post_graphql(client, {"query": asked, "variables": {"code": 1}})
    assert await counts(client) == {"ways": {"plan": 1}, "handedOver": {}}
