"""Limits of a running request: each error names its figure, and later requests are unharmed."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from engine.loaders import RequestLoaders
from engine.sql.predicate import ViewerContext
from kit.db.engine import open_engine
from kit.db.postgres_pool import open_read_pool
from kit.db.sqlite_pool import SQLITE_THREADS
from kit.errors import Overloaded, TimeLimitExceeded
from kit.timeouts import APPLICATION_NAME, Timeouts
from models.partner import Role, Scope
from resolvers.core.access import PUBLIC, partner_viewer
from resolvers.core.context import Executor
from tests.kit.test_read_snapshots import statements_work
from tests.support.databases import Databases
from tests.support.graph import TODAY
from tests.support.over_http import (
    JSON,
    SAMPLE_QUERY,
    UNREACHABLE_URL,
    post_graphql,
    refusal_message,
    serve,
)

ANSWER = {"data": {"worker": {"name": "于义睦"}}}
LONG: dict[str, Any] = {
    "lock_seconds": 60,
    "statement_seconds": 60,
    "pool_seconds": 60,
    "request_seconds": 60,
}
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
WAYS = [Executor.PLAN, Executor.DEFAULT]


@pytest.fixture(scope="module")
def postgres_url(databases: Databases) -> Iterator[str]:
    url = databases.copy("postgresql", "examples")
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def sqlite_url(databases: Databases) -> Iterator[str]:
    """All regions, so that a statement about them takes a moment."""
    url = databases.copy("sqlite", "registry")
    yield url
    databases.drop(url)


@asynccontextmanager
async def lock_workers(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Block all reads of workers meanwhile."""
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        await connection.execute("LOCK TABLE worker IN ACCESS EXCLUSIVE MODE")
        yield connection
    await connection.close()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("limit", "seconds", "code", "words"), [
    ("lock_seconds", 0.3, "UNAVAILABLE", "locked this record for 0.3 s"),
    ("statement_seconds", 0.5, "LIMIT_EXCEEDED", "statement took longer than the limit of 0.5"),
    ("request_seconds", 1.5, "LIMIT_EXCEEDED", "request took longer than the limit of 1.5 s"),
])  # fmt: skip
async def test_what_takes_too_long_is_told_with_its_limit(
    postgres_url: str, way: Executor, limit: str, seconds: float, code: str, words: str
) -> None:
    async with serve(postgres_url, way=way, **{**LONG, limit: seconds}) as client:
        assert (await post_graphql(client, SAMPLE_QUERY)).json()["data"] == ANSWER["data"]
        async with lock_workers(postgres_url) as connection:
            started = time.perf_counter()
            sentence = refusal_message(await post_graphql(client, SAMPLE_QUERY), 503, code)
            assert words in sentence
            assert 0.9 * seconds < time.perf_counter() - started < seconds + 3
            async with asyncio.timeout(3):  # until it has ended in the database
                while await waiting(connection):  # noqa: ASYNC110 - nothing tells when
                    await asyncio.sleep(0.02)
        assert (await post_graphql(client, SAMPLE_QUERY)).json()["data"] == ANSWER["data"]


async def test_a_rounded_rollup_that_takes_too_long_is_told_so_too(postgres_url: str) -> None:
    """It reads in a session of its own."""
    counting = replace(partner_viewer(Role.UNION, "demo_federation", "demo_country"),
                       scopes=frozenset({Scope.AGGREGATE_REGION}))  # fmt: skip
    query = """{ rollup(root: "demo_country", measures: [WORKERS]) { exact
      rows { values { quantity { value } } } } }"""
    async with serve(postgres_url, counting, **{**LONG, "lock_seconds": 0.3}) as client:
        told = await post_graphql(client, {"query": query})
        assert told.json()["data"]["rollup"]["exact"] is False
        async with lock_workers(postgres_url):
            sentence = refusal_message(
                await post_graphql(client, {"query": query}), 503, "UNAVAILABLE"
            )
            assert "locked this record for 0.3 s" in sentence
        assert (await post_graphql(client, {"query": query})).json()["data"] == told.json()["data"]


async def waiting(connection: Any) -> int:
    """Questions that wait for a lock; what the service does daily may wait beside them."""
    await connection.execute("SELECT pg_stat_clear_snapshot()")
    number: int = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock' "
        "AND application_name = $1 AND query LIKE 'SELECT worker%'",
        APPLICATION_NAME,
    )
    return number


