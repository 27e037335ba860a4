"""Years and dates beside each other: one follows from the other, or they are refused."""

from typing import Any

import pytest

from kit.errors import ImportRejected
from resolvers.core.context import today_in_china
from tests.support.graph import GraphQLTestClient, RowFactory, row_counts
from tests.support.registries import disposing_engine

CITED = {"sources": "s"}
THIS_YEAR = today_in_china().year


async def fill(make: RowFactory) -> None:
    await make(
        sources=[{"key": "s", "title": "报"}],
        organisations=[{"code": "co", "name": "院", "organisation_kind": "VOCATIONAL_COLLEGE"}],
        workers=[{"code": "w", "name": "工"}],
        honours=[{"code": "h", "name": "荣"}],
        competitions=[
            {"code": "month", "name": "甲", "held_on": "2024-05"},
            {"code": "day", "name": "乙", "held_on": "2024-12-18", "year": ""},
            {"code": "both", "name": "丙", "held_on": "2024-12-18", "year": "2024"},
            {"code": "undated", "name": "丁", "year": "2023"},
            {"code": "unknown", "name": "戊"},
        ],
        results=[{"key": "r", "competition": "month", "worker": "w", "rank": 1, **CITED}],
        enrolments=[
            {"key": "e", "college": "co", "trainee": "w", "started": "2022-09", "ended": "2022-09",
             **CITED}
        ],
        selection_rounds=[
            {"code": "opened", "name": "一批", "honour": "h", "opened": "2023-03"},
            {"code": "within", "name": "二批", "honour": "h", "opened": "2023-03",
             "closed": "2023-07-30"},
            {"code": "across", "name": "三批", "honour": "h", "opened": "2023-11",
             "closed": "2024-02"},
            {"code": "said", "name": "四批", "honour": "h", "opened": "2023-11",
             "closed": "2024-02", "year": "2024"},
        ],
    )  # fmt: skip


async def test_what_has_a_date_is_in_its_year(ask_filled: GraphQLTestClient) -> None:
    answer = await ask_filled.data("""{
      competitions(filter: {year: 2024}) {
        nodes { code year } groups(by: [YEAR]) { nodes { count keys { code } } } }
      all: competitions { groups(by: [YEAR]) { nodes { count keys { code } } } }
      results(filter: {competition: {yearFrom: 2024}}) { totalCount }
      cohort(college: "co", year: 2022) { competed { totalCount } medalled { totalCount } }
      enrolment: enrolments(filter: {cohort: 2022}) { nodes { cohort } }
      selectionRounds(orderBy: [{field: CODE}]) { nodes { code year } }
    }""")
    nodes = answer["competitions"]["nodes"]
    assert {one["code"] for one in nodes} == {"month", "day", "both"}
    assert {one["year"] for one in nodes} == {2024}
    groups = {one["keys"][0]["code"]: one["count"] for one in answer["all"]["groups"]["nodes"]}
    assert groups == {"2024": 3, "2023": 1, None: 1}
    assert answer["results"] == {"totalCount": 1}
    assert answer["cohort"] == {"competed": {"totalCount": 1}, "medalled": {"totalCount": 1}}
    assert answer["enrolment"] == {"nodes": [{"cohort": 2022}]}
    assert answer["selectionRounds"]["nodes"] == [
        {"code": "across", "year": None},
        {"code": "opened", "year": 2023},
        {"code": "said", "year": 2024},
        {"code": "within", "year": 2023},
    ]


