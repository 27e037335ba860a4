"""Counting what may not be listed: rounded, the same each time, and for unions in their region."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncEngine

from execution import schema
from kit.request_limits import UNLIMITED
from kit.values.random_rounding import ROUNDING_BASE, MemberHash, member_hash, round_randomly
from models.partner import Role, Scope
from models.row import FactStatus
from resolvers.core.access import PUBLIC, partner_viewer
from resolvers.core.context import Context
from tests.support.graph import TODAY, GraphQLTestClient, OperationResult, row_counts
from tests.support.visible_records import VisibilityOracle

UNION = partner_viewer(Role.UNION, "demo_union_a", "demo_province_north")
COUNTING = replace(UNION, scopes=frozenset({Scope.READ_PUBLIC, Scope.AGGREGATE_REGION}))
ABOVE = replace(COUNTING, organisation="demo_federation", region="demo_country")
ASKED = """query($root: String!, $depth: Int!, $kind: RollupMeasure!, $by: [RollupDimension!]) {
  rollup(root: $root, depth: $depth, measures: [$kind], by: $by) { exact behind { actual } rows {
    region { code } elsewhere values { ...V } targets { actual }
    cells { keys { dimension code label } values { ...V } }
  } }
}
fragment V on RollupValue {
  measure quantity { value unit qualifier } unapportioned { value } exact
}"""
NORTH: dict[str, Any] = {
    "root": "demo_province_north",
    "depth": 1,
    "kind": "WORKERS",
    "by": ["GRADE"],
}


def told(answer: Any) -> list[dict[str, Any]]:
    """Return the rows of one measure: none is exact, and none has `elsewhere`."""
    assert answer.errors == []
    lines = []
    for row in answer.data["rollup"]["rows"]:
        assert (row["elsewhere"], row["targets"]) == (False, [])
        cells = [{"keys": cell["keys"], **number(cell["values"])} for cell in row["cells"]]
        lines.append({"region": row["region"], **number(row["values"]), "cells": cells})
    return lines


def number(values: list[Any]) -> dict[str, Any]:
    [value] = values
    assert value["unapportioned"] is None
    assert value["quantity"]["qualifier"] == "ABOUT"
    return {"count": value["quantity"]["value"], "exact": value["exact"]}


def near(told: int, number: int) -> bool:
    return told % ROUNDING_BASE == 0 and abs(told - number) < ROUNDING_BASE


class RollupCounter:
    """The same counts in plain Python."""

    def __init__(self, truth: VisibilityOracle, kind: str) -> None:
        self.truth, self.kind = truth, kind

    def __call__(self, region: str) -> Counter[tuple[Any, ...]]:
        found: Counter[tuple[Any, ...]] = Counter()
        for row in self.truth.rows[self.kind].values():
            worker = self.worker(row)
            place = worker
            if self.kind == "enrolment":
                place = self.truth.rows["organisation"].get(row["college_id"], {"region_id": None})
            stands = row.get("status") != FactStatus.RETRACTED
            if stands and region in self.truth.upward(place["region_id"]):
                grade = row["grade"] if self.kind == "qualification" else worker["grade_all"]
                found[self.year(row), grade, self.industry(worker)] += 1
        return found

    def worker(self, row: Any) -> Any:
        if self.kind == "worker":
            return row
        columns = ("trainee_id", "worker_id", "apprentice_id")
        key = next(row[column] for column in columns if column in row)
        return self.truth.rows["worker"][key]

    def year(self, row: Any) -> str | None:
        date = {"enrolment": "cohort", "qualification": "issued_on", "mentorship": "started"}
        found = row.get(date.get(self.kind, ""))
        return None if found is None else str(found)[:4]

    def industry(self, worker: Any) -> str | None:
        employer = self.truth.rows["organisation"].get(worker["employer_all_id"])
        industry = employer and self.truth.rows["industry"].get(employer["industry_id"])
        return industry["code"] if industry else None


def summed(found: Counter[tuple[Any, ...]], places: Sequence[int]) -> Counter[tuple[Any, ...]]:
    by: Counter[tuple[Any, ...]] = Counter()
    for key, number in found.items():
        by[tuple(key[place] for place in places)] += number
    return by


@pytest.mark.parametrize(
    ("kind", "table", "by"),
    [
        ("WORKERS", "worker", ["GRADE", "INDUSTRY"]),
        ("ENROLMENTS", "enrolment", ["YEAR"]),
        ("QUALIFICATIONS", "qualification", ["YEAR", "GRADE"]),
        ("MENTORSHIPS", "mentorship", ["INDUSTRY"]),
    ],
)
async def test_each_cell_is_a_multiple_of_five_next_to_the_number(
    ask_examples: GraphQLTestClient, kind: str, table: str, by: list[str]
) -> None:
    counting = RollupCounter(await VisibilityOracle.of(ask_examples.engine), table)
    asked: dict[str, Any] = {"root": "demo_country", "depth": 2, "kind": kind, "by": by}
    answer = await ask_examples(ASKED, ABOVE, **asked)
    assert answer.errors == []
    assert (answer.data["rollup"]["exact"], answer.data["rollup"]["behind"]) == (False, [])
    assert len(answer.statements) == 5  # root, regions, key, cells, names of the regions
    lines = told(answer)
    assert [line["region"]["code"] for line in lines][:1] == ["demo_country"]
    places = [["YEAR", "GRADE", "INDUSTRY"].index(name) for name in by]
    for line in lines:
        number = counting(line["region"]["code"])
        assert line["exact"] is False
        assert near(line["count"], number.total())
        numbers = summed(number, places)
        cells = {tuple(key["code"] for key in cell["keys"]): cell for cell in line["cells"]}
        assert all(cell["count"] > 0 and cell["exact"] is False for cell in cells.values())
        assert all(near(cells[key]["count"], numbers[key]) for key in cells)
        assert all(numbers[key] < ROUNDING_BASE for key in numbers.keys() - cells.keys())
    assert sum(len(line["cells"]) for line in lines) > 5


async def test_the_same_cell_always_gives_the_same_answer(ask_examples: GraphQLTestClient) -> None:
    """The number is the same for every viewer, with any other measures, in any order."""
    by_both = {**NORTH, "by": ["INDUSTRY", "GRADE"]}
    first = told(await ask_examples(ASKED, COUNTING, **NORTH))
    assert told(await ask_examples(ASKED, replace(COUNTING, organisation=None), **NORTH)) == first
    from_above = {**NORTH, "root": "demo_country", "depth": 2}
    whole = told(await ask_examples(ASKED, ABOVE, **from_above))
    assert all(line in whole for line in first)
    one = told(await ask_examples(ASKED, COUNTING, **by_both))
    other = told(await ask_examples(ASKED, COUNTING, **by_both | {"by": ["GRADE", "INDUSTRY"]}))
    assert [turned(line) for line in one] == [turned(line) for line in other]


def turned(line: dict[str, Any]) -> Any:
    cells = (({str(key) for key in cell["keys"]}, cell["count"]) for cell in line["cells"])
    return line["region"], line["count"], sorted(map(str, ((sorted(k), n) for k, n in cells)))


@pytest.mark.parametrize("viewer", [PUBLIC, partner_viewer(Role.COLLEGE, "demo_college")])
async def test_who_is_no_union_may_not_count(ask_examples: GraphQLTestClient, viewer: Any) -> None:
    answer = await ask_examples(ASKED, viewer, **NORTH)
    assert (answer.data, answer.codes, answer.statements) == (None, ["FORBIDDEN"], [])
    assert answer.messages == [
        "Counts of a region need the scope aggregate:region, which a union's key has."
    ]


async def test_another_region_is_answered_as_one_that_does_not_exist(
    ask_examples: GraphQLTestClient,
) -> None:
    found = [
        await ask_examples(ASKED, viewer, **{**NORTH, "root": root})
        for viewer in (COUNTING, UNION)
        for root in ("demo_province_east", "demo_country", "nowhere")
    ]
    asked = 2 * ("demo_province_east", "demo_country", "nowhere")
    for answer, root in zip(found, asked, strict=True):
        assert (answer.data, answer.codes) == (None, ["BAD_USER_INPUT"])
        assert answer.messages == [f"There is no region '{root}' whose counts you may see."]
    assert found[0].statements == found[1].statements == found[2].statements


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"depth": 3}, "LIMIT_EXCEEDED", "`depth` must be from 0 to 2, not 3."),
        ({"depth": -1}, "LIMIT_EXCEEDED", "`depth` must be from 0 to 2, not -1."),
        ({"by": ["YEAR"]}, "BAD_USER_INPUT", "WORKERS have no YEAR: leave it out."),
        (
            {"kind": "STUDIOS", "by": []},
            "FORBIDDEN",
            "Without the scope read:region only WORKERS, ENROLMENTS, QUALIFICATIONS, MENTORSHIPS "
            "are counted, rounded.",
        ),
    ],
)
async def test_what_the_cube_does_not_have_is_refused(
    ask_examples: GraphQLTestClient, change: dict[str, Any], code: str, message: str
) -> None:
    before = await row_counts(ask_examples.engine)
    answer = await ask_examples(ASKED, COUNTING, **{**NORTH, **change})
    assert (answer.codes, answer.messages) == ([code], [message])
    assert await row_counts(ask_examples.engine) == before


MARKS, KEY_OF_TESTS = st.integers(0, 2**62), st.binary(min_size=16, max_size=32)


@given(st.integers(0, 10**6), MARKS, KEY_OF_TESTS)
def test_rounding_goes_to_a_neighbour(number: int, mark: int, key: bytes) -> None:
    found = round_randomly(number, mark, key)
    assert near(found, number)
    assert found == number or number % ROUNDING_BASE
    assert round_randomly(number, mark, key) == found <= round_randomly(number + 1, mark, key)


def test_rounding_is_fair_and_differs_by_key_and_mark() -> None:
    """Over many sets the mean stays: one of five rounds up from one above, four from four."""
    for rest in range(1, ROUNDING_BASE):
        up = (
            sum(round_randomly(rest, mark, b"a key") for mark in range(5000)) / ROUNDING_BASE / 5000
        )
        assert abs(up - rest / ROUNDING_BASE) < 0.03
    alike = [
        round_randomly(2, mark, b"a key") == round_randomly(2, mark, b"another")
        for mark in range(99)
    ]
    assert 20 < sum(alike) < 80


@given(st.lists(st.text(st.characters(exclude_characters="\0"), max_size=20), max_size=9))
async def test_both_databases_add_up_the_marks_as_python_does(
    empty_registry: AsyncEngine, members: list[str]
) -> None:
    """The order, and the way of making parts, don't matter."""
    key = literal("0f" * 32)
    parts = [select(MemberHash(key, literal(member)).label("mark")) for member in members]
    async with empty_registry.connect() as connection:
        found = [int(await connection.scalar(part) or 0) for part in parts]
    assert found == [member_hash("0f" * 32, member) for member in members]
    assert all(0 <= mark < 16**9 for mark in found)


def test_nobody_else_has_the_same_mark() -> None:
    members = [f"{n}" for n in range(20_000)]
    assert len({member_hash("a key", member) for member in members}) == len(members)
    assert not {member_hash("a key", one) for one in members} & {
        member_hash("b", one) for one in members
    }


@pytest.mark.parametrize("root", ["demo_country", "demo_province_north"])
async def test_who_counts_spends_in_proportion(ask_examples: GraphQLTestClient, root: str) -> None:
    """The cost follows from the rounded numbers: one that followed from rows would count them."""
    spent = {}
    for by in ([], ["GRADE"]):
        context = Context.of(ask_examples.engine, ABOVE, TODAY, limits=UNLIMITED)
        async with context:
            asked = {"root": root, "depth": 0, "kind": "WORKERS", "by": by}
            answer = await schema.ask(ASKED, asked, context)
        assert answer.errors is None
        [row] = told(OperationResult(answer.data, [], []))
        names = 1  # the region, which is read as any record is
        spent[len(by)] = context.spent
        assert context.spent == row["count"] // 10 + 1 + len(row["cells"]) + names
    assert spent[1] > spent[0] > 2