@pytest.mark.parametrize("way", WAYS)
async def test_who_finds_all_connections_taken_waits_only_so_long(
    postgres_url: str, way: Executor
) -> None:
    settings = {**LONG, "pool_seconds": 0.3}
    async with serve(postgres_url, way=way, **settings) as client:
        async with lock_workers(postgres_url):
            questions = [asyncio.create_task(post_graphql(client, SAMPLE_QUERY)) for _ in range(18)]
            while len(done := {one for one in questions if one.done()}) < 2:
                await asyncio.wait(set(questions) - done, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(0.6)  # as long as two would wait, one after the other
            done = {one for one in questions if one.done()}
            assert 2 <= len(done) <= 3
            for one in done:
                sentence = refusal_message(one.result(), 503, "UNAVAILABLE")
                assert "connections to the database were busy for 0.3 s" in sentence
        for one in set(questions) - done:
            assert (await one).json()["data"] == ANSWER["data"]
        assert (await post_graphql(client, SAMPLE_QUERY)).json()["data"] == ANSWER["data"]


@pytest.mark.parametrize("way", WAYS)
async def test_a_query_more_than_run_at_once_waits_only_so_long(
    postgres_url: str, way: Executor
) -> None:
    settings = {**LONG, "concurrent_queries": 2, "pool_seconds": 0.3}
    async with serve(postgres_url, way=way, **settings) as client:
        async with lock_workers(postgres_url):
            first = [asyncio.create_task(post_graphql(client, SAMPLE_QUERY)) for _ in range(2)]
            await asyncio.sleep(0.1)
            started = time.perf_counter()
            for response in await asyncio.gather(
                *(post_graphql(client, SAMPLE_QUERY) for _ in range(3))
            ):
                sentence = refusal_message(response, 503, "UNAVAILABLE")
                assert sentence.startswith("This process answers at most 2 queries at once, ")
                assert "within 0.3 s" in sentence
            assert 0.2 < time.perf_counter() - started < 1
            assert (await client.get("/health")).status_code == 200
            waiting = asyncio.create_task(post_graphql(client, SAMPLE_QUERY))
        for one in (*first, waiting):
            assert (await one).json()["data"] == ANSWER["data"]
        assert (await post_graphql(client, SAMPLE_QUERY)).json()["data"] == ANSWER["data"]


async def test_a_body_that_takes_too_long_is_told_so(sqlite_url: str) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        for byte in b'{"query": "{ __typename }"}':
            yield bytes([byte])
            await asyncio.sleep(0.05)

    async with serve(sqlite_url, body_seconds=0.3) as client:
        headers = {"Content-Type": JSON, "Accept-Language": "en"}
        response = await client.post("/graphql", content=dripping(), headers=headers)
        assert "within the limit of 0.3 s" in refusal_message(response, 408, "LIMIT_EXCEEDED")
        assert response.headers["Connection"] == "close"
        assert (await post_graphql(client, SAMPLE_QUERY)).json()["data"] == ANSWER["data"]
    async with serve(sqlite_url, body_seconds=10) as client:
        response = await client.post("/graphql", content=dripping(), headers=headers)
        assert response.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize("way", WAYS)
async def test_a_statement_on_sqlite_ends_when_its_time_is_up(
    sqlite_url: str, way: Executor
) -> None:
    query = "{ regions { totalCount groups(by: [LEVEL]) { nodes { count } } } }"
    async with serve(sqlite_url, way=way, statement_seconds=0.000001) as client:
        sentence = refusal_message(
            await post_graphql(client, {"query": query}), 503, "LIMIT_EXCEEDED"
        )
        assert "longer than the limit of 1e-06 s" in sentence
    async with serve(sqlite_url, way=way) as client:
        assert (await post_graphql(client, {"query": query})).status_code == 200


async def test_an_endless_statement_on_sqlite_ends_on_both_ways(sqlite_url: str) -> None:
    patience = Timeouts(statement=0.2)
    snapshots, engine = open_read_pool(sqlite_url, patience), open_engine(sqlite_url, patience)
    with pytest.raises(TimeLimitExceeded, match=r"longer than the limit of 0\.2 s"):
        await snapshots.run(statements_work(ENDLESS), alone=True)
    assert await snapshots.run(statements_work("SELECT 1"), alone=True) == [[(1,)]]
    async with RequestLoaders(engine, ViewerContext(PUBLIC, TODAY)) as reader:
        endless: Any = text(ENDLESS)
        with pytest.raises(TimeLimitExceeded, match=r"longer than the limit of 0\.2 s"):
            await reader.all(endless)
    await snapshots.close()
    await engine.dispose()


async def test_who_leaves_stops_an_endless_statement_on_sqlite(sqlite_url: str) -> None:
    """Else the threads would never come back, and closing would wait for ever."""
    patience = Timeouts(statement=60, pool=0.2)
    snapshots, engine = open_read_pool(sqlite_url, patience), open_engine(sqlite_url, patience)
    runs = [
        asyncio.create_task(snapshots.run(statements_work(ENDLESS), alone=False))
        for _ in range(SQLITE_THREADS)
    ]
    await asyncio.sleep(0.1)
    with pytest.raises(Overloaded, match=r"busy for 0\.2 s"):
        await snapshots.run(statements_work("SELECT 1"), alone=True)
    for run in runs:
        run.cancel()
    await asyncio.wait(runs)
    async with asyncio.timeout(2):
        assert await snapshots.run(statements_work("SELECT 1"), alone=True) == [[(1,)]]
        reader, endless = RequestLoaders(engine, None), text(ENDLESS)  # type: ignore[arg-type]
        reading = asyncio.create_task(reader.all(endless))  # type: ignore[arg-type]
        await asyncio.sleep(0.1)
        reading.cancel()
        await reader.abandon()
        await reader.close()
        await snapshots.close()
        await engine.dispose()


async def test_a_database_that_answers_nothing_is_out_of_reach_before_five_seconds() -> None:
    """It takes connections, and never says a word."""

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    url = f"postgresql://somebody:secret@127.0.0.1:{port}/unanswered"
    for way in WAYS:
        with capture_logs() as logged:
            await ask_the_silent(url, way, port)
        [(why, cause)] = unavailable_lines(logged)
        assert (why, cause) == ("a connection to the database timed out", None)
    silent.close()


@pytest.mark.parametrize("way", WAYS)
async def test_a_database_that_refuses_connections_is_logged_with_the_cause(way: Executor) -> None:
    async with serve(UNREACHABLE_URL, way=way) as client:
        with capture_logs() as logged:  # a traceback takes seconds to draw
            refusal_message(await post_graphql(client, SAMPLE_QUERY), 503, "UNAVAILABLE")
    [(_, cause)] = unavailable_lines(logged)
    assert isinstance(cause.__cause__, ConnectionRefusedError)


def unavailable_lines(logged: Sequence[Mapping[str, Any]]) -> list[tuple[str, Any]]:
    """Why, and what a traceback is made of, of each."""
    errors = [one for one in logged if one["event"] == "unavailable"]
    assert {one["log_level"] for one in errors} <= {"error"}
    return [(one["why"], one["exc_info"]) for one in errors]


async def ask_the_silent(url: str, way: Executor, port: int) -> None:
    async with serve(url, way=way) as client:
        started = time.perf_counter()
        response, ready, health = await asyncio.gather(
            post_graphql(client, SAMPLE_QUERY), client.get("/ready"), client.get("/health")
        )
        assert time.perf_counter() - started < 5
        sentence = refusal_message(response, 503, "UNAVAILABLE")
        assert sentence == "The database can't be reached: try again in a moment."
        assert (ready.status_code, health.status_code) == (503, 200)
        for word in (str(port), "127.0.0.1", "secret", "somebody", "unanswered"):
            assert word not in response.text + ready.text


LISTED = {"query": "{ workers(first: 2) { totalCount nodes { code } } }"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("body", [SAMPLE_QUERY, LISTED], ids=["one statement", "a snapshot"])
async def test_a_question_after_the_database_was_started_anew_is_answered(
    postgres_url: str, way: Executor, body: dict[str, Any]
) -> None:
    """Its connection was used just now, and is dead: the client needn't try again."""
    async with serve(postgres_url, way=way) as client:
        before = (await post_graphql(client, body)).json()
        for _ in range(5):
            other = await asyncpg.connect(postgres_url)
            ended = await other.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = $1",
                APPLICATION_NAME,
            )
            other.terminate()
            assert ended
            answer = await post_graphql(client, body)
            assert (answer.status_code, answer.json()) == (200, before)
