"""People are public only with a public fact; a college's data of trainees never is."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.db.engine import write_transaction
from kit.errors import ImportRejected
from resolvers.core.access import PUBLIC
from resolvers.database.schema_version import migrate
from tests.support.graph import FILES, GraphQLTestClient, RowFactory, publishing_rows
from tests.support.table_states import read_tables

Files = dict[str, list[dict[str, Any]]]

NOTHING_PUBLISHED = (
    "is PUBLIC, but no conferral, result, certificate or leadership of a studio of this worker is: "
    "enter one that is, in this load, and leave the worker OWNER or SHARED until then."
)
NOT_PUBLIC = f"workers.csv, line 2, audience: {NOTHING_PUBLISHED}"
TOO_WIDE = (
    "{}.csv, line 2, audience: is {}, but a person whom this names is OWNER: leave it empty, or "
    "make that person {} in this load, if they may be."
)
MENTORED_IN_PUBLIC = (
    "enrolments.csv, line 2, trainee: is the apprentice of the mentorship 'm', which is PUBLIC; "
    "that of a trainee never is. Make that one OWNER or SHARED, in this load or before it."
)
NEVER_A_TRAINEES = (
    "mentorships.csv, line 2, audience: "
    "is PUBLIC; the mentorship of a trainee never is. Leave it OWNER or SHARED."
)
NEVER_AN_ENROLMENT = (
    "enrolments.csv, line 2, audience: is PUBLIC; an enrolment never is. Leave it OWNER or SHARED."
)
SHOWN = {"audience": "PUBLIC"}
HIDDEN = [{"audience": "OWNER"}, {"audience": "SHARED"}, {"status": "RETRACTED"}]
OWNERS = {"audience": "OWNER"}
OF_W = {"key": "f", "worker": "w", "sources": "s"}
LEADS = {"studio": "t", "studio_role": "LEADER", "joined": "2019", "left": "2021"}
# What makes a worker known once it is published.
TELLING: Files = {
    "conferrals": [{**OF_W, "honour": "h", **SHOWN}],
    "results": [{**OF_W, "competition": "c", **SHOWN}],
    "qualifications": [{**OF_W, "grade": "SENIOR", **SHOWN}],
    "studio_memberships": [{**OF_W, **LEADS, **SHOWN}],
}
# What doesn't, published or not.
SILENT: Files = {
    "employments": [{**OF_W, "organisation": "o", **SHOWN}],
    "studio_memberships": [{**OF_W, "studio": "t", "studio_role": "MEMBER", **SHOWN}],
    "positions": [{**OF_W, "position_kind": "OTHER", **SHOWN}],
}
BECOMES_PUBLIC = [{"code": "w", "name": "甲", **SHOWN}]
PAIR = {"key": "m", "mentor": "v", "apprentice": "w", "sources": "s"}
ENROLMENT = {"key": "e", "trainee": "w", "college": "o", "sources": "s"}


@pytest.fixture(autouse=True)
async def known(make: RowFactory) -> None:
    """Enter `w`; no person is public."""
    await make(
        sources=[{"key": "s", "title": "t"}],
        organisations=[{"code": "o", "name": "院", "organisation_kind": "OTHER"}],
        honours=[{"code": "h", "name": "荣"}],
        competitions=[{"code": "c", "name": "赛"}],
        studios=[{"code": "t", "name": "室", "studio_kind": "OTHER"}],
        workers=[{"code": "v", "name": "师"}, {"code": "w", "name": "甲"}],
    )


async def refused(make: RowFactory, **files: list[dict[str, Any]]) -> list[str]:
    """Return the problems; nothing has changed."""
    before = await read_tables(make.engine)
    with pytest.raises(ImportRejected) as told:
        await make(**files)
    assert await read_tables(make.engine) == before
    return [str(problem) for problem in told.value.problems]


async def audience(make: RowFactory, table: str, id: str) -> Any:
    async with make.engine.connect() as connection:
        found = text(f"SELECT audience FROM {table} WHERE id = :id")
        return await connection.scalar(found, {"id": id})


def only(files: Files, name: str, **more: str) -> Files:
    return {name: [{**row, **more} for row in files[name]]}


async def test_a_person_and_what_is_told_of_them_is_the_owners_by_default(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        mentorships=[PAIR],
        qualifications=[{**OF_W, "grade": "SENIOR"}],
        enrolments=[ENROLMENT],
    )
    for table, id in (("worker", "w"), ("mentorship", "m"), ("qualification", "f"),
                      ("enrolment", "e")):  # fmt: skip
        assert await audience(make, table, id) == "OWNER", table
    query = """{ workers { totalCount } mentorships { totalCount } qualifications { totalCount }
                 enrolments { totalCount } }"""
    everything = await ask.data(query)
    assert everything == {
        "workers": {"totalCount": 2},
        "mentorships": {"totalCount": 1},
        "qualifications": {"totalCount": 1},
        "enrolments": {"totalCount": 1},
    }
    public = await ask(query, viewer=PUBLIC)
    assert public.data == {name: {"totalCount": 0} for name in everything}


# Workers.


async def test_a_worker_of_whom_nothing_is_published_is_not_public(make: RowFactory) -> None:
    """Neither a new one nor one on record; the message lists them all."""
    rows = [{"code": code, "name": "甲", **SHOWN} for code in ("new", "w")]
    assert await refused(make, workers=rows) == [
        f"workers.csv, line {line}, audience: {NOTHING_PUBLISHED}" for line in (2, 3)
    ]


async def test_a_shared_worker_is_widened_by_the_same_rule(make: RowFactory) -> None:
    await make(workers=[{"code": "w", "name": "甲", "audience": "SHARED"}])
    assert await refused(make, workers=BECOMES_PUBLIC) == [NOT_PUBLIC]


@pytest.mark.parametrize("name", TELLING)
async def test_what_is_hidden_or_retracted_makes_nobody_public(make: RowFactory, name: str) -> None:
    for how in HIDDEN:
        hidden = only(TELLING, name, **how)
        assert await refused(make, workers=BECOMES_PUBLIC, **hidden) == [NOT_PUBLIC]
        await make(**only(TELLING, name, **how | OWNERS))
        assert await refused(make, workers=BECOMES_PUBLIC) == [NOT_PUBLIC]


@pytest.mark.parametrize("name", SILENT)
async def test_other_facts_make_nobody_public(make: RowFactory, name: str) -> None:
    assert await refused(make, workers=BECOMES_PUBLIC, **only(SILENT, name)) == [NOT_PUBLIC]
    await make(**only(SILENT, name, **OWNERS))
    assert await refused(make, workers=BECOMES_PUBLIC) == [NOT_PUBLIC]


@pytest.mark.parametrize("name", TELLING)
async def test_what_is_published_of_another_makes_nobody_public(
    make: RowFactory, name: str
) -> None:
    """Nor is it published itself, while the other isn't."""
    of_v = only(TELLING, name, worker="v")
    too_wide = TOO_WIDE.format(name, "PUBLIC", "PUBLIC")
    assert await refused(make, workers=BECOMES_PUBLIC, **of_v) == [too_wide, NOT_PUBLIC]
    assert await refused(make, **of_v) == [too_wide]


