"""Every link, walked by every kind of viewer: nothing shows that its reader may not see."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from engine.catalog.join import AssociationJoin, ForeignKeyJoin
from engine.catalog.kind import Kind, Link
from engine.catalog.link import ToList, ToListThrough, ToMany, ToOne
from kit.db.engine import open_engine
from kit.db.postgres_pool import open_read_pool
from kit.db.read_pool import ReadPool
from kit.relay.global_id import to_global_id
from resolvers.core.access import OPERATOR, PUBLIC, Viewer
from resolvers.core.context import Executor
from resolvers.core.declare import REGISTRY, DerivedForeignKeyJoin, RecipientRegionJoin
from tests.support.databases import Databases
from tests.support.graph import GraphQLTestClient
from tests.support.hidden_examples import hidden_examples_url
from tests.support.sdl import LISTS, camel_case, field_types
from tests.support.visible_records import VIEWERS, VisibilityOracle

KINDS = list(REGISTRY.kinds.values())
NAMES = {viewer: f"{viewer.role or viewer.name}-{viewer.region}" for viewer in VIEWERS}
FEW = 2  # invisible records of a kind that are asked for by name


@dataclass
class LinkedRegistry:
    ask: GraphQLTestClient
    truth: VisibilityOracle
    snapshots: ReadPool
    nodes: dict[tuple[str, Viewer], dict[str, Any]] = field(default_factory=dict)

    async def of(self, kind: Kind, viewer: Viewer) -> dict[str, Any]:
        """All nodes of a kind that the viewer is shown, by id, with all that links lead to."""
        known = self.nodes.get((kind.name, viewer))
        if known is None:
            known = self.nodes[kind.name, viewer] = await shown(self, kind, viewer)
        return known


@pytest.fixture(scope="module")
def hiding_url(databases: Databases, dialect: str) -> Iterator[str]:
    """Yield the examples, with something hidden of every kind."""
    url = hidden_examples_url(databases, dialect)
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
async def world(hiding_url: str) -> AsyncIterator[LinkedRegistry]:
    engine, snapshots = open_engine(hiding_url), open_read_pool(hiding_url)
    yield LinkedRegistry(GraphQLTestClient(engine), await VisibilityOracle.of(engine), snapshots)
    await snapshots.close()
    await engine.dispose()


def name_of(kind: Kind) -> str:
    found: str = LISTS[f"{kind.name}Connection"]
    return found


def whole(spell: Any) -> str:
    return "first: 100, spells: ALL" if spell else "first: 100"


def selection(link: Link) -> str:
    name = camel_case(link.name)
    if isinstance(link, ToMany):
        by = next(iter(link.to.dimensions), None)
        groups = f"groups(by: [{by}], first: 100) {{ remainder nodes {{ count }} }}" if by else ""
        page = f"totalCount edges {{ cursor }} nodes {{ id }} {groups}"
        return f"{name}({whole(link.to.spell)}) {{ {page} }}"
    return f"{name} {{ id }}"


def links_of(kind: Kind) -> list[Link]:
    return [link for link in kind.links.values() if camel_case(link.name) in field_types(kind.name)]


async def shown(world: LinkedRegistry, kind: Kind, viewer: Viewer) -> dict[str, Any]:
    links = " ".join(map(selection, links_of(kind)))
    found: dict[str, Any] = {}
    after = None
    while True:
        arguments = f"{whole(kind.spell)}, after: $after"
        page = f"totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ id {links} }}"
        query = f"query($after: String) {{ {name_of(kind)}({arguments}) {{ {page} }} }}"
        answer = await world.ask.by_plan(query, Executor.PLAN, viewer, world.snapshots, after=after)
        assert answer.errors == []
        there = answer.data[name_of(kind)]
        found |= {node["id"]: node for node in there["nodes"]}
        after = there["pageInfo"]["endCursor"]
        if not there["pageInfo"]["hasNextPage"]:
            assert there["totalCount"] == len(found)
            return found


def ids_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "id" in value:
            yield value["id"]
        for inner in value.values():
            yield from ids_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from ids_in(inner)


def follows_from_both_ends(link: Link) -> bool:
    """Whether a link leads to all that its ends let be seen: others pass records between.

    What follows from facts leads each viewer elsewhere: tests/access/test_properties_derived.py.
    """
    if isinstance(link, ToMany | ToList):
        derived = isinstance(link.way, DerivedForeignKeyJoin | RecipientRegionJoin)
        return isinstance(link.way, ForeignKeyJoin | AssociationJoin) and not derived
    if isinstance(link, ToOne):
        return link.by not in link.source.derived
    return not isinstance(link, ToListThrough)


@pytest.mark.parametrize("viewer", VIEWERS, ids=NAMES.get)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_a_viewer_is_shown_what_it_may_see_and_nothing_else(
    world: LinkedRegistry, kind: Kind, viewer: Viewer
) -> None:
    seen = world.truth.ids(viewer)
    everything, found = await world.of(kind, OPERATOR), await world.of(kind, viewer)
    assert found.keys() == everything.keys() & seen
    for id, node in found.items():
        assert seen.issuperset(ids_in(node))
        for link in links_of(kind):
            ours, all_there = node[camel_case(link.name)], everything[id][camel_case(link.name)]
            left = [one for one in ids_in(all_there) if one in seen]
            if follows_from_both_ends(link):
                # Of a list that is longer than a page the first are compared.
                assert list(ids_in(ours))[: len(left)] == left, (id, link.name)
                assert len(left) == len(list(ids_in(ours))) or longer(all_there)
            if isinstance(link, ToMany):
                agree(ours)


def longer(connection: Any) -> bool:
    return bool(connection["totalCount"] > len(connection["nodes"]))


def agree(connection: dict[str, Any]) -> None:
    """Total, groups and cursors count the nodes and nothing else."""
    number = connection["totalCount"]
    assert len(connection["nodes"]) == len(connection["edges"]) == min(number, 100)
    if groups := connection.get("groups"):
        assert groups["remainder"] + sum(one["count"] for one in groups["nodes"]) == number


@pytest.mark.parametrize("viewer", VIEWERS[:-1:2], ids=NAMES.get)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_what_may_not_be_seen_is_answered_as_what_does_not_exist(
    world: LinkedRegistry, kind: Kind, viewer: Viewer
) -> None:
    """By id, by code and in filters: the same answer, after the same statements."""
    everything = await world.of(kind, OPERATOR)
    hidden = sorted(everything.keys() - world.truth.ids(viewer))
    if kind.name == "Region":
        # Where a region lies is no secret: what lies in a hidden one is found by its code.
        rows = world.truth.rows["region"]
        above = {one for region in rows for one in world.truth.upward(region)[1:]}
        hidden = [id for id in hidden if key_of(world.truth, kind, id) not in above]
    hidden = hidden[:FEW]
    nobody = await asked_for(world, kind, "demo_nobody", viewer)
    for id in hidden:
        assert await asked_for(world, kind, key_of(world.truth, kind, id), viewer) == nobody


def key_of(truth: VisibilityOracle, kind: Kind, id: str) -> str:
    [row] = [
        row
        for row in truth.rows[kind.table.name].values()
        if to_global_id(kind.name, row["id"]) == id
    ]
    key: str = row.get("code") or row["id"]
    return key


async def asked_for(world: LinkedRegistry, kind: Kind, key: str, viewer: Viewer) -> Any:
    id = to_global_id(kind.name, key)
    parts = ["node(id: $id) { id }", "nodes(ids: [$id, $id]) { id }"]
    if kind.key == "code":
        if camel_case(kind.word) in field_types("Query"):
            parts.append(f"one: {camel_case(kind.word)}(code: $code) {{ id name }}")
        every = "spells: ALL, " if kind.spell else ""
        parts.append(
            f"{name_of(kind)}({every}filter: {{code: $code}}) {{ totalCount nodes {{ id }} }}"
        )
    declared = "$id: ID!, $code: String!" if kind.key == "code" else "$id: ID!"
    given = {"id": id, "code": key} if kind.key == "code" else {"id": id}
    query = f"query({declared}) {{ {' '.join(parts)} }}"
    answer = await world.ask.by_plan(query, Executor.PLAN, viewer, world.snapshots, **given)
    return answer.data, answer.errors, answer.statements


async def test_the_walk_was_worth_it(
    world: LinkedRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each partner sees more than the public, and none sees all."""
    everything, public = world.truth.all_ids(), world.truth.ids(PUBLIC)
    links = [(kind, link) for kind in KINDS for link in links_of(kind)]
    for viewer in VIEWERS[1:-1]:
        seen = world.truth.ids(viewer)
        assert public < seen < everything, viewer.name
    hidden = [kind.name for kind in KINDS if await self_hidden(world, kind)]
    with capsys.disabled():
        print(  # noqa: T201  # the figures of the walk
            f"\nThe walk: {len(KINDS)} kinds, {len(links)} links, {len(VIEWERS)} viewers; "
            f"{len(everything)} records, {len(public)} of them public; "
            f"something is hidden of {len(hidden)} kinds."
        )
    assert len(hidden) == len(KINDS)


async def self_hidden(world: LinkedRegistry, kind: Kind) -> bool:
    public = world.truth.ids(PUBLIC)
    return any(id not in public for id in await world.of(kind, OPERATOR))
