"""List, total and groups agree under any filter, and with what plain Python finds in all nodes."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from random import Random
from typing import Any

import pytest
from graphql import GraphQLEnumType, is_input_object_type
from hypothesis import given, note
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.catalog.kind import Kind
from engine.catalog.link import ToMany
from models.partner import Role
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from tests.support.graph import GraphQLTestClient, RowFactory
from tests.support.random_rows import (
    TIMES,
    lists_of_kind,
    max_examples,
    populate,
    shrinkable_randoms,
)
from tests.support.sdl import LISTS, camel_case, field_types
from tests.support.table_states import clear_tables
from tests.support.visible_picture import (
    KINDS,
    FilterInput,
    Step,
    VisibleGraph,
    compared_field,
    filter_fields,
    filter_steps,
    is_undated,
    path_steps,
    spell_days,
)

VIEWERS = [OPERATOR, PUBLIC, partner_viewer(Role.COLLEGE, "organisation_00")]
FILTERS = 6  # four by chance, what the first leaves out, and the first with the second
JOINING = {"and", "or", "not"}
ELSEWHERE: dict[str, list[Any]] = {
    "Boolean": [True, False], "Float": [0.25], "Int": [0, 2021, 4000], "String": ["nowhere", ""],
    "PartialDate": ["2022", "2023-05", "1999-01-01"],
}  # fmt: skip


class FilteredRegistry:
    def __init__(self, ask: GraphQLTestClient, pictures: dict[Viewer, VisibleGraph]) -> None:
        self.ask, self.pictures = ask, pictures


# How each registry that is asked was made.
SEEDS = [1] if TIMES == 1 else [1, 2, 3, 4]


@pytest.fixture(scope="module", params=SEEDS)
async def world(empty_registry: AsyncEngine, request: pytest.FixtureRequest) -> FilteredRegistry:
    await clear_tables(empty_registry)
    await populate(RowFactory(empty_registry), Random(request.param), 8)
    ask = GraphQLTestClient(empty_registry)
    return FilteredRegistry(
        ask, {viewer: await VisibleGraph.taken(ask, viewer) for viewer in VIEWERS}
    )


def wanted(picture: VisibleGraph, of: str, depth: int, chance: Random) -> FilterInput:
    """Return a field or two of a filter; links, lists and nots up to the depth."""
    sorts: defaultdict[str, list[str]] = defaultdict(list)
    for name, type in filter_fields(of).items():
        if not is_input_object_type(type):
            sorts["plain"].append(name)
        elif depth:
            listed = of in KINDS and field_types(of).get(name) in LISTS
            sorts["lists" if listed else "links" if name not in JOINING else "joined"].append(name)
    names = [chance.choice(chance.choice(list(sorts.values()))) for _ in range(2) if sorts]
    some = names[: chance.choice([1, 2, 1, 0])]
    return {name: value(picture, of, name, depth, chance) for name in some}


def value(picture: VisibleGraph, of: str, name: str, depth: int, chance: Random) -> Any:
    """Return what a field of a filter is compared with: more often than not it occurs."""
    type = filter_fields(of)[name]
    if name in {"and", "or"}:
        return [wanted(picture, of, depth - 1, chance) for _ in range(chance.randint(0, 3))]
    if is_input_object_type(type):
        inner = type.name.removesuffix("Filter")
        return wanted(picture, inner, depth - 1, chance)
    if name == "isNull":
        return some(list(type.values), 2, chance)
    ids = picture.all_of(of)
    if ids and chance.randrange(3):
        return picture.nodes[chance.choice(ids)][compared_field(of, name)]
    words = list(type.values) if isinstance(type, GraphQLEnumType) else ELSEWHERE[type.name]
    return chance.choice(words)


def some(of: list[str], most: int, chance: Random) -> list[str]:
    return list(dict.fromkeys(chance.choice(of) for _ in range(chance.randint(1, most))))


def spells(picture: VisibleGraph, kind: str, chance: Random) -> str:
    """All, today's, or those of a day on which something begins or ends."""
    found: list[Any] = ["ALL", "CURRENT"]
    if KINDS[kind].spell:
        ids = picture.all_of(kind)
        found += {day for id in ids for day in spell_days(kind, picture.nodes[id]) if day}
    return str(chance.choice(sorted(map(str, found))))