@pytest.mark.parametrize("name", TELLING)
async def test_a_worker_is_public_with_what_is_published_in_the_same_load(
    make: RowFactory, ask: GraphQLTestClient, name: str
) -> None:
    """One on record, and a new one under a code that isn't the key."""
    assert await make(workers=BECOMES_PUBLIC, **only(TELLING, name))
    new = {"code": "n", "key": "k", "name": "新", **SHOWN}
    fact = only(TELLING, name, key="g", worker="n")
    assert await make(workers=[new], **fact)
    answer = await ask("{ workers { nodes { code } } }", viewer=PUBLIC)
    assert sorted(node["code"] for node in answer.data["workers"]["nodes"]) == ["n", "w"]


@pytest.mark.parametrize("name", TELLING)
async def test_a_worker_is_widened_once_something_is_published(make: RowFactory, name: str) -> None:
    """Both at once: neither is shown before the other."""
    await make(**only(TELLING, name, **OWNERS))
    for audience_of in ("PUBLIC", "SHARED"):
        shown = only(TELLING, name, audience=audience_of)
        assert await refused(make, **shown) == [TOO_WIDE.format(name, audience_of, audience_of)]
    assert await refused(make, workers=BECOMES_PUBLIC) == [NOT_PUBLIC]
    written = await make(workers=BECOMES_PUBLIC, **only(TELLING, name))
    assert written == {"Worker": 1, FILES[f"{name}.csv"].__name__: 1}
    assert await audience(make, "worker", "w") == "PUBLIC"


