"""The queries that partners send: whole answers on the example records, and their cost."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from resolvers.core.context import Executor
from tests.support.contract_queries import (
    ANSWERED,
    PLANNED,
    QUERIES,
    contract_query,
    contract_variables,
    expected_answer,
)
from tests.support.databases import Databases
from tests.support.graph import GraphQLTestClient
from tests.support.growth import populate_to_size
from tests.support.registries import disposing_engine, filled_registry


@pytest.mark.parametrize("number", ANSWERED)
async def test_the_answer_is_right(ask_examples: GraphQLTestClient, number: str) -> None:
    answer = await ask_examples(contract_query(number), **contract_variables(number))
    assert answer.errors == []
    assert answer.data == expected_answer(number)


@pytest.mark.parametrize("way", [Executor.BATCH, Executor.PLAN])
@pytest.mark.parametrize("number", PLANNED)
async def test_the_engine_gives_the_same_answer(
    ask_examples: GraphQLTestClient, number: str, way: Executor
) -> None:
    answer = await ask_examples.by_plan(contract_query(number), way, **contract_variables(number))
    assert answer.errors == []
    assert answer.data == expected_answer(number)


@pytest.fixture(scope="module", params=[10, 1000])
def grown_url(databases: Databases, dialect: str, request: pytest.FixtureRequest) -> Iterator[str]:
    with filled_registry(
        databases, dialect, lambda make: populate_to_size(make, request.param)
    ) as url:
        yield url


@pytest.fixture
async def grown(grown_url: str) -> AsyncIterator[GraphQLTestClient]:
    """Yield a small and a large registry in which the queries lead to every kind that they can."""
    async with disposing_engine(grown_url) as engine:
        yield GraphQLTestClient(engine)


# What those ask is counted where they are grown: tests/capabilities/test_collaborators.py.
GROWN = [number for number in ANSWERED if number not in {"04", "13", "14", "15", "16", "17"}]
# The statements of each query; where a link can lead to several kinds, one for each of them.
STATEMENTS = {
    "01": 20,
    "02": 24,
    "03": 21,
    "05": 18,
    "06": 18,
    "07": 12,
    "08": 21,
    "09": 2,  # it finds nobody here; tests/capabilities/test_search.py counts where it does
    "10": 16,
    "11": 14,
}


async def test_the_number_of_statements_depends_on_the_query_alone(
    grown: GraphQLTestClient,
) -> None:
    found = {}
    for number in GROWN:
        answer = await grown(contract_query(number), **contract_variables(number))
        assert answer.errors == []
        found[number] = len(answer.statements)
    assert found == STATEMENTS


# The same by the engine: links to one record are part of their parent's statement, and what
# PostgreSQL writes as JSON is one statement, and groups know how many there are altogether.
BY_ROWS = {
    "01": 10, "02": 10, "03": 6, "05": 12, "06": 18, "07": 10, "08": 11, "09": 2, "10": 9, "11": 14,
}  # fmt: skip
BY_SUBTREES = {**BY_ROWS, "01": 5, "02": 1, "05": 1, "07": 1, "10": 1, "11": 2}


@pytest.mark.parametrize("way", [Executor.BATCH, Executor.PLAN])
async def test_a_plan_has_one_statement_for_each_level(
    grown: GraphQLTestClient, way: Executor
) -> None:
    found = {}
    for number in GROWN:
        answer = await grown.by_plan(contract_query(number), way, **contract_variables(number))
        assert answer.errors == []
        found[number] = len(answer.statements)
    written = way is Executor.PLAN and grown.engine.dialect.name == "postgresql"
    assert found == (BY_SUBTREES if written else BY_ROWS)


async def test_the_same_query_costs_the_same_each_time(grown: GraphQLTestClient) -> None:
    found = {
        len((await grown(contract_query("01"), **contract_variables("01"))).statements)
        for _ in range(30)
    }
    assert found == {STATEMENTS["01"]}


def test_the_queries_are_those_of_the_contract(project_root: Path) -> None:
    contract = project_root.parent / "shared" / "contract"
    if not contract.is_dir():
        pytest.skip("The contract isn't beside this checkout: the project's own copies hold.")
    ours = {path.name: path.read_text("utf-8") for path in QUERIES.glob("*.graphql")}
    theirs = {path.name: path.read_text("utf-8") for path in contract.glob("[01]*.graphql")}
    assert {name: ours[name] for name in theirs} == theirs
