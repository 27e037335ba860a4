"""Malformed requests: each is refused in both languages, and harms no later request."""

import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median

import httpx
import pytest

from tests.http.malformed import AT_EXECUTION, AT_VALIDATION, LIMIT, MALFORMED, MalformedRequest
from tests.service.test_server import start_service
from tests.support.over_http import (
    GRAPHQL_JSON,
    JSON,
    SAMPLE_QUERY,
    error_codes,
    post_graphql,
    serve,
)

CHINESE = re.compile("[\u4e00-\u9fff]")
# Whatever is inside: names of Python's, of the database's, what a statement was given.
INSIDE = re.compile(
    r"Traceback|\bself\b|<class|object at 0x|strawberry|sqlalchemy|sqlite|asyncpg|SELECT "
    r"|parameters:|\bdict\b|\.py\b|/[a-z]+/[a-z]+|Error\b(?<!Syntax Error)|Exception"
    r"|[Dd]id you mean|NoneType"
)
ROUNDS = 30  # of a normal request
SLOWER = 5  # times: a machine that has much else to do is no failure


def short(wrong: MalformedRequest) -> str:
    return f"{wrong.method} {wrong.path} {wrong.body[:50]!r}"


def test_the_table_is_long_enough_and_says_nothing_twice() -> None:
    assert len(set(MALFORMED)) == len(MALFORMED) >= 200


@pytest.fixture(scope="module")
async def client(examples_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """One service for all of it: what a request leaves behind, the next would meet."""
    async with serve(examples_url) as client:
        yield client


UNRUN = [wrong for wrong in MALFORMED if wrong.found is not AT_EXECUTION]


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize("wrong", UNRUN, ids=short)
async def test_it_is_refused_in_both_languages_and_the_next_question_is_answered(
    client: httpx.AsyncClient, wrong: MalformedRequest
) -> None:
    """On one database: none of these reaches it."""
    await assert_refused(client, wrong)


@pytest.mark.parametrize(
    "wrong", [one for one in MALFORMED if one.found is AT_EXECUTION], ids=short
)
async def test_what_is_found_while_it_is_run_is_refused_on_each_database(
    client: httpx.AsyncClient, wrong: MalformedRequest
) -> None:
    await assert_refused(client, wrong)


async def assert_refused(client: httpx.AsyncClient, wrong: MalformedRequest) -> None:
    for accept in (JSON, GRAPHQL_JSON):
        english, chinese = [await wrong.send(client, accept, one) for one in ("en", "zh-CN")]
        for answer, language in ((english, "en"), (chinese, "zh-CN")):
            assert answer.status_code == wrong.status_for(accept)
            assert set(error_codes(answer)) == {wrong.code}
            assert answer.headers["Content-Language"] == language
            assert answer.headers["Vary"] == "Accept-Language, Accept"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            for error in answer.json()["errors"]:
                assert not INSIDE.search(error["message"])
                assert ("path" in error) is (wrong.found is AT_EXECUTION)
        one, other = english.json(), chinese.json()
        assert [shape(error) for error in one["errors"]] == [shape(e) for e in other["errors"]]
        assert all(CHINESE.search(error["message"]) for error in other["errors"])
        assert ("data" in one) is (wrong.found is AT_EXECUTION)
        if wrong.found is AT_VALIDATION:
            assert one["extensions"]["cost"]["spent"] == 0
        if wrong.code == LIMIT:
            assert all(re.search("[0-9]", error["message"]) for error in one["errors"])
    answered = await post_graphql(client, SAMPLE_QUERY)
    assert answer_of(answered) == {"worker": {"name": "于义睦"}}


def shape(error: dict[str, object]) -> dict[str, object]:
    """All but the sentence and the id of the request."""
    return {name: error.get(name) for name in ("locations", "path")}


def answer_of(answer: httpx.Response) -> object:
    assert answer.status_code == 200
    assert "errors" not in answer.json()
    return answer.json()["data"]


async def milliseconds(client: httpx.AsyncClient) -> float:
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        assert answer_of(await post_graphql(client, SAMPLE_QUERY)) == {"worker": {"name": "于义睦"}}
        taken.append(time.perf_counter() - begun)
    return median(taken) * 1000


async def test_a_running_service_is_as_quick_after_all_of_it_as_before(
    examples_url: str, tmp_path: Path
) -> None:
    with start_service(tmp_path, DATABASE_URL=examples_url) as service:
        service.wait()
        async with httpx.AsyncClient(base_url=service.url, timeout=60) as client:
            before = await milliseconds(client)
            for wrong in MALFORMED:
                answer = await wrong.send(client)
                # Without a key there may be 2,000 values: a body with more is refused unread.
                values = wrong.body.partition(b'"variables"')[2]
                most = max(map(values.count, (b"[", b"{", b",")))
                unread = wrong.code == LIMIT and most > 2000
                status = wrong.status if unread else wrong.status_for(JSON)
                assert answer.status_code == status, short(wrong)
                assert set(error_codes(answer)) == {wrong.code}
            after = await milliseconds(client)
        service.end()
        assert "Traceback" not in service.said
    assert after < before * SLOWER