@dataclass
class ListQuery:
    """A list of a kind: at the root, or of one or two records at the near end of a link."""

    kind: str
    viewer: Viewer
    link: ToMany | None = field(repr=False)
    sources: list[str]
    spells: str
    filters: list[FilterInput]
    by: list[list[str]]
    groups: int
    size: int

    def variables(self, sources: list[str]) -> dict[str, Any]:
        asked: dict[str, Any] = {"groups": self.groups, "size": self.size}
        asked |= {f"by{n}": words for n, words in enumerate(self.by)}
        asked |= {f"filter{n}": filter for n, filter in enumerate(self.filters)}
        if KINDS[self.kind].spell:
            asked["on" if self.spells[0].isdigit() else "spells"] = self.spells
        return asked | ({"sources": sources} if self.link else {})

    @property
    def steps(self) -> Iterator[Step]:
        """Return the parts of the picture that a filter needs."""
        if self.link:
            yield self.link.source.name, camel_case(self.link.name)
        for filter in self.filters:
            yield from filter_steps(self.kind, filter)
        for word in chain(*self.by):
            yield from path_steps(self.kind, KINDS[self.kind].dimensions[word].path)


def question(world: FilteredRegistry, kind: str, chance: Random) -> ListQuery:
    viewer = chance.choice(VIEWERS)
    picture = world.pictures[viewer]
    link = chance.choice([None, *lists_of_kind(KINDS[kind])])
    near = picture.all_of(link.source.name) if link else []
    filters = [wanted(picture, kind, 3, chance) for _ in range(4)]
    return ListQuery(
        kind,
        viewer,
        link,
        sources=some(near, 2, chance) if near else [],
        spells=spells(picture, kind, chance),
        filters=[*filters, {"not": filters[0]}, {"and": filters[:2]}],
        by=[some(list(KINDS[kind].dimensions), most, chance) for most in (1, 3)],
        groups=chance.choice([100, 2, 1]),
        size=chance.choice([100, 3]),
    )


@cache
def document(kind: Kind, link: ToMany | None) -> str:
    """Return what some filters are about; total and groups of the first, and pages of it."""
    name = camel_case(link.name) if link else LISTS[f"{kind.name}Connection"]
    declared = [f"$filter{n}: {kind.name}Filter" for n in range(FILTERS)]
    declared += [f"$by{n}: [{kind.name}Dimension!]!" for n in range(2)]
    declared.append("$groups: Int, $size: Int, $after: String, $more: Boolean! = false")
    spells = ", on: $on, spells: $spells" if kind.spell else ""
    declared += ["$on: Date, $spells: Spells"] if kind.spell else []
    declared += ["$sources: [ID!]!"] if link else []
    undated = "undated" if kind.spell else ""
    lists = [
        f"list{n}: {name}(filter: $filter{n}, first: 100{spells}) @skip(if: $more) {{ ...List }}"
        for n in range(FILTERS)
    ]
    lists.append(
        f"page: {name}(filter: $filter0, first: $size, after: $after{spells}) {{ ...List "
        "pageInfo { hasNextPage endCursor } } "
        f"whole: {name}(filter: $filter0{spells}) @skip(if: $more) "
        f"{{ totalCount {undated} {groups(kind)} }}"
    )
    asked = " ".join(lists)
    if link:
        asked = f"nodes(ids: $sources) {{ ... on {link.source.name} {{ {asked} }} }}"
    end = f"fragment List on {kind.name}Connection {{ nodes {{ id }} }}"
    return f"query({', '.join(declared)}) {{ {asked} }} {end}"


