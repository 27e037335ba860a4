"""Groups that PostgreSQL writes are those that Python makes: of every list, by everything."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.catalog.kind import Kind
from engine.catalog.link import ToMany
from kit.db.engine import open_engine
from kit.db.postgres_pool import PostgresReadPool, open_read_pool
from resolvers.core.access import OPERATOR, PUBLIC, Viewer
from resolvers.core.declare import REGISTRY
from resolvers.region import REGION
from tests.random.both_executors import QueryStatistics, compare_executors
from tests.random.known_values import ValuePool
from tests.random.queries import RandomQuery
from tests.support.databases import Databases
from tests.support.graph import GraphQLTestClient
from tests.support.sdl import camel_case, field_types

GROUPS = "totalCount remainder nodes { count keys { dimension code label } %s }"
TYPES = "__typename nodes { __typename keys { __typename } }"


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = databases.copy("postgresql", "examples")
    yield url
    databases.drop(url)


class GroupedRegistry:
    def __init__(self, engine: AsyncEngine, known: ValuePool) -> None:
        self.engine, self.known, self.tally = engine, known, QueryStatistics()
        self.snapshots = open_read_pool(engine.url)
        assert isinstance(self.snapshots, PostgresReadPool)
        self.asked: list[str] = []
        self.snapshots.listener = self.asked.append


@pytest.fixture(scope="module")
async def grouped_registry(url: str) -> AsyncIterator[GroupedRegistry]:
    engine = open_engine(url)
    made = GroupedRegistry(engine, await ValuePool.of(GraphQLTestClient(engine)))
    yield made
    await made.snapshots.close()
    await engine.dispose()


def lists() -> Iterator[Any]:
    """Every list of a region, and of other records that can be looked up one for each kind."""
    seen: set[Kind] = set()
    for kind in REGISTRY.kinds.values():
        for name, of in field_types(kind.name).items():
            link = next(
                (link for link in kind.links.values() if camel_case(link.name) == name), None
            )
            if "code" not in field_types(kind.name) or not isinstance(link, ToMany):
                continue
            if "groups" not in field_types(of) or (kind is not REGION and link.to in seen):
                continue
            seen.add(link.to)
            viewer = PUBLIC if len(seen) % 2 else OPERATOR
            yield pytest.param(kind, name, link, viewer, id=f"{kind.name}.{name}")


def question(kind: Kind, name: str, link: ToMany, code: str) -> RandomQuery:
    words = list(link.to.dimensions)
    sums = " ".join(
        f"{word.lower()}: sum(of: {word}) {{ value unit qualifier }}" for word in link.to.measures
    )
    asked = [f"groups(by: [{word}]) {{ {GROUPS % sums} }}" for word in words]
    some = ", ".join(words[-2:])
    asked += [
        f"groups(by: [{some}], first: 1) {{ {GROUPS % ''} }}",
        f"groups(by: [{some}], having: {{count: {{gte: 2}}}}) {{ {GROUPS % sums} }}",
        f"groups(by: [{some}], having: {{count: {{gte: 100000}}}}) {{ {GROUPS % ''} }}",
        f"groups(by: [{some}], orderBy: [{{field: KEY, descending: true}}]) {{ {TYPES} }}",
    ]
    selected = " ".join(f"g{n}: {one}" for n, one in enumerate(asked))
    looked_up = camel_case(kind.word)
    query = f'{{ {looked_up}(code: "{code}") {{ {name} {{ totalCount {selected} }} }} }}'
    return RandomQuery(query, {}, None)


@pytest.mark.parametrize(("kind", "name", "link", "viewer"), list(lists()))
async def test_groups_of_every_list_are_alike(
    grouped_registry: GroupedRegistry, kind: Kind, name: str, link: ToMany, viewer: Viewer
) -> None:
    code, *_ = [*grouped_registry.known.codes[kind.name], "nobody"]
    one = question(kind, name, link, code)
    grouped_registry.asked.clear()
    found = await compare_executors(
        grouped_registry.engine, grouped_registry.snapshots, one, viewer, grouped_registry.tally
    )
    assert found.errors == []
    # What Python names, such as a metric, no database writes.
    written = not any(one.labelled for one in link.to.dimensions.values())
    assert sum("json_build_object" in one for one in grouped_registry.asked) == written


async def test_what_is_too_wide_for_a_function_of_the_database_is_left_to_python(
    grouped_registry: GroupedRegistry,
) -> None:
    code, *_ = grouped_registry.known.codes["Region"]
    counts = " ".join(f"c{n}: count" for n in range(51))
    asked = f"studios {{ groups(by: [LEVEL]) {{ nodes {{ {counts} }} }} }}"
    one = RandomQuery(f'{{ region(code: "{code}") {{ code {asked} }} }}', {}, None)
    grouped_registry.asked.clear()
    found = await compare_executors(
        grouped_registry.engine, grouped_registry.snapshots, one, OPERATOR, grouped_registry.tally
    )
    assert found.errors == []
    assert not any("json_build_object" in one for one in grouped_registry.asked)