async def test_a_year_that_nobody_gave_moves_with_its_date(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    async def year(**cells: str) -> int | None:
        await make(competitions=[{"code": "c", "name": "赛", **cells}])
        found = await ask.data('{ competition(code: "c") { year } }')
        told: int | None = found["competition"]["year"]
        return told

    assert await year(held_on="2024-05") == 2024
    assert await year(held_on="2024-05") == 2024
    assert await year(held_on="2025-05") == 2025
    assert await year(level="CITY") == 2025
    assert await year(held_on="2023", year="") == 2023
    assert await year(year="") == 2023
    assert await year(held_on="", year="2022") == 2022
    with pytest.raises(ImportRejected):  # it was given before there was a date
        await year(held_on="2024-05")


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("competitions", {"code": "c", "name": "赛", "year": 2023, "held_on": "2024-12-18"}, "year",
     "is 2023, but `held_on` is 2024-12-18: correct one of them, or leave the year empty."),
    ("competitions", {"code": "both", "name": "赛", "held_on": "2023", "year": 2024}, "year",
     "is 2024, but `held_on` is 2023: correct one of them, or leave the year empty."),
    ("competitions", {"code": "undated", "name": "赛", "held_on": "2024"}, "year",
     "is 2023, but `held_on` is 2024: correct one of them, or leave the year empty."),
    ("selection_rounds", {"code": "x", "name": "批", "honour": "h", "year": 2025,
                          "opened": "2023-11", "closed": "2024-02"}, "year",
     "is 2025, but `opened` is 2023-11 and `closed` is 2024-02: "
     "correct one of them, or leave the year empty."),
    ("selection_rounds", {"code": "x", "name": "批", "honour": "h", "opened": "2024",
                          "closed": "2023-12"}, "closed",
     "is 2023-12: that comes before `opened`, 2024."),
    ("enrolments", {"key": "x", "college": "co", "trainee": "w", "cohort": 2025,
                    "started": "2022-10", **CITED}, "cohort",
     "is 2025, but `started` is 2022-10: correct one of them, or leave the year empty."),
    ("enrolments", {"key": "x", "college": "co", "trainee": "w", "cohort": 2022,
                    "ended": "2021-07", **CITED}, "ended",
     "is 2021-07: that comes before `cohort`, 2022."),
    ("figures", {"key": "x", "metric": "m", "label": "数", "quantity_value": 1,
                 "quantity_unit": "person", "quantity_qualifier": "EXACT", "since_year": 2024,
                 "year": 2023, **CITED}, "year", "is 2023: that comes before `since_year`, 2024."),
    ("competitions", {"code": "c", "name": "赛", "held_on": "0202-05"}, "held_on",
     "'0202-05' is of the year 202; dates are from 1900 on."),
    ("qualifications", {"key": "x", "worker": "w", "issued_on": "1024", **CITED}, "issued_on",
     "'1024' is of the year 1024; dates are from 1900 on."),
    ("qualifications", {"key": "x", "worker": "w", "issued_on": "9998-12-31", **CITED},
     "issued_on", "'9998-12-31' is of the year 9998; dates are from 1900 on."),
    ("qualifications", {"key": "x", "worker": "w", "issued_on": "2099", **CITED}, "issued_on",
     f"is 2099; `issued_on` is of {THIS_YEAR + 10} at the latest. Correct the year."),
    ("conferrals", {"key": "x", "worker": "w", "honour": "h", "year": 2199, **CITED}, "year",
     f"is 2199; `year` is of {THIS_YEAR + 10} at the latest. Correct the year."),
    ("competitions", {"code": "c", "name": "赛", "year": 20224}, "year",
     "is 20224; it is from 1900 to 2200."),
    ("competitions", {"code": "c", "name": "赛", "year": 1024}, "year",
     "is 1024; it is from 1900 to 2200."),
    ("employments", {"key": "x", "worker": "w", "organisation": "co", "started": "1024",
                     **CITED}, "started", "'1024' is of the year 1024; dates are from 1900 on."),
]  # fmt: skip


@pytest.mark.parametrize(("file", "row", "column", "reason"), WRONG)
async def test_dates_that_cannot_be_are_refused(
    filled_url: str, file: str, row: dict[str, Any], column: str, reason: str
) -> None:
    async with disposing_engine(filled_url) as engine:
        before = await row_counts(engine)
        with pytest.raises(ImportRejected) as refused:
            await RowFactory(engine)(**{file: [row]})
        told = [str(problem) for problem in refused.value.problems]
        assert told == [f"{file}.csv, line 2, {column}: {reason}"]
        assert await row_counts(engine) == before


async def test_a_spell_that_ends_before_it_begins_is_refused(make: RowFactory) -> None:
    await make.source()
    for started, ended in (("2024", "2023"), ("2024-05", "2024-04"), ("2024-05-02", "2024-05-01")):
        before = await row_counts(make.engine)
        with pytest.raises(ImportRejected) as refused:
            await make(
                training_classes=[{"code": "c", "name": "班", "started": started, "ended": ended}]
            )
        assert [str(problem) for problem in refused.value.problems] == [
            f"training_classes.csv, line 2, ended: {ended} is not after {started}: "
            "a spell holds on a day at least."
        ]
        assert await row_counts(make.engine) == before


async def test_what_is_aimed_at_may_lie_far_ahead(make: RowFactory) -> None:
    quantity = {"quantity_value": 1, "quantity_unit": "person", "quantity_qualifier": "EXACT"}
    await make(
        sources=[{"key": "s", "title": "报", "published_on": str(THIS_YEAR + 10)}],
        targets=[{"key": "t", "metric": "m", "label": "数", "year": THIS_YEAR + 40, **quantity,
                  **CITED}],
        training_classes=[{"code": "c", "name": "班", "ended": str(THIS_YEAR + 40)}],
    )  # fmt: skip


