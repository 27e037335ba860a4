"""Rates: points in a sliding window, for each key or address, in memory and in Redis."""

import asyncio
import re
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
import redis
from redis.exceptions import ConnectionError as NoRedis
from structlog.testing import capture_logs

from kit.errors import RateLimited
from resolvers.core.access import PUBLIC, Viewer
from settings import Settings
from tests.support.databases import Databases
from tests.support.over_http import JSON, post_graphql, refusal_message, serve
from tests.support.partners import issue_partner_keys, post_with_credential
from web.rate_limit import (
    POINTS_PER_MILLISECOND,
    WINDOW_SECONDS,
    RateAccount,
    RateLimiter,
    client_network,
)

REDIS = "redis://127.0.0.1:6379/0"
NOBODY = "redis://127.0.0.1:1/0"
KEY = Viewer("a partner", rate_key="a key")
TEN = {"query": "{ workers(first: 10) { nodes { code } } }"}


def left(response: httpx.Response) -> tuple[int, int]:
    """Return the limit and what is left of it, as the headers tell."""
    policy = re.fullmatch(r'"points";q=(\d+);w=60', response.headers["RateLimit-Policy"])
    rate = re.fullmatch(r'"points";r=(\d+);t=(\d+)', response.headers["RateLimit"])
    assert policy
    assert rate
    assert 1 <= int(rate[2]) <= WINDOW_SECONDS
    return int(policy[1]), int(rate[1])


def charge(account: RateAccount, rows: int, milliseconds: float = 0.0) -> None:
    account.rows = rows
    account.charge(milliseconds)


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


async def test_who_has_spent_its_points_is_refused_until_there_is_room(
    sqlite_examples: str,
) -> None:
    async with serve(sqlite_examples, points_per_minute=10) as client:
        response = await post_graphql(client, TEN)  # what it takes is known afterwards
        assert len(response.json()["data"]["workers"]["nodes"]) == 10
        assert left(response) == (10, 0)
        response = await post_graphql(client, TEN)
        sentence = refusal_message(response, 429, "RATE_LIMITED")
        assert sentence.startswith("10 points in 60 s are the limit, and all are used: ")
        assert left(response) == (10, 0)
        assert 1 <= int(response.headers["Retry-After"]) <= WINDOW_SECONDS
        assert (await client.get("/health")).status_code == 200


async def test_what_is_left_is_told_in_headers_and_to_the_viewer(sqlite_examples: str) -> None:
    asked = {"query": "{ viewer { rate { limit spent windowSeconds } } }"}
    async with serve(sqlite_examples, None) as client:
        limit, after_one = left(await post_graphql(client, TEN))
        answer = await post_graphql(client, asked)
        rate = answer.json()["data"]["viewer"]["rate"]
        spent = rate.pop("spent")  # less, where the window has moved meanwhile
        assert rate == {"limit": limit, "windowSeconds": WINDOW_SECONDS}
        assert 0 < spent <= limit - after_one
        assert 0 < after_one - left(answer)[1] < limit


async def test_who_has_no_key_has_an_account_of_its_own(
    sqlite_examples: str, databases: Databases
) -> None:
    """The limit of an address is smaller than that of a key."""
    url = databases.copy("sqlite", "examples")
    key = (await issue_partner_keys(url))["demo_college"]
    async with serve(url, None, points_per_minute=700, public_points_per_minute=10) as client:
        assert left(await post_graphql(client, TEN)) == (10, 0)
        refusal_message(await post_graphql(client, TEN), 429, "RATE_LIMITED")
        answer = await post_with_credential(client, key, {"query": "{ __typename }"})
        limit, some = left(answer)
        assert answer.status_code == 200
        assert limit == 700
        assert 0 < some < 700
    databases.drop(url)


def test_an_address_may_take_a_tenth_of_a_process_and_a_key_a_third() -> None:
    settings = Settings()
    a_minute = WINDOW_SECONDS * 1000 * POINTS_PER_MILLISECOND
    assert settings.public_points_per_minute == a_minute / 10
    assert settings.points_per_minute == a_minute // 3


async def test_a_key_is_counted_wherever_it_is_used_and_others_by_address() -> None:
    rates = RateLimiter(points=100, public=100, failures=10)
    charge(rates.account(KEY, "10.0.0.1"), 100)
    with pytest.raises(RateLimited):
        await rates.account(KEY, "10.0.0.2").refuse_if_spent()
    await rates.account(PUBLIC, "10.0.0.1").refuse_if_spent()
    charge(rates.account(PUBLIC, "10.0.0.1"), 100)
    with pytest.raises(RateLimited):
        await rates.account(PUBLIC, "10.0.0.1").refuse_if_spent()
    await rates.account(PUBLIC, "10.0.0.2").refuse_if_spent()
    key = rates.account(KEY, "")
    assert (key.spent, key.limit) == (100, 100)
    assert rates.account(PUBLIC, "10.0.0.2").spent == 0


async def test_more_of_rows_and_milliseconds_is_charged() -> None:
    rates = RateLimiter(points=1000, public=100, failures=10)
    for rows, milliseconds, points in [(7, 0.1, 7), (7, 2.0, 100), (0, 0.001, 1)]:
        before = rates.account(KEY, "").spent
        charge(rates.account(KEY, ""), rows, milliseconds)
        assert rates.account(KEY, "").spent - before == points