def groups(kind: Kind) -> str:
    sums = " ".join(f"{word}: sum(of: {word}) {{ value unit }}" for word in kind.measures)
    inner = f"{{ totalCount remainder nodes {{ count keys {{ code }} {sums} }} }}"
    return " ".join(f"by{n}: groups(by: $by{n}, first: $groups) {inner}" for n in range(2))


def shown(key: Any) -> str | None:
    """As the graph writes it."""
    if key is None:
        return None
    return str(key).lower() if isinstance(key, bool) else str(key)


def check_whole(
    found: Any, picture: VisibleGraph, asked: ListQuery, reached: list[str], about: list[str]
) -> None:
    kind, [filter, *_] = asked.kind, asked.filters
    assert found["totalCount"] == len(about)
    if KINDS[kind].spell:
        left_out = [
            id
            for id in picture.about(kind, reached, filter, "ALL")
            if is_undated(kind, picture.nodes[id], asked.spells)
        ]
        assert found["undated"] == len(left_out)
    for n, by in enumerate(asked.by):
        check_groups(found[f"by{n}"], picture, KINDS[kind], about, by)


def check_groups(
    found: Any, picture: VisibleGraph, kind: Kind, about: list[str], by: list[str]
) -> None:
    dimensions = [kind.dimensions[word] for word in by]
    expected = [
        (len(ids), [shown(key) for key in keys], ids)
        for keys, ids in picture.groups(about, dimensions)
    ]
    nodes = found["nodes"]
    given = [(node["count"], [key["code"] for key in node["keys"]]) for node in nodes]
    assert given == [(count, keys) for count, keys, _ in expected[: len(given)]]
    assert found["totalCount"] == len(expected)
    assert sum(count for count, _ in given) + found["remainder"] == len(about)
    for node, (_, _, ids) in zip(nodes, expected, strict=False):
        for word, prefix in kind.measures.items():
            assert node[word] == total(picture, ids, camel_case(prefix))


def total(picture: VisibleGraph, ids: list[str], measure: str) -> Any:
    """Null where nothing is known, or where units differ."""
    known = [value for id in ids if (value := picture.nodes[id][measure])]
    units = {value["unit"] for value in known}
    if len(units) != 1:
        return None
    return {"value": sum(value["value"] for value in known), "unit": units.pop()}


def ids_of(found: Any) -> list[str]:
    return [node["id"] for node in found["nodes"]]


@pytest.mark.parametrize("kind", KINDS)
@max_examples(1 / len(SEEDS))
@given(data=st.data())
async def test_list_total_and_groups_agree_and_filters_narrow_what_they_join(
    world: FilteredRegistry, kind: str, data: st.DataObject
) -> None:
    asked = question(world, kind, data.draw(shrinkable_randoms(kind)))
    note(str(asked))
    picture, link = world.pictures[asked.viewer], asked.link
    await picture.learn(asked.steps)

    async def ask(sources: list[str], **more: Any) -> list[Any]:
        variables = asked.variables(sources) | more
        answer = await world.ask(document(KINDS[kind], link), asked.viewer, **variables)
        assert answer.errors == []
        return list(answer.data["nodes"]) if link else [answer.data]

    for turn, found in enumerate(await ask(asked.sources)):
        reached = picture.all_of(kind)
        if link:
            reached = picture.nodes[asked.sources[turn]][camel_case(link.name)]
        expected = [picture.about(kind, reached, one, asked.spells) for one in asked.filters]
        lists = [ids_of(found[f"list{n}"]) for n in range(FILTERS)]
        assert list(map(sorted, lists)) == list(map(sorted, expected))
        assert not {*lists[0]} & {*lists[4]}
        assert {*lists[5]} <= {*lists[0]} & {*lists[1]}
        check_whole(found["whole"], picture, asked, reached, lists[0])
        page, read = found["page"], ids_of(found["page"])
        while page["pageInfo"]["hasNextPage"]:
            after = page["pageInfo"]["endCursor"]
            [again] = await ask(asked.sources[turn : turn + 1], after=after, more=True)
            page = again["page"]
            read += ids_of(page)
        assert read == lists[0]
