"""No fact is wider than the narrowest person whom it names, by default and at most."""

from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.csv_folder import csv_name_of
from kit.db.engine import read_transaction, write_transaction
from kit.errors import ImportRejected
from models import HISTORY_TABLES
from models.history import model_table
from models.personal import PersonalField
from models.row import Audience
from resolvers.core.access import PUBLIC
from resolvers.database.schema_version import migrate
from resolvers.writing.audiences import PERSON_COLUMNS, narrow_all_audiences, verify_audiences
from resolvers.writing.rules.minors import find_unprotected_minors
from tests.support.graph import FILES, TODAY, GraphQLTestClient, RowFactory, publishing_rows
from tests.support.personal_records import OTHER_COLLEGE, PersonalRegistry
from tests.support.table_states import read_tables

OF_W = {"key": "f", "worker": "w", "sources": "s"}
# A fact of each kind that names a person, as somebody would enter it.
FACTS: dict[str, dict[str, Any]] = {
    "bids": {**OF_W, "challenge": "n"},
    "conferrals": {**OF_W, "honour": "h", "year": 2024},
    "contributions": {**OF_W, "outcome": "u"},
    "employments": {**OF_W, "organisation": "o", "post": "焊工"},
    "enrolments": {"key": "f", "trainee": "w", "college": "o", "sources": "s"},
    "figures": {
        **OF_W, "metric": "m", "label": "数", "quantity_value": 1, "quantity_unit": "person",
        "quantity_qualifier": "EXACT",
    },
    "grants": {**OF_W, "amount_value": 1, "amount_unit": "yuan"},
    "mentorships": {"key": "f", "mentor": "v", "apprentice": "w", "sources": "s"},
    "nominations": {**OF_W, "selection_round": "r"},
    "positions": {**OF_W, "position_kind": "OTHER"},
    "qualifications": {**OF_W, "grade": "SENIOR"},
    "results": {**OF_W, "competition": "c", "rank": 1},
    "service_team_memberships": {**OF_W, "service_team": "e"},
    "studio_memberships": {**OF_W, "studio": "t"},
    "teachings": {**OF_W, "academy": "a"},
}  # fmt: skip
# Those that may be public.
SHOWN = {"audience": "PUBLIC"}
PUBLISHABLE = [name for name in FACTS if name != "enrolments"]


@pytest.fixture(autouse=True)
async def known(make: RowFactory) -> None:
    """`v` is public; `w` is their owner's alone."""
    told = publishing_rows("v")
    told["sources"].append({"key": "s", "title": "t"})
    told["competitions"].append({"code": "c", "name": "赛"})
    await make(
        **told,
        organisations=[
            {"code": "o", "name": "院", "organisation_kind": "OTHER"},
            {"code": "z", "name": "某市职业中专", "organisation_kind": "VOCATIONAL_COLLEGE"},
        ],
        honours=[{"code": "h", "name": "荣"}],
        studios=[{"code": "t", "name": "室", "studio_kind": "OTHER"}],
        academies=[{"code": "a", "name": "学院"}],
        challenges=[{"code": "n", "name": "榜", "challenge_status": "OPEN"}],
        outcomes=[{"key": "u", "studio": "t", "outcome_kind": "OTHER", "sources": "s"}],
        selection_rounds=[{"code": "r", "name": "批", "honour": "h"}],
        service_teams=[{"code": "e", "name": "队"}],
        workers=[
            {"code": "v", "name": "师", "audience": "PUBLIC"},
            {"code": "w", "name": "甲", "audience": "OWNER"},
        ],
    )


def table_of(name: str) -> str:
    return model_table(FILES[f"{name}.csv"]).name


async def audience(make: RowFactory, table: str, id: str) -> Any:
    async with make.engine.connect() as connection:
        asked = text(f'SELECT audience FROM "{table}" WHERE id = :id')
        return await connection.scalar(asked, {"id": id})


async def refused(make: RowFactory, **files: list[dict[str, Any]]) -> list[str]:
    """Return the problems; nothing has changed."""
    before = await read_tables(make.engine)
    with pytest.raises(ImportRejected) as refusal:
        await make(**files)
    assert await read_tables(make.engine) == before
    assert refusal.value.code == "BAD_USER_INPUT"
    return [str(problem) for problem in refusal.value.problems]