@pytest.mark.parametrize("shared", [False, True])
async def test_an_address_that_fails_too_often_is_blocked(
    shared: bool, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("redis_url") if shared else None
    rates, address = RateLimiter(1000, 1000, failures=10, redis_url=url), uuid4().hex
    async with rates.kept():
        for _ in range(10):
            assert not rates.has_excess_failures(address)
            await rates.record_failure(address)
        assert rates.has_excess_failures(address)
        with pytest.raises(RateLimited) as refusal:
            await rates.record_failure(address)
        assert str(refusal.value).startswith("10 failed authentications in 60 s are")
        assert not rates.has_excess_failures(uuid4().hex)


async def test_the_window_slides(monkeypatch: pytest.MonkeyPatch) -> None:
    began = (time.time() // WINDOW_SECONDS + 1) * WINDOW_SECONDS
    monkeypatch.setattr(time, "time", lambda: began)
    assert await spent_later(monkeypatch, began, 100) == [100, 50, 0]


async def test_what_is_too_much_is_owed_but_not_more_than_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began = (time.time() // WINDOW_SECONDS + 1) * WINDOW_SECONDS
    assert await spent_later(monkeypatch, began, 130) == [100, 80, 15]
    assert await spent_later(monkeypatch, began, 10_000) == [100, 100, 75]


async def spent_later(monkeypatch: pytest.MonkeyPatch, began: float, points: int) -> list[int]:
    """100 points at the end of the window, in the middle of the next one, and of the third."""
    monkeypatch.setattr(time, "time", lambda: began)
    rates = RateLimiter(points=100, public=100, failures=10)
    key = rates.account(KEY, "")
    charge(key, points)
    with pytest.raises(RateLimited):
        await key.refuse_if_spent()
    spent = []
    for seconds in (WINDOW_SECONDS - 1, WINDOW_SECONDS * 1.5, WINDOW_SECONDS * 2.5):
        monkeypatch.setattr(time, "time", lambda seconds=seconds: began + seconds)
        await rates.settle()
        spent.append(key.spent)
    return spent


async def test_processes_count_together_in_redis(redis_url: str) -> None:
    viewer = Viewer("a partner", rate_key=uuid4().hex)
    one, other = RateLimiter(100, 100, 10, redis_url), RateLimiter(100, 100, 10, redis_url)
    async with one.kept(), other.kept():
        charge(one.account(viewer, ""), 60)
        charge(other.account(viewer, ""), 40)
        await asyncio.sleep(1.3)  # once a second they tell
        await one.settle()
        for rates in (one, other):
            with pytest.raises(RateLimited):
                await rates.account(viewer, "").refuse_if_spent()
            assert rates.account(viewer, "").spent == 100


async def test_without_its_redis_each_process_counts_by_itself() -> None:
    rates = RateLimiter(points=100, public=100, failures=10, redis_url=NOBODY)
    with capture_logs() as logs:
        async with rates.kept():
            charge(rates.account(KEY, ""), 100)
            started = time.perf_counter()
            with pytest.raises(RateLimited):
                await rates.account(KEY, "").refuse_if_spent()
            await rates.account(PUBLIC, "10.0.0.1").refuse_if_spent()
            assert time.perf_counter() - started < 1
    assert [one["log_level"] for one in logs] == ["warning"]


async def test_a_redis_that_is_away_leaves_the_service_as_it_is(sqlite_examples: str) -> None:
    async with serve(sqlite_examples, points_per_minute=10, redis_url=NOBODY) as client:
        with capture_logs():
            assert (await post_graphql(client, TEN)).status_code == 200
            refusal_message(await post_graphql(client, TEN), 429, "RATE_LIMITED")
            assert (await client.get("/ready")).status_code == 200


async def test_a_forged_address_changes_nothing(sqlite_examples: str) -> None:
    """Unless a proxy that is trusted names it; uvicorn sees to that (tests/faults)."""
    async with serve(sqlite_examples, points_per_minute=5) as client:
        assert (await post_graphql(client, TEN)).status_code == 200
        headers = {"Content-Type": JSON, "X-Forwarded-For": "10.9.9.9", "Forwarded": "for=10.9.9.9"}
        response = await client.post("/graphql", json=TEN, headers=headers)
        refusal_message(response, 429, "RATE_LIMITED")


def test_who_has_an_address_of_ipv6_has_its_network() -> None:
    assert client_network("2001:db8:1:2:3:4:5:6") == client_network("2001:db8:1:2::9")
    assert client_network("2001:db8:1:2::9") != client_network("2001:db8:1:3::9")
    assert client_network("10.0.0.1") != client_network("10.0.0.2")
    assert client_network("") == ""


async def test_what_is_counted_takes_a_few_microseconds() -> None:
    """Beside an answer of 120; ten times that for a machine that has much else to do."""
    rates, number = RateLimiter(points=10**9, public=10**9, failures=10), 20_000
    started = time.perf_counter()
    for _ in range(number):
        account = rates.account(KEY, "10.0.0.1")
        await account.refuse_if_spent()
        account.charge(3.0)
        assert account.headers
    assert (time.perf_counter() - started) / number < 30e-6
