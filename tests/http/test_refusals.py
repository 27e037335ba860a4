"""Requests that are wrong before anything is executed: a sentence, a code, a line in the log."""

from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from tests.support.databases import Databases
from tests.support.over_http import (
    GRAPHQL_JSON,
    JSON,
    SAMPLE_QUERY,
    error_codes,
    post_graphql,
    serve,
)

TWO = "query A { __typename } query B { __typename }"


@pytest.mark.parametrize(("query", "name", "message"), [
    (TWO, None, "The document has several operations: name one in `operationName`."),
    (TWO, "C", "The document has no operation with the name in `operationName`."),
    (TWO, "", "The document has no operation with the name in `operationName`."),
    ("{ __typename }", "A", "The document has no operation with the name in `operationName`."),
])  # fmt: skip
async def test_it_must_be_clear_which_operation_is_run(
    client: httpx.AsyncClient, query: str, name: Any, message: str
) -> None:
    answer = await post_graphql(client, {"query": query, "operationName": name})
    assert [error["message"] for error in answer.json()["errors"]] == [message]
    assert error_codes(answer) == ["BAD_USER_INPUT"]
    named = await post_graphql(client, {"query": TWO, "operationName": "B"})
    assert named.json()["data"] == {"__typename": "Query"}


async def test_a_refusal_leaves_a_line_in_the_log(client: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        answer = await client.post("/graphql", content=b"", headers={"Content-Type": JSON})
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert [line["id"] for line in logs] == [error["extensions"]["requestId"]]
    with capture_logs() as logs:
        answer = await post_graphql(client, {"query": "{"})
    [error] = answer.json()["errors"]
    assert [line["id"] for line in logs] == [error["extensions"]["requestId"]]


async def test_there_is_one_address(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql/", json=SAMPLE_QUERY)
    assert answer.status_code == 404
    assert error_codes(answer) == ["NOT_FOUND"]


@pytest.mark.parametrize(("accept", "media_type"), [
    ("*/*", JSON),
    ("APPLICATION/GraphQL-Response+JSON", GRAPHQL_JSON),
    ("text/html, application/graphql-response+json;q=0.5", GRAPHQL_JSON),
    ("application/graphql-response+json;q=0, application/json", JSON),
])  # fmt: skip
async def test_the_media_type_is_that_which_is_accepted(
    client: httpx.AsyncClient, accept: str, media_type: str
) -> None:
    answer = await post_graphql(client, SAMPLE_QUERY, accept)
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "missing"])
async def test_a_database_that_cannot_be_opened_is_out_of_reach(
    databases: Databases, url: str
) -> None:
    if url == "missing":
        gone = databases.postgres_url.set(database="no_such_database")
        url = gone.render_as_string(hide_password=False)
    async with serve(url) as client:
        answer = await post_graphql(client, SAMPLE_QUERY)
        assert answer.status_code == 503
        [error] = answer.json()["errors"]
        assert error["extensions"]["code"] == "UNAVAILABLE"
        assert (await client.get("/ready")).status_code == 503
        assert (await client.get("/health")).status_code == 200
