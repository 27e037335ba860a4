"""No visible number counts hidden records.

Two registries that differ only in these give the same responses, to the byte, with times masked.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.relay.cursor import decode_cursor, encode_cursor
from kit.relay.global_id import to_global_id
from models.personal import PersonalField
from resolvers.core.access import PUBLIC, Viewer
from tests.support.databases import Databases
from tests.support.graph import GraphQLTestClient, RowFactory, publishing_rows
from tests.support.over_http import serve
from tests.support.partners import issue_partner_keys
from tests.support.personal_records import COLLEGE, OTHER_COLLEGE, PersonalRegistry, college_viewer
from tests.support.registries import disposing_engine
from tests.support.sdl import LISTS

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?\+00:00")
VERSIONS = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  node(id: $id) { history(first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { knownFrom knownUntil changeKind assertedBy { code }
      values { field value changed } } } } } }"""
LOG = """query($id: ID!, $first: Int, $after: String) {
  accessLog(worker: $id, first: $first, after: $after) { totalCount
    pageInfo { hasNextPage startCursor endCursor }
    edges { cursor node { number at accessAction reader fields purpose } } } }"""
DISPUTES = """query($first: Int, $after: String) { disputes(first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id text openedAt } } } }"""
SPOKEN = ("甲", "乙", "丙", "丁", "戊")


def masked(text: str) -> str:
    """Return the rank of a time among all times of the response; equal ones stay equal."""
    moments = {found.group(): None for found in MOMENT.finditer(text)}
    places = {moment: f"<{place}>" for place, moment in enumerate(sorted(moments))}
    return MOMENT.sub(lambda found: places[found.group()], text)


@pytest.fixture
def pair(databases: Databases, dialect: str) -> Iterator[list[str]]:
    """Two registries alike."""
    urls = [databases.copy(dialect, "places") for _ in range(2)]
    yield urls
    for url in urls:
        databases.drop(url)


@pytest.fixture
def pair_of_examples(databases: Databases, dialect: str) -> Iterator[list[str]]:
    urls = [databases.copy(dialect, "examples") for _ in range(2)]
    yield urls
    for url in urls:
        databases.drop(url)


async def speak(engine: AsyncEngine, *, hidden: int) -> None:
    """One public worker in several versions; between them so many rows that aren't public."""
    make = RowFactory(engine)
    for n, name in enumerate(SPOKEN):
        for time in range(hidden * (n + 1)):
            await hide(make, f"h{n}_{time}")
        if hidden:  # versions of the very record
            await make(workers=[{"code": "w", "name": "隐", "audience": "OWNER"}])
        await make(
            workers=[{"code": "w", "name": name, "audience": "PUBLIC"}], **publishing_rows("w")
        )


async def hide(make: RowFactory, code: str) -> None:
    """Enter a hidden worker with a certificate, an enrolment and a correction of each."""
    own = {"sources": "hidden", "audience": "OWNER"}
    for name in ("隐", "匿"):
        await make(
            sources=[{"key": "hidden", "title": "内部", "audience": "OWNER"}],
            organisations=[{"code": "hidden", "name": "内", "organisation_kind": "OTHER",
                            "audience": "OWNER"}],
            workers=[{"code": code, "name": name, "audience": "OWNER"}],
            qualifications=[{"key": f"q_{code}", "worker": code, "grade": "SENIOR", **own,
                             "note": name}],
            enrolments=[{"key": f"e_{code}", "trainee": code, "college": "hidden", **own,
                         "note": name}],
        )  # fmt: skip


async def every_page(
    ask: GraphQLTestClient, query: str, field: str, viewer: Viewer, **asked: Any
) -> list[Any]:
    """All pages of two, forward."""
    found: list[Any] = []
    after = None
    while True:
        answer = await ask(query, viewer, first=2, after=after, **asked)
        assert answer.errors == []
        data = answer.data.get("node", answer.data)
        found.append(data[field])
        if not data[field]["pageInfo"]["hasNextPage"]:
            return found
        after = data[field]["pageInfo"]["endCursor"]


