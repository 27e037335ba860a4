"""Responses over HTTP to any request: errors are reported, faults are masked."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from kit.db.engine import write_transaction
from kit.relay.global_id import to_global_id
from tests.support.over_http import (
    GRAPHQL_JSON,
    JSON,
    SAMPLE_QUERY,
    UNREACHABLE_URL,
    error_codes,
    post_graphql,
    serve,
)


async def test_a_body_without_a_length_has_a_limit_too(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 100_000

    response = await client.post("/graphql", content=endless(), headers={"Content-Type": JSON})
    assert response.status_code == 413
    assert error_codes(response) == ["LIMIT_EXCEEDED"]


async def test_a_key_that_no_database_can_hold_finds_nothing(client: httpx.AsyncClient) -> None:
    query = "query($id: ID!) { node(id: $id) { id } worker(id: $id) { id } }"
    response = await post_graphql(
        client, {"query": query, "variables": {"id": to_global_id("Worker", "a\0b")}}
    )
    assert response.json()["data"] == {"node": None, "worker": None}


@pytest.mark.parametrize("media_type", [JSON, GRAPHQL_JSON])
async def test_an_answer_is_utf_8_in_the_media_type_asked(
    client: httpx.AsyncClient, media_type: str
) -> None:
    response = await post_graphql(client, SAMPLE_QUERY, media_type)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.content == (
        '{"data":{"worker":{"name":"于义睦"}},"extensions":{"cost":{"asked":1,"spent":1}}}'.encode()
    )


async def test_probes_tell_a_service_that_can_answer(client: httpx.AsyncClient) -> None:
    for path, status in (("/health", "alive"), ("/ready", "ready")):
        response = await client.get(path)
        assert (response.status_code, response.json()) == (200, {"status": status})


async def test_a_database_without_tables_is_not_ready(unmigrated_url: str) -> None:
    async with serve(unmigrated_url) as client:
        response = await client.get("/ready")
        assert response.status_code == 503
        assert response.json() == {"status": "the database has another schema version"}
        assert (await client.get("/health")).status_code == 200


async def test_a_database_out_of_reach_is_told_without_its_address() -> None:
    async with serve(UNREACHABLE_URL) as client:
        assert (await client.get("/health")).status_code == 200
        ready = await client.get("/ready")
        assert (ready.status_code, ready.json()) == (
            503,
            {"status": "the database can't be reached"},
        )
        response = await post_graphql(client, SAMPLE_QUERY)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "2"
        [error] = response.json()["errors"]
        assert error["extensions"]["code"] == "UNAVAILABLE"
        for answer in (ready, response):
            for inside in ("127.0.0.1", ":1/", "secret", "somebody", "unlistened", "postgresql"):
                assert inside not in answer.text


async def test_a_fault_of_ours_is_masked_and_logged_under_its_id(
    engine: AsyncEngine, url: str
) -> None:
    async with write_transaction(engine) as connection:
        await connection.execute(text("DROP TABLE completeness"))
    async with serve(url) as client:
        with capture_logs() as logs:
            response = await post_graphql(client, {"query": "{ completeness { totalCount } }"})
        assert error_codes(response) == ["INTERNAL"]
        [error] = response.json()["errors"]
        [fault] = [entry for entry in logs if entry["event"] == "fault"]
        assert fault["request_id"] == error["extensions"]["requestId"]
        assert fault["request_id"] in error["message"]
        assert fault["log_level"] == "error"
        assert "completeness" in str(fault["exc_info"])
        assert (await client.get("/health")).status_code == 200


async def test_a_request_leaves_one_line_in_the_log(client: httpx.AsyncClient) -> None:
    query = "query Name($code: String!) { worker(code: $code) { name employer { name } } }"
    with capture_logs() as logs:
        await post_graphql(client, {"query": query, "variables": {"code": "cui_xuelin"}})
        told = await post_graphql(client, {"query": "{ workers(first: 0) { totalCount } }"})
    [answered, wrong] = logs
    assert answered["ms"] > 0
    assert answered == {
        "event": "request", "log_level": "info", "id": answered["id"], "ms": answered["ms"],
        "operation": "Name", "way": "plan", "statements": 1, "errors": 0, "status": 200,
    }  # fmt: skip
    assert (wrong["event"], wrong["operation"], wrong["statements"]) == ("request", None, 0)
    assert wrong["id"] == told.json()["errors"][0]["extensions"]["requestId"] != answered["id"]
    assert "cui_xuelin" not in str(logs), "What people ask for is nobody's business."


async def test_a_client_fills_no_log_by_the_name_of_its_operation(
    client: httpx.AsyncClient,
) -> None:
    with capture_logs() as logs:
        await post_graphql(client, {"query": f"query {'N' * 5000} {{ __typename }}"})
    assert [entry["operation"] for entry in logs] == ["N" * 100 + "…"]
