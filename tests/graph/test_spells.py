"""Spells: current, on a day, all; and undated ones."""

from typing import Any

import pytest

from tests.support.graph import GraphQLTestClient, RowFactory, row_counts

QUERY = """query($on: Date, $spells: Spells) {
  alliance(code: "a") { memberships(on: $on, spells: $spells, orderBy: [{field: JOINED}]) {
    totalCount undated nodes { joined left member { code } }
  } provinces(on: $on) { code } }
}"""


async def alliance(make: RowFactory, *spells: tuple[str, str, str]) -> None:
    """(studio, joined, left) for each."""
    names = sorted({studio for studio, *_ in spells})
    await make(
        sources=[{"key": "s", "title": "t"}],
        alliances=[{"code": "a", "name": "盟", "alliance_kind": "STUDIO"}],
        studios=[
            {"code": name, "name": name, "studio_kind": "OTHER", "region": "370200"}
            for name in names
        ],
        alliance_memberships=[
            {"key": f"m{n}", "alliance": "a", "studio": studio, "joined": joined, "left": left,
             "sources": "s"}
            for n, (studio, joined, left) in enumerate(spells)
        ],
    )  # fmt: skip


async def members(ask: GraphQLTestClient, **asked: Any) -> list[str]:
    answer = await ask.data(QUERY, **asked)
    return sorted(node["member"]["code"] for node in answer["alliance"]["memberships"]["nodes"])


async def test_a_member_that_left_and_rejoined_has_two_spells(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await alliance(make, ("x", "2020", "2021-06-30"), ("x", "2023-05", ""), ("y", "2022-03-01", ""))
    assert await members(ask) == ["x", "y"]
    assert await members(ask, spells="ALL") == ["x", "x", "y"]
    assert await members(ask, on="2021-01-01") == ["x"]
    assert await members(ask, on="2022-12-31") == ["y"]


@pytest.mark.parametrize(("joined", "left", "first", "last"), [
    ("2022-03-05", "2022-08-01", "2022-03-05", "2022-07-31"),
    ("2022-03", "2022-08", "2022-03-01", "2022-08-31"),
    ("2020", "2022", "2020-01-01", "2022-12-31"),
])  # fmt: skip
async def test_a_spell_holds_from_its_first_to_its_last_day(
    ask: GraphQLTestClient, make: RowFactory, joined: str, left: str, first: str, last: str
) -> None:
    """A full date as an end is the first day on which the spell no longer holds."""
    await alliance(make, ("x", joined, left))
    assert await members(ask, on=first) == ["x"]
    assert await members(ask, on=last) == ["x"]
    assert await members(ask, on=day_from(first, -1)) == []
    assert await members(ask, on=day_from(last, 1)) == []


def day_from(day: str, days: int) -> str:
    from datetime import date, timedelta

    return str(date.fromisoformat(day) + timedelta(days=days))


async def test_an_unknown_start_counts_as_begun_while_the_spell_has_not_ended(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await alliance(make, ("x", "", ""), ("y", "", "2024"), ("z", "2023", ""))
    assert await members(ask) == ["x", "z"]
    assert await members(ask, on="2026-11-21") == ["x", "z"]
    assert await members(ask, on="2027-01-01") == ["x", "z"]
    past = (await ask.data(QUERY, on="2023-05-05"))["alliance"]
    assert [node["member"]["code"] for node in past["memberships"]["nodes"]] == ["z"]
    assert past["memberships"]["undated"] == 2
    assert past["provinces"] == [{"code": "370000"}]
    later = (await ask.data(QUERY, on="2025-05-05"))["alliance"]["memberships"]
    assert later["undated"] == 1
    assert (await ask.data(QUERY))["alliance"]["memberships"]["undated"] == 0


async def test_dates_come_out_as_they_were_published(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await alliance(make, ("x", "2020", ""), ("y", "2022-03", ""), ("z", "2023-04-05", ""))
    nodes = (await ask.data(QUERY))["alliance"]["memberships"]["nodes"]
    assert [node["joined"] for node in nodes] == ["2020", "2022-03", "2023-04-05"]


async def test_a_day_and_spells_are_not_asked_together(ask: GraphQLTestClient) -> None:
    query = '{ alliances { nodes { memberships(on: "2023-01-01", spells: ALL) { totalCount } } } }'
    answer = await ask('{ teachings(on: "2023-01-01", spells: ALL) { totalCount } }')
    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.messages == ["Use either `on` or `spells`, not both."]
    assert (await ask(query)).errors == []


@pytest.mark.parametrize("day", ["2023-13-01", "2023-02-30", "2023", "yesterday", "", "20230101"])
async def test_a_day_that_is_none_is_refused_with_what_is_accepted(
    ask: GraphQLTestClient, day: str
) -> None:
    for query in (
        "query($on: Date) { teachings(on: $on) { totalCount } }",
        f'{{ teachings(on: "{day}") {{ totalCount }} }}',
    ):
        variables: dict[str, Any] = {"on": day} if "$on" in query else {}
        answer = await ask(query, **variables)
        assert answer.codes == ["BAD_USER_INPUT"]
        assert "A date must have the form YYYY-MM-DD, such as 2023-05-31." in answer.messages[0]
        assert answer.statements == []


OVERLAPS = [
    (("x", "2020", "2022"), ("x", "2021", "")),
    (("x", "", ""), ("x", "", "2099")),
    (("x", "2020", ""), ("x", "", "")),
    (("x", "2020", "2021-12-31"), ("x", "2021-12-30", "")),
]


@pytest.mark.parametrize("spells", OVERLAPS)
async def test_two_spells_of_one_pair_may_not_overlap(make: RowFactory, spells: Any) -> None:
    from kit.errors import ImportRejected

    await alliance(make, ("x", "2010", "2011"))
    before = await row_counts(make.engine)
    rows = [
        {"key": f"n{n}", "alliance": "a", "studio": studio, "joined": joined, "left": left,
         "sources": "s"}
        for n, (studio, joined, left) in enumerate(spells)
    ]  # fmt: skip
    with pytest.raises(ImportRejected) as refused:
        await make(alliance_memberships=rows)
    [problem] = refused.value.problems
    assert (problem.column, problem.file) == ("joined", "alliance_memberships.csv")
    assert "of the same pair: end that spell first." in problem.reason
    assert await row_counts(make.engine) == before


async def test_a_spell_may_not_overlap_one_that_is_on_record(make: RowFactory) -> None:
    from kit.errors import ImportRejected

    await alliance(make, ("x", "2020", ""))
    row = {"key": "n", "alliance": "a", "studio": "x", "joined": "2024", "sources": "s"}
    with pytest.raises(ImportRejected, match="1 problem; nothing was loaded") as refused:
        await make(alliance_memberships=[row])
    assert refused.value.problems[0].reason == (
        "overlaps the spell 'm0' of the same pair: end that spell first."
    )
    ended = {"key": "m0", "alliance": "a", "studio": "x", "joined": "2020", "left": "2024",
             "sources": "s"}  # fmt: skip
    assert await make(alliance_memberships=[ended, row | {"joined": "2025"}]) == {
        "AllianceMembership": 2
    }