async def of_the_public(engine: AsyncEngine) -> str:
    """Return the worker's history, page by page in both directions, and each list's first page."""
    ask, id = GraphQLTestClient(engine), to_global_id("Worker", "w")
    told = await every_page(ask, VERSIONS, "history", PUBLIC, id=id)
    back = await ask(VERSIONS, PUBLIC, id=id, last=2, before=told[-1]["pageInfo"]["startCursor"])
    told.append(back.data)
    for kind, name in LISTS.items():
        if kind.removesuffix("Connection") not in {"SearchHit", "AccessLog", "Dispute"}:
            page = "totalCount pageInfo { startCursor endCursor } edges { cursor }"
            answer = await ask(f"{{ {name} {{ {page} }} }}", PUBLIC)
            told.append(answer.data or answer.messages)
    return json.dumps(told, ensure_ascii=False)


async def test_the_public_is_told_the_same_whatever_was_written_between(
    pair: list[str],
) -> None:
    told = []
    for url, hidden in zip(pair, (0, 2), strict=True):
        async with disposing_engine(url) as engine:
            await speak(engine, hidden=hidden)
            told.append(masked(await of_the_public(engine)))
    assert told[0] == told[1]
    assert f"<{len(SPOKEN) - 1}>" in told[0]
    assert f"<{len(SPOKEN)}>" not in told[0]  # each version is known until the next one


async def test_a_version_is_known_until_the_next_one_that_is_seen(engine: AsyncEngine) -> None:
    await speak(engine, hidden=1)
    id = to_global_id("Worker", "w")
    answer = await GraphQLTestClient(engine)(VERSIONS, PUBLIC, id=id)
    nodes = [edge["node"] for edge in answer.data["node"]["history"]["edges"]]
    begun = [node["knownFrom"] for node in nodes]
    assert [node["knownUntil"] for node in nodes] == [None, *begun[:-1]]
    assert [node["changeKind"] for node in nodes] == ["CORRECTED"] * 4 + ["CREATED"]


async def test_a_cursor_of_another_records_history_is_refused(engine: AsyncEngine) -> None:
    await speak(engine, hidden=0)
    await RowFactory(engine)(workers=[{"code": "other", "name": "甲", "audience": "PUBLIC"}],
                       **publishing_rows("other"))  # fmt: skip
    ask = GraphQLTestClient(engine)
    found = await ask(VERSIONS, PUBLIC, id=to_global_id("Worker", "other"))
    foreign = found.data["node"]["history"]["pageInfo"]["endCursor"]
    answer = await ask(VERSIONS, PUBLIC, id=to_global_id("Worker", "w"), after=foreign)
    assert (answer.codes, answer.messages) == (
        ["BAD_USER_INPUT"],
        ["This cursor belongs to another list or order: start again without a cursor."],
    )


async def read_often(engine: AsyncEngine, *, others: int) -> PersonalRegistry:
    """Read a worker's number thrice, and another's so many times in between."""
    held = PersonalRegistry(engine)
    await held.people()
    for org, worker in ((COLLEGE, "demo_w1"), (OTHER_COLLEGE, "demo_w2")):
        await held.agree(org)
        await held.enter(worker, {PersonalField.PHONE: "13800138000"}, org)
    for _ in range(3):
        for _ in range(others):
            await held.reveal(college_viewer(OTHER_COLLEGE), "demo_w2", ["PHONE"])
        await held.reveal(college_viewer(), "demo_w1", ["PHONE"])
    return held


