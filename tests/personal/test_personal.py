"""Personal data in the graph: who sees it masked, who gets it in full, and what is logged."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.errors import ImportRejected
from kit.relay.global_id import to_global_id
from models.partner import Role, Scope
from models.personal import FieldGroup, PersonalField
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from tests.support.graph import RowFactory, publishing_rows, record_statements, row_counts
from tests.support.personal_records import (
    ADULT,
    COLLEGE,
    OTHER_COLLEGE,
    PURPOSE,
    UNION,
    UNION_VIEWER,
    YOUNG,
    PersonalRegistry,
    college_viewer,
)

ALL = {
    PersonalField.RESIDENT_ID: ADULT,
    PersonalField.PASSPORT: "E12345678",
    PersonalField.PHONE: "138 0013 8000",
    PersonalField.BIRTH_DATE: "1965-03-09",
}
MASKED = [
    {"field": "BIRTH_DATE", "value": "****-**-**", "fact": None},
    {"field": "PASSPORT", "value": "E******78", "fact": None},
    {"field": "PHONE", "value": "+86*******8000", "fact": None},
    {"field": "RESIDENT_ID", "value": f"370***********{ADULT[-4:]}", "fact": None},
]
SEEN = """query($code: String!) { worker(code: $code) { name personal {
  values { field value fact } } } }"""


@pytest.fixture
async def held(engine: AsyncEngine) -> PersonalRegistry:
    """Return the first worker's values, brought by its college; the third's phone, by the other."""
    held = PersonalRegistry(engine)
    await held.people()
    await held.agree()
    await held.agree(OTHER_COLLEGE)
    assert await held.enter("demo_w1", ALL) == len(ALL)
    assert await held.enter("demo_w3", {PersonalField.PHONE: "13900139000"}, OTHER_COLLEGE) == 1
    return held


async def personal(held: PersonalRegistry, viewer: Viewer, code: str = "demo_w1") -> Any:
    answer = await held.ask(SEEN, viewer, code=code)
    assert answer.errors == []
    worker = answer.data["worker"]
    return worker and worker["personal"] and worker["personal"]["values"]


async def test_values_are_masked_for_whom_the_worker_is_near(held: PersonalRegistry) -> None:
    for viewer in (college_viewer(), UNION_VIEWER, OPERATOR):
        assert await personal(held, viewer) == MASKED


async def test_a_public_profile_has_no_personal_data(held: PersonalRegistry) -> None:
    phone = [{"field": "PHONE", "value": "+86*******9000", "fact": None}]
    assert await personal(held, UNION_VIEWER, "demo_w3") == phone
    assert await personal(held, college_viewer(OTHER_COLLEGE), "demo_w3") == phone, "It brought it."
    for viewer in (PUBLIC, college_viewer(), partner_viewer(Role.UNION, UNION, "230000")):
        answer = await held.ask(SEEN, viewer, code="demo_w3")
        assert answer.data == {"worker": {"name": "邵云起", "personal": None}}
        assert answer.errors == []


async def test_an_enrolment_of_ones_own_gives_no_right_to_what_others_brought(
    held: PersonalRegistry, engine: AsyncEngine
) -> None:
    await RowFactory(engine)(
        enrolments=[
            {"key": "e", "college": COLLEGE, "trainee": "demo_w3", "sources": "s", "owner": COLLEGE}
        ]
    )
    assert await personal(held, college_viewer(), "demo_w3") is None
    assert await held.reveal(college_viewer(), "demo_w3", ["PHONE"]) == [("NOT_FOUND", "worker")]


async def test_the_worker_sees_its_own(held: PersonalRegistry) -> None:
    itself = Viewer("demo_w3", worker="demo_w3")
    assert await personal(held, itself, "demo_w3") == [
        {"field": "PHONE", "value": "+86*******9000", "fact": None}
    ]
    other = Viewer("demo_w1", worker="demo_w1")
    assert await personal(held, other, "demo_w3") is None


async def test_nothing_is_stored_that_can_be_read(held: PersonalRegistry) -> None:
    text = await held.every_row()
    assert "v1.A256GCM.k1." in text
    for value in (ADULT, ADULT[6:14], "13800138000", "E12345678", "1965-03-09"):
        assert value not in text


async def test_the_full_value_is_given_for_a_purpose_and_leaves_an_entry(
    held: PersonalRegistry,
) -> None:
    found = await held.reveal(college_viewer(), fields=["RESIDENT_ID", "PHONE", "TAIWAN_PERMIT"])
    assert found == {"RESIDENT_ID": ADULT, "PHONE": "+8613800138000"}
    [entry] = await held.log()
    assert (entry.number, entry.access_action, entry.reader) == (1, "REVEALED", COLLEGE)
    assert (entry.fields, entry.purpose) == ("PHONE,RESIDENT_ID,TAIWAN_PERMIT", PURPOSE)
    assert len(entry.legal_basis_id.split(",")) == 2
    assert "demo_w1" not in entry.pseudonym


FORBIDDEN, WRONG_PURPOSE = [("FORBIDDEN", None)], [("BAD_USER_INPUT", "purpose")]
WITHOUT_SCOPE = replace(college_viewer(), scopes=frozenset({Scope.READ_OWN}))
REFUSALS: list[tuple[str, Viewer, dict[str, Any], list[Any]]] = [
    ("the public", PUBLIC, {}, FORBIDDEN),
    ("a key without the scope", WITHOUT_SCOPE, {}, FORBIDDEN),
    ("a convenor", partner_viewer(Role.ALLIANCE, COLLEGE), {}, FORBIDDEN),
    ("the worker itself", Viewer("w", worker="demo_w1"), {}, FORBIDDEN),
    ("another college", college_viewer(OTHER_COLLEGE), {}, [("NOT_FOUND", "worker")]),
    ("an unknown worker", college_viewer(), {"worker": "nobody"}, [("NOT_FOUND", "worker")]),
    ("a public profile", college_viewer(), {"worker": "demo_w3"}, [("NOT_FOUND", "worker")]),
    ("a partner without a basis", UNION_VIEWER, {}, [("FORBIDDEN", "fields")]),
    ("no purpose", college_viewer(), {"purpose": "  "}, WRONG_PURPOSE),
    ("a purpose of 201 characters", college_viewer(), {"purpose": "核" * 201}, WRONG_PURPOSE),
    ("a purpose with the name", college_viewer(), {"purpose": "核对季青禾的证书"}, WRONG_PURPOSE),
    ("a purpose with a number", college_viewer(), {"purpose": f"核对 {ADULT}"}, WRONG_PURPOSE),
    ("no fields", college_viewer(), {"fields": []}, [("BAD_USER_INPUT", "fields")]),
]


@pytest.mark.parametrize(
    ("viewer", "asked", "codes"), [one[1:] for one in REFUSALS], ids=[one[0] for one in REFUSALS]
)
async def test_a_refusal_gives_nothing_and_logs_nothing(
    held: PersonalRegistry, viewer: Viewer, asked: dict[str, Any], codes: list[Any]
) -> None:
    before = await row_counts(held.engine)
    assert await held.reveal(viewer, **asked) == codes
    assert await row_counts(held.engine) == before


async def test_a_basis_holds_for_its_group_and_its_days(held: PersonalRegistry) -> None:
    await held.agree(UNION, FieldGroup.CONTACT, expires=date(2026, 11, 22))
    assert await held.reveal(UNION_VIEWER, fields=["PHONE"]) == {"PHONE": "+8613800138000"}
    assert await held.reveal(UNION_VIEWER, fields=["PHONE", "RESIDENT_ID"]) == [
        ("FORBIDDEN", "fields")
    ]
    await held.execute("UPDATE legal_basis SET expires = '2026-11-21' WHERE expires IS NOT NULL")
    assert await held.reveal(UNION_VIEWER, fields=["PHONE"]) == [("FORBIDDEN", "fields")]
    assert len(await held.log()) == 1


async def test_without_an_entry_in_the_log_nothing_is_given(held: PersonalRegistry) -> None:
    """Any failure of the entry; here a trigger refuses it."""
    await held.refuse("INSERT", "access_log", "NEW.number > 0")
    answer = await held.ask(
        "mutation($id: ID!) { revealPersonal(worker: $id, fields: [RESIDENT_ID], "
        'purpose: "核对证书") { values { value } } }',
        college_viewer(),
        id=to_global_id("Worker", "demo_w1"),
    )
    assert (answer.data, answer.codes) == (None, ["INTERNAL"])
    assert ADULT not in str(answer.messages)
    assert await held.log() == []


async def test_without_keys_it_says_so_and_everything_else_is_answered(
    held: PersonalRegistry,
) -> None:
    keyless = PersonalRegistry(held.engine)
    keyless.seals = None  # type: ignore[assignment]
    answer = await keyless.ask(SEEN, college_viewer(), code="demo_w1")
    assert answer.data == {"worker": {"name": "季青禾", "personal": None}}
    assert answer.codes == ["UNAVAILABLE"]
    assert answer.messages == [
        "Personal data can't be read or written: this service has no keys for it. The operator "
        "must set PERSONAL_KEYS and PERSONAL_INDEX_KEYS."
    ]
    answer = await keyless.ask(SEEN, college_viewer(OTHER_COLLEGE), code="demo_w2")
    assert (answer.data, answer.errors) == (
        {"worker": {"name": "钟望舒", "personal": {"values": []}}}, [],
    )  # fmt: skip


async def test_with_other_keys_or_moved_in_the_database_nothing_opens(
    held: PersonalRegistry,
) -> None:
    stranger = PersonalRegistry(held.engine)
    answer = await stranger.ask(SEEN, college_viewer(), code="demo_w1")
    assert answer.codes == ["UNAVAILABLE"]
    await held.execute(
        "UPDATE personal_value SET sealed = (SELECT sealed FROM personal_value "
        "WHERE worker_id = 'demo_w3') WHERE worker_id = 'demo_w1' AND field = 'PHONE'"
    )
    answer = await held.ask(SEEN, college_viewer(), code="demo_w1")
    assert answer.codes == ["UNAVAILABLE"]
    assert answer.data == {"worker": {"name": "季青禾", "personal": None}}
    found = await held.ask(
        "mutation($id: ID!) { revealPersonal(worker: $id, fields: [PHONE], "
        'purpose: "核对证书") { values { value } } }',
        college_viewer(),
        id=to_global_id("Worker", "demo_w1"),
    )
    assert (found.data, found.codes) == (None, ["UNAVAILABLE"])
    assert await held.log() == []


async def test_many_workers_are_read_with_one_statement(held: PersonalRegistry) -> None:
    with record_statements(held.engine) as statements:
        answer = await held.ask("{ workers { nodes { personal { values { field } } } } }", OPERATOR)
    assert [len(one["personal"]["values"]) for one in answer.data["workers"]["nodes"]] == [4, 1, 0]
    assert len(statements) == 2


F = PersonalField
MISTYPED = ADULT[:-1] + "X"
WRONG: list[tuple[str, PersonalField, str, str, str]] = [
    ("demo_w2", F.RESIDENT_ID, MISTYPED, "resident_id",
     "has a wrong check digit: a digit was mistyped."),
    ("demo_w2", F.RESIDENT_ID, ADULT, "resident_id", "is on record as that of another worker."),
    ("demo_w1", F.BIRTH_DATE, "1965-03-10", "birth_date",
     "disagrees with another birth date in this load or on record."),
    ("nobody", F.PHONE, "13800138000", "worker", "there is no worker 'nobody'."),
    (ADULT, F.PHONE, "13800138000", "worker", "there is no worker of that code."),
    ("demo_w1", F.STUDENT_NUMBER, "20220148", "student_number",
     "goes with the key of one of the worker's, in the column enrolment."),
]  # fmt: skip


@pytest.mark.parametrize(("worker", "field", "value", "column", "reason"), WRONG)
async def test_what_is_wrong_is_refused_whole_and_not_repeated(
    held: PersonalRegistry, worker: str, field: PersonalField, value: str, column: str, reason: str
) -> None:
    before = await held.every_row()
    with pytest.raises(ImportRejected) as refused:
        await held.enter(worker, {PersonalField.PASSPORT: "G7654321", field: value})
    assert [(one.column, one.reason) for one in refused.value.problems] == [(column, reason)]
    assert await held.every_row() == before


async def test_without_a_basis_nothing_is_entered(held: PersonalRegistry) -> None:
    with pytest.raises(ImportRejected) as refused:
        await held.enter("demo_w2", {PersonalField.PHONE: "13800138000"}, UNION)
    [problem] = refused.value.problems
    assert problem.reason == (
        "No legal basis is on record for CONTACT: the steward adds one with 'python cli.py "
        "personal basis add'."
    )


async def test_a_value_that_is_on_record_is_left_alone(held: PersonalRegistry) -> None:
    before = await held.every_row()
    spelled = f"{ADULT[:6]} {ADULT[6:].lower()}"
    assert await held.enter("demo_w1", ALL | {PersonalField.RESIDENT_ID: spelled}) == 0
    assert await held.every_row() == before
    assert await held.enter("demo_w1", {PersonalField.PHONE: "13700137000"}) == 1
    assert await held.reveal(college_viewer(), fields=["PHONE"]) == {"PHONE": "+8613700137000"}


async def test_a_minor_is_not_public(held: PersonalRegistry, engine: AsyncEngine) -> None:
    assert await held.enter("demo_w2", {PersonalField.RESIDENT_ID: YOUNG}, OTHER_COLLEGE) == 1
    make = RowFactory(engine)
    for audience in ("PUBLIC", "SHARED"):
        with pytest.raises(ImportRejected) as refused:
            await make(workers=[{"code": "demo_w2", "name": "钟望舒", "audience": audience}])
        [problem] = refused.value.problems
        assert (problem.column, problem.reason) == (
            "audience",
            "is a minor until 2028-12-31: only its owner may see a worker under 18.",
        )
    assert await held.ask(SEEN, PUBLIC, code="demo_w2") is not None
    assert (await held.ask(SEEN, PUBLIC, code="demo_w2")).data == {"worker": None}
    # Whatever else is said of a minor, and an adult's audience, may be written.
    await make(workers=[{"code": "demo_w2", "name": "钟望舒", "frontline": "true"}])
    adult = {"code": "demo_w1", "name": "季青禾", "audience": "PUBLIC"}
    await make(workers=[adult], **publishing_rows("demo_w1"))


async def test_who_has_come_of_age_may_become_public(
    held: PersonalRegistry, engine: AsyncEngine
) -> None:
    assert await held.enter("demo_w2", {PersonalField.BIRTH_DATE: "2008-11-21"}, OTHER_COLLEGE) == 1
    grown = {"code": "demo_w2", "name": "钟望舒", "audience": "PUBLIC"}
    await RowFactory(engine)(**publishing_rows("demo_w2"), workers=[grown])
    assert (await held.ask(SEEN, PUBLIC, code="demo_w2")).data["worker"]["name"] == "钟望舒"


async def test_under_14_a_guardian_must_have_agreed(held: PersonalRegistry) -> None:
    child = {PersonalField.BIRTH_DATE: "2013-02-28"}
    with pytest.raises(ImportRejected) as refused:
        await held.enter("demo_w2", child, OTHER_COLLEGE)
    assert [one.reason for one in refused.value.problems] == [
        "says that the worker is under 14: write true in guardian_agreed once a guardian has "
        "agreed."
    ]
    assert await held.enter("demo_w2", child, OTHER_COLLEGE, guardian_agreed=True) == 1
    assert await held.enter("demo_w2", {PersonalField.PHONE: "13800138000"}, OTHER_COLLEGE) == 1


async def test_numbers_of_students_and_certificates_belong_to_their_fact(
    held: PersonalRegistry, engine: AsyncEngine
) -> None:
    common = {"college": COLLEGE, "sources": "s"}
    await RowFactory(engine)(
        enrolments=[
            {"key": "e1", "trainee": "demo_w1", **common},
            {"key": "e2", "trainee": "demo_w2", **common},
        ]
    )
    field = PersonalField.STUDENT_NUMBER
    with pytest.raises(ImportRejected):
        await held.enter("demo_w1", {field: "20220148"}, facts={field: "e2"})
    assert await held.enter("demo_w1", {field: "20220148"}, facts={field: "e1"}) == 1
    values = await personal(held, college_viewer())
    assert {
        "field": "STUDENT_NUMBER",
        "value": "********",
        "fact": to_global_id("Enrolment", "e1"),
    } in values
