"""Disputes: a worker says that a record is wrong; its owner or the steward settles it."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.relay.global_id import to_global_id
from models.change import Change
from models.history import model_table
from resolvers.core.access import OPERATOR, PUBLIC, Viewer
from resolvers.personal.dispute import MAX_OPEN_DISPUTES
from tests.support.graph import RowFactory, row_counts
from tests.support.personal_records import ADULT, COLLEGE, PersonalRegistry, college_viewer

ITSELF = Viewer("demo_w1", worker="demo_w1")
DISPUTE = """mutation($record: ID!, $text: String!) { dispute(record: $record, text: $text) {
  dispute { id disputeStatus text record { id } } userErrors { code field } } }"""
SETTLE = """mutation($id: ID!, $answer: String!, $outcome: DisputeOutcome) {
  settleDispute(id: $id, answer: $answer, outcome: $outcome) {
  dispute { disputeStatus outcome answer settledBy } userErrors { code field } } }"""
LISTED = """query($status: DisputeStatus) { disputes(disputeStatus: $status) {
  totalCount nodes { id text } } }"""
GRADE = to_global_id("Qualification", "q1")


@pytest.fixture
async def held(engine: AsyncEngine) -> PersonalRegistry:
    held = PersonalRegistry(engine)
    await held.people()
    common = {"sources": "s", "grade": "SENIOR", "owner": COLLEGE}
    await RowFactory(engine)(
        qualifications=[
            {"key": "q1", "worker": "demo_w1", **common},
            {"key": "q2", "worker": "demo_w2", **common},
        ]
    )
    return held


async def say(
    held: PersonalRegistry, viewer: Viewer, record: str = GRADE, text: str = "等级有误"
) -> Any:
    answer = await held.ask(DISPUTE, viewer, record=record, text=text)
    assert answer.errors == []
    return answer.data["dispute"]


async def ids(held: PersonalRegistry, viewer: Viewer, **status: Any) -> list[str]:
    answer = await held.ask(LISTED, viewer, **status)
    assert answer.errors == []
    assert answer.data["disputes"]["totalCount"] == len(answer.data["disputes"]["nodes"])
    return [one["id"] for one in answer.data["disputes"]["nodes"]]


async def test_a_worker_disputes_and_the_owner_settles(held: PersonalRegistry) -> None:
    made = await say(held, ITSELF)
    assert made["userErrors"] == []
    id = made["dispute"].pop("id")
    assert made["dispute"] == {
        "disputeStatus": "OPEN",
        "text": "等级有误",
        "record": {"id": GRADE},
    }
    for viewer in (ITSELF, college_viewer(), OPERATOR):
        assert await ids(held, viewer, status="OPEN") == [id]
    for viewer in (PUBLIC, college_viewer("demo_o"), Viewer("x", worker="demo_w2")):
        assert await ids(held, viewer) == []
        answer = await held.ask(SETTLE, viewer, id=id, answer="已更正")
        assert answer.data["settleDispute"]["userErrors"] == [{"code": "NOT_FOUND", "field": "id"}]
    itself = await held.ask(SETTLE, ITSELF, id=id, answer="已更正")
    assert itself.data["settleDispute"]["userErrors"] == [{"code": "FORBIDDEN", "field": "id"}]
    await correct(held)
    settled = await held.ask(SETTLE, college_viewer(), id=id, answer="已更正")
    assert settled.data["settleDispute"] == {
        "dispute": {
            "disputeStatus": "SETTLED",
            "outcome": "CORRECTED",
            "answer": "已更正",
            "settledBy": COLLEGE,
        },
        "userErrors": [],
    }
    again = await held.ask(SETTLE, OPERATOR, id=id, answer="已更正")
    assert again.data["settleDispute"]["userErrors"] == [{"code": "CONFLICT", "field": "id"}]
    assert await ids(held, ITSELF, status="OPEN") == []


async def correct(held: PersonalRegistry, **cells: str) -> None:
    await RowFactory(held.engine)(
        qualifications=[{"key": "q1", **(cells or {"grade": "TECHNICIAN"})}]
    )


# What was done since, as what it is settled with which answer, and what comes of it.
OUTCOMES: list[tuple[dict[str, str], str | None, str, str | None]] = [
    ({}, "CORRECTED", "好的", None),
    ({}, "RETRACTED", "好的", None),
    ({}, None, "已更正", None),
    ({}, None, "The grade was corrected.", None),
    ({}, "KEPT", "未更正", "KEPT"),
    ({}, None, "记录无误，维持原记录。", "KEPT"),
    ({"grade": "TECHNICIAN"}, "CORRECTED", "已更正", "CORRECTED"),
    ({"grade": "TECHNICIAN"}, None, "好的", "CORRECTED"),
    ({"grade": "TECHNICIAN"}, "KEPT", "好的", None),
    ({"grade": "TECHNICIAN"}, "RETRACTED", "好的", None),
    ({"status": "RETRACTED"}, "RETRACTED", "好的", "RETRACTED"),
    ({"status": "RETRACTED"}, None, "已撤回", "RETRACTED"),
    ({"status": "RETRACTED"}, "CORRECTED", "好的", None),
]


@pytest.mark.parametrize(("done", "outcome", "answer", "came"), OUTCOMES)
async def test_a_dispute_is_settled_as_what_its_record_became(
    held: PersonalRegistry, done: dict[str, str], outcome: str | None, answer: str, came: str | None
) -> None:
    await correct(held, grade="JUNIOR")  # before the dispute: that settles nothing
    id = (await say(held, ITSELF))["dispute"]["id"]
    if done:
        await correct(held, **done)
    told = (await held.ask(SETTLE, college_viewer(), id=id, answer=answer, outcome=outcome)).data
    if came is None:
        error = {"code": "CONFLICT", "field": "outcome"}
        assert told["settleDispute"] == {"dispute": None, "userErrors": [error]}
        assert await ids(held, ITSELF, status="OPEN") == [id]
    else:
        assert told["settleDispute"]["userErrors"] == []
        assert told["settleDispute"]["dispute"]["outcome"] == came
        assert await ids(held, ITSELF, status="SETTLED") == [id]


async def test_a_person_is_corrected_by_a_fact_about_them(held: PersonalRegistry) -> None:
    id = (await say(held, ITSELF, to_global_id("Worker", "demo_w1")))["dispute"]["id"]
    refused = await held.ask(SETTLE, OPERATOR, id=id, answer="好的", outcome="CORRECTED")
    assert refused.data["settleDispute"]["userErrors"] == [{"code": "CONFLICT", "field": "outcome"}]
    await correct(held)
    settled = await held.ask(SETTLE, OPERATOR, id=id, answer="好的", outcome="CORRECTED")
    assert settled.data["settleDispute"]["userErrors"] == []


async def test_a_retraction_is_remembered_as_one(held: PersonalRegistry) -> None:
    await correct(held, grade="JUNIOR")
    await correct(held, status="RETRACTED")
    await correct(held, status="VERIFIED")
    query = "query($id: ID!) { node(id: $id) { ...on Qualification { history {"
    answer = await held.ask(f"{query} nodes {{ changeKind }} }} }} }} }}", OPERATOR, id=GRADE)
    assert answer.errors == []
    nodes = answer.data["node"]["history"]["nodes"]
    assert [one["changeKind"] for one in nodes] == [
        "CORRECTED", "RETRACTED", "CORRECTED", "CREATED"
    ]  # fmt: skip
    async with held.engine.connect() as connection:
        change = model_table(Change)
        kinds = select(change.c.change_kind).where(change.c.subject_id == "q1")
        assert [*await connection.scalars(kinds.order_by(change.c.id))] == [
            "CREATED", "CORRECTED", "RETRACTED", "CORRECTED"
        ]  # fmt: skip


@pytest.mark.parametrize(("viewer", "record", "text", "error"), [
    (college_viewer(), GRADE, "有误", ("FORBIDDEN", None)),
    (PUBLIC, GRADE, "有误", ("FORBIDDEN", None)),
    (ITSELF, to_global_id("Qualification", "q2"), "有误", ("NOT_FOUND", "record")),
    (ITSELF, to_global_id("Worker", "demo_w2"), "有误", ("NOT_FOUND", "record")),
    (ITSELF, to_global_id("Organisation", COLLEGE), "有误", ("NOT_FOUND", "record")),
    (ITSELF, GRADE, " ", ("BAD_USER_INPUT", "text")),
    (ITSELF, GRADE, "误" * 1001, ("BAD_USER_INPUT", "text")),
    (ITSELF, GRADE, f"我的号码是 {ADULT}", ("BAD_USER_INPUT", "text")),
])  # fmt: skip
async def test_what_cannot_be_disputed_is_refused(
    held: PersonalRegistry, viewer: Viewer, record: str, text: str, error: tuple[str, str | None]
) -> None:
    before = await row_counts(held.engine)
    answer = await say(held, viewer, record, text)
    code, field = error
    assert answer == {"dispute": None, "userErrors": [{"code": code, "field": field}]}
    assert await row_counts(held.engine) == before


async def test_nobody_has_more_than_twenty_open(held: PersonalRegistry) -> None:
    for _ in range(MAX_OPEN_DISPUTES):
        assert (await say(held, ITSELF))["userErrors"] == []
    assert (await say(held, ITSELF))["userErrors"] == [{"code": "LIMIT_EXCEEDED", "field": None}]
    assert len(await ids(held, ITSELF)) == MAX_OPEN_DISPUTES == 20