@pytest.mark.parametrize("name", TELLING)
async def test_what_this_very_load_takes_back_makes_nobody_public(
    make: RowFactory, name: str
) -> None:
    await make(workers=BECOMES_PUBLIC, **only(TELLING, name))
    await make(workers=[{"code": "w", **OWNERS}])
    for how in HIDDEN:
        taken_back = only(TELLING, name, **how)
        assert await refused(make, workers=BECOMES_PUBLIC, **taken_back) == [NOT_PUBLIC]


@pytest.mark.parametrize("name", TELLING)
async def test_what_this_very_load_gives_to_another_makes_only_that_one_public(
    make: RowFactory, name: str
) -> None:
    await make(**only(TELLING, name, **OWNERS))
    moved = only(TELLING, name, worker="v")
    too_wide = TOO_WIDE.format(name, "PUBLIC", "PUBLIC")
    assert await refused(make, workers=BECOMES_PUBLIC, **moved) == [too_wide, NOT_PUBLIC]
    await make(workers=[{"code": "v", "name": "师", **SHOWN}], **moved)
    assert await audience(make, "worker", "v") == "PUBLIC"


@pytest.mark.parametrize("name", TELLING)
async def test_who_is_public_is_corrected_though_the_fact_was_taken_back_since(
    make: RowFactory, name: str
) -> None:
    """And stays public until narrowed; to be widened again takes something published again."""
    for how in HIDDEN:
        await make(workers=BECOMES_PUBLIC, **only(TELLING, name))
        await make(**only(TELLING, name, **how))
        assert await audience(make, "worker", "w") == "PUBLIC"
        for row in ({"name": "乙", **SHOWN}, {"name": "丙"}):
            assert await make(workers=[{"code": "w", **row}]) == {"Worker": 1}
            assert await audience(make, "worker", "w") == "PUBLIC"
        written = await make(workers=[{"code": "w", **OWNERS}])
        assert written == {"Worker": 1} if how == OWNERS else written["Worker"] == 1
        assert await refused(make, workers=BECOMES_PUBLIC) == [NOT_PUBLIC]


async def test_a_fact_that_could_not_be_read_is_the_only_problem(make: RowFactory) -> None:
    [row] = TELLING["results"]
    assert await refused(
        make, workers=BECOMES_PUBLIC, results=[{**row, "competition": "none"}]
    ) == ["results.csv, line 2, competition: there is no Competition 'none'."]


# Enrolments.


@pytest.mark.parametrize("status", ["ASSERTED", "RETRACTED"])
async def test_an_enrolment_is_never_public(make: RowFactory, status: str) -> None:
    shown = {**ENROLMENT, **SHOWN, "status": status}
    assert await refused(make, enrolments=[shown]) == [NEVER_AN_ENROLMENT]
    shared = {"code": "w", "name": "甲", "audience": "SHARED"}
    await make(workers=[shared], enrolments=[{**ENROLMENT, "audience": "SHARED"}])
    assert await refused(make, enrolments=[shown]) == [NEVER_AN_ENROLMENT]
    assert await audience(make, "enrolment", "e") == "SHARED"


async def test_the_database_refuses_a_public_enrolment_itself(make: RowFactory) -> None:
    await make(enrolments=[ENROLMENT])
    with pytest.raises(IntegrityError, match="never_public"):
        async with write_transaction(make.engine) as connection:
            await connection.execute(text("UPDATE enrolment SET audience = 'PUBLIC'"))
    assert await audience(make, "enrolment", "e") == "OWNER"


@pytest.mark.parametrize("version", ["0008"])
async def test_what_was_entered_before_the_rule_is_hidden_by_the_migration(
    old_schema_engine: AsyncEngine,
    version: str,
) -> None:
    """With its earlier versions."""
    stamp = "audience, typed_by, recorded_at"
    shown = "'PUBLIC', 't', '2026-01-01'"
    enrolment = f"(id, status, source_id, trainee_id, {stamp}"
    async with write_transaction(old_schema_engine) as connection:
        for statement in (
            f"source (id, title, {stamp}) VALUES ('s', 't', {shown})",
            f"worker (id, code, name, name_key, {stamp}) VALUES ('w', 'w', 'x', 'x', {shown})",
            f"enrolment {enrolment}) VALUES ('e', 'ASSERTED', 's', 'w', {shown})",
            f"enrolment_history {enrolment}, replaced_by, known_until)"
            f" VALUES ('e', 'ASSERTED', 's', 'w', {shown}, 1, '2026-01-01')",
        ):
            await connection.execute(text(f"INSERT INTO {statement}"))
    await migrate(old_schema_engine)
    async with write_transaction(old_schema_engine) as connection:
        for table, found in (("enrolment", "OWNER"), ("enrolment_history", "OWNER"),
                             ("worker", "PUBLIC")):  # fmt: skip
            rows = await connection.scalars(text(f"SELECT audience FROM {table}"))
            assert list(rows) == [found], table


