"""Every list gives everything once, in order, page by page, while rows are added and taken away."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.catalog.kind import Kind
from engine.catalog.link import ToMany
from kit.relay.global_id import from_global_id, to_global_id
from kit.text.pinyin import pinyin_sort_key
from models import HISTORY_TABLES
from models.change import Change
from models.history import model_table
from models.region import RegionAncestor
from models.row import Fact, Row
from models.source import Citation
from resolvers.core.declare import REGISTRY
from resolvers.writing.proposal import model_of_table
from tests.support.graph import GraphQLTestClient, RowFactory
from tests.support.random_rows import (
    MODELS,
    Batch,
    RowGenerator,
    enter_valid_rows,
    key_heading,
    lists_of_kind,
    max_examples,
    populate,
    shrinkable_randoms,
)
from tests.support.sdl import LISTS, camel_case, field_types

OURS = "ours_"  # how the keys begin that an example adds


class PagedRegistry:
    """A registry with rows of every kind, which stay; an example adds its own and clears them."""

    def __init__(self, engine: AsyncEngine, rows: RowGenerator) -> None:
        self.engine, self.rows = engine, rows

    async def moments(self, model: type[Row]) -> dict[str, datetime]:
        """Return when each row was last entered, by its key."""
        table = model_table(model)
        async with self.engine.connect() as connection:
            rows = await connection.execute(select(table.c.id, table.c.recorded_at))
            return {row.id: row.recorded_at for row in rows}

    async def clear(self, model: type[Row]) -> None:
        columns = [
            model_table(RegionAncestor).c.region_id, model_table(Citation).c.fact_id,
            HISTORY_TABLES[model].c.id, model_table(model).c.id, model_table(Change).c.subject_id,
        ]  # fmt: skip
        async with self.engine.begin() as connection:
            for column in columns:
                await connection.execute(delete(column.table).where(column.startswith(OURS)))


@pytest.fixture(scope="module")
async def world(empty_registry: AsyncEngine) -> PagedRegistry:
    return PagedRegistry(empty_registry, await populate(RowFactory(empty_registry), Random(1), 3))


@cache
def document(kind: Kind, links: tuple[ToMany | None, ...]) -> str:
    """Return a list for each link, or the root's."""
    declared = [declaration(kind, number, link) for number, link in enumerate(links)]
    listed = [listing(kind, number, link) for number, link in enumerate(links)]
    named = {name for column in kind.orders.values() if (name := field_of(kind, column))}
    return (
        f"query({', '.join(declared)}) {{ {' '.join(listed)} }} "
        f"fragment List on {kind.name}Connection {{ nodes {{ id {' '.join(named)} }} "
        "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
    )


def declaration(kind: Kind, n: int, link: ToMany | None) -> str:
    sources = f", $sources{n}: [ID!]!" if link else ""
    return (
        f"$open{n}: Boolean!, $whole{n}: Boolean!, $order{n}: [{kind.name}Order!], "
        f"$first{n}: Int, $after{n}: String, $last{n}: Int, $before{n}: String" + sources
    )


def listing(kind: Kind, n: int, link: ToMany | None) -> str:
    """Return a page, and the whole list as it is then."""
    name = camel_case(link.name) if link else LISTS[f"{kind.name}Connection"]
    sorting = f"orderBy: $order{n}" + (", spells: ALL" if kind.spell else "")
    pair = (
        f"page{n}: {name}(first: $first{n}, after: $after{n}, last: $last{n}, "
        f"before: $before{n}, {sorting}) @include(if: $open{n}) {{ ...List }} "
        f"whole{n}: {name}(first: 100, {sorting}) @include(if: $whole{n}) {{ totalCount ...List }}"
    )
    if link is None:
        return pair
    return f"of{n}: nodes(ids: $sources{n}) {{ ... on {link.source.name} {{ {pair} }} }}"


def field_of(kind: Kind, column: str) -> str | None:
    """Return the field that shows what a list is sorted by, if there is one."""
    name = "name" if column == "name_key" else camel_case(column)
    return name if name in field_types(kind.name) else None


