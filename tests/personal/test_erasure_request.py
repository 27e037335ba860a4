"""Requests for erasure: the owner or the steward answers, no one else sees them."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

import cli
from execution import schema
from kit.db.engine import open_engine, write_transaction
from kit.i18n import Language
from kit.relay.global_id import to_global_id
from models.partner import Role, Scope
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.core.context import Context
from resolvers.personal.access_log import verify_log
from resolvers.personal.erasure import erase_person
from tests.support.commands import RunCli
from tests.support.graph import TODAY, record_statements, row_counts, run_async
from tests.support.over_http import serve
from tests.support.personal_records import (
    ADULT,
    COLLEGE,
    OTHER_COLLEGE,
    UNION_VIEWER,
    PersonalRegistry,
    college_viewer,
)

ITSELF = Viewer("worker", worker="demo_w1")
ANOTHER = Viewer("worker", worker="demo_w2")
READER = Viewer("reader", COLLEGE, Role.COLLEGE, scopes=frozenset({Scope.READ_OWN}))
REQUEST = """mutation($reason: String!) { requestErasure(reason: $reason) {
  erasureRequest { id reason erasureStatus answer answeredBy worker { code } }
  userErrors { code field message } } }"""
ANSWER = """mutation($id: ID!, $approve: Boolean!, $answer: String!) {
  answerErasureRequest(id: $id, approve: $approve, answer: $answer) {
    erasureRequest { erasureStatus answer answeredBy } userErrors { code field message } } }"""
LISTED = """query($status: ErasureStatus) { erasureRequests(erasureStatus: $status) {
  totalCount nodes { id worker { code } } } }"""
LOG = "query($id: ID!) { accessLog(worker: $id) { nodes { accessAction reader purpose } } }"
REASON, ANSWERED = "不再从事该职业", "核对后将予以删除"


@pytest.fixture
async def held(engine: AsyncEngine) -> PersonalRegistry:
    held = PersonalRegistry(engine)
    await held.people()
    return held


async def ask(held: PersonalRegistry, query: str, viewer: Viewer, **given: Any) -> Any:
    answer = await held.ask(query, viewer, **given)
    assert answer.errors == []
    [found] = answer.data.values()
    return found


async def requested(held: PersonalRegistry, viewer: Viewer = ITSELF, reason: str = REASON) -> Any:
    return await ask(held, REQUEST, viewer, reason=reason)


async def answered(
    held: PersonalRegistry, viewer: Viewer, id: str, approve: bool = True, answer: str = ANSWERED
) -> Any:
    return await ask(held, ANSWER, viewer, id=id, approve=approve, answer=answer)


async def seen_by(held: PersonalRegistry, viewer: Viewer, **status: Any) -> list[str]:
    found = await ask(held, LISTED, viewer, **status)
    assert found["totalCount"] == len(found["nodes"])
    return [one["id"] for one in found["nodes"]]


def codes(payload: Any) -> list[tuple[str, str | None]]:
    assert payload["erasureRequest"] is None
    return [(one["code"], one["field"]) for one in payload["userErrors"]]


async def test_a_worker_asks_and_the_owner_answers_and_both_stand_in_the_log(
    held: PersonalRegistry,
) -> None:
    made = await requested(held)
    assert made["userErrors"] == []
    id = made["erasureRequest"].pop("id")
    assert made["erasureRequest"] == {
        "reason": REASON, "erasureStatus": "REQUESTED", "answer": None, "answeredBy": None,
        "worker": {"code": "demo_w1"},
    }  # fmt: skip
    for viewer in (ITSELF, college_viewer(), READER, OPERATOR):
        assert await seen_by(held, viewer, status="REQUESTED") == [id]
    for viewer in (
        PUBLIC,
        ANOTHER,
        college_viewer(OTHER_COLLEGE),
        UNION_VIEWER,
        partner_viewer(Role.ALLIANCE, OTHER_COLLEGE),
    ):
        assert await seen_by(held, viewer) == []
    done = await answered(held, college_viewer(), id)
    assert done == {
        "erasureRequest": {
            "erasureStatus": "APPROVED", "answer": ANSWERED, "answeredBy": COLLEGE,
        },
        "userErrors": [],
    }  # fmt: skip
    assert await seen_by(held, ITSELF, status="REQUESTED") == []
    assert await seen_by(held, ITSELF, status="APPROVED") == [id]
    assert codes(await answered(held, OPERATOR, id, approve=False)) == [("CONFLICT", "id")]
    entries = (await ask(held, LOG, ITSELF, id=to_global_id("Worker", "demo_w1")))["nodes"]
    assert [(one["accessAction"], one["purpose"]) for one in entries] == [
        ("ERASURE_ANSWERED", ANSWERED), ("ERASURE_REQUESTED", REASON),
    ]  # fmt: skip
    asked, reply = await held.log()
    assert asked.reader == asked.pseudonym == reply.pseudonym
    assert reply.reader == COLLEGE
    async with held.engine.connect() as connection:
        assert (await verify_log(connection)).wrong is None
    # Nobody was erased by it, and asking again is no more than asking twice.
    assert codes(await requested(held)) == [("CONFLICT", None)]
    assert (await ask(held, '{ worker(code: "demo_w1") { name } }', OPERATOR))["name"] == "季青禾"


async def test_who_was_declined_may_ask_again(held: PersonalRegistry) -> None:
    first = (await requested(held))["erasureRequest"]["id"]
    declined = await answered(held, OPERATOR, first, approve=False)
    assert declined["erasureRequest"] == {
        "erasureStatus": "DECLINED", "answer": ANSWERED, "answeredBy": "operator",
    }  # fmt: skip
    second = (await requested(held))["erasureRequest"]["id"]
    assert await seen_by(held, college_viewer()) == [second, first]


@pytest.mark.parametrize(("viewer", "reason", "error"), [
    (PUBLIC, REASON, ("FORBIDDEN", None)),
    (college_viewer(), REASON, ("FORBIDDEN", None)),
    (OPERATOR, REASON, ("FORBIDDEN", None)),
    (Viewer("worker", worker="gone"), REASON, ("FORBIDDEN", None)),
    (ITSELF, " ", ("BAD_USER_INPUT", "reason")),
    (ITSELF, "理" * 201, ("BAD_USER_INPUT", "reason")),
    (ITSELF, "我是季青禾，请删除", ("BAD_USER_INPUT", "reason")),
    (ITSELF, "I am JI QINGHE", ("BAD_USER_INPUT", "reason")),
    (ITSELF, f"我的号码是 {ADULT}", ("BAD_USER_INPUT", "reason")),
])  # fmt: skip
async def test_what_cannot_be_asked_for_changes_nothing(
    held: PersonalRegistry, viewer: Viewer, reason: str, error: tuple[str, str | None]
) -> None:
    before = await row_counts(held.engine)
    assert codes(await requested(held, viewer, reason)) == [error]
    assert await row_counts(held.engine) == before


@pytest.mark.parametrize(("viewer", "answer", "error"), [
    (PUBLIC, ANSWERED, ("FORBIDDEN", None)),
    (ITSELF, ANSWERED, ("FORBIDDEN", None)),
    (READER, ANSWERED, ("FORBIDDEN", None)),
    (college_viewer(OTHER_COLLEGE), ANSWERED, ("NOT_FOUND", "id")),
    (UNION_VIEWER, ANSWERED, ("NOT_FOUND", "id")),
    (college_viewer(), "好", ("BAD_USER_INPUT", "answer")),
    (college_viewer(), "季青禾，已同意", ("BAD_USER_INPUT", "answer")),
])  # fmt: skip
async def test_what_cannot_be_answered_changes_nothing(
    held: PersonalRegistry, viewer: Viewer, answer: str, error: tuple[str, str | None]
) -> None:
    id = (await requested(held))["erasureRequest"]["id"]
    before = await held.every_row()
    assert codes(await answered(held, viewer, id, answer=answer)) == [error]
    for unknown in ("1", "x", "", "9" * 30):
        found = await answered(held, viewer, unknown, answer=ANSWERED)
        assert codes(found) == [error if error[0] == "FORBIDDEN" else ("NOT_FOUND", "id")]
    assert await held.every_row() == before


async def test_who_may_not_is_told_before_anybody_waits_for_the_lock(
    held: PersonalRegistry,
) -> None:
    id = (await requested(held))["erasureRequest"]["id"]
    async with write_transaction(held.engine):  # an import, say
        for viewer in (PUBLIC, college_viewer()):
            assert codes(await requested(held, viewer)) == [("FORBIDDEN", None)]
        assert codes(await requested(held, ITSELF, "短")) == [("BAD_USER_INPUT", "reason")]
        for viewer in (PUBLIC, ITSELF, READER, college_viewer(OTHER_COLLEGE)):
            assert codes(await answered(held, viewer, id))[0][0] in {"FORBIDDEN", "NOT_FOUND"}
    with record_statements(held.engine) as statements:
        assert codes(await answered(held, PUBLIC, id)) == [("FORBIDDEN", None)]
        assert codes(await requested(held, PUBLIC)) == [("FORBIDDEN", None)]
    assert statements == []


async def test_refusals_are_told_in_both_languages(held: PersonalRegistry) -> None:
    said = []
    for language in Language:
        context = Context.of(held.engine, PUBLIC, TODAY, language=language)
        async with context:
            result = await schema.answer(REQUEST, {"reason": REASON}, context)
        assert result.data is not None
        [error] = result.data["requestErasure"]["userErrors"]
        said.append(error["message"])
    assert said == ["须使用职工本人的令牌。", "This requires a worker's own token."]


async def test_a_request_goes_with_the_person(held: PersonalRegistry) -> None:
    await requested(held)
    async with write_transaction(held.engine) as connection:
        await erase_person(connection, "demo_w1", "本人申请删除", "operator", held.seals)
    assert (await row_counts(held.engine))["erasure_request"] == 0
    assert await seen_by(held, OPERATOR) == []
    assert [entry.access_action for entry in await held.log()] == ["ERASURE_REQUESTED", "ERASED"]
    assert codes(await requested(held)) == [("FORBIDDEN", None)]


def test_the_steward_lists_those_that_wait(
    run_cli: RunCli, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def two_ask() -> str:
        engine = open_engine(url)
        held = PersonalRegistry(engine)
        await held.people()
        id = (await requested(held))["erasureRequest"]["id"]
        await answered(held, college_viewer(), id)
        declined = (await requested(held, ANOTHER))["erasureRequest"]["id"]
        await answered(held, OPERATOR, declined, approve=False)
        await engine.dispose()
        return str(id)

    id = run_async(two_ask())
    monkeypatch.setenv("DATABASE_URL", url)
    capsys.readouterr()
    assert cli.main(["personal", "requests"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    number, status, _, code, reason = line.split()
    assert (number, status, code, reason) == (id, "APPROVED", "demo_w1", REASON)


async def test_over_http_without_a_token_it_is_refused_in_the_payload(examples_url: str) -> None:
    async with serve(examples_url) as client:
        sent = {"query": REQUEST, "variables": {"reason": REASON}}
        answer = await client.post("/graphql", json=sent)
    assert answer.status_code == 200
    payload = answer.json()["data"]["requestErasure"]
    assert codes(payload) == [("FORBIDDEN", None)]
