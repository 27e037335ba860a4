"""Disputes: a worker says that a record is wrong; its owner or the steward settles it."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.global_id import global_id
from resolvers.access import OPERATOR, PUBLIC, Viewer
from resolvers.dispute import MOST_OPEN
from tests.asking import Make, counts
from tests.held import ADULT, COLLEGE, Held, college

ITSELF = Viewer("demo_w1", worker="demo_w1")
DISPUTE = """mutation($record: ID!, $text: String!) { dispute(record: $record, text: $text) {
  dispute { id disputeStatus text record { id } } userErrors { code field } } }"""
SETTLE = """mutation($id: ID!, $answer: String!) { settleDispute(id: $id, answer: $answer) {
  dispute { disputeStatus answer settledBy } userErrors { code field } } }"""
LISTED = """query($status: DisputeStatus) { disputes(disputeStatus: $status) {
  totalCount nodes { id text } } }"""
GRADE = global_id("Qualification", "q1")


@pytest.fixture
async def held(engine: AsyncEngine) -> Held:
    held = Held(engine)
    await held.people()
    common = {"sources": "s", "grade": "SENIOR", "owner": COLLEGE}
    await Make(engine)(
        qualifications=[
            {"key": "q1", "worker": "demo_w1", **common},
            {"key": "q2", "worker": "demo_w2", **common},
        ]
    )
    return held


async def say(held: Held, viewer: Viewer, record: str = GRADE, text: str = "等级有误") -> Any:
    answer = await held.ask(DISPUTE, viewer, record=record, text=text)
    assert answer.errors == []
    return answer.data["dispute"]


async def ids(held: Held, viewer: Viewer, **status: Any) -> list[str]:
    answer = await held.ask(LISTED, viewer, **status)
    assert answer.errors == []
    assert answer.data["disputes"]["totalCount"] == len(answer.data["disputes"]["nodes"])
    return [one["id"] for one in answer.data["disputes"]["nodes"]]


async def test_a_worker_disputes_and_the_owner_settles(held: Held) -> None:
    made = await say(held, ITSELF)
    assert made["userErrors"] == []
    id = made["dispute"].pop("id")
    assert made["dispute"] == {
        "disputeStatus": "OPEN",
        "text": "等级有误",
        "record": {"id": GRADE},
    }
    for viewer in (ITSELF, college(), OPERATOR):
        assert await ids(held, viewer, status="OPEN") == [id]
    for viewer in (PUBLIC, college("demo_o"), Viewer("x", worker="demo_w2")):
        assert await ids(held, viewer) == []
        answer = await held.ask(SETTLE, viewer, id=id, answer="已更正")
        assert answer.data["settleDispute"]["userErrors"] == [{"code": "NOT_FOUND", "field": "id"}]
    itself = await held.ask(SETTLE, ITSELF, id=id, answer="已更正")
    assert itself.data["settleDispute"]["userErrors"] == [{"code": "FORBIDDEN", "field": "id"}]
    settled = await held.ask(SETTLE, college(), id=id, answer="已更正")
    assert settled.data["settleDispute"] == {
        "dispute": {"disputeStatus": "SETTLED", "answer": "已更正", "settledBy": COLLEGE},
        "userErrors": [],
    }
    again = await held.ask(SETTLE, OPERATOR, id=id, answer="已更正")
    assert again.data["settleDispute"]["userErrors"] == [{"code": "CONFLICT", "field": "id"}]
    assert await ids(held, ITSELF, status="OPEN") == []


@pytest.mark.parametrize(("viewer", "record", "text", "error"), [
    (college(), GRADE, "有误", ("FORBIDDEN", None)),
    (PUBLIC, GRADE, "有误", ("FORBIDDEN", None)),
    (ITSELF, global_id("Qualification", "q2"), "有误", ("NOT_FOUND", "record")),
    (ITSELF, global_id("Worker", "demo_w2"), "有误", ("NOT_FOUND", "record")),
    (ITSELF, global_id("Organisation", COLLEGE), "有误", ("NOT_FOUND", "record")),
    (ITSELF, GRADE, " ", ("BAD_USER_INPUT", "text")),
    (ITSELF, GRADE, "误" * 1001, ("BAD_USER_INPUT", "text")),
    (ITSELF, GRADE, f"我的号码是 {ADULT}", ("BAD_USER_INPUT", "text")),
])  # fmt: skip
async def test_what_cannot_be_disputed_is_refused(
    held: Held, viewer: Viewer, record: str, text: str, error: tuple[str, str | None]
) -> None:
    before = await counts(held.engine)
    answer = await say(held, viewer, record, text)
    code, field = error
    assert answer == {"dispute": None, "userErrors": [{"code": code, "field": field}]}
    assert await counts(held.engine) == before


async def test_nobody_has_more_than_twenty_open(held: Held) -> None:
    for _ in range(MOST_OPEN):
        assert (await say(held, ITSELF))["userErrors"] == []
    assert (await say(held, ITSELF))["userErrors"] == [{"code": "LIMIT_EXCEEDED", "field": None}]
    assert len(await ids(held, ITSELF)) == MOST_OPEN == 20
