"""The route itself: media types, bodies in parts, faults, data that is written already."""

from typing import Any

import httpx
import orjson
import pytest
from starlette.types import Message, Scope
from structlog.testing import capture_logs

from execution import schema
from kit.request_limits import DEFAULT_LIMITS
from server import create_app
from settings import Settings
from tests.support.over_http import (
    GRAPHQL_JSON,
    JSON,
    SAMPLE_QUERY,
    UNREACHABLE_URL,
    error_codes,
    serve,
)
from web.content_negotiation import is_utf8_json, negotiate_media_type
from web.graphql_endpoint import encode_response


@pytest.mark.parametrize(("header", "media_type"), [
    ("", JSON),
    ("*/*", JSON),
    ("application/*", JSON),
    ("application/json", JSON),
    ("application/graphql-response+json", GRAPHQL_JSON),
    ("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
     GRAPHQL_JSON),
    ("application/graphql-response+json, application/json;q=0.9", GRAPHQL_JSON),
    ("application/json, application/graphql-response+json", GRAPHQL_JSON),
    ("application/json, application/graphql-response+json;q=0.9", JSON),
    ("application/graphql-response+json;q=0.5, */*;q=0.1", GRAPHQL_JSON),
    ("application/graphql-response+json;q=0.5, */*", JSON),
    ("application/graphql-response+json, */*", GRAPHQL_JSON),
    ("application/json, */*", JSON),
    ("application/json;q=0, */*", GRAPHQL_JSON),
    ("application/json;q=0.000, application/*;q=0.001", GRAPHQL_JSON),
    ("application/graphql-response+json;q=0, */*", JSON),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
    ("application/json;q=0.2, application/json;q=0.7, application/graphql-response+json;q=0.5",
     JSON),
    ("application/json;q=high", JSON),
    ("application/graphql-response+json; charset=utf-16, application/json", JSON),
    ("text/html", None),
    ("text/*, image/*;q=0.5", None),
    ("*/*;q=0", None),
    ("application/json;q=0", None),
    ("application/json;q=0.0, application/graphql-response+json;q=0", None),
    ("application/*;q=0, */*", None),
    ("application/json; charset=gb18030", None),
    (",;=", None),
])  # fmt: skip
def test_the_media_type_is_negotiated(header: str, media_type: str | None) -> None:
    assert negotiate_media_type(header) == media_type
    assert negotiate_media_type(header.upper()) == media_type


@pytest.mark.parametrize(("header", "fits"), [
    ("application/json", True),
    ("Application/JSON ; Charset=UTF-8", True),
    ('application/json;charset="utf-8"', True),
    ("application/json; charset=utf8", True),
    ("application/json; profile=x", True),
    ("application/json; charset=gb18030", False),
    ("application/json; charset=utf-16", False),
    ("application/json; charset=iso-8859-1", False),
    ("application/json; charset=", False),
    ("application/graphql-response+json", False),
    ("text/plain; application/json", False),
])  # fmt: skip
def test_a_body_is_json_in_utf_8(header: str, fits: bool) -> None:
    assert is_utf8_json(header) is fits


async def test_what_is_not_accepted_or_not_in_utf_8_is_refused(client: httpx.AsyncClient) -> None:
    for name, value, status in (
        ("Accept", "text/html", 406),
        ("Content-Type", "application/json; charset=gb18030", 415),
    ):
        answer = await client.post(
            "/graphql",
            content=orjson.dumps(SAMPLE_QUERY),
            headers={"Content-Type": JSON, name: value},
        )
        assert answer.status_code == status
        assert answer.headers["content-type"] == f"{JSON}; charset=utf-8"
        assert error_codes(answer) == ["BAD_USER_INPUT"]


async def test_a_header_in_several_lines_is_one(client: httpx.AsyncClient) -> None:
    lines = [("Content-Type", JSON), ("Accept", f"{JSON};q=0.1"), ("Accept", GRAPHQL_JSON)]
    answer = await client.post("/graphql", content=orjson.dumps(SAMPLE_QUERY), headers=lines)
    assert answer.headers["content-type"] == f"{GRAPHQL_JSON}; charset=utf-8"


async def sent_for(*messages: Message) -> list[Message]:
    """Return what a service without a database answers to a body in parts."""
    app = create_app(Settings(database_url=UNREACHABLE_URL))
    scope: Scope = {
        "type": "http", "method": "POST", "path": "/graphql", "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }  # fmt: skip
    left, sent = list(messages), []

    async def receive() -> Message:
        return left.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def part(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_client_that_goes_away_before_it_has_asked_is_let_go() -> None:
    gone: Message = {"type": "http.disconnect"}
    with capture_logs() as logs:
        assert await sent_for(gone) == []
        assert await sent_for(part(b'{"query": '), gone) == []
    assert logs == []


BODY = b'{"data":{"__typename":"Query"},"extensions":{"cost":{"asked":0,"spent":0}}}'


async def test_a_body_may_come_in_parts() -> None:
    empty: Message = {"type": "http.request", "more_body": True}
    start, body = await sent_for(part(b'{"query"'), empty, part(b': "{ __typename }"}', more=False))
    assert (start["status"], body["body"]) == (200, BODY)
    assert (b"content-length", str(len(BODY)).encode()) in start["headers"]


async def test_a_body_is_read_up_to_the_limit_and_no_further() -> None:
    blank = b" " * (DEFAULT_LIMITS.body - 27)
    start, _ = await sent_for(part(blank), part(b'{"query": "{ __typename }"}', more=False))
    assert start["status"] == 200
    start, _ = await sent_for(part(blank), part(b'{"query": "{ __typename }"} '))
    assert start["status"] == 413


async def test_a_fault_of_the_route_is_masked(
    examples_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*asked: Any) -> None:
        raise ValueError("postgresql://somebody:secret@127.0.0.1")

    monkeypatch.setattr(schema, "answer", broken)
    async with serve(examples_url) as client:
        with capture_logs() as logs:
            answer = await client.post("/graphql", json=SAMPLE_QUERY)
        assert answer.status_code == 500
        [error] = answer.json()["errors"]
        assert error == {
            "message": "这是本服务的故障，请重试，或将编号告知我们。",
            "extensions": {"code": "INTERNAL", "requestId": logs[0]["id"]},
        }


def test_data_that_is_written_already_is_put_in_as_it_is() -> None:
    made = orjson.Fragment(b'{"worker": null}')
    failed: Any = {"message": "工", "path": ["worker"]}
    never: Any = {"message": "never executed"}
    for data, errors, body in (
        (made, [], '"data":{"worker": null}'),
        (made, [failed],
         '"errors":[{"message":"工","path":["worker"]}],"data":{"worker": null}'),
        (None, [failed], '"errors":[{"message":"工","path":["worker"]}],"data":null'),
        (None, [never], '"errors":[{"message":"never executed"}]'),
    ):  # fmt: skip
        found = encode_response(data, errors, asked=3, spent=2).decode()
        assert found == f'{{{body},"extensions":{{"cost":{{"asked":3,"spent":2}}}}}}'
