"""Every statement of the contract and of the documentation, explained on both databases.

None reads a large table or index from end to end, but for those that are named here.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.db.engine import open_engine
from models.history import model_table, table_models
from models.partner import Role
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.core.context import Executor
from tests.graph.explained_statements import open_scan_detector
from tests.graph.multiplied_examples import multiply_examples
from tests.house.coverage import read_coverage
from tests.house.domain import SHOWN
from tests.support.contract_queries import ANSWERED, contract_query, contract_variables
from tests.support.databases import Databases

LARGE = 720  # rows; what stays below that doesn't grow with the number of people
UNION = partner_viewer(Role.UNION, "demo_union_a", "demo_province_north")
PARTNERS = [
    partner_viewer(Role.COLLEGE, "demo_college"),
    partner_viewer(Role.ALLIANCE, "demo_union_a"),
    UNION,
]
# These have a row for each worker, or more.
OF_EACH = frozenset({"worker", "qualification", "worker_unpublished", "employment"})
IN_REGION = 'region(code: "demo_province_north") { workers'
BY_GRADE = [
    "{ workers { totalCount groups(by: [GRADE]) { nodes { count } } } }",
    f"{{ {IN_REGION} {{ totalCount groups(by: [GRADE]) {{ nodes {{ count }} }} }} }} }}",
    f"{{ {IN_REGION} {{ groups(by: [CITY, GRADE]) {{ nodes {{ count }} }} }} }} }}",
    "{ workers { groups(by: [REGION, GRADE]) { nodes { count } } } }",
    "{ workers(filter: {grade: SENIOR}) { totalCount } }",
    f"{{ {IN_REGION}(filter: {{grade: SENIOR}}) {{ totalCount }} }} }}",
    f"{{ {IN_REGION}(filter: {{isNull: [GRADE]}}) {{ totalCount }} }} }}",
]
OF_A_GRADE = f"{{ {IN_REGION}(filter: {{grade: SENIOR}}) {{ nodes {{ code grade }} }} }} }}"
ROLL_UP = """query($root: String!) {
  rollup(root: $root, depth: 1, measures: [WORKERS], by: [GRADE]) {
    rows { cells { values { quantity { value } } } }
  }
}"""
# As the public a roll-up counts no more than what the lists do; whole regions are the steward's.
BY_STEWARD = {"query 14"}
ASKED: list[tuple[Viewer, Executor]] = [
    (PUBLIC, Executor.PLAN),
    (PUBLIC, Executor.DEFAULT),
    (UNION, Executor.PLAN),
]

# SQLite works out the list inside a filter once, whole, where the filter asks no more of it than
# what an index doesn't know: whether it stands, whether it may be seen, or a word of few values.
# For each of the rows outside it would have to be asked anew, and those are many more.
FILTERS_ON_SQLITE = {
    ("coverage contributions.graphql", "studio"),  # contributions of studios whose host is named
    ("coverage promoted.graphql", "result"),  # certificates that are based on any result
    ("domain Cohort", "employment"),  # of the cohort those who are employed
    ("domain Lists:", "honour"),  # honours of a level
    ("domain Worker", "honour"),
    ("domain Worker", "teaching"),  # workers who teach anywhere
    ("query 15", "employment"),
    ("query 15", "qualification"),
}
# Predecessors are distinct: SQLite makes their list whole. They grow with decrees, not with people.
SUCCESSIONS = {("domain RegionSuccession", "region_succession")}
# A roll-up divides each outcome of the region among those who brought it about.
DIVIDED = {("query 14", "outcome")}
# Half of all outcomes lie in the province whose outcomes are counted by kind.
COUNTED_ON_POSTGRESQL = {("query 05", "outcome")}
# PostgreSQL 18 joins a few of these by reading all: they grow with organisations, not with people.
JOINED_WHOLE = {
    ("domain Figure", "honour"), ("query 16", "organisation"),
    ("domain Promotable", "organisation"),
}  # fmt: skip
# What a partner is told of derived columns is worked out row by row (decision 7), not by an index.
# A plan reads the rows of a kind once, whole, where it joins that to others.
DERIVED = {
    "sqlite": {
        ("domain Alliance", "studio"), ("domain Lists:", "conferral"), ("query 01", "studio"),
    },
    "postgresql": {
        ("domain Lists:", "conferral"), ("domain Studio", "worker"), ("query 04", "studio"),
        ("query 04", "worker"), ("query 09", "worker"),
    },
}  # fmt: skip
EXCUSED = {
    "sqlite": FILTERS_ON_SQLITE | SUCCESSIONS | DIVIDED,
    "postgresql": COUNTED_ON_POSTGRESQL | DIVIDED | JOINED_WHOLE,
}


def cases() -> dict[str, tuple[str, dict[str, Any]]]:
    found = {
        f"query {number}": (contract_query(number), contract_variables(number))
        for number in ANSWERED
    }
    found |= {
        f"coverage {row.query}": (row.document, row.asked) for row in read_coverage() if row.query
    }
    return found | {f"domain {one.heading.split()[0]}": (one.question, {}) for one in SHOWN}


@pytest.fixture(scope="module")
def large_url(databases: Databases, dialect: str) -> Iterator[str]:
    url = databases.copy(dialect, "registry")
    asyncio.run(multiply_examples(url))
    yield url
    databases.drop(url)


@pytest.fixture
async def engine(large_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(large_url)
    yield engine
    await engine.dispose()


async def large_tables(engine: AsyncEngine) -> frozenset[str]:
    found = set()
    async with engine.connect() as connection:
        for table in model_table(table_models()[0]).metadata.sorted_tables:
            number = await connection.scalar(select(func.count()).select_from(table))
            if (number or 0) > LARGE:
                found.add(table.name)
    return frozenset(found)


@pytest.mark.parametrize(
    ("viewer", "way"),
    ASKED,
    ids=lambda one: one.name if isinstance(one, Executor | Viewer) else None,
)
async def test_no_statement_reads_a_large_table_from_end_to_end(
    engine: AsyncEngine, dialect: str, viewer: Viewer, way: Executor
) -> None:
    large = await large_tables(engine)
    assert {"worker", "qualification", "search_term", "change", "result", "outcome"} <= large
    scanned = set()
    async with (
        open_scan_detector(engine, viewer, large) as explained,
        open_scan_detector(engine, OPERATOR, large) as by_steward,
    ):
        for name, (text, given) in cases().items():
            explains = by_steward if name in BY_STEWARD else explained
            asked = await explains.statements(way, text, given)
            assert asked, name
            scanned |= {(name, table) for table in await explains.scanned(asked)}
    excused = EXCUSED[dialect] | (DERIVED[dialect] if viewer is UNION else set())
    assert scanned - excused == set()
    if viewer is UNION and dialect == "sqlite":
        assert scanned == excused


@pytest.mark.parametrize("viewer", PARTNERS, ids=lambda one: one.role.value)
@pytest.mark.parametrize("way", [Executor.PLAN, Executor.DEFAULT])
async def test_partners_groups_and_totals_by_grade_read_nothing_that_grows(
    engine: AsyncEngine, viewer: Viewer, way: Executor
) -> None:
    """Neither workers, nor certificates, nor who has which: only cells, and sets of grades."""
    async with open_scan_detector(engine, viewer, OF_EACH) as explained:
        for text in BY_GRADE:
            asked = await explained.statements(way, text, {})
            assert asked
            assert await explained.conditions(asked) == {}, text
        if viewer.region:
            asked = await explained.statements(way, ROLL_UP, {"root": viewer.region})
            assert await explained.conditions(asked) == {}


@pytest.mark.parametrize("viewer", PARTNERS, ids=lambda one: one.role.value)
async def test_partners_find_workers_of_a_grade_by_indexes(
    engine: AsyncEngine, viewer: Viewer, dialect: str
) -> None:
    """Those whom everybody is told of by region and grade; the others by their sets.

    Where these are many, they may be looked for among all who lie there. SQLite, which has no
    statistics, always does that; PostgreSQL may, for a convenor, look among all whom it may see.
    """
    async with open_scan_detector(engine, viewer, OF_EACH) as explained:
        found = await explained.conditions(
            await explained.statements(Executor.PLAN, OF_A_GRADE, {})
        )
    assert found.keys() >= {"worker", "worker_unpublished"}
    few = dialect == "postgresql" and viewer.role is Role.COLLEGE
    by_region = set() if few else {"region_id"}
    if dialect == "postgresql" and viewer.role is Role.ALLIANCE:
        by_region.add("audience audience")
    assert "region_id grade" in found["worker"]
    assert found["worker"] <= {"id", "region_id grade", "region_id grade audience"} | by_region
    assert found["worker_unpublished"] <= {"worker_id", "set_id"}
    assert found["qualification"] <= {"worker_id"}


async def test_a_table_that_is_read_is_told_with_what_its_index_compares(
    engine: AsyncEngine,
) -> None:
    """So that the two tests above can fail."""
    read = [
        ("SELECT count(*) FROM worker WHERE note = 'x'", {"worker": {""}}),
        ("SELECT note FROM qualification WHERE worker_id = 'x'", {"qualification": {"worker_id"}}),
    ]
    async with open_scan_detector(engine, OPERATOR, OF_EACH) as explained:
        for text, wanted in read:
            assert await explained.conditions([(text, [])]) == wanted


async def test_a_table_that_is_read_from_end_to_end_is_found(engine: AsyncEngine) -> None:
    """So that the test above can fail."""
    read = [
        ("SELECT worker_1.id FROM worker AS worker_1 WHERE worker_1.note = 'x'", "worker"),
        ("SELECT count(*) FROM result", "result"),
        ("SELECT id FROM qualification WHERE note = 'x' ORDER BY id", "qualification"),
    ]
    page = "SELECT id FROM worker ORDER BY name_key, code LIMIT 10"
    async with open_scan_detector(engine, OPERATOR, await large_tables(engine)) as explained:
        for text, table in read:
            assert await explained.scanned([(text, [])]) == {table}
        assert await explained.scanned([(page, [])]) == set()