async def publish_w(make: RowFactory) -> None:
    await make(**publishing_rows("w"), workers=[{"code": "w", "audience": "PUBLIC"}])


def test_there_is_a_fact_here_of_every_kind_that_names_a_person() -> None:
    """A new kind is declared there, and shown here."""
    assert {csv_name_of(model) for model in PERSON_COLUMNS} == {f"{name}.csv" for name in FACTS}


# By default.


@pytest.mark.parametrize("name", FACTS)
async def test_what_says_nothing_is_no_wider_than_its_person(make: RowFactory, name: str) -> None:
    await make(**{name: [FACTS[name]]})
    assert await audience(make, table_of(name), "f") == "OWNER"


async def test_what_may_be_public_is_so_by_default_for_a_public_person(make: RowFactory) -> None:
    await publish_w(make)
    await make(employments=[FACTS["employments"]], qualifications=[FACTS["qualifications"]])
    assert await audience(make, "employment", "f") == "PUBLIC"
    assert await audience(make, "qualification", "f") == "OWNER"  # as always


async def test_the_narrowest_of_several_people_counts(make: RowFactory) -> None:
    """In either column."""
    pair = FACTS["mentorships"]
    await make(workers=[{"code": "v", "audience": "SHARED"}, {"code": "w", "audience": "SHARED"}])
    await make(mentorships=[{**pair, "audience": "SHARED"}])
    await make(workers=[{"code": "v", "audience": "PROTECTED"}])
    assert await audience(make, "mentorship", "f") == "PROTECTED"
    other = {"key": "g", "mentor": "w", "apprentice": "v", "sources": "s"}
    await make(mentorships=[other])
    assert await audience(make, "mentorship", "g") == "PROTECTED"


async def test_what_passes_to_another_person_is_no_wider_than_that_one(make: RowFactory) -> None:
    fact = {**FACTS["employments"], "worker": "v"}
    await make(employments=[fact])
    assert await audience(make, "employment", "f") == "PUBLIC"
    await make(employments=[FACTS["employments"]])
    assert await audience(make, "employment", "f") == "OWNER"


# At most.


@pytest.mark.parametrize("name", PUBLISHABLE)
async def test_what_says_more_is_refused_with_the_reason(make: RowFactory, name: str) -> None:
    """New or widened, standing or retracted."""
    for said in ("PUBLIC", "SHARED"):
        reason = (
            f"{name}.csv, line 2, audience: is {said}, but a person whom this names is OWNER: "
            f"leave it empty, or make that person {said} in this load, if they may be."
        )
        fact = {**FACTS[name], "audience": said}
        assert await refused(make, **{name: [fact]}) == [reason]
        assert await refused(make, **{name: [{**fact, "status": "RETRACTED"}]}) == [reason]
    await make(**{name: [FACTS[name]]})
    assert await refused(make, **{name: [fact]}) == [reason]


