"""Charges of requests; queries of the contract can be sent every second."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from kit.db.engine import write_transaction
from server import create_app
from settings import Settings
from tests.limits.worst_requests import WORST
from tests.support.contract_queries import ANSWERED, contract_query, contract_variables
from tests.support.over_http import RELAXED_LIMITS, post_graphql
from tests.support.partners import issue_partner_keys, post_with_credential
from tests.support.registries import disposing_engine
from web.rate_limit import POINTS_PER_MILLISECOND

LEAST = 0.5  # of the CPU of the whole process, in which the client runs too
# Whom a query is for; the others are anybody's.
ASKERS = dict.fromkeys(["03", "15", "16"], "demo_college") | {"14": "demo_steward"}


@pytest.fixture(scope="module")
async def client(keyed_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with asked(keyed_url) as client:
        yield client


@asynccontextmanager
async def asked(url: str) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(database_url=url, **RELAXED_LIMITS))
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://registry") as client,
    ):
        yield client


async def charge(client: httpx.AsyncClient, body: Any, key: str | None = None) -> int:
    """Points of one request, as the headers before and after it tell."""
    before = await left_after(client, {"query": "{ __typename }"}, key)
    return before - await left_after(client, body, key)


async def left_after(client: httpx.AsyncClient, body: Any, key: str | None = None) -> int:
    answer = await (post_with_credential(client, key, body) if key else post_graphql(client, body))
    assert "errors" not in answer.json(), answer.json()
    return left_of(answer)


def left_of(answer: httpx.Response) -> int:
    return int(answer.headers["RateLimit"].split("r=")[1].split(";")[0])


@pytest.mark.parametrize("name", WORST)
async def test_the_worst_requests_are_charged_what_they_take(
    client: httpx.AsyncClient, name: str
) -> None:
    """By the clock of the process, which another process doesn't move.

    Of several times the best counts: a collection of garbage in between is nobody's.
    """
    parts: list[float] = []
    while max(parts, default=0) < LEAST and len(parts) < 3:
        body, left = WORST[name](), await left_after(client, {"query": "{ __typename }"})
        before = time.process_time()
        points = left - await left_after(client, body)
        parts.append(points / POINTS_PER_MILLISECOND / 1000 / (time.process_time() - before))
    assert max(parts) >= LEAST


@pytest.mark.parametrize("number", ANSWERED)
async def test_a_query_of_the_contract_may_be_sent_every_second(
    client: httpx.AsyncClient, partner_keys: dict[str, str], number: str
) -> None:
    """By whom it is meant for: once as a text that is new, and then as one that is known.

    Of several times the least counts: a machine that is busy with something else is no fault of it.
    """
    settings = Settings()
    key, limit = None, settings.public_points_per_minute
    if number in ASKERS:
        key = partner_keys[ASKERS[number]]
        limit = settings.points_per_minute
    body = {"query": contract_query(number), "variables": contract_variables(number)}
    first = await charge(client, body, key)
    again = await charge(client, body, key)
    for _ in range(7):
        if first + 59 * again > limit:
            again = min(again, await charge(client, body, key))
    assert first + 59 * again <= limit


SLOW = """
CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN PERFORM pg_sleep(2); RETURN NEW; END';
CREATE TRIGGER sleep BEFORE INSERT ON report FOR EACH ROW EXECUTE FUNCTION sleep();
"""


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_what_the_database_takes_to_write_is_charged(own_examples_url: str) -> None:
    """Two seconds, after a first report, which plans."""
    key = (await issue_partner_keys(own_examples_url))["demo_college"]
    async with asked(own_examples_url) as client:
        await cohort(client, key, "2022")
        async with (
            disposing_engine(own_examples_url) as engine,
            write_transaction(engine) as connection,
        ):
            for statement in SLOW.strip().split(";\n"):
                await connection.exec_driver_sql(statement)
        left = await left_after(client, {"query": "{ __typename }"}, key)
        assert left - left_of(await cohort(client, key, "2023")) >= 2000 * POINTS_PER_MILLISECOND


async def cohort(client: httpx.AsyncClient, key: str, year: str) -> httpx.Response:
    address = f"/reports/cohort.csv?college=demo_college&year={year}"
    answer = await client.get(address, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.text
    return answer
