"""Every statement of the contract and of the documentation, explained on both databases.

None reads a large table or index from end to end, but for those that are named here.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import open_engine
from models.history import models_of, stored
from models.partner import Role
from resolvers.access import OPERATOR, PUBLIC, Viewer, partner
from resolvers.context import Way
from tests.coverage import rows
from tests.databases import Databases
from tests.domain import SHOWN
from tests.explained import Explained, statements
from tests.multiplied import multiply
from tests.queries import ANSWERED, query, variables

LARGE = 1400  # rows; what stays below that doesn't grow with the number of people
UNION = partner(Role.UNION, "demo_union_a", "demo_province_north")
# As the public a roll-up counts no more than what the lists do; whole regions are the steward's.
BY_STEWARD = {"query 14"}
ASKED: list[tuple[Viewer, Way]] = [
    (PUBLIC, Way.PLAN),
    (PUBLIC, Way.DEFAULT),
    (UNION, Way.PLAN),
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
# A roll-up divides each outcome of the region among those who brought it about.
DIVIDED = {("query 14", "outcome")}
# Half of all outcomes lie in the province whose outcomes are counted by kind.
COUNTED_ON_POSTGRESQL = {("query 05", "outcome")}
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
    "sqlite": FILTERS_ON_SQLITE | DIVIDED,
    "postgresql": COUNTED_ON_POSTGRESQL | DIVIDED,
}


def cases() -> dict[str, tuple[str, dict[str, Any]]]:
    found = {f"query {number}": (query(number), variables(number)) for number in ANSWERED}
    found |= {f"coverage {row.query}": (row.document, row.asked) for row in rows() if row.query}
    return found | {f"domain {one.heading.split()[0]}": (one.question, {}) for one in SHOWN}


@pytest.fixture(scope="module")
def large_url(databases: Databases, dialect: str) -> Iterator[str]:
    url = databases.copy(dialect, "registry")
    asyncio.run(multiply(url))
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
        for table in stored(models_of()[0]).metadata.sorted_tables:
            number = await connection.scalar(select(func.count()).select_from(table))
            if (number or 0) > LARGE:
                found.add(table.name)
    return frozenset(found)


@pytest.mark.parametrize(
    ("viewer", "way"), ASKED, ids=lambda one: one.name if isinstance(one, Way | Viewer) else None
)
async def test_no_statement_reads_a_large_table_from_end_to_end(
    engine: AsyncEngine, dialect: str, viewer: Viewer, way: Way
) -> None:
    large = await large_tables(engine)
    assert {"worker", "qualification", "search_term", "change", "result", "outcome"} <= large
    scanned = set()
    for name, (text, given) in cases().items():
        asker = OPERATOR if name in BY_STEWARD else viewer
        asked = await statements(engine, asker, way, text, given)
        assert asked, name
        tables = await Explained(engine, asker, large).scanned(asked)
        scanned |= {(name, table) for table in tables}
    excused = EXCUSED[dialect] | (DERIVED[dialect] if viewer is UNION else set())
    assert scanned - excused == set()
    if viewer is UNION and dialect == "sqlite":
        assert scanned == excused


async def test_a_table_that_is_read_from_end_to_end_is_found(engine: AsyncEngine) -> None:
    """So that the test above can fail."""
    explained = Explained(engine, OPERATOR, await large_tables(engine))
    read = [
        ("SELECT worker_1.id FROM worker AS worker_1 WHERE worker_1.note = 'x'", "worker"),
        ("SELECT count(*) FROM result", "result"),
        ("SELECT id FROM qualification WHERE note = 'x' ORDER BY id", "qualification"),
    ]
    for text, table in read:
        assert await explained.scanned([(text, [])]) == {table}
    page = "SELECT id FROM worker ORDER BY name_key, code LIMIT 10"
    assert await explained.scanned([(page, [])]) == set()
