"""Columns that follow from facts: kept up to date by writes, and by the day."""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import writing
from models import Worker
from models.history import stored
from resolvers.derived import refresh
from tests.asking import Ask, Make, counted

SOURCE = {"key": "s", "title": "t"}
WORKER = stored(Worker)


async def test_employer_grade_leader_and_region_follow_the_facts(make: Make, ask: Ask) -> None:
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


async def test_what_was_retracted_counts_no_more(make: Make, ask: Ask) -> None:
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


async def test_a_new_day_moves_what_follows_from_the_day(make: Make, ask: Ask) -> None:
    await make(
        sources=[SOURCE],
        organisations=[
            {"code": code, "name": code, "organisation_kind": "OTHER"} for code in ("now", "soon")
        ],
        workers=[{"code": "w", "name": "甲"}],
        employments=[
            {"key": "1", "worker": "w", "organisation": "now", "started": "2020",
             "ended": "2200-01-01", "sources": "s"},
            {"key": "2", "worker": "w", "organisation": "soon", "started": "2200-01-01",
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
    await refresh(make.engine, date(2200, 1, 1))
    assert await employers(date(2200, 1, 1)) == ["soon", "soon"]
    # Once a day: whoever comes later reads which day it is, and nothing else.
    with counted(make.engine) as statements:
        await refresh(make.engine, date(2200, 1, 1))
    assert len(statements) == 1


async def test_a_write_asks_those_rows_alone_from_which_something_follows(make: Make) -> None:
    """What follows for others stays, though it be wrong: nobody looked at them."""
    await make(
        sources=[SOURCE],
        organisations=[
            {"code": code, "name": code, "organisation_kind": "OTHER"} for code in ("o", "p")
        ],
        workers=[{"code": code, "name": code} for code in ("v", "w")],
        employments=[
            {"key": code, "worker": code, "organisation": "o", "sources": "s"} for code in "vw"
        ],
    )
    async with writing(make.engine) as connection:
        await connection.execute(update(WORKER).values(employer_id=None))
    await make(employments=[{"key": "w", "worker": "w", "organisation": "p", "sources": "s"}])
    assert await employers(make.engine) == {"v": None, "w": "p"}
    # Both of whom a fact that is moved tells: it was the one's, and is the other's.
    await make(employments=[{"key": "w", "worker": "v", "organisation": "p", "sources": "s"}])
    assert await employers(make.engine) == {"v": "o", "w": None}


async def test_a_new_day_asks_those_alone_whose_spells_begin_or_end(make: Make) -> None:
    job = {"organisation": "o", "sources": "s"}
    await make(
        sources=[SOURCE],
        organisations=[{"code": "o", "name": "o", "organisation_kind": "OTHER"}],
        workers=[{"code": code, "name": code} for code in ("begins", "ends", "stays")],
        employments=[
            {"key": "1", "worker": "begins", "started": "2200-01-02", "ended": "", **job},
            {"key": "2", "worker": "ends", "started": "", "ended": "2200-01-02", **job},
            {"key": "3", "worker": "stays", "started": "2020", "ended": "", **job},
        ],
    )
    await refresh(make.engine, date(2200, 1, 1))
    assert await employers(make.engine) == {"begins": None, "ends": "o", "stays": "o"}
    async with writing(make.engine) as connection:
        wrong = update(WORKER).where(WORKER.c.id == "stays").values(employer_id=None)
        await connection.execute(wrong)
    await refresh(make.engine, date(2200, 1, 3))
    assert await employers(make.engine) == {"begins": "o", "ends": None, "stays": None}


async def employers(engine: AsyncEngine) -> dict[str, str | None]:
    async with engine.connect() as connection:
        rows = await connection.execute(select(WORKER.c.id, WORKER.c.employer_id))
        return {row.id: row.employer_id for row in rows}