@dataclass
class PageReader:
    """One list of the document, read page by page to its end."""

    kind: Kind = field(repr=False)
    link: ToMany | None = field(repr=False)
    number: int
    sources: list[str]
    order: list[tuple[str, bool]]
    size: int
    backward: bool
    cursor: str | None = None
    ended: bool = False
    pages: list[list[Any]] = field(default_factory=list)
    held: list[set[str]] = field(default_factory=list)  # the whole list, time by time

    def variables(self, written: bool) -> dict[str, Any]:
        size, cursor = ("last", "before") if self.backward else ("first", "after")
        order = [{"field": word, "descending": down} for word, down in self.order]
        asked: dict[str, Any] = {size: self.size, cursor: self.cursor, "order": order}
        asked |= {"open": not self.ended, "whole": written}
        if self.sources:
            asked["sources"] = self.sources
        return {f"{name}{self.number}": value for name, value in asked.items()}

    def take(self, data: Any) -> None:
        found = data[f"of{self.number}"][0] if self.sources else data
        if whole := found.get(f"whole{self.number}"):
            assert whole["totalCount"] == len(whole["nodes"])
            self.held.append({node["id"] for node in whole["nodes"]})
            self.check_order(whole["nodes"])
        if not self.ended:
            page = found[f"page{self.number}"]
            more = "hasPreviousPage" if self.backward else "hasNextPage"
            self.pages.append(page["nodes"])
            assert len(self.pages) < 100, "There is no end to it."
            self.cursor = page["pageInfo"]["startCursor" if self.backward else "endCursor"]
            self.ended = not page["pageInfo"][more]
            assert len(page["nodes"]) == self.size or self.ended

    def check(self, corrected: set[str]) -> None:
        pages = reversed(self.pages) if self.backward else self.pages
        read = [node for page in pages for node in page]
        self.check_order(read)
        times = Counter(node["id"] for node in read)
        assert {id for id, number in times.items() if number > 1} <= corrected
        assert times.keys() <= set.union(*self.held)
        assert set.intersection(*self.held) - corrected <= times.keys()

    def check_order(self, nodes: list[Any]) -> None:
        """As Python sorts: nulls last in either direction, ties by code or id."""
        columns = [(self.kind.orders[word], down) for word, down in self.order]
        if all(field_of(self.kind, column) for column, _ in columns):
            for one, other in pairwise(nodes):
                assert self.before(one, other, columns), (one, other)

    def before(self, one: Any, other: Any, columns: list[tuple[str, bool]]) -> bool:
        for column, down in [*columns, (self.kind.key, False)]:
            first, second = (self.value(node, column) for node in (one, other))
            if first != second:
                return second is None or (first is not None and (first < second) is not down)
        return False

    def value(self, node: Any, column: str) -> Any:
        if column in {"id", "code"}:
            return from_global_id(node["id"])
        value = node[str(field_of(self.kind, column))]
        if column == "name_key":
            return pinyin_sort_key(value)
        return datetime.fromisoformat(value) if column == "recorded_at" else value


def readings(kind: Kind, rows: RowGenerator, chance: Random) -> list[PageReader]:
    """Return a root list for each order, and two of the lists that lead to the kind."""
    orders, ways = list(kind.orders), lists_of_kind(kind)
    links = [None] * len(orders) + [chance.choice(ways) for _ in range(2) if ways]
    found = []
    for number, link in enumerate(links):
        words = [chance.choice(orders) for _ in range(chance.randint(1, 2))]
        sources = []
        if link is None:
            words[0] = orders[number]
        else:
            codes = rows.codes[model_of_table(link.source.table.name)]
            keys = dict.fromkeys(chance.choice(codes) for _ in range(chance.randint(1, 2)))
            sources = [to_global_id(link.source.name, key) for key in keys]
        order = [(word, chance.randrange(2) == 1) for word in words]
        size, backward = chance.choice([2, 1, 3, 5, 100]), chance.randrange(2) == 1
        found.append(PageReader(kind, link, number, sources, order, size, backward))
    return found


def batch(model: type[Row], rows: RowGenerator, ours: list[str], chance: Random) -> Batch:
    """Draw new rows, and retract some older ones or correct one column of them."""
    name_of_key = key_heading(model)
    new = [f"{OURS}{chance.randrange(10)}{len(ours) + n}" for n in range(chance.randint(1, 3))]
    made = [rows.row(model, key) for key in new]
    for key in {chance.choice(ours) for _ in range(chance.randint(0, 2) if ours else 0)}:
        if issubclass(model, Fact) and chance.randrange(2):
            made.append({"key": key, "status": "RETRACTED"})
        else:
            cells = rows.row(model, key)
            name = chance.choice([name for name in cells if name not in {name_of_key, "status"}])
            made.append({name_of_key: key, name: cells[name]})
    return {model: made}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@max_examples(1)
@given(data=st.data(), writes=st.integers(2, 4))
async def test_pages_give_everything_once_and_in_order_while_rows_come_and_go(
    world: PagedRegistry, model: type[Row], data: st.DataObject, writes: int
) -> None:
    kind = REGISTRY[model]
    chance = data.draw(shrinkable_randoms(kind.name))
    make, ask = RowFactory(world.engine), GraphQLTestClient(world.engine)
    await world.clear(model)
    rows = RowGenerator(chance, world.rows.codes)
    ours: list[str] = []
    corrected: set[str] = set()

    async def write() -> None:
        before = await world.moments(model)
        entered = await enter_valid_rows(make, batch(model, rows, ours, chance))
        note(f"entered {entered.get(model)}")
        retracted = set()
        for row in entered.get(model, []):
            key = row[key_heading(model)]
            if key not in ours:
                ours.append(key)
            elif row.keys() == {"key", "status"}:
                retracted.add(key)
        # Some rows follow others: a new enrolment narrows the older ones of the same person.
        for key, moment in (await world.moments(model)).items():
            if key not in retracted and before.get(key, moment) != moment:
                corrected.add(to_global_id(kind.name, key))

    await write()
    await write()
    corrected.clear()
    lists = readings(kind, rows, chance)
    note("\n".join(map(str, lists)))
    query = document(kind, tuple(reading.link for reading in lists))
    written = True
    while not all(reading.ended for reading in lists):
        asked = [reading.variables(written) for reading in lists]
        answer = await ask.data(query, **{k: v for one in asked for k, v in one.items()})
        for reading in lists:
            reading.take(answer)
        written = writes > 0
        if written:
            await write()
            writes -= 1
    for reading in lists:
        reading.check(corrected)
