"""Columns that follow from facts: kept up to date by writes, and by the day."""

from collections import Counter
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.db.engine import write_transaction
from models.history import model_table
from models.partner import Role
from models.worker import Grade, Worker
from resolvers.core.access import partner_viewer
from resolvers.writing.derived_columns import refresh_for_day
from tests.support.graph import GraphQLTestClient, RowFactory, record_statements

SOURCE = {"key": "s", "title": "t"}
WORKER = model_table(Worker)


async def test_employer_grade_leader_and_region_follow_the_facts(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        sources=[SOURCE],
        organisations=[
            {"code": f"o{n}", "name": f"单{n}", "organisation_kind": "OTHER"} for n in range(3)
        ],
        workers=[{"code": "w", "name": "甲", "region": "370200"}],
        studios=[{"code": "t", "name": "室", "studio_kind": "OTHER", "region": "230100"}],
        employments=[
            {"key": "1", "worker": "w", "organisation": "o0", "started": "2010", "ended": "2020",
             "sources": "s"},
            {"key": "2", "worker": "w", "organisation": "o1", "started": "2021", "ended": "",
             "sources": "s"},
        ],
        qualifications=[
            {"key": "1", "worker": "w", "grade": "TECHNICIAN", "sources": "s"},
            {"key": "2", "worker": "w", "grade": "SENIOR", "sources": "s"},
        ],
        studio_memberships=[
            {"key": "1", "studio": "t", "worker": "w", "studio_role": "LEADER", "sources": "s"}
        ],
        honours=[{"code": "h", "name": "荣"}],
        conferrals=[{"key": "c", "honour": "h", "worker": "w", "sources": "s"}],
        outcomes=[{"key": "o", "studio": "t", "outcome_kind": "OTHER", "sources": "s"}],
    )  # fmt: skip
    query = """{ worker(code: "w") { grade employer { code } ledStudios { nodes { code } }
        conferrals { nodes { region { code } } } }
      organisation(code: "o1") { workers { totalCount } }
      region(code: "230000") { outcomes { totalCount } conferrals { totalCount } } }"""
    answer = await ask.data(query)
    assert answer == {
        "worker": {
            "grade": "TECHNICIAN",
            "employer": {"code": "o1"},
            "ledStudios": {"nodes": [{"code": "t"}]},
            "conferrals": {"nodes": [{"region": {"code": "370200"}}]},
        },
        "organisation": {"workers": {"totalCount": 1}},
        "region": {"outcomes": {"totalCount": 1}, "conferrals": {"totalCount": 0}},
    }
    moved = {"code": "w", "name": "甲", "region": "230100"}
    ended = {"key": "2", "worker": "w", "organisation": "o1", "started": "2021", "ended": "2023",
             "sources": "s"}  # fmt: skip
    await make(workers=[moved], employments=[ended])
    answer = await ask.data(query)
    assert answer["worker"]["employer"] is None
    assert answer["organisation"] == {"workers": {"totalCount": 0}}
    assert answer["region"]["conferrals"] == {"totalCount": 1}


async def test_what_was_retracted_counts_no_more(make: RowFactory, ask: GraphQLTestClient) -> None:
    employment = {"worker": "w", "organisation": "o", "started": "2020", "sources": "s"}
    await make(
        sources=[SOURCE],
        organisations=[{"code": "o", "name": "单", "organisation_kind": "OTHER"}],
        workers=[{"code": "w", "name": "甲"}],
        employments=[{"key": "1", **employment, "status": "RETRACTED"}],
    )
    query = """{ worker(code: "w") { employer { code } employments { totalCount }
      retracted: employments(filter: {status: RETRACTED}) { totalCount nodes { status } } }
      workers(filter: {employments: {}}) { totalCount } }"""
    assert await ask.data(query) == {
        "worker": {
            "employer": None,
            "employments": {"totalCount": 0},
            "retracted": {"totalCount": 1, "nodes": [{"status": "RETRACTED"}]},
        },
        "workers": {"totalCount": 0},
    }
    await make(employments=[{"key": "2", **employment, "status": "ASSERTED"}])
    assert (await ask.data(query))["worker"]["employer"] == {"code": "o"}


async def test_a_new_day_moves_what_follows_from_the_day(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        sources=[SOURCE],
        organisations=[
            {"code": code, "name": code, "organisation_kind": "OTHER"} for code in ("now", "soon")
        ],
        workers=[{"code": "w", "name": "甲"}],
        employments=[
            {"key": "1", "worker": "w", "organisation": "now", "started": "2020",
             "ended": "2036-01-01", "sources": "s"},
            {"key": "2", "worker": "w", "organisation": "soon", "started": "2036-01-01",
             "ended": "", "sources": "s"},
        ],
    )  # fmt: skip
    query = """{ worker(code: "w") { employer { code }
      employments { nodes { organisation { code } } } } }"""

    async def employers(today: date) -> list[str]:
        worker = (await ask(query, today=today)).data["worker"]
        [held] = worker["employments"]["nodes"]
        return [worker["employer"]["code"], held["organisation"]["code"]]

    assert await employers(date(2026, 11, 21)) == ["now", "now"]
    await refresh_for_day(make.engine, date(2036, 1, 1))
    assert await employers(date(2036, 1, 1)) == ["soon", "soon"]
    # Once a day: whoever comes later reads which day it is, and nothing else.
    with record_statements(make.engine) as statements:
        await refresh_for_day(make.engine, date(2036, 1, 1))
    assert len(statements) == 1


