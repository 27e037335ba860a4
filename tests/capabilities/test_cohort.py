"""Cohorts: each step is the total of a list that the viewer may see."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.partner import Role
from resolvers.cohort.cohort import COHORT_STEPS, median_of_counts
from resolvers.core.access import OPERATOR, PUBLIC, partner_viewer
from tests.support.contract_queries import contract_query, contract_variables, expected_answer
from tests.support.graph import TODAY, GraphQLTestClient, RowFactory

COLLEGE = partner_viewer(Role.COLLEGE, "demo_college")
OTHER = partner_viewer(Role.COLLEGE, "demo_college_north")
WHOLE = f"""query($college: String!, $year: Int!) {{ cohort(college: $college, year: $year) {{
  college {{ code }} year {" ".join(f"{name} {{ totalCount }}" for name in COHORT_STEPS)}
  byStatus: enrolments {{ groups(by: [ENROLMENT_STATUS]) {{ nodes {{ count keys {{ code }} }} }} }}
  byGrade: certificates {{ groups(by: [GRADE]) {{ nodes {{ count keys {{ code }} }} }} }}
  byPlace: employments {{
    groups(by: [PROVINCE, INDUSTRY]) {{ nodes {{ count keys {{ label }} }} }}
  }}
  firstJob {{ medianMonths measured undated }} sources {{ totalCount }}
}} }}"""
OF_2022: dict[str, Any] = {"college": "demo_college", "year": 2022}


def flat(groups: Any) -> list[tuple[Any, ...]]:
    nodes = groups["groups"]["nodes"]
    return [(*(next(iter(key.values())) for key in one["keys"]), one["count"]) for one in nodes]


async def test_a_college_sees_what_became_of_its_cohort(ask_examples: GraphQLTestClient) -> None:
    answer = await ask_examples(WHOLE, COLLEGE, **OF_2022)
    assert answer.errors == []
    found = answer.data["cohort"]
    assert {name: found[name]["totalCount"] for name in COHORT_STEPS} == {
        "enrolled": 66,
        "completed": 60,
        "competed": 14,
        "medalled": 6,
        "certified": 52,
        "employed": 51,
        "enrolments": 66,
        "results": 15,
        "certificates": 98,
        "employments": 51,
    }
    assert found["college"] == {"code": "demo_college"}
    assert found["year"] == 2022
    assert flat(found["byStatus"]) == [
        ("GRADUATED", 56), ("COMPLETED", 4), ("WITHDRAWN", 3), ("TRANSFERRED", 2), ("EXPELLED", 1),
    ]  # fmt: skip
    assert flat(found["byGrade"]) == [
        ("INTERMEDIATE", 41), ("JUNIOR", 33), ("SENIOR", 23), ("TECHNICIAN", 1),
    ]  # fmt: skip
    assert flat(found["byPlace"]) == [
        ("示例东省", "焊接装备制造（示例）", 15),
        ("示例东省", "车桥制造（示例）", 10),
        ("示例北省", "车桥制造（示例）", 10),
        ("示例南省", "车桥制造（示例）", 6),
        ("示例南省", "焊接装备制造（示例）", 6),
        ("示例北省", "焊接装备制造（示例）", 4),
    ]
    assert found["firstJob"] == {"medianMonths": 2.0, "measured": 51, "undated": 0}
    assert found["sources"] == {"totalCount": 1}
    # Whether there is one, the college, ten totals, three groups, months, sources.
    assert len(answer.statements) == 17


@pytest.mark.parametrize("year", [2022, 2024])
async def test_each_step_opens_into_as_many_as_it_says(
    ask_examples: GraphQLTestClient, year: int
) -> None:
    """All pages of each list together have as many records as the total, each once."""
    for name in COHORT_STEPS:
        asked = f"""query($after: String) {{ cohort(college: "demo_college", year: {year}) {{
          {name} {{ totalCount }} page: {name}(first: 40, after: $after) {{
            nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
        ids: list[str] = []
        after = None
        while True:
            answer = await ask_examples(asked, COLLEGE, after=after)
            found = answer.data["cohort"]
            ids += [one["id"] for one in found["page"]["nodes"]]
            after = found["page"]["pageInfo"]["endCursor"]
            if not found["page"]["pageInfo"]["hasNextPage"]:
                break
        assert len(set(ids)) == len(ids) == found[name]["totalCount"]


async def test_a_step_takes_a_further_filter(ask_examples: GraphQLTestClient) -> None:
    asked = """{ cohort(college: "demo_college", year: 2022) {
      certified(filter: {qualifications: {grade: TECHNICIAN}}) { nodes { results { totalCount } } }
      employed(filter: {not: {results: {}}}) { totalCount }
      enrolments(filter: {enrolmentStatus: EXPELLED}) { totalCount }
    } }"""
    answer = await ask_examples(asked, COLLEGE)
    found = answer.data["cohort"]
    assert len(found["certified"]["nodes"]) == 1
    assert found["enrolments"] == {"totalCount": 1}
    assert 0 < found["employed"]["totalCount"] < 51


@pytest.mark.parametrize(
    ("viewer", "college", "year"),
    [
        (PUBLIC, "demo_college", 2022),
        (OTHER, "demo_college", 2022),
        (COLLEGE, "demo_college_north", 2025),
        (COLLEGE, "demo_college", 1999),
        (COLLEGE, "there_is_none", 2022),
        (OPERATOR, "demo_union_a", 2022),
        (COLLEGE, "a\0b", 2022),
    ],
)
async def test_who_may_list_none_of_a_cohort_is_told_that_there_is_none(
    ask_examples: GraphQLTestClient, viewer: Any, college: str, year: int
) -> None:
    answer = await ask_examples(WHOLE, viewer, college=college, year=year)
    assert answer.errors == []
    assert answer.data == {"cohort": None}
    assert len(answer.statements) == 1


@pytest.mark.parametrize("number", ["15", "16"])
async def test_the_queries_of_colleges_have_the_answers_on_record(
    ask_examples: GraphQLTestClient, number: str
) -> None:
    answer = await ask_examples(contract_query(number), COLLEGE, **contract_variables(number))
    assert answer.errors == []
    assert answer.data == expected_answer(number)


async def test_a_union_sees_of_a_cohort_whom_it_may_list(ask_examples: GraphQLTestClient) -> None:
    """Honest figures over its region: some of the college's trainees live there."""
    union = partner_viewer(Role.UNION, "demo_union_a", "demo_province_north")
    answer = await ask_examples(WHOLE, union, **OF_2022)
    assert answer.errors == []
    listed = (
        '{ enrolments(filter: {college: {code: "demo_college"}, cohort: 2022}) { totalCount } }'
    )
    may_list = await ask_examples(listed, union)
    found = answer.data["cohort"]
    assert found["enrolments"] == may_list.data["enrolments"]
    assert 0 < found["enrolled"]["totalCount"] < 66


@pytest.mark.parametrize("year", [-1, 1899, 2201, 2**31 - 1])
async def test_a_year_out_of_the_calendar_is_refused(
    ask_examples: GraphQLTestClient, year: int
) -> None:
    answer = await ask_examples(WHOLE, COLLEGE, college="demo_college", year=year)
    assert answer.data == {"cohort": None}
    assert answer.codes == ["BAD_USER_INPUT"]


OWN = {"audience": "OWNER", "sources": "s", "owner": "c"}


def enrolled(key: str, ended: str, started: str = "2020-09", **more: str) -> dict[str, Any]:
    """Return the key's trainee, whose code it begins with."""
    whole = {"status": "ASSERTED", "enrolment_status": "GRADUATED", **more}
    spell = {"started": started, "ended": ended, "college": "c", "cohort": 2020}
    return {"key": key, "trainee": key[0], **spell, **whole, **OWN}


def employed(key: str, started: str, ended: str = "", owner: str = "c") -> dict[str, Any]:
    spell = {"started": started, "ended": ended}
    return {"key": key, "worker": key[0], "organisation": "e", **spell, **OWN, "owner": owner}


def placed(key: str, contest: str, rank: str, award: str = "", **more: str) -> dict[str, Any]:
    whole = {"status": "ASSERTED", "rank": rank, "award": award, **more}
    return {"key": key, "competition": contest, "worker": key[0], **whole, **OWN}


async def small(make: RowFactory) -> None:
    people = {"audience": "OWNER", "owner": "c"}
    await make(
        sources=[{"key": "s", "title": "a test"}],
        organisations=[{"code": one, "name": one, "organisation_kind": "OTHER"} for one in "cef"],
        workers=[{"code": code, "name": code, **people} for code in "uvwxyz"],
        competitions=[
            {"code": "old", "name": "赛", "year": 2019},
            {"code": "new", "name": "赛", "year": 2021},
        ],
    )
    await make(
        enrolments=[
            # u changed classes, and is one person.
            enrolled("u1", "2021-07", enrolment_status="TRANSFERRED"),
            enrolled("u2", "2023-06-30", "2021-08"),
            enrolled("v1", "2023-06-30"),
            enrolled("w1", "2023"),
            enrolled("x1", "2023-06-30"),
            enrolled("y1", "2023-06-30", status="RETRACTED"),
            enrolled("z1", "2023-06-30"),
        ],
        employments=[
            employed("u3", "2023-10"),
            employed("v2", "2019", "2020-05"),
            employed("v3", "2023-02"),
            employed("w2", "2024-02"),
            employed("x2", "2023-07", owner="f"),  # the college doesn't know of it
            employed("z2", "2023-08", "2024-08"),
        ],
        results=[
            placed("u4", "old", "1"),
            placed("v4", "new", "", "银奖"),
            placed("w4", "new", "4", "三等奖"),
            placed("x4", "new", "2", status="RETRACTED"),
        ],
    )


async def test_people_are_counted_once_and_by_what_stands(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    """Who changed classes is one; who won before entering, or whose place was withdrawn, isn't."""
    await small(make)
    answer = await ask(WHOLE, partner_viewer(Role.COLLEGE, "c"), college="c", year=2020)
    assert answer.errors == []
    found = answer.data["cohort"]
    assert {name: found[name]["totalCount"] for name in COHORT_STEPS} == {
        "enrolled": 5,
        "completed": 5,
        "competed": 2,
        "medalled": 1,
        "certified": 0,
        "employed": 3,
        "enrolments": 6,
        "results": 2,
        "certificates": 0,
        "employments": 3,
    }
    # u needed 4 months, v none, z 2; w's end has no month; x's job isn't the college's to see.
    assert found["firstJob"] == {"medianMonths": 2.0, "measured": 3, "undated": 1}
    everything = await ask(WHOLE, OPERATOR, college="c", year=2020)
    assert everything.data["cohort"]["employed"] == {"totalCount": 4}
    assert everything.data["cohort"]["firstJob"]["medianMonths"] == 1.5
    assert TODAY.year == 2026


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60))
def test_a_median_of_counts_is_that_of_the_list(months: list[int]) -> None:
    counted: dict[int, int] = {}
    for one in months:
        counted[one] = counted.get(one, 0) + 1
    ordered, half = sorted(months), len(months) // 2
    middle = ordered[half] if len(months) % 2 else (ordered[half - 1] + ordered[half]) / 2
    assert median_of_counts(counted) == middle
    assert median_of_counts({}) is None
