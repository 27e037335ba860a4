"""Groups that PostgreSQL writes are those that Python makes: of every list, by everything."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.kind import Kind
from engine.link import Many
from kit.database import open_engine
from kit.snapshots import PostgresSnapshots, snapshots_of
from resolvers.access import OPERATOR, PUBLIC, Viewer
from resolvers.declare import REGISTRY
from resolvers.region import REGION
from tests.asking import Ask
from tests.databases import Databases
from tests.random_known import Known
from tests.random_queries import Question
from tests.sdl import camel, fields
from tests.two_ways import Tally, compared

GROUPS = "totalCount remainder nodes { count keys { dimension code label } %s }"
TYPES = "__typename nodes { __typename keys { __typename } }"


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = databases.copy("postgresql", "examples")
    yield url
    databases.drop(url)


class Written:
    def __init__(self, engine: AsyncEngine, known: Known) -> None:
        self.engine, self.known, self.tally = engine, known, Tally()
        self.snapshots = snapshots_of(engine.url)
        assert isinstance(self.snapshots, PostgresSnapshots)
        self.asked: list[str] = []
        self.snapshots.listener = self.asked.append


@pytest.fixture(scope="module")
async def examples(url: str) -> AsyncIterator[Written]:
    engine = open_engine(url)
    made = Written(engine, await Known.of(Ask(engine)))
    yield made
    await made.snapshots.close()
    await engine.dispose()


def lists() -> Iterator[Any]:
    """Every list of a region, and of other records that can be looked up one for each kind."""
    seen: set[Kind] = set()
    for kind in REGISTRY.kinds.values():
        for name, of in fields(kind.name).items():
            link = next((link for link in kind.links.values() if camel(link.name) == name), None)
            if "code" not in fields(kind.name) or not isinstance(link, Many):
                continue
            if "groups" not in fields(of) or (kind is not REGION and link.to in seen):
                continue
            seen.add(link.to)
            viewer = PUBLIC if len(seen) % 2 else OPERATOR
            yield pytest.param(kind, name, link, viewer, id=f"{kind.name}.{name}")


def question(kind: Kind, name: str, link: Many, code: str) -> Question:
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
    looked_up = camel(kind.word)
    query = f'{{ {looked_up}(code: "{code}") {{ {name} {{ totalCount {selected} }} }} }}'
    return Question(query, {}, None)


@pytest.mark.parametrize(("kind", "name", "link", "viewer"), list(lists()))
async def test_groups_of_every_list_are_alike(
    examples: Written, kind: Kind, name: str, link: Many, viewer: Viewer
) -> None:
    code, *_ = [*examples.known.codes[kind.name], "nobody"]
    one = question(kind, name, link, code)
    examples.asked.clear()
    found = await compared(examples.engine, examples.snapshots, one, viewer, examples.tally)
    assert found.errors == []
    # What Python names, such as a metric, no database writes.
    written = not any(one.labelled for one in link.to.dimensions.values())
    assert sum("json_build_object" in one for one in examples.asked) == written


async def test_what_is_too_wide_for_a_function_of_the_database_is_left_to_python(
    examples: Written,
) -> None:
    code, *_ = examples.known.codes["Region"]
    counts = " ".join(f"c{n}: count" for n in range(51))
    asked = f"studios {{ groups(by: [LEVEL]) {{ nodes {{ {counts} }} }} }}"
    one = Question(f'{{ region(code: "{code}") {{ code {asked} }} }}', {}, None)
    examples.asked.clear()
    found = await compared(examples.engine, examples.snapshots, one, OPERATOR, examples.tally)
    assert found.errors == []
    assert not any("json_build_object" in one for one in examples.asked)
