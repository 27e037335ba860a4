"""The one write path: what it refuses, what it records, what a correction changes."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.errors import ImportRejected
from models import HISTORY_TABLES
from models.change import Change
from models.history import model_table
from models.worker import Worker
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts
from tests.support.registries import disposing_engine

SOURCE = {"key": "s", "title": "t"}

FIGURE = {
    "key": "f", "metric": "m", "label": "x", "sources": "s", "quantity_value": "1",
    "quantity_unit": "person", "quantity_qualifier": "EXACT",
}  # fmt: skip

# file, row, column, reason
WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("workers", {"code": "", "name": "x"}, "code",
     "takes 1 to 80 letters, digits, _ . or -, a letter or digit first."),
    ("workers", {"code": "名", "name": "x"}, "code",
     "'名' has '名' in place 1: "
     "a code takes 1 to 80 letters, digits, _ . or -, a letter or digit first."),
    ("workers", {"code": "w", "name": ""}, "name", "may not be empty."),
    ("workers", {"code": "w", "name": "x", "region": "999999"}, "region",
     "there is no Region '999999'."),
    ("workers", {"code": "w", "name": "x", "owner": "nobody"}, "owner",
     "there is no Organisation 'nobody'."),
    ("workers", {"code": "w", "name": "x", "frontline": "perhaps"}, "frontline",
     "'perhaps' is neither true nor false."),
    ("workers", {"code": "w", "name": "x", "audience": "ALL"}, "audience",
     "'ALL' is none of PUBLIC, SHARED, OWNER, PROTECTED."),
    ("organisations", {"code": "o", "name": "x", "organisation_kind": "OTHER",
                       "credit_code": "91110000600037341X"}, "credit_code",
     "'91110000600037341X' has 'X' in place 18; by the others it is 'L'."),
    ("organisations", {"code": "o", "name": "x", "organisation_kind": ""}, "organisation_kind",
     "may not be empty."),
    ("competitions", {"code": "c", "name": "x", "year": "2.5"}, "year",
     "'2.5' is not a whole number."),
    ("studios", {"code": "s", "name": "x", "studio_kind": "OTHER", "founded": "2023-02-30"},
     "founded", "'2023-02-30' is not in the calendar; a year, a month or a day is accepted: "
     "2022, 2022-08 or 2022-08-01."),
    ("studios", {"code": "s", "name": "x", "studio_kind": "OTHER", "founded": "May 2023"},
     "founded", "'May 2023' is no date; a year, a month or a day is accepted: "
     "2022, 2022-08 or 2022-08-01."),
    ("training_classes", {"code": "c", "name": "x", "started": "2023-05-02",
                          "ended": "2023-05-01"}, "ended",
     "2023-05-01 is not after 2023-05-02: a spell holds on a day at least."),
    ("figures", {**FIGURE, "sources": ""}, "sources", "may not be empty."),
    ("figures", {**FIGURE, "sources": "t"}, "sources", "there is no Source 't'."),
    ("figures", {**FIGURE, "quantity_unit": "万人"}, "quantity_unit",
     "'万人' is not a known unit, such as person."),
    ("figures", {**FIGURE, "quantity_value": "inf"}, "quantity_value",
     "'inf' is not a number: use digits and a decimal point."),
    ("figures", {**FIGURE, "quantity_value": "1万"}, "quantity_value",
     "'1万' is not a number: use digits and a decimal point."),
    ("figures", {**FIGURE, "quantity_value": "1_000"}, "quantity_value",
     "'1_000' is not a number: use digits and a decimal point."),
    ("figures", {**FIGURE, "year": "99"}, "year", "is 99; it is from 1900 to 2200."),
    ("honours", {"code": "h", "name": "x", "prize_value": "1"}, "prize_value",
     "goes with its unit and its qualifier."),
    ("competitions", {"code": "c", "name": "x", "edition": "-3"}, "edition",
     "is -3; it is 1 or more."),
    ("prize_rules", {"key": "p", "rank_from": "9", "rank_to": "1", "amount_value": "1",
                     "amount_unit": "yuan", "amount_qualifier": "EXACT", "sources": "s"},
     "rank_to", "comes before the first rank that is paid."),
    ("teachings", {"key": "t", "sources": "s"}, "organisation",
     "fill exactly one of worker, organisation."),
]  # fmt: skip


async def fill(make: RowFactory) -> None:
    await make(sources=[SOURCE])


@pytest.mark.parametrize(("file", "row", "column", "reason"), WRONG)
async def test_a_wrong_row_is_refused_and_nothing_changes(
    filled_url: str, file: str, row: dict[str, Any], column: str, reason: str
) -> None:
    fine = {"code": "fine", "name": "盟", "alliance_kind": "OTHER"}
    async with disposing_engine(filled_url) as engine:
        before = await row_counts(engine)
        with pytest.raises(ImportRejected) as refused:
            await RowFactory(engine)(**{file: [row], "alliances": [fine]})
        assert await row_counts(engine) == before
    assert [str(problem) for problem in refused.value.problems] == [
        f"{file}.csv, line 2, {column}: {reason}"
    ]


async def test_all_problems_of_all_files_are_told_at_once(make: RowFactory) -> None:
    before = await row_counts(make.engine)
    with pytest.raises(ImportRejected) as refused:
        await make(
            workers=[{"code": "a", "name": "", "region": "1"}, {"code": "b", "name": "x"}],
            studios=[{"code": "s", "name": "x", "studio_kind": "BIG"}],
        )
    assert [str(problem) for problem in refused.value.problems] == [
        "studios.csv, line 2, studio_kind: 'BIG' is none of MODEL_WORKER, CRAFTSMAN, "
        "SKILL_MASTER, INNOVATION_TEAM, OTHER.",
        "workers.csv, line 2, name: may not be empty.",
        "workers.csv, line 2, region: there is no Region '1'.",
    ]
    assert str(refused.value) == "3 problems; nothing was loaded."
    assert await row_counts(make.engine) == before


async def test_a_code_stands_once(make: RowFactory) -> None:
    rows = [{"code": "w", "name": "甲"}, {"code": "w", "name": "乙"}]
    with pytest.raises(ImportRejected) as refused:
        await make(workers=rows)
    assert [str(problem) for problem in refused.value.problems] == [
        "workers.csv, line 3, code: 'w' is in workers.csv, line 2 already."
    ]


async def test_what_is_unique_stands_once_on_record_too(make: RowFactory) -> None:
    code = "91350211M000100Y46"
    row = {"name": "x", "organisation_kind": "OTHER", "credit_code": code}
    await make(organisations=[{"code": "a", **row}])
    with pytest.raises(ImportRejected) as refused:
        await make(organisations=[{"code": "b", **row}])
    assert [problem.reason for problem in refused.value.problems] == [
        "is the same as that of 'a'; it must be unique."
    ]
    assert await make(organisations=[{"code": "a", **row, "name": "y"}]) == {
        "Organisation": 1,
        "OrganisationFormerName": 1,
    }


async def test_a_tree_has_no_cycle(make: RowFactory) -> None:
    def row(code: str, parent: str) -> dict[str, str]:
        return {"code": code, "name": code, "scheme": "T", "parent": parent}

    await make(industries=[row("a", ""), row("b", "a"), row("c", "b")])
    before = await row_counts(make.engine)
    for rows in ([row("a", "c")], [row("a", "a")], [row("x", "y"), row("y", "x")]):
        with pytest.raises(ImportRejected) as refused:
            await make(industries=rows)
        assert {problem.column for problem in refused.value.problems} == {"parent"}
        assert "would be inside itself." in refused.value.problems[0].reason
    assert await row_counts(make.engine) == before


async def test_children_may_stand_before_their_parents(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    rows = [
        {"code": code, "name": code, "scheme": "T", "parent": parent}
        for code, parent in (("c", "b"), ("b", "a"), ("a", ""))
    ]
    await make(industries=rows)
    query = '{ industry(code: "c") { parent { parent { code parent { code } } } } }'
    assert (await ask.data(query))["industry"]["parent"]["parent"] == {"code": "a", "parent": None}


async def test_a_change_and_the_replaced_image_are_recorded(make: RowFactory) -> None:
    await make(workers=[{"code": "w", "name": "甲"}])
    await make(workers=[{"code": "w", "name": "乙"}])
    assert await make(workers=[{"code": "w", "name": "乙"}]) == {}
    async with make.engine.connect() as connection:
        change, twin = model_table(Change), HISTORY_TABLES[Worker]
        changes = (
            await connection.execute(
                select(change).where(change.c.subject_type == "Worker").order_by(change.c.id)
            )
        ).all()
        [image] = (await connection.execute(select(twin))).all()
        [live] = (await connection.execute(select(model_table(Worker)))).all()
    assert [(row.change_kind, row.subject_id, row.typed_by) for row in changes] == [
        ("CREATED", "w", "test"),
        ("CORRECTED", "w", "test"),
    ]
    assert changes[1].id == changes[0].id + 1
    assert (image.id, image.name, image.name_key) == ("w", "甲", "jia3 甲")
    assert image.replaced_by == changes[1].id
    assert image.recorded_at == changes[0].recorded_at
    assert image.known_until == live.recorded_at == changes[1].recorded_at
    assert (live.name, live.name_key) == ("乙", "yi3 乙")


async def test_a_fact_belongs_to_who_vouches_for_its_source(make: RowFactory) -> None:
    await make(
        organisations=[{"code": "paper", "name": "报", "organisation_kind": "OTHER"}],
        sources=[{"key": "s", "title": "t", "asserted_by": "paper"}],
        workers=[{"code": "w", "name": "甲"}],
        employments=[{"key": "e", "worker": "w", "organisation": "paper", "sources": "s"}],
        qualifications=[{"key": "q", "worker": "w", "grade": "SENIOR", "sources": "s"}],
    )
    async with make.engine.connect() as connection:
        for table in ("employment", "qualification"):
            row = await connection.execute(text(f"SELECT owner_id, audience FROM {table}"))
            assert tuple(row.one()) == ("paper", "OWNER")


async def test_further_sources_are_given_too(make: RowFactory, ask: GraphQLTestClient) -> None:
    await make(
        sources=[
            {"key": "b", "title": "二", "published_on": "2023"},
            {"key": "a", "title": "一", "published_on": "2022-05"},
        ],
        workers=[{"code": "w", "name": "甲"}],
        qualifications=[{"key": "q", "worker": "w", "sources": "b; a"}],
    )
    query = '{ worker(code: "w") { qualifications { nodes { sources { title } } } } }'
    [node] = (await ask.data(query))["worker"]["qualifications"]["nodes"]
    assert node == {"sources": [{"title": "一"}, {"title": "二"}]}


RAW = [
    "INSERT INTO result (id, audience, typed_by, recorded_at, status, source_id, competition_id) "
    "VALUES ('r', 'PUBLIC', 't', '2026-01-01', 'ASSERTED', 's', 'c')",
    "UPDATE competition SET series_id = 'nothing'",
    "UPDATE source SET title = NULL",
    "INSERT INTO worker (id, audience, typed_by, recorded_at, code, name, name_key) "
    "VALUES ('v', 'PUBLIC', 't', '2026-01-01', 'w', 'x', 'x')",
    "UPDATE employment SET begins = '2022-01-01', ends = '2021-01-01'",
    "UPDATE alliance SET member_count_value = 1",
]


@pytest.mark.parametrize("statement", RAW)
async def test_the_database_holds_the_rules_by_itself(
    make: RowFactory, engine: AsyncEngine, statement: str
) -> None:
    await make(
        sources=[SOURCE],
        competitions=[{"code": "c", "name": "赛"}],
        workers=[{"code": "w", "name": "甲"}],
        organisations=[{"code": "o", "name": "单", "organisation_kind": "OTHER"}],
        employments=[{"key": "e", "worker": "w", "organisation": "o", "sources": "s"}],
        alliances=[{"code": "a", "name": "盟", "alliance_kind": "OTHER"}],
    )
    with pytest.raises(IntegrityError):
        async with engine.begin() as connection:
            await connection.execute(text(statement))


async def test_unique_values_may_move_between_rows(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    def stages(*names: str) -> list[dict[str, Any]]:
        return [
            {"key": name, "ladder": "l", "order": order, "name": name}
            for order, name in enumerate(names, start=1)
        ]

    def rungs(*honours: str) -> list[dict[str, Any]]:
        return [
            {"key": f"r{n}", "ladder": "l", "rank": n + 1, "name": "级", "honour": honour}
            for n, honour in enumerate(honours)
        ]

    await make(
        ladders=[{"code": "l", "name": "梯"}],
        honours=[{"code": code, "name": code} for code in "hij"],
        selection_stages=stages("a", "b"),
        rungs=rungs("h", "i"),
    )
    await make(selection_stages=stages("b", "c", "a"), rungs=rungs("i", "h"))
    found = await ask.data('{ ladder(code: "l") { stages { name } rungs { honour { code } } } }')
    assert found["ladder"] == {
        "stages": [{"name": "b"}, {"name": "c"}, {"name": "a"}],
        "rungs": [{"honour": {"code": "i"}}, {"honour": {"code": "h"}}],
    }


async def test_sources_are_those_that_were_named_last(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(
        sources=[{"key": key, "title": key} for key in "abc"],
        workers=[{"code": "w", "name": "甲"}],
    )
    query = '{ worker(code: "w") { qualifications { nodes { sources { title } } } } }'

    async def titles(sources: str) -> str:
        await make(qualifications=[{"key": "q", "worker": "w", "sources": sources}])
        [node] = (await ask.data(query))["worker"]["qualifications"]["nodes"]
        return "".join(source["title"] for source in node["sources"])

    assert await titles("a;b") == "ab"
    assert await titles("b;a;b") == "ab"
    assert await titles("c;b") == "bc"
    assert await titles("c") == "c"
    row = {"key": "q", "worker": "w", "sources": "c"}
    assert await make(qualifications=[row]) == {}


async def test_an_owner_stays_until_another_is_named(make: RowFactory) -> None:
    fact = {"key": "q", "worker": "w", "sources": "s"}
    await make(
        organisations=[
            {"code": code, "name": code, "organisation_kind": "OTHER"} for code in ("a", "b")
        ],
        sources=[{"key": "s", "title": "t", "asserted_by": "a"}],
        workers=[{"code": "w", "name": "甲"}],
        qualifications=[{**fact, "owner": ""}],
    )

    async def owner() -> Any:
        async with make.engine.connect() as connection:
            return await connection.scalar(text("SELECT owner_id FROM qualification"))

    assert await owner() == "a"
    await make(qualifications=[{**fact, "owner": "b"}])
    assert await owner() == "b"
    await make(qualifications=[{**fact, "grade": "SENIOR"}])
    assert await owner() == "b"