async def test_a_write_asks_those_rows_alone_from_which_something_follows(make: RowFactory) -> None:
    """Other derived values stay, even wrong ones: only affected ones are computed again."""
    await make(
        sources=[SOURCE],
        organisations=[
            {"code": code, "name": code, "organisation_kind": "OTHER"} for code in ("o", "p")
        ],
        workers=[{"code": code, "name": code} for code in ("v", "w")],
        employments=[
            {"key": code, "worker": code, "organisation": "o", "started": year, "sources": "s"}
            for code, year in (("v", "2021"), ("w", "2020"))
        ],
    )
    async with write_transaction(make.engine) as connection:
        await connection.execute(update(WORKER).values(employer_all_id=None))
    await make(employments=[{"key": "w", "worker": "w", "organisation": "p", "sources": "s"}])
    assert await employers(make.engine) == {"v": None, "w": "p"}
    # Both of whom a fact that is moved tells: it was the one's, and is the other's.
    await make(employments=[{"key": "w", "worker": "v", "organisation": "p", "sources": "s"}])
    assert await employers(make.engine) == {"v": "o", "w": None}


async def test_a_new_day_asks_those_alone_whose_spells_begin_or_end(make: RowFactory) -> None:
    job = {"organisation": "o", "sources": "s"}
    await make(
        sources=[SOURCE],
        organisations=[{"code": "o", "name": "o", "organisation_kind": "OTHER"}],
        workers=[{"code": code, "name": code} for code in ("begins", "ends", "stays")],
        employments=[
            {"key": "1", "worker": "begins", "started": "2036-01-02", "ended": "", **job},
            {"key": "2", "worker": "ends", "started": "", "ended": "2036-01-02", **job},
            {"key": "3", "worker": "stays", "started": "2020", "ended": "", **job},
        ],
    )
    await refresh_for_day(make.engine, date(2036, 1, 1))
    assert await employers(make.engine) == {"begins": None, "ends": "o", "stays": "o"}
    async with write_transaction(make.engine) as connection:
        wrong = update(WORKER).where(WORKER.c.id == "stays").values(employer_all_id=None)
        await connection.execute(wrong)
    await refresh_for_day(make.engine, date(2036, 1, 3))
    assert await employers(make.engine) == {"begins": "o", "ends": None, "stays": None}


