"""Which way each request goes, and that it is told."""

import httpx
import pytest

from tests.support.contract_queries import PLANNED, contract_query, contract_variables
from tests.support.over_http import post_graphql

HANDED_OVER = {
    '{ worker(code: "yu_yimu") { history { totalCount } } }': "Worker.history",
    "{ workers(first: 0) { totalCount } }": "arguments",
    "{ __schema { queryType { name } } }": "Query.__schema",
    "{ nothing }": "document",
    "{": "document",
}


async def test_every_query_of_the_contract_goes_by_a_plan(client: httpx.AsyncClient) -> None:
    for number in PLANNED:
        await post_graphql(
            client, {"query": contract_query(number), "variables": contract_variables(number)}
        )
    counted = (await client.get("/ways")).json()
    assert counted == {"ways": {"plan": len(PLANNED)}, "handedOver": {}}


@pytest.mark.parametrize("asked", HANDED_OVER)
async def test_what_the_engine_does_not_know_is_handed_over_and_counted(
    client: httpx.AsyncClient, asked: str
) -> None:
    await post_graphql(client, {"query": asked})
    counted = (await client.get("/ways")).json()
    assert counted == {"ways": {"default": 1}, "handedOver": {HANDED_OVER[asked]: 1}}


async def test_variables_that_do_not_fit_are_handed_over_to_nobody(
    client: httpx.AsyncClient,
) -> None:
    asked = "query($code: String!) { worker(code: $code) { name } }"
    await post_graphql(client, {"query": asked, "variables": {"code": 1}})
    assert (await client.get("/ways")).json() == {"ways": {"plan": 1}, "handedOver": {}}