# The dates of two spells of one pair, and whether both may stand.
SPELLS: list[tuple[tuple[str, str], tuple[str, str], bool]] = [
    (("2020", "2023-05"), ("2023-05", ""), True),
    (("2015", "2020"), ("2020", ""), True),
    (("2020-01-01", "2020"), ("2020-12-31", ""), True),
    (("2023-05-31", "2023-05-31"), ("2023-05-31", ""), True),
    (("2020", "2023-05-31"), ("2023-05-31", "2023-05-31"), True),
    (("2023-05", "2023-05"), ("2023-05", ""), True),
    (("2023-05", "2023-05"), ("2023", ""), True),
    (("2015", "2021"), ("2020", ""), False),
    (("2020", "2023-05"), ("2023-04", ""), False),
    (("2020", "2024"), ("2022", "2022"), False),
    (("2020", "2024"), ("2022-05-01", "2022-05-01"), False),
    (("2020-01-01", ""), ("2020-12-31", ""), False),
    (("2020", ""), ("2020", ""), False),
    (("2023-05", "2023-05"), ("2023-05", "2023-05"), False),
    (("", ""), ("2020", ""), False),
    (("", "2023-05-31"), ("2020", "2024"), False),
    (("", "2023-05-31"), ("2023-05-31", ""), True),
    (("", "2023-05"), ("2023-05", ""), True),
]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(("one", "other", "may_stand"), SPELLS)
async def test_two_spells_of_one_pair(
    filled_url: str,
    one: tuple[str, str],
    other: tuple[str, str],
    may_stand: bool,
    reverse: bool,
) -> None:
    async with disposing_engine(filled_url) as engine:
        pair = {"worker": "w", "organisation": "co", **CITED}
        rows = [
            {"key": f"job{n}", "started": started, "ended": ended, "status": "ASSERTED", **pair}
            for n, (started, ended) in enumerate([one, other])
        ]
        make = RowFactory(engine)
        try:
            if may_stand:
                await make(employments=rows[::-1] if reverse else rows)
            else:
                first, second = rows[::-1] if reverse else rows
                await make(employments=[first])
                before = await row_counts(engine)
                with pytest.raises(ImportRejected) as refused:
                    await make(employments=[second])
                assert len(refused.value.problems) == 1
                assert await row_counts(engine) == before
        finally:
            gone = {"status": "RETRACTED", **pair}
            await make(employments=[{"key": row["key"], **gone} for row in rows])


async def test_a_spell_of_one_day_holds_on_that_day(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make.source()
    await make(
        alliances=[{"code": "al", "name": "盟", "alliance_kind": "STUDIO"}],
        studios=[{"code": "st", "name": "室", "studio_kind": "OTHER"}],
        alliance_memberships=[
            {"key": "m", "alliance": "al", "studio": "st", "joined": "2023-05-31",
             "left": "2023-05-31", **CITED},
        ],
    )  # fmt: skip
    query = """query($on: Date) { alliance(code: "al") {
      memberships(on: $on) { nodes { joined left } } } }"""

    async def held(on: str) -> list[Any]:
        nodes: list[Any] = (await ask.data(query, on=on))["alliance"]["memberships"]["nodes"]
        return nodes

    assert await held("2023-05-30") == []
    assert await held("2023-05-31") == [{"joined": "2023-05-31", "left": "2023-05-31"}]
    assert await held("2023-06-01") == []


async def test_who_left_and_came_back_this_month_works_there_once(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """Both spells may be valid today, but the member counts once."""
    today = today_in_china()
    month = today.isoformat()[:7]
    await make.source()
    jobs = {"worker": "w", "organisation": "o", **CITED}
    await make(
        organisations=[{"code": "o", "name": "厂", "organisation_kind": "OTHER"}],
        workers=[{"code": "w", "name": "工"}],
        employments=[
            {"key": "e1", "started": "2020", "ended": month, **jobs},
            {"key": "e2", "started": month, "ended": "", **jobs},
        ],
    )
    query = """{ worker(code: "w") { employer { code } }
      organisation(code: "o") { workers { totalCount nodes { code } } } }"""
    answer = await ask(query, today=today)
    assert answer.errors == []
    assert answer.data == {
        "worker": {"employer": {"code": "o"}},
        "organisation": {"workers": {"totalCount": 1, "nodes": [{"code": "w"}]}},
    }
