"""Filters: fields joined by and, links, and invalid filters."""

from typing import Any

import pytest

from tests.support.graph import GraphQLTestClient, RowFactory

CODES = """query($filter: StudioFilter) {
  studios(filter: $filter, first: 100, orderBy: [{field: CODE}]) { totalCount nodes { code } }
}"""


async def some_studios(make: RowFactory) -> None:
    """Six studios; those of even number have a level, a leader and a membership."""
    await make(
        sources=[{"key": "s", "title": "t"}],
        workers=[{"code": f"w{n}", "name": f"工{n}", "region": "370200"} for n in range(6)],
        studios=[
            {
                "code": f"s{n}",
                "name": f"室{n}",
                "studio_kind": "CRAFTSMAN" if n < 3 else "OTHER",
                "level": "CITY" if n % 2 == 0 else "",
                "region": ("370200", "370700", "230100")[n % 3],
            }
            for n in range(6)
        ],
        studio_memberships=[
            {"key": f"m{n}", "studio": f"s{n}", "worker": f"w{n}", "studio_role": "LEADER",
             "sources": "s"}
            for n in (0, 2, 4)
        ],
        alliances=[{"code": "a", "name": "盟", "alliance_kind": "STUDIO"}],
        alliance_memberships=[
            {"key": "am0", "alliance": "a", "studio": "s0", "joined": "2020", "left": "",
             "sources": "s"},
            {"key": "am2", "alliance": "a", "studio": "s2", "joined": "2020", "left": "2021",
             "sources": "s"},
        ],
    )  # fmt: skip


FILTERS: list[tuple[Any, list[int]]] = [
    (None, [0, 1, 2, 3, 4, 5]),
    ({}, [0, 1, 2, 3, 4, 5]),
    ({"level": None}, [0, 1, 2, 3, 4, 5]),
    ({"code": "s3"}, [3]),
    ({"name": "室4"}, [4]),
    ({"level": "CITY"}, [0, 2, 4]),
    ({"not": {"level": "CITY"}}, [1, 3, 5]),
    ({"isNull": ["LEVEL"]}, [1, 3, 5]),
    ({"isNull": ["LEVEL", "LEADER"]}, [1, 3, 5]),
    ({"level": "CITY", "studioKind": "CRAFTSMAN"}, [0, 2]),
    ({"or": [{"code": "s1"}, {"code": "s5"}]}, [1, 5]),
    ({"or": []}, []),
    ({"and": [{"level": "CITY"}, {"not": {"code": "s0"}}]}, [2, 4]),
    ({"and": []}, [0, 1, 2, 3, 4, 5]),
    ({"region": {"code": "370000"}}, [0, 1, 3, 4]),
    ({"region": {"code": "370200"}}, [0, 3]),
    ({"region": {"parent": {"code": "230000"}}}, [2, 5]),
    ({"not": {"region": {"code": "370000"}}}, [2, 5]),
    ({"leader": {"name": "工2"}}, [2]),
    ({"leader": {}}, [0, 2, 4]),
    ({"not": {"leader": {}}}, [1, 3, 5]),
    ({"memberships": {"alliance": {"code": "a"}}}, [0]),
    ({"not": {"memberships": {"alliance": {"code": "a"}}}}, [1, 2, 3, 4, 5]),
    ({"members": {"worker": {"region": {"code": "370000"}}}}, [0, 2, 4]),
    ({"region": {"code": "nowhere"}}, []),
]


async def test_filters_find_what_they_say(ask: GraphQLTestClient, make: RowFactory) -> None:
    await some_studios(make)
    for wanted, numbers in FILTERS:
        found = (await ask.data(CODES, filter=wanted))["studios"]
        assert [node["code"] for node in found["nodes"]] == [f"s{n}" for n in numbers], wanted
        assert found["totalCount"] == len(numbers)


async def test_numbers_are_filtered_by_bounds(ask: GraphQLTestClient, make: RowFactory) -> None:
    rows = [
        {"code": f"c{year or 'x'}", "name": "赛", "year": year} for year in (2022, 2023, 2024, "")
    ]
    await make(competitions=rows)
    query = """query($filter: CompetitionFilter) {
      competitions(filter: $filter, orderBy: [{field: CODE}]) { nodes { code } } }"""

    async def codes(**wanted: Any) -> list[str]:
        nodes = (await ask.data(query, filter=wanted))["competitions"]["nodes"]
        return [node["code"] for node in nodes]

    assert await codes(year=2023) == ["c2023"]
    assert await codes(yearFrom=2023) == ["c2023", "c2024"]
    assert await codes(yearFrom=2022, yearTo=2023) == ["c2022", "c2023"]
    assert await codes(**{"not": {"yearTo": 2023}}) == ["c2024", "cx"]
    assert await codes(isNull=["YEAR"]) == ["cx"]


async def test_a_member_is_filtered_by_its_kind(ask: GraphQLTestClient, make: RowFactory) -> None:
    await some_studios(make)
    query = """query($filter: AllianceMembershipFilter) {
      alliance(code: "a") { memberships(spells: ALL, filter: $filter) { totalCount } } }"""

    async def total(wanted: Any) -> Any:
        return (await ask.data(query, filter=wanted))["alliance"]["memberships"]["totalCount"]

    assert await total({"member": {"studio": {"code": "s2"}}}) == 1
    assert await total({"member": {"studio": {}}}) == 2
    assert await total({"member": {"academy": {}}}) == 0
    assert await total({"isNull": ["MEMBER"]}) == 0


async def test_text_that_no_database_takes_is_refused(ask: GraphQLTestClient) -> None:
    answer = await ask(CODES, filter={"name": "a\0b"})
    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.messages == ["Text may not contain NUL or lone surrogates."]
    assert answer.statements == []


WRONG = [
    "{ studios(filter: {nothing: 1}) { totalCount } }",
    '{ studios(filter: {level: "CITY"}) { totalCount } }',
    "{ studios(filter: {isNull: [CODE]}) { totalCount } }",
    "{ studios(orderBy: [{field: SIZE}]) { totalCount } }",
]


@pytest.mark.parametrize("query", WRONG)
async def test_a_filter_that_does_not_exist_is_refused(ask: GraphQLTestClient, query: str) -> None:
    answer = await ask(query)
    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.statements == []


@pytest.mark.parametrize("step", ["employments: {worker", "not"])
async def test_a_filter_is_nested_seven_deep_at_most(ask: GraphQLTestClient, step: str) -> None:
    """At the limit every database answers, under many parents and with groups too."""
    links = step.split(": {")

    def wanted(depth: int) -> str:
        steps = [links[n % len(links)] for n in range(depth)]
        return "{" + "".join(f"{name}: {{" for name in steps) + "}" * depth + "}"

    query = """{{ regions(filter: {{code: "370000", level: CITY}}) {{ nodes {{
      workers(filter: {wanted}) {{ totalCount nodes {{ id }} groups(by: [PROVINCE, GRADE]) {{
        nodes {{ count }} }} }} }} }} }}"""
    answer = await ask(query.format(wanted=wanted(7)))
    assert answer.errors == []
    answer = await ask(query.format(wanted=wanted(8)))
    assert set(answer.codes) == {"LIMIT_EXCEEDED"}
    assert set(answer.messages) == {"A filter can be nested at most 7 levels deep."}
