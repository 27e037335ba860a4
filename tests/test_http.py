"""What is answered over HTTP, whatever is sent: mistakes are told, faults are masked."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from kit.cursor import write_cursor
from kit.database import writing
from kit.global_id import global_id
from tests.over_http import GOOD, GRAPHQL_JSON, JSON, NOWHERE, codes, post, served


@dataclass(frozen=True)
class Raw:
    """A request as it is sent, and the status it is refused with."""

    status: int
    body: bytes = b'{"query": "{ __typename }"}'
    method: str = "POST"
    path: str = "/graphql"
    content_type: str | None = JSON
    encoding: str | None = None

    async def send(self, client: httpx.AsyncClient, accept: str = JSON) -> httpx.Response:
        given = {"Content-Type": self.content_type, "Content-Encoding": self.encoding}
        headers = {name: value for name, value in given.items() if value is not None}
        headers["Accept"] = accept
        return await client.request(self.method, self.path, content=self.body, headers=headers)


NO_JSON = [
    b"", b" \n", b"query", b'{"query": "', b'{"query": ""} {}', b'{"query": "" /**/}',
    b"{'query': 1}", '{"query": "é"}'.encode("latin-1"), '{"query": "工"}'.encode("gb18030"),
    '{"query": ""}'.encode("utf-16"), b'{"query": "\0"}', b'{"query": "", "variables": {"x": NaN}}',
    b'{"query": "", "variables": {"x": -Infinity}}', b'{"query": "", "variables": {"x": 1e999}}',
    b'{"query": "{ __typename } # \\ud800"}', b'{"query": "", "variables": {"\\udc00": 1}}',
    b"9" * 5000, b'{"query": "", "variables": {"x": ' + b"9" * 5000 + b"}}",
    b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
]  # fmt: skip
ALL = "{ __typename }"
NO_REQUEST: list[Any] = [
    None, [], 1, ALL, True, [{"query": ALL}], {}, {"query": None}, {"query": 1}, {"query": [ALL]},
    {"query": {}}, {"query": False}, {"__proto__": {"query": ALL}}, {"Query": ALL},
    {"query": ALL, "variables": []}, {"query": ALL, "variables": "{}"},
    {"query": ALL, "variables": 0}, {"query": ALL, "variables": False},
    {"query": ALL, "operationName": 1}, {"query": ALL, "operationName": []},
    {"query": ALL, "extensions": []},
]  # fmt: skip
RAW = [
    *(Raw(405, method=method) for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS")),
    Raw(405, b"", "GET", "/graphql?query=%7B__typename%7D"),
    *(Raw(405, path=path) for path in ("/health", "/ready")),
    *(Raw(404, path=path) for path in ("/", "/graphql/more", "/graphiql", "/../etc/passwd", "/中")),
    *(Raw(415, content_type=given) for given in (
        None, "", "text/plain", "application/graphql", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    )),
    *(Raw(415, encoding=given) for given in ("gzip", "br", "identity, gzip")),
    *(Raw(400, body) for body in NO_JSON),
    *(Raw(400, json.dumps(body).encode()) for body in NO_REQUEST),
    Raw(413, b'{"query": "' + b" " * 1_000_000 + b'"}'),
]  # fmt: skip
CODES = {404: "NOT_FOUND", 413: "LIMIT_EXCEEDED"}  # all others: BAD_USER_INPUT

# What doesn't fit the schema is never executed.
UNFIT = [
    "{ nothing }", "{ workers { nodes { nothing } } }", "{ workers(many: 3) { totalCount } }",
    "{ __proto__ }", '{ worker(code: "a") { __class__ } }', "{ node { id } }",
    '{ worker(code: "a", code: "b") { name } }', '{ worker(code: "a") { name { x } } }',
    '{ worker(code: "a") }', "query($x: Nothing) { workers(first: $x) { totalCount } }",
    "{ ...F }", "query($x: Worker) { workers(filter: $x) { totalCount } }",
    "{ ...F } fragment F on Query { ...F }", "{ ...F } fragment F on Nothing { x }",
    "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
    "{ __typename } fragment F on Query { __typename }", '{ node(id: "x") { ... on Int { x } } }',
    '{ a: worker(code: "a") { name } a: worker(code: "b") { name } }',
    "query A { __typename } query A { __typename }", "query @skip(if: true) { __typename }",
    "{ __typename @nothing }", "{ __typename @include }", "{ __typename @skip(if: 1) }",
    "{ __typename } extend type Query { a: Int }", "subscription { __typename }",
    "subscription { workers { totalCount } }", "{ worker(code: 1) { name } }",
    '{ workers(first: "1") { totalCount } }', "{ workers(first: 2147483648) { totalCount } }",
    "{ workers(filter: {grade: BEST}) { totalCount } }", "{ workers(filter: 1) { totalCount } }",
    "{ employments(on: 2023) { totalCount } }", "{ worker(code: $code) { name } }",
    '{ workers(filter: {grade: "JUNIOR"}) { totalCount } }', "query($x: Int!) { __typename }",
    "{ workers { groups(by: [LUCK]) { totalCount } } }",
    'query($x: Int = "1") { workers(first: $x) { totalCount } }',
]  # fmt: skip
WORKERS = """query($f: WorkerFilter, $first: Int, $last: Int, $after: String, $o: [WorkerOrder!]) {
  workers(filter: $f, first: $first, last: $last, after: $after, orderBy: $o) { nodes { code } }
}"""
ON = "query($on: Date) { employments(on: $on) { totalCount } }"
BY_CODE = "query($code: String!) { worker(code: $code) { name } }"
DEEP = json.loads('{"not": ' * 300 + "{}" + "}" * 300)
WRONG_VARIABLES: dict[str, list[dict[str, Any]]] = {
    BY_CODE: [{}, {"code": None}, {"code": 1}, {"code": ["a"]}, {"code": {"__proto__": "a"}}],
    ON: [{"on": day} for day in ("2023-02-30", "2023-02", "2023-02-01T00", "", 0, ["2023-02-01"])],
    WORKERS: [
        *({"first": number} for number in (2**31, -(2**31) - 1, 2**64 - 1, 1e300, 1.5, True, "1")),
        *({"f": wanted} for wanted in (
            "code", {"luck": 1}, {"grade": "BEST"}, {"__proto__": {"code": "a"}}, {"and": [None]},
            {"not": {"__class__": "a"}}, {"isNull": ["LUCK"]}, DEEP,
        )),
        {"o": [{}]}, {"o": [{"field": "LUCK"}]}, {"o": [{"field": "NAME", "descending": 1}]},
        {"after": 1}, {"after": ["a"]},
    ],
}  # fmt: skip
NEVER_EXECUTED: list[tuple[str, dict[str, Any]]] = [
    *((query, {}) for query in UNFIT),
    *((query, given) for query, all_given in WRONG_VARIABLES.items() for given in all_given),
]

# What fits the schema, but can't be asked: the answer says where.
BY_NAME = "Worker:name_key,code"
CURSORS = [
    "Y3Vyc29y", "游标", "", "\0", write_cursor("Studio:name_key,code", "ab"),
    write_cursor("Worker:-code", "a"), write_cursor(BY_NAME, "a"), write_cursor(BY_NAME, "a\0"),
    write_cursor(BY_NAME, [[], {}]), write_cursor(BY_NAME, [None, "a"]),
    write_cursor(BY_NAME, [1, 2]), write_cursor(BY_NAME, "abc"),
]  # fmt: skip
UNANSWERABLE: list[tuple[str, dict[str, Any]]] = [
    *((WORKERS, {"first": number}) for number in (0, 101, -(2**31), 2**31 - 1)),
    (WORKERS, {"first": 1, "last": 1}),
    *((WORKERS, {"after": cursor}) for cursor in CURSORS),
    (WORKERS, {"f": {"name": "a\0b"}}),
    (WORKERS, {"f": {"or": [{"not": {"region": {"code": "\0"}}}]}}),
    ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["x"] * 101}),
    ("{ worker { name } }", {}),
    ('{ worker(code: "a", id: "b") { name } }', {}),
    ('{ employments(on: "2023-01-01", spells: ALL) { totalCount } }', {}),
    ("{ workers { groups(by: []) { totalCount } } }", {}),
    ("{ workers { groups(by: [GRADE], first: 0) { totalCount } } }", {}),
    ("{ workers { groups(by: [GRADE], first: 1001) { totalCount } } }", {}),
]


def short(given: Any) -> str:
    return repr(given)[:60]


@pytest.mark.parametrize("raw", RAW, ids=short)
async def test_what_is_no_request_is_refused(client: httpx.AsyncClient, raw: Raw) -> None:
    for accept in (JSON, GRAPHQL_JSON):
        response = await raw.send(client, accept)
        assert response.status_code == raw.status
        assert codes(response) == [CODES.get(raw.status, "BAD_USER_INPUT")]


@pytest.mark.parametrize(("query", "variables"), NEVER_EXECUTED, ids=short)
async def test_what_is_never_executed_is_400_where_the_media_type_can_say_so(
    client: httpx.AsyncClient, query: str, variables: dict[str, Any]
) -> None:
    for accept, status in ((JSON, 200), (GRAPHQL_JSON, 400)):
        response = await post(client, {"query": query, "variables": variables}, accept)
        assert response.status_code == status
        assert set(codes(response)) == {"BAD_USER_INPUT"}
        assert response.json().keys() == {"errors"}


@pytest.mark.parametrize(("query", "variables"), UNANSWERABLE, ids=short)
async def test_what_cannot_be_asked_is_told_where_it_stands(
    client: httpx.AsyncClient, query: str, variables: dict[str, Any]
) -> None:
    for accept in (JSON, GRAPHQL_JSON):
        response = await post(client, {"query": query, "variables": variables}, accept)
        assert response.status_code == 200
        assert codes(response) == ["BAD_USER_INPUT"]
        assert response.json()["errors"][0]["path"]


async def test_after_everything_malformed_a_question_is_answered(
    client: httpx.AsyncClient,
) -> None:
    for raw in RAW:
        codes(await raw.send(client))
    for query, variables in NEVER_EXECUTED + UNANSWERABLE:
        codes(await post(client, {"query": query, "variables": variables}))
    assert (await post(client, GOOD)).json() == {"data": {"worker": {"name": "于义睦"}}}


async def test_a_body_without_a_length_has_a_limit_too(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 100_000

    response = await client.post("/graphql", content=endless(), headers={"Content-Type": JSON})
    assert response.status_code == 413
    assert codes(response) == ["LIMIT_EXCEEDED"]


async def test_a_key_that_no_database_can_hold_finds_nothing(client: httpx.AsyncClient) -> None:
    query = "query($key: String, $id: ID!) { worker(code: $key) { id } node(id: $id) { id } }"
    variables = {"key": "a\0b", "id": global_id("Worker", "a\0b")}
    response = await post(client, {"query": query, "variables": variables})
    assert response.json() == {"data": {"worker": None, "node": None}}


@pytest.mark.parametrize("media_type", [JSON, GRAPHQL_JSON])
async def test_an_answer_is_utf_8_in_the_media_type_asked(
    client: httpx.AsyncClient, media_type: str
) -> None:
    response = await post(client, GOOD, media_type)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.content == '{"data":{"worker":{"name":"于义睦"}}}'.encode()


async def test_probes_tell_a_service_that_can_answer(client: httpx.AsyncClient) -> None:
    for path, status in (("/health", "alive"), ("/ready", "ready")):
        response = await client.get(path)
        assert (response.status_code, response.json()) == (200, {"status": status})


async def test_a_database_without_tables_is_not_ready(bare_url: str) -> None:
    async with served(bare_url) as client:
        response = await client.get("/ready")
        assert response.status_code == 503
        assert response.json() == {"status": "the database has another schema version"}
        assert (await client.get("/health")).status_code == 200


async def test_a_database_out_of_reach_is_told_without_its_address() -> None:
    async with served(NOWHERE) as client:
        assert (await client.get("/health")).status_code == 200
        ready = await client.get("/ready")
        assert (ready.status_code, ready.json()) == (
            503,
            {"status": "the database can't be reached"},
        )
        response = await post(client, GOOD)
        assert codes(response) == ["UNAVAILABLE"]
        for answer in (ready, response):
            for inside in ("127.0.0.1", ":1/", "secret", "somebody", "unlistened", "postgresql"):
                assert inside not in answer.text


async def test_a_fault_of_ours_is_masked_and_logged_under_its_id(
    engine: AsyncEngine, url: str
) -> None:
    async with writing(engine) as connection:
        await connection.execute(text("DROP TABLE completeness"))
    async with served(url) as client:
        with capture_logs() as logs:
            response = await post(client, {"query": "{ completeness { totalCount } }"})
        assert codes(response) == ["INTERNAL"]
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
        await post(client, {"query": query, "variables": {"code": "cui_xuelin"}})
        told = await post(client, {"query": "{ workers(first: 0) { totalCount } }"})
    [answered, wrong] = logs
    assert answered["ms"] > 0
    assert answered == {
        "event": "request", "log_level": "info", "id": answered["id"], "ms": answered["ms"],
        "operation": "Name", "way": "plan", "statements": 1, "errors": 0, "status": 200,
    }  # fmt: skip
    assert (wrong["event"], wrong["operation"], wrong["statements"]) == ("request", None, 0)
    assert wrong["id"] == told.json()["errors"][0]["extensions"]["requestId"] != answered["id"]
    assert "cui_xuelin" not in str(logs), "What people ask for is nobody's business."