async def test_person_and_fact_are_published_together(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    conferral = {**FACTS["conferrals"], **SHOWN}
    await make(workers=[{"code": "w", **SHOWN}], conferrals=[conferral])
    seen = await ask('{ worker(code: "w") { conferrals { totalCount } } }', viewer=PUBLIC)
    assert seen.data == {"worker": {"conferrals": {"totalCount": 1}}}


async def test_who_says_that_only_the_owner_may_see_it_is_not_refused_for_a_minor(
    make: RowFactory,
) -> None:
    await make(workers=[{"code": "w", "audience": "PROTECTED"}])
    fact = {**FACTS["employments"], "audience": "OWNER"}
    assert await make(employments=[fact]) == {"Employment": 1}
    assert await audience(make, "employment", "f") == "PROTECTED"
    assert await make(employments=[fact]) == {}  # the same file again changes nothing


# What follows.


@pytest.mark.parametrize("name", PUBLISHABLE)
async def test_what_names_somebody_is_hidden_with_them(
    make: RowFactory, ask: GraphQLTestClient, name: str
) -> None:
    """As a change of its own; who is published again publishes each fact again."""
    await publish_w(make)
    await make(**{name: [{**FACTS[name], **SHOWN}]})
    model = FILES[f"{name}.csv"]
    written = await make(workers=[{"code": "w", "audience": "OWNER"}])
    beside = 2 if name == "results" else 1  # that by which they were published
    assert written[model.__name__] == beside
    assert await audience(make, table_of(name), "f") == "OWNER"
    tables = await read_tables(make.engine)
    assert [
        (one["change_kind"], one["typed_by"])
        for one in tables.changes
        if (one["subject_type"], one["subject_id"]) == (model.__name__, "f")
    ] == [("CREATED", "test"), ("CORRECTED", "test")]
    await make(workers=[{"code": "w", **SHOWN}], results=publishing_rows("w")["results"])
    assert await audience(make, table_of(name), "f") == "OWNER"
    await make(**{name: [{**FACTS[name], **SHOWN}]})
    assert await audience(make, table_of(name), "f") == "PUBLIC"


async def test_what_names_others_stays_as_it_is(make: RowFactory) -> None:
    await publish_w(make)
    await make(employments=[{**FACTS["employments"], "worker": "v"}])
    await make(workers=[{"code": "w", "audience": "OWNER"}])
    assert await audience(make, "employment", "f") == "PUBLIC"


async def test_what_was_known_before_is_hidden_too(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """A fact that was assigned to another person keeps its first version with the hidden one."""
    await publish_w(make)
    await make(employments=[FACTS["employments"]])
    await make(employments=[{**FACTS["employments"], "worker": "v", "post": "教练"}])
    history = """{ employments { nodes { history { totalCount nodes { values { value } } } } } }"""
    for hidden, versions in ((False, 2), (True, 1)):
        if hidden:
            await make(workers=[{"code": "w", "audience": "OWNER"}])
        seen = await ask(history, viewer=PUBLIC)
        [found] = [node["history"] for node in seen.data["employments"]["nodes"]]
        assert found["totalCount"] == versions
        assert ("焊工" in str(found)) is not hidden


# Minors.


async def test_who_turns_out_to_be_a_minor_is_hidden_with_all_facts(engine: AsyncEngine) -> None:
    held = PersonalRegistry(engine)
    await held.people()
    await held.agree(OTHER_COLLEGE)
    make = RowFactory(engine)
    fact = {**FACTS["employments"], "worker": "demo_w3"}
    await make(employments=[fact])
    assert await audience(make, "employment", "f") == "PUBLIC"
    assert await held.enter("demo_w3", {PersonalField.BIRTH_DATE: "2010-05-01"}, OTHER_COLLEGE) == 1
    for table, id in (("worker", "demo_w3"), ("employment", "f"), ("result", "published_demo_w3")):
        assert await audience(make, table, id) == "PROTECTED", table
    tables = await read_tables(engine)
    last = tables.changes[-3:]
    assert [(one["change_kind"], one["typed_by"]) for one in last] == [("CORRECTED", "test")] * 3
    assert await refused(make, employments=[{**fact, **SHOWN}]) == [
        "employments.csv, line 2, audience: is PUBLIC, but a person whom this names is PROTECTED: "
        "leave it empty, or make that person PUBLIC in this load, if they may be."
    ]


AT_SCHOOL = {"key": "e", "trainee": "w", "college": "z", "sources": "s"}
MAY_BE_A_MINOR = (
    "workers.csv, line 2, audience: is PUBLIC, but the worker is named as a student of a school "
    "below a college and may be under 18: leave it empty, or say otherwise first (of_age or a "
    "birth date, `personal import`)."
)


@pytest.mark.parametrize(
    "enrolment",
    [
        {},
        {"cohort": 2014},
        {"started": "2024-09", "ended": "2026-06", "enrolment_status": "GRADUATED"},
        {"college": "", "training_class": "k"},
        {"college": "o", "major": "j"},
        {"college": "x"},
    ],
    ids=str,
)
async def test_a_pupil_of_unknown_age_is_taken_for_a_minor(
    make: RowFactory, ask: GraphQLTestClient, enrolment: dict[str, Any]
) -> None:
    """By the name of a 职业院校, by the kind of a school, by the class or by the catalogue."""
    await make(
        organisations=[{"code": "x", "name": "实验小学", "organisation_kind": "SCHOOL"}],
        majors=[{"code": "j", "name": "焊接", "scheme": "中等职业教育专业目录 2021"}],
        training_classes=[{"code": "k", "name": "班", "college": "z"}],
    )
    await publish_w(make)
    await make(employments=[FACTS["employments"]])
    await make(enrolments=[AT_SCHOOL | enrolment])
    for table, id in (("worker", "w"), ("employment", "f"), ("enrolment", "e")):
        assert await audience(make, table, id) == "PROTECTED", table
    seen = await ask("{ workers { nodes { code } } employments { totalCount } }", viewer=PUBLIC)
    assert seen.data == {
        "workers": {"nodes": [{"code": "v"}]},
        "employments": {"totalCount": 0},
    }
    assert await refused(make, workers=[{"code": "w", **SHOWN}]) == [MAY_BE_A_MINOR]
    assert await make(workers=[{"code": "w", "audience": "OWNER"}]) == {}


@pytest.mark.parametrize(
    "enrolment",
    [
        {"college": "o"},
        {"college": "y"},
        {"college": "x"},
        {"cohort": 2013},
        {"started": "2013-09-01"},
        {"status": "RETRACTED"},
    ],
    ids=str,
)
async def test_a_student_of_a_college_and_who_was_at_school_long_ago_are_not(
    make: RowFactory, enrolment: dict[str, Any]
) -> None:
    """School begins at six at the earliest: twelve years later a pupil is 18."""
    await make(
        organisations=[
            {"code": "x", "name": "师范高等专科学校", "organisation_kind": "VOCATIONAL_COLLEGE"},
            {"code": "y", "name": "职业技术学院", "organisation_kind": "VOCATIONAL_COLLEGE"},
        ]
    )
    await publish_w(make)
    await make(enrolments=[AT_SCHOOL | enrolment])
    assert await audience(make, "worker", "w") == "PUBLIC"


async def test_all_in_one_load_is_refused(make: RowFactory) -> None:
    told = publishing_rows("new")
    new = {"code": "new", "name": "乙", **SHOWN}
    pupil = {**AT_SCHOOL, "trainee": "new"}
    assert await refused(make, **told, workers=[new], enrolments=[pupil]) == [MAY_BE_A_MINOR]


async def test_who_becomes_a_pupil_by_a_correction_of_the_school(make: RowFactory) -> None:
    await publish_w(make)
    await make(enrolments=[{**AT_SCHOOL, "college": "o"}])
    assert await audience(make, "worker", "w") == "PUBLIC"
    written = await make(organisations=[{"code": "o", "organisation_kind": "SCHOOL"}])
    assert written == {"Organisation": 1, "Worker": 1, "Result": 1, "Enrolment": 1}
    assert await audience(make, "worker", "w") == "PROTECTED"


async def test_somebody_says_that_a_pupil_is_of_age(engine: AsyncEngine, make: RowFactory) -> None:
    """By `of_age` alone, with no value and so with no basis; or by a birth date."""
    held = PersonalRegistry(engine)
    await held.people()
    await held.agree(OTHER_COLLEGE)
    make = RowFactory(engine)
    for worker, values, of_age in (
        ("demo_w1", {}, True),
        ("demo_w2", {PersonalField.BIRTH_DATE: "1990-01-01"}, False),
    ):
        await make(enrolments=[{**AT_SCHOOL, "key": worker, "trainee": worker}])
        assert await audience(make, "worker", worker) == "PROTECTED"
        await held.enter(worker, values, OTHER_COLLEGE, of_age=of_age)
        assert await audience(make, "worker", worker) == "PROTECTED"  # nothing widens by itself
        await make(workers=[{"code": worker, **SHOWN}], **publishing_rows(worker))
        assert await audience(make, "worker", worker) == "PUBLIC"
    with pytest.raises(ImportRejected) as refusal:
        await held.enter(
            "demo_w3", {PersonalField.BIRTH_DATE: "2010-05-01"}, OTHER_COLLEGE, of_age=True
        )
    assert [(one.column, one.reason) for one in refusal.value.problems] == [
        ("of_age", "says that the worker is 18; a birth date in this load or on record says "
        "otherwise.")
    ]  # fmt: skip


# What is on record.


async def widen(engine: AsyncEngine) -> None:
    """Past the write path, as versions before this rule let it be."""
    async with write_transaction(engine) as connection:
        for model in PERSON_COLUMNS:
            table = model_table(model)
            if model.__name__ != "Enrolment":
                await connection.execute(update(table).values(audience=Audience.PUBLIC))


async def test_what_is_too_wide_on_record_is_found_and_narrowed(make: RowFactory) -> None:
    """Each row as a change of its own; a second time there is nothing to do."""
    await make(**{name: [row] for name, row in FACTS.items()})
    await make(enrolments=[AT_SCHOOL])
    async with read_transaction(make.engine) as connection:
        assert await verify_audiences(connection, TODAY) == []
    await widen(make.engine)
    async with write_transaction(make.engine) as connection:
        await connection.execute(text("UPDATE worker SET audience = 'OWNER' WHERE code = 'w'"))
    before = len((await read_tables(make.engine)).changes)
    async with write_transaction(make.engine) as connection:
        found = await verify_audiences(connection, TODAY)
        assert found[0] == "worker: 1 who are, or may be, minors are shown to others."
        assert len(found) == 1 + len(FACTS) - 1
        assert not any("'w'" in one or "甲" in one for one in found)
        written = await narrow_all_audiences(connection, "verify", TODAY)
        assert written["Worker"] == 1
        assert await verify_audiences(connection, TODAY) == []
        assert await narrow_all_audiences(connection, "verify", TODAY) == {}
    tables = await read_tables(make.engine)
    assert len(tables.changes) == before + written.total()
    for name in FACTS:
        assert await audience(make, table_of(name), "f") == "PROTECTED", name


@pytest.mark.parametrize("version", ["0017"])
async def test_a_registry_of_before_is_narrowed_when_it_is_migrated(
    old_schema_engine: AsyncEngine, version: str
) -> None:
    stamp = "audience, typed_by, recorded_at"
    shown, owners = "'PUBLIC', 't', '2026-01-01'", "'OWNER', 't', '2026-01-01'"
    fact = f"(id, status, source_id, {stamp}"
    async with write_transaction(old_schema_engine) as connection:
        for statement in (
            f"source (id, title, {stamp}) VALUES ('s', 't', {shown})",
            "organisation (id, code, name, name_key, organisation_kind, audience, typed_by, "
            f"recorded_at) VALUES ('z', 'z', '中学', 'z', 'SCHOOL', {shown})",
            f"worker (id, code, name, name_key, {stamp}) VALUES ('w', 'w', 'x', 'x', {owners})",
            f"worker (id, code, name, name_key, {stamp}) VALUES ('p', 'p', 'y', 'y', {shown})",
            f"employment {fact}, worker_id, organisation_id)"
            f" VALUES ('e', 'ASSERTED', 's', {shown}, 'w', 'z')",
            f"enrolment {fact}, trainee_id, college_id)"
            f" VALUES ('n', 'ASSERTED', 's', {owners}, 'p', 'z')",
        ):
            await connection.execute(text(f"INSERT INTO {statement}"))
    await migrate(old_schema_engine)
    make = RowFactory(old_schema_engine)
    assert await audience(make, "employment", "e") == "OWNER"
    assert await audience(make, "worker", "w") == "OWNER"
    assert await audience(make, "worker", "p") == "PROTECTED"
    assert await audience(make, "enrolment", "n") == "PROTECTED"
    async with read_transaction(old_schema_engine) as connection:
        assert await find_unprotected_minors(connection, TODAY) == set()
        images = await connection.execute(HISTORY_TABLES[FILES["workers.csv"]].select())
        assert [row.id for row in images] == ["p"]