async def test_of_two_employers_the_one_that_the_newer_source_names(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """Neither says since when: how the facts are spelt decides nothing."""
    job = {"started": "", "ended": ""}
    await make(
        sources=[
            {"key": "s22", "title": "二二", "published_on": "2022-03"},
            {"key": "s24", "title": "二四", "published_on": "2024-07"},
        ],
        organisations=[
            {"code": code, "name": code, "organisation_kind": "ENTERPRISE"} for code in ("oa", "ob")
        ],
        workers=[{"code": code, "name": code} for code in ("w1", "w2", "w3")],
        employments=[
            {"key": "a1", "worker": "w1", "organisation": "oa", "sources": "s22", **job},
            {"key": "b1", "worker": "w1", "organisation": "ob", "sources": "s24", **job},
            {"key": "z2", "worker": "w2", "organisation": "oa", "sources": "s22", **job},
            {"key": "b2", "worker": "w2", "organisation": "ob", "sources": "s24", **job},
            {"key": "a3", "worker": "w3", "organisation": "oa", "sources": "s24", **job},
            {"key": "b3", "worker": "w3", "organisation": "ob", "sources": "s24", **job},
        ],
    )
    asked = """{ workers { nodes { code employer { code } } }
      organisation(code: "ob") { workers { nodes { code } } } }"""
    told = await ask.data(asked)
    assert told["workers"]["nodes"] == [
        {"code": "w1", "employer": {"code": "ob"}},
        {"code": "w2", "employer": {"code": "ob"}},
        {"code": "w3", "employer": None},  # nothing puts one of the two first
    ]
    assert told["organisation"]["workers"]["nodes"] == [{"code": "w1"}, {"code": "w2"}]
    # When a source turns out to be older, so does what it says.
    await make(sources=[{"key": "s24", "title": "二四", "published_on": "2020"}])
    told = await ask.data(asked)
    assert [one["employer"] for one in told["workers"]["nodes"]] == [
        {"code": "oa"}, {"code": "oa"}, None,
    ]  # fmt: skip


async def test_several_lead_a_studio_at_once(make: RowFactory, ask: GraphQLTestClient) -> None:
    leads = {"studio": "st", "studio_role": "LEADER", "sources": "s"}
    await make(
        sources=[SOURCE],
        workers=[{"code": code, "name": code} for code in ("w1", "w2", "w3")],
        studios=[{"code": "st", "name": "室", "studio_kind": "CRAFTSMAN"}],
        studio_memberships=[
            {"key": "m1", "worker": "w1", "joined": "2020", **leads},
            {"key": "m2", "worker": "w2", "joined": "2020", **leads},
        ],
    )
    asked = """{
      studio(code: "st") { leader { code } leaders { code } }
      workers { nodes { code ledStudios { totalCount } } }
      w1: studios(filter: {leader: {code: "w1"}}) { totalCount }
      w2: studios(filter: {leader: {code: "w2"}}) { totalCount }
      w3: studios(filter: {leader: {code: "w3"}}) { totalCount }
      nobody: studios(filter: {isNull: [LEADER]}) { totalCount }
    }"""
    one, none = {"totalCount": 1}, {"totalCount": 0}
    told = await ask.data(asked)
    assert told == {
        "studio": {"leader": None, "leaders": [{"code": "w1"}, {"code": "w2"}]},
        "workers": {
            "nodes": [
                {"code": "w1", "ledStudios": one},
                {"code": "w2", "ledStudios": one},
                {"code": "w3", "ledStudios": none},
            ]
        },
        "w1": one,
        "w2": one,
        "w3": none,
        "nobody": none,
    }
    # Who joined last is the first of them.
    await make(studio_memberships=[{"key": "m3", "worker": "w3", "joined": "2021", **leads}])
    told = await ask.data(asked)
    assert told["studio"] == {
        "leader": {"code": "w3"},
        "leaders": [{"code": "w1"}, {"code": "w2"}, {"code": "w3"}],
    }
    assert [told[key] for key in ("w1", "w2", "w3", "nobody")] == [one, one, one, none]


GRADES = """query($code: String!) { worker(code: $code) {
  grade employer { code }
  qualifications { nodes { grade } } employments { nodes { organisation { code } } }
} }"""


async def test_a_convenor_is_told_nothing_that_follows_from_facts_it_may_not_see(
    ask_examples: GraphQLTestClient,
) -> None:
    """In the demonstration fourteen grades and as many employers were visible before."""
    everything = await ask_examples(GRADES, code="demo_craftsman_015")
    assert everything.data["worker"]["grade"] == "APPRENTICE"
    assert everything.data["worker"]["employer"] == {"code": "demo_enterprise_03"}
    convenor = partner_viewer(Role.ALLIANCE, "demo_union_a")
    alliance = """{ alliance(code: "demo_alliance_axle") { convenor { code } } }"""
    assert (await ask_examples.data(alliance))["alliance"]["convenor"]["code"] == "demo_union_a"
    told = await ask_examples(GRADES, convenor, code="demo_craftsman_015")
    assert told.data["worker"] == {
        "grade": None,
        "employer": None,
        "qualifications": {"nodes": []},
        "employments": {"nodes": []},
    }


async def test_a_college_is_told_the_grades_beside_the_certificates_that_it_sees(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = """{ cohort(college: "demo_college", year: 2023) { enrolled(first: 100) {
      nodes { grade qualifications { nodes { grade } } }
      groups(by: [GRADE]) { nodes { keys { code } count } } } } }"""
    told = (await ask_examples(asked, partner_viewer(Role.COLLEGE, "demo_college"))).data
    trainees = told["cohort"]["enrolled"]["nodes"]
    grades = Counter(one["grade"] for one in trainees)
    for one in trainees:
        held = [certificate["grade"] for certificate in one["qualifications"]["nodes"]]
        assert one["grade"] == max(held, key=list(Grade).index, default=None)
    groups = told["cohort"]["enrolled"]["groups"]["nodes"]
    assert {one["keys"][0]["code"]: one["count"] for one in groups} == grades
    assert len(trainees) == 72
    assert (grades[None], grades["SENIOR"]) == (8, 36)


async def test_a_unions_groups_by_grade_are_those_of_its_people(
    ask_examples: GraphQLTestClient,
) -> None:
    asked = """{ region(code: "demo_province_north") { workers(first: 100) {
      totalCount groups(by: [GRADE]) { nodes { keys { code } count } } } } }"""
    union = partner_viewer(Role.UNION, "demo_union_a", "demo_province_north")
    told = (await ask_examples(asked, union)).data["region"]["workers"]
    groups = {one["keys"][0]["code"]: one["count"] for one in told["groups"]["nodes"]}
    assert (told["totalCount"], groups[None]) == (119, 25)  # but for one minor


async def employers(engine: AsyncEngine) -> dict[str, str | None]:
    async with engine.connect() as connection:
        rows = await connection.execute(select(WORKER.c.id, WORKER.c.employer_all_id))
        return {row.id: row.employer_all_id for row in rows}