# Mentorships.


async def both_public(make: RowFactory) -> None:
    people = [{"code": "v", "name": "师", **SHOWN}, {"code": "w", "name": "甲", **SHOWN}]
    await make(workers=people, **publishing_rows("v", "w"))


async def test_a_trainees_mentorship_is_never_public(make: RowFactory) -> None:
    """With the enrolment in the same load, or on record; new or widened; even when retracted."""
    shown = [{**PAIR, **SHOWN}]
    assert await refused(make, mentorships=shown, enrolments=[ENROLMENT]) == [NEVER_A_TRAINEES]
    await make(enrolments=[ENROLMENT])
    assert await refused(make, mentorships=shown) == [NEVER_A_TRAINEES]
    assert await refused(make, mentorships=[{**PAIR, **SHOWN, "status": "RETRACTED"}]) == [
        NEVER_A_TRAINEES
    ]
    await both_public(make)
    await make(mentorships=[{**PAIR, "audience": "SHARED"}])
    assert await refused(make, mentorships=shown) == [NEVER_A_TRAINEES]


async def test_who_has_left_college_was_a_trainee_still(make: RowFactory) -> None:
    await make(enrolments=[{**ENROLMENT, "started": "2015", "ended": "2018"}])
    assert await refused(make, mentorships=[{**PAIR, **SHOWN, "started": "2024"}]) == [
        NEVER_A_TRAINEES
    ]


async def test_a_mentorship_at_work_may_be_public(make: RowFactory, ask: GraphQLTestClient) -> None:
    """Though its mentor was a trainee once, or an enrolment of the apprentice was an error."""
    await make(
        enrolments=[
            {**ENROLMENT, "trainee": "v"},
            {**ENROLMENT, "key": "wrong", "status": "RETRACTED"},
        ]
    )
    await both_public(make)
    await make(mentorships=[{**PAIR, **SHOWN}])
    answer = await ask("{ mentorships { totalCount } }", viewer=PUBLIC)
    assert answer.data == {"mentorships": {"totalCount": 1}}


async def test_an_enrolment_waits_until_a_public_mentorship_is_narrowed(make: RowFactory) -> None:
    shown, narrowed = {**PAIR, **SHOWN}, {**PAIR, "audience": "OWNER"}
    wrong = {**ENROLMENT, "status": "RETRACTED"}
    await both_public(make)
    await make(mentorships=[shown])
    assert await make(enrolments=[wrong]) == {"Enrolment": 1}
    for row in (
        {**ENROLMENT, "key": "other"},
        {**ENROLMENT, "status": "VERIFIED"},  # no error after all
    ):
        assert await refused(make, enrolments=[row]) == [MENTORED_IN_PUBLIC]
    assert await make(enrolments=[ENROLMENT | {"key": "other"}], mentorships=[narrowed]) == {
        "Enrolment": 1,
        "Mentorship": 1,
    }
    assert await refused(make, mentorships=[shown]) == [NEVER_A_TRAINEES]


async def test_a_mentorship_that_passes_to_a_trainee_is_public_no_more(make: RowFactory) -> None:
    await both_public(make)
    await make(
        mentorships=[{**PAIR, **SHOWN}],
        workers=[{"code": "x", "name": "学"}],
        enrolments=[{**ENROLMENT, "trainee": "x"}],
    )
    passed = {**PAIR, "apprentice": "x"}
    assert await refused(make, mentorships=[{**passed, **SHOWN}]) == [NEVER_A_TRAINEES]
    assert await make(mentorships=[passed]) == {"Mentorship": 1}
    assert await audience(make, "mentorship", "m") == "OWNER"


async def test_an_enrolment_that_passes_to_a_publicly_mentored_worker_is_refused(
    make: RowFactory,
) -> None:
    await both_public(make)
    await make(mentorships=[{**PAIR, **SHOWN}], enrolments=[{**ENROLMENT, "trainee": "v"}])
    assert await refused(make, enrolments=[ENROLMENT]) == [MENTORED_IN_PUBLIC]
