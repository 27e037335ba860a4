"""Mutations during another write: access is checked first, and readers are answered."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from kit.db.engine import WRITE_LOCK_ID
from kit.relay.global_id import to_global_id
from resolvers.core.access import OPERATOR, PUBLIC, Viewer
from resolvers.core.context import Executor
from tests.support.commands import table_row_counts
from tests.support.over_http import SAMPLE_QUERY, post_graphql, refusal_message, serve

RECORD = to_global_id("Worker", "yu_yimu")
ITSELF = Viewer("yu_yimu", worker="yu_yimu")
PATIENT: dict[str, Any] = {"lock_seconds": 60}
DISPUTE = f'mutation {{ dispute(record: "{RECORD}", text: "有误") {{ dispute {{ id }} %s }} }}'
SETTLE = 'mutation { settleDispute(id: "%s", answer: "维持原记录") { dispute { id } %s } }'
REVEAL = (
    f'mutation {{ revealPersonal(worker: "{RECORD}", fields: [PHONE], purpose: "核对学籍登记") '
    "{ values { value } %s } }"
)
ERRORS = "userErrors { code }"
PARTNER = Viewer("partner", organisation="a_partner")


@asynccontextmanager
async def writing_elsewhere(url: str) -> AsyncIterator[None]:
    """Hold the writers' lock, as an import does."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.rollback()
        connection.close()
    else:
        other = await asyncpg.connect(url)
        await other.execute("SELECT pg_advisory_lock($1)", WRITE_LOCK_ID)
        yield
        await other.close()


async def mutate(client: httpx.AsyncClient, mutation: str) -> Any:
    answer = (await post_graphql(client, {"query": mutation})).json()
    assert "errors" not in answer, answer
    [payload] = answer["data"].values()
    return payload


def codes_in(payload: Any) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


async def disputed(url: str) -> str:
    """Return the id of a dispute that a worker has opened."""
    async with serve(url, ITSELF) as client:
        payload = await mutate(client, DISPUTE % ERRORS)
    assert codes_in(payload) == []
    id: str = payload["dispute"]["id"]
    return id


@pytest.mark.parametrize("viewer", [PUBLIC, PARTNER, ITSELF], ids=lambda one: one.name)
async def test_who_may_not_is_refused_before_any_lock(
    own_examples_url: str, viewer: Viewer
) -> None:
    id = await disputed(own_examples_url)
    before = await table_row_counts(own_examples_url)
    async with (
        serve(own_examples_url, viewer, **PATIENT) as client,
        writing_elsewhere(own_examples_url),
        asyncio.timeout(20),
    ):
        refusals = {
            SETTLE % (id, ERRORS): "FORBIDDEN" if viewer is ITSELF else "NOT_FOUND",
            SETTLE % ("1", ERRORS): "NOT_FOUND",
            REVEAL % ERRORS: "FORBIDDEN",
        }
        if viewer is not ITSELF:
            refusals[DISPUTE % ERRORS] = "FORBIDDEN"
        for mutation, code in refusals.items():
            assert codes_in(await mutate(client, mutation)) == [code]
    assert await table_row_counts(own_examples_url) == before


async def test_writers_who_wait_keep_no_connection_from_readers(own_examples_url: str) -> None:
    """More of them than there are connections; then each has its turn."""
    id = await disputed(own_examples_url)
    async with serve(own_examples_url, OPERATOR, way=Executor.DEFAULT, **PATIENT) as client:
        assert (await post_graphql(client, SAMPLE_QUERY)).status_code == 200
        async with writing_elsewhere(own_examples_url):
            writers = [
                asyncio.create_task(mutate(client, SETTLE % (id, ERRORS))) for _ in range(20)
            ]
            async with asyncio.timeout(20):
                for _ in range(5):
                    assert (await post_graphql(client, SAMPLE_QUERY)).json()["data"]["worker"]
            assert not any(one.done() for one in writers)
        found = sorted([codes_in(await one) for one in writers], key=len)
    assert found == [[], *[["CONFLICT"]] * 19]


async def test_a_write_waits_for_others_only_so_long(own_examples_url: str) -> None:
    id = await disputed(own_examples_url)
    async with serve(own_examples_url, OPERATOR, lock_seconds=0.3) as client:
        async with writing_elsewhere(own_examples_url):
            asked = (post_graphql(client, {"query": SETTLE % (id, ERRORS)}) for _ in range(3))
            for response in await asyncio.gather(*asked):
                assert "locked this record for 0.3 s" in refusal_message(
                    response, 503, "UNAVAILABLE"
                )
        assert codes_in(await mutate(client, SETTLE % (id, ERRORS))) == []


async def test_a_mutation_costs_and_asks_for_five_things_at_once_at_most(
    own_examples_url: str,
) -> None:
    one = 's{}: settleDispute(id: "1", answer: "已更正") {{ userErrors {{ code }} }}'
    async with serve(own_examples_url, PUBLIC) as client:
        most = "mutation { " + " ".join(one.format(number) for number in range(5)) + " }"
        answer = await post_graphql(client, {"query": most})
        assert answer.json()["extensions"]["cost"]["asked"] == 500
        assert {codes_in(payload)[0] for payload in answer.json()["data"].values()} == {"NOT_FOUND"}
        spent = 10**9 - int(answer.headers["RateLimit"].split("r=")[1].split(";")[0])
        assert spent >= 500
        more = "mutation { " + " ".join(one.format(number) for number in range(6)) + " }"
        refusal = (await post_graphql(client, {"query": more})).json()
        assert refusal["errors"][0]["message"] == (
            "The mutation exceeds the limit of 5 root fields: it has 6."
        )
        assert "data" not in refusal
