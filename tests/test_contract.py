"""The queries that partners send: whole answers on the example records, and their cost."""

from pathlib import Path

import pytest

from tests.asking import Ask, Make
from tests.growth import grow
from tests.queries import ANSWERED, QUERIES, expected, query, variables


@pytest.mark.parametrize("number", ANSWERED)
async def test_the_answer_is_right(ask_examples: Ask, number: str) -> None:
    answer = await ask_examples(query(number), **variables(number))
    assert answer.errors == []
    assert answer.data == expected(number)


@pytest.fixture(params=[10, 1000])
def size(request: pytest.FixtureRequest) -> int:
    found: int = request.param
    return found


# The statements of each query where every kind that it can lead to occurs.
STATEMENTS = {
    "01": 20,
    "02": 24,
    "03": 21,
    "05": 18,
    "06": 14,
    "07": 9,
    "08": 18,
    "10": 16,
    "11": 14,
}


async def test_the_number_of_statements_depends_on_the_query_alone(
    ask: Ask, make: Make, size: int
) -> None:
    await grow(make, size)
    found = {}
    for number in ANSWERED:
        answer = await ask(query(number), **variables(number))
        assert answer.errors == []
        found[number] = len(answer.statements)
    assert found == STATEMENTS


async def test_the_same_query_costs_the_same_each_time(ask: Ask, make: Make) -> None:
    await grow(make, 10)
    found = {len((await ask(query("01"), **variables("01"))).statements) for _ in range(30)}
    assert found == {STATEMENTS["01"]}


def test_the_queries_are_those_of_the_contract(root: Path) -> None:
    contract = root.parent / "shared" / "contract"
    if not contract.is_dir():
        pytest.skip("The contract isn't beside this checkout: the project's own copies hold.")
    ours = {path.name: path.read_text("utf-8") for path in QUERIES.glob("*.graphql")}
    theirs = {path.name: path.read_text("utf-8") for path in contract.glob("[01]*.graphql")}
    assert ours == theirs
