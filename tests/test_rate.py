"""Rates: rows in a sliding window, for each key or address, in memory and in Redis."""

import asyncio
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
import redis
from redis.exceptions import ConnectionError as NoRedis
from structlog.testing import capture_logs

from kit.errors import RateLimited
from resolvers.access import PUBLIC, Viewer
from server import create_app
from settings import Settings
from tests.databases import Databases
from tests.over_http import JSON, post, refused, served
from tests.queries import PLANNED, query, variables
from web.rate import WINDOW, Rates, network

REDIS = "redis://127.0.0.1:6379/0"
NOBODY = "redis://127.0.0.1:1/0"
KEY = Viewer("a partner", rated="a key")
TEN = {"query": "{ workers(first: 10) { nodes { code } } }"}


@pytest.fixture(scope="module")
def sqlite_examples(databases: Databases) -> Iterator[str]:
    url = databases.copy("sqlite", "examples")
    yield url
    databases.drop(url)


@pytest.fixture
def redis_url() -> str:
    with redis.Redis.from_url(REDIS, socket_connect_timeout=1) as client:
        try:
            client.ping()
        except NoRedis:
            pytest.skip(f"No Redis answers at {REDIS}.")
    return REDIS


async def test_who_has_spent_its_rows_is_refused_until_there_is_room(sqlite_examples: str) -> None:
    async with served(sqlite_examples, rows_per_minute=25) as client:
        for _ in range(2):
            assert len((await post(client, TEN)).json()["data"]["workers"]["nodes"]) == 10
        assert (await post(client, TEN)).status_code == 200  # what it costs is known afterwards
        response = await post(client, TEN)
        sentence = refused(response, 429, "RATE_LIMITED")
        assert sentence.startswith("25 rows of the database in 60 s are the limit, ")
        assert 1 <= int(response.headers["Retry-After"]) <= WINDOW
        assert (await client.get("/health")).status_code == 200


async def test_all_queries_of_the_contract_may_be_sent_every_second(examples_url: str) -> None:
    app = create_app(Settings(database_url=examples_url))
    rates = app.endpoint.rates
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://registry") as client,
    ):
        for number in PLANNED:
            body = {"query": query(number), "variables": variables(number)}
            assert "errors" not in (await post(client, body)).json()
        spent = rates.of(PUBLIC, "127.0.0.1").spent
    assert spent > 100
    assert spent * 60 < 1_000_000


async def test_a_key_is_counted_wherever_it_is_used_and_others_by_address() -> None:
    rates = Rates(rows=100, failures=10)
    rates.charge(KEY, "10.0.0.1", 100)
    with pytest.raises(RateLimited):
        await rates.refuse_if_spent(KEY, "10.0.0.2")
    await rates.refuse_if_spent(PUBLIC, "10.0.0.1")
    rates.charge(PUBLIC, "10.0.0.1", 100)
    with pytest.raises(RateLimited):
        await rates.refuse_if_spent(PUBLIC, "10.0.0.1")
    await rates.refuse_if_spent(PUBLIC, "10.0.0.2")
    assert (rates.of(KEY, "").spent, rates.of(KEY, "").limit) == (100, 100)
    assert rates.of(PUBLIC, "10.0.0.2").spent == 0


@pytest.mark.parametrize("shared", [False, True])
async def test_an_address_that_fails_too_often_is_blocked(
    shared: bool, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("redis_url") if shared else None
    rates, address = Rates(1000, failures=10, redis_url=url), uuid4().hex
    async with rates.kept():
        for _ in range(10):
            await rates.blocked(address)
            rates.failed(address)
        with pytest.raises(RateLimited) as refusal:
            await rates.blocked(address)
        assert str(refusal.value).startswith("10 attempts to say who asks that failed in 60 s are")
        await rates.blocked(uuid4().hex)


async def test_the_window_slides(monkeypatch: pytest.MonkeyPatch) -> None:
    began = (time.time() // WINDOW + 1) * WINDOW
    monkeypatch.setattr(time, "time", lambda: began)
    rates = Rates(rows=100, failures=10)
    rates.charge(KEY, "", 100)
    with pytest.raises(RateLimited):
        await rates.refuse_if_spent(KEY, "")
    left = []
    for seconds in (WINDOW - 1, WINDOW * 1.5, WINDOW * 2.5):
        monkeypatch.setattr(time, "time", lambda seconds=seconds: began + seconds)
        await rates.rows.settle_all()
        left.append(100 - rates.of(KEY, "").spent)
    assert left == [0, 50, 100]
    await rates.refuse_if_spent(KEY, "")


async def test_processes_count_together_in_redis(redis_url: str) -> None:
    viewer = Viewer("a partner", rated=uuid4().hex)
    one, other = Rates(100, 10, redis_url), Rates(100, 10, redis_url)
    async with one.kept(), other.kept():
        one.charge(viewer, "", 60)
        other.charge(viewer, "", 40)
        await asyncio.sleep(1.3)  # once a second they tell
        await one.rows.settle_all()
        for rates in (one, other):
            with pytest.raises(RateLimited):
                await rates.refuse_if_spent(viewer, "")
            assert rates.of(viewer, "").spent == 100


async def test_without_its_redis_each_process_counts_by_itself() -> None:
    rates = Rates(rows=100, failures=10, redis_url=NOBODY)
    with capture_logs() as logs:
        async with rates.kept():
            rates.charge(KEY, "", 100)
            started = time.perf_counter()
            with pytest.raises(RateLimited):
                await rates.refuse_if_spent(KEY, "")
            await rates.refuse_if_spent(PUBLIC, "10.0.0.1")
            assert time.perf_counter() - started < 1
    assert [one["log_level"] for one in logs] == ["warning"]


async def test_a_redis_that_is_away_leaves_the_service_as_it_is(sqlite_examples: str) -> None:
    async with served(sqlite_examples, rows_per_minute=15, redis_url=NOBODY) as client:
        with capture_logs():
            for _ in range(2):
                assert (await post(client, TEN)).status_code == 200
            refused(await post(client, TEN), 429, "RATE_LIMITED")
            assert (await client.get("/ready")).status_code == 200


async def test_a_forged_address_changes_nothing(sqlite_examples: str) -> None:
    """Unless a proxy that is trusted names it; uvicorn sees to that (tests/faults)."""
    async with served(sqlite_examples, rows_per_minute=5) as client:
        assert (await post(client, TEN)).status_code == 200
        headers = {"Content-Type": JSON, "X-Forwarded-For": "10.9.9.9", "Forwarded": "for=10.9.9.9"}
        response = await client.post("/graphql", json=TEN, headers=headers)
        refused(response, 429, "RATE_LIMITED")


def test_who_has_an_address_of_ipv6_has_its_network() -> None:
    assert network("2001:db8:1:2:3:4:5:6") == network("2001:db8:1:2::9")
    assert network("2001:db8:1:2::9") != network("2001:db8:1:3::9")
    assert network("10.0.0.1") != network("10.0.0.2")
    assert network("") == ""


async def test_what_is_counted_takes_a_few_microseconds() -> None:
    """Beside an answer of 120; ten times that for a machine that has much else to do."""
    rates, number = Rates(rows=10**9, failures=10), 20_000
    started = time.perf_counter()
    for _ in range(number):
        await rates.refuse_if_spent(KEY, "10.0.0.1")
        rates.of(KEY, "10.0.0.1")
        rates.charge(KEY, "10.0.0.1", 3)
    assert (time.perf_counter() - started) / number < 30e-6