async def test_a_worker_is_told_nothing_of_what_was_read_about_others(
    pair: list[str],
) -> None:
    itself, told = Viewer("demo_w1", worker="demo_w1"), []
    for url, others in zip(pair, (0, 3), strict=True):
        async with disposing_engine(url) as engine:
            await read_often(engine, others=others)
            id = to_global_id("Worker", "demo_w1")
            pages = await every_page(GraphQLTestClient(engine), LOG, "accessLog", itself, id=id)
        told.append(masked(json.dumps(pages)))
        numbers = [edge["node"]["number"] for page in pages for edge in page["edges"]]
        assert numbers == [3, 2, 1]
    assert told[0] == told[1]


async def fill(make: RowFactory) -> None:
    await read_often(make.engine, others=0)


@pytest.mark.parametrize("cursor", [
    encode_cursor("accessLog", [1]),
    encode_cursor("accessLog.demo_w2", [1]),
    encode_cursor("accessLog.demo_w1", ["1"]),
    encode_cursor("accessLog.demo_w1", [True]),
    encode_cursor("accessLog.demo_w1", [2**63]),
    "",
])  # fmt: skip
async def test_a_cursor_of_another_access_log_is_refused(
    ask_filled: GraphQLTestClient, cursor: str
) -> None:
    itself = Viewer("demo_w1", worker="demo_w1")
    answer = await ask_filled(LOG, itself, id=to_global_id("Worker", "demo_w1"), after=cursor)
    assert (answer.data["accessLog"], answer.codes) == (None, ["BAD_USER_INPUT"])


DISPUTE = """mutation($record: ID!, $text: String!) { dispute(record: $record, text: $text) {
  dispute { id } userErrors { code } } }"""


async def test_disputes_tell_their_times_and_nothing_of_others(pair: list[str]) -> None:
    """But for their ids, which are drawn."""
    told = []
    for url, others in zip(pair, (0, 2), strict=True):
        async with disposing_engine(url) as engine:
            held = PersonalRegistry(engine)
            await held.people()
            for n in range(3):
                for _ in range(others):
                    await dispute(held, "demo_w2", "他人")
                await dispute(held, "demo_w1", f"第{n}次")
            itself = Viewer("demo_w1", worker="demo_w1")
            pages = await every_page(GraphQLTestClient(engine), DISPUTES, "disputes", itself)
        edges = [edge for page in pages for edge in page["edges"]]
        assert [edge["node"]["text"] for edge in edges] == ["第2次", "第1次", "第0次"]
        for edge in edges:
            opened_at, number = decode_cursor(edge.pop("cursor"), "disputes", 2)
            assert number == int(edge["node"].pop("id"))
            said = datetime.fromisoformat(edge["node"]["openedAt"])
            assert datetime.fromisoformat(opened_at) == said
        told.append([{**page, "pageInfo": page["pageInfo"]["hasNextPage"]} for page in pages])
    assert masked(json.dumps(told[0])) == masked(json.dumps(told[1]))


async def dispute(held: PersonalRegistry, worker: str, text: str) -> None:
    itself = Viewer(worker, worker=worker)
    answer = await held.ask(DISPUTE, itself, record=to_global_id("Worker", worker), text=text)
    assert answer.data["dispute"]["userErrors"] == []


async def test_the_headers_of_a_report_are_the_same(pair_of_examples: list[str]) -> None:
    """Beside them the file itself, but for the moment at which it was made."""
    told = []
    for url, hidden in zip(pair_of_examples, (0, 3), strict=True):
        async with disposing_engine(url) as engine:
            for n in range(hidden):
                await hide(RowFactory(engine), f"h{n}")
        key = (await issue_partner_keys(url))["demo_college"]
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
        async with serve(url, None) as client:
            address = "/reports/cohort.csv?college=demo_college&year=2022"
            response = await client.get(address, headers=headers)
        told.append(untimed(response))
    assert told[0] == told[1]


def untimed(response: httpx.Response) -> Any:
    assert response.status_code == 200
    # Digests of a file that tells when it was made; and how much time the answer took.
    timed = ("etag", "repr-digest", "ratelimit")
    headers = {name: text for name, text in response.headers.items() if name not in timed}
    assert "content-location" in headers
    return headers, re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "", response.text)
