"""An attack on rounded counts: it queries the same people under every name of a cell.

If each name were rounded separately, a few people would give 0 under some names and 5 under others,
and the share of fives would reveal their number. `python -m tests.capabilities.rounding_attack`
prints how many small sets of the demonstration are recovered.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import update

from kit.db.engine import open_engine, write_transaction
from kit.values.random_rounding import ROUNDING_BASE
from models.history import model_table
from models.partner import Role, Scope
from models.rollup import RoundingKey
from models.row import FactStatus
from resolvers.core.access import partner_viewer
from tests.support.databases import fill_template
from tests.support.graph import GraphQLTestClient
from tests.support.visible_records import VisibilityOracle

UNION = partner_viewer(Role.UNION, "demo_federation", "demo_country")
COUNTING = replace(UNION, scopes=frozenset({Scope.READ_PUBLIC, Scope.AGGREGATE_REGION}))
ASKED = """query($kind: RollupMeasure!, $by: [RollupDimension!]) {
  rollup(root: "demo_country", depth: 2, measures: [$kind], by: $by) { exact rows {
    region { code } values { quantity { value } }
    cells { keys { dimension code } values { quantity { value } } } } } }"""
# (the table, who is counted, and which dimensions the measure has)
MEASURES = {
    "WORKERS": ("worker", "id", ["GRADE", "INDUSTRY"]),
    "ENROLMENTS": ("enrolment", "trainee_id", ["YEAR", "GRADE", "INDUSTRY"]),
    "QUALIFICATIONS": ("qualification", "worker_id", ["YEAR", "GRADE", "INDUSTRY"]),
    "MENTORSHIPS": ("mentorship", "apprentice_id", ["YEAR", "GRADE", "INDUSTRY"]),
}
KEYS = model_table(RoundingKey)
Name = tuple[str, str, frozenset[tuple[str, str | None]]]  # measure, region, codes of dimensions
People = tuple[str, ...]  # sorted; who is counted twice is there twice


def subsets(words: list[str]) -> Iterable[list[str]]:
    return map(list, chain.from_iterable(combinations(words, n) for n in range(len(words) + 1)))


async def attack_answers(ask: GraphQLTestClient) -> dict[Name, int]:
    """Return the numbers for the attacker under each name; a missing cell is zero."""
    found: dict[Name, int] = {}
    for kind, (_, _, dimensions) in MEASURES.items():
        for by in subsets(dimensions):
            answer = await ask(ASKED, COUNTING, kind=kind, by=by)
            assert (answer.errors, answer.data["rollup"]["exact"]) == ([], False)
            for row in answer.data["rollup"]["rows"]:
                region = row["region"]["code"]
                found[kind, region, frozenset()] = single_value(row)
                for cell in row["cells"]:
                    codes = frozenset((key["dimension"], key["code"]) for key in cell["keys"])
                    found[kind, region, codes] = single_value(cell)
    return found


def single_value(holder: Any) -> int:
    [value] = holder["values"]
    return int(value["quantity"]["value"])


async def names_by_people(truth: VisibilityOracle) -> dict[People, list[Name]]:
    """Return all names of each set, as found by an attacker who knows the records."""
    people: defaultdict[Name, list[str]] = defaultdict(list)
    for kind, (table, column, dimensions) in MEASURES.items():
        for row in truth.rows[table].values():
            if row.get("status") == FactStatus.RETRACTED:
                continue
            worker = truth.rows["worker"][row[column]]
            college = truth.rows["organisation"].get(row.get("college_id") or "")
            codes = dimension_codes(truth, kind, row, worker)
            for region in truth.upward((college or worker)["region_id"]):
                for by in subsets(dimensions):
                    named = frozenset((word, codes[word]) for word in by)
                    people[kind, region, named].append(worker["id"])
    sets: defaultdict[People, list[Name]] = defaultdict(list)
    for name, counted in people.items():
        sets[tuple(sorted(counted))].append(name)
    return sets


def dimension_codes(
    truth: VisibilityOracle, kind: str, row: Any, worker: Any
) -> dict[str, str | None]:
    began = row.get({"ENROLMENTS": "cohort", "QUALIFICATIONS": "issued_on"}.get(kind, "started"))
    employer = truth.rows["organisation"].get(worker["employer_all_id"] or "")
    industry = truth.rows["industry"].get((employer or {}).get("industry_id") or "")
    grade = row["grade"] if kind == "QUALIFICATIONS" else worker["grade_all"]
    return {
        "YEAR": None if began is None else str(began)[:4],
        "GRADE": grade,
        "INDUSTRY": industry["code"] if industry else None,
    }


async def run_attack(ask: GraphQLTestClient) -> dict[People, list[int]]:
    """Return the numbers of each set of one to four people under each of its names."""
    truth = await VisibilityOracle.of(ask.engine)
    answers, sets = await attack_answers(ask), await names_by_people(truth)
    listed = {region for _, region, _ in answers}
    found = {
        people: [answers.get(name, 0) for name in names if name[1] in listed]
        for people, names in sets.items()
        if len(people) < ROUNDING_BASE
    }
    return {people: numbers for people, numbers in found.items() if numbers}


def guess_size(numbers: list[int]) -> int:
    """As many people as the share of fives says."""
    return min(max(round(sum(numbers) / len(numbers)), 1), ROUNDING_BASE - 1)


def count_recovered(found: dict[People, list[int]]) -> int:
    return sum(guess_size(numbers) == len(people) for people, numbers in found.items())


def summary_line(found: dict[People, list[int]], names: int, sizes: set[int]) -> str:
    """Count the sets of these sizes with at least so many names."""
    ours = {
        people: numbers
        for people, numbers in found.items()
        if len(numbers) >= names and len(people) in sizes
    }
    first = {people: numbers[:1] for people, numbers in ours.items()}
    alike = sum(len(set(numbers)) == 1 for numbers in ours.values())
    return (
        f"{len(ours)} sets of {min(sizes)} to {max(sizes)} with {names} names or more: recovered "
        f"{count_recovered(ours)}, by one name {count_recovered(first)}; alike under all names "
        f"{alike}\n"
    )


async def measure_attack(keys: int) -> None:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'registry.db'}"
        await fill_template(url, "examples")
        engine = open_engine(url)
        for _ in range(keys):
            async with write_transaction(engine) as connection:
                await connection.execute(update(KEYS).values(key=token_hex(32)))
            found = await run_attack(GraphQLTestClient(engine))
            for names, sizes in ((2, {1, 2, 3, 4}), (8, {1, 2, 3, 4}), (8, {2, 3})):
                sys.stdout.write(summary_line(found, names, sizes))
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(measure_attack(keys=5))
