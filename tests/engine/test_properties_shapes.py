"""Shapes with their values bound, compared with the literal statement, on what chance asks."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Select, and_
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.catalog.kind import Spells
from engine.catalog.link import ToMany
from engine.plan.layer_plan import LayerPlan
from engine.plan.layer_queries import MANY_KEYS, SINGLE_KEY, LayerQueryBuilder, PageSpec
from engine.queries import QueryBuilder
from engine.sql.arguments import ConnectionArguments, FilterExpr, Order
from engine.sql.compiled import compile_statement
from engine.sql.parameters import KEYS, TODAY, Parameter, parameterize
from engine.sql.predicate import ViewerContext
from kit.db.engine import key_parameter_value, open_engine
from kit.db.postgres_pool import open_read_pool
from kit.db.read_pool import ReadPool
from kit.relay.cursor import encode_cursor
from tests.engine import library
from tests.engine.library import (
    AUTHOR,
    BOOK,
    LOAN,
    SHELF,
    STAFF,
    VISITOR,
    ShelfScope,
    library_id,
    library_rows,
)
from tests.engine.library import TODAY as DAY
from tests.support.random_rows import max_examples

CODES = [row["code"] for rows in library_rows().values() for row in rows if "code" in row]
LINKS: list[tuple[ToMany, list[str]]] = [
    (library.books, [""]),
    (library.books_of_author, ["a1", "a2", "a3", "a4", "a5", "none"]),
    (library.kept, ["s1", "s2", "s9"]),
    (library.shown, ["s1", "s2", "s9"]),
    (library.writers, ["s1", "s2"]),
    (library.loans, [""]),
    (library.loans_at, ["s1", "s2", "s9"]),
    (library.loans_of_book, ["b1", "b2", "b3", "b4", "b7"]),
]

codes = st.sampled_from([*CODES, "none", "'"])


# Of each kind: a value to compare with, or the kind whose filter a link takes.
FIELDS: dict[Any, dict[str, Any]] = {
    SHELF: {"code": codes, "shown": BOOK},
    AUTHOR: {"code": codes, "shelf": SHELF, "books": BOOK},
    LOAN: {"borrower": st.sampled_from(["王", "李", "赵", "钱", ""]), "lent": "lent"},
    "lent": {"book": BOOK, "author": AUTHOR},
    BOOK: {
        "code": codes,
        "year": st.sampled_from([1999, 2001, 2003, 0]),
        "genre": st.sampled_from(["POEM", "NOVEL"]),
        "author": AUTHOR,
        "sequel": BOOK,
        "loans": LOAN,
        "is_null": st.lists(st.sampled_from(["year", "genre", "author", "shelf"])).map(tuple),
    },
}


def a_filter(draw: st.DrawFn, of: Any, depth: int) -> FilterExpr:
    """Return some fields, each once; links, `and` and `or` while there is depth left."""
    fields = {
        name: value
        for name, value in FIELDS[of].items()
        if depth > 0 or isinstance(value, st.SearchStrategy)
    }
    words = ["and", "or", "not"] if depth > 0 and of != "lent" else []
    most = 1 if of == "lent" else 3
    if not fields:
        return ()
    names = draw(st.lists(st.sampled_from([*fields, *words]), max_size=most, unique=True))
    found: list[tuple[str, Any]] = []
    for name in names:
        if name == "not":
            found.append((name, a_filter(draw, of, depth - 1)))
        elif name in words:
            number = draw(st.integers(0, 2))
            found.append((name, tuple(a_filter(draw, of, depth - 1) for _ in range(number))))
        elif isinstance(value := fields[name], st.SearchStrategy):
            found.append((name, draw(value)))
        else:
            found.append((name, a_filter(draw, value, depth - 1)))
    return tuple(found)


days = st.integers(-3000, 60).map(lambda number: DAY + timedelta(days=number))


@st.composite
def questions(draw: st.DrawFn, number: int) -> ConnectionArguments:
    """Draw any filter, order and spells, with the cursor of any record, hidden ones too."""
    link, _ = LINKS[number]
    kind = link.to
    words = st.tuples(st.sampled_from(sorted(kind.orders)), st.booleans())
    asked = ConnectionArguments(
        filter=a_filter(draw, kind, 3),
        order=tuple(draw(st.lists(words, max_size=3))),
        scope=draw(st.sampled_from([None, ShelfScope.ALSO_SHOWN])) if link.scopes else None,
    )
    spells: dict[str, Any] = {}
    if kind.spell:
        spells = draw(
            st.one_of(
                st.fixed_dictionaries({"on": days}),
                st.fixed_dictionaries({"spells": st.sampled_from([None, *Spells])}),
            )
        )
    size = draw(st.integers(1, 4))
    around: dict[str, Any] = draw(st.sampled_from([{"first": size}, {"last": size}]))
    if draw(st.booleans()):
        order = Order.of(kind, asked)
        row = draw(st.sampled_from(library_rows()[kind.model]))
        cursor = encode_cursor(order.signature, [row[name] for name, _ in order.columns])
        around["after" if "first" in around else "before"] = cursor
    return replace(asked, **spells, **around)


class StatementRunner:
    """Both ways to the rows of one library."""

    def __init__(self, engine: AsyncEngine, snapshots: ReadPool) -> None:
        self.engine, self.snapshots = engine, snapshots

    async def literally(self, statement: Select[Any]) -> list[tuple[Any, ...]]:
        async with self.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(statement)]

    async def bound(self, statement: Select[Any], values: dict[str, Any]) -> list[tuple[Any, ...]]:
        text = compile_statement(statement, self.snapshots.dialect)

        def work() -> Any:
            rows = yield text, text.values(values)
            return [tuple(text.read(row)) for row in rows]

        found: list[tuple[Any, ...]] = await self.snapshots.run(work(), alone=True)
        return found


@pytest.fixture(scope="module")
async def way(library_url: str) -> AsyncIterator[StatementRunner]:
    engine, snapshots = open_engine(library_url), open_read_pool(library_url)
    yield StatementRunner(engine, snapshots)
    await snapshots.close()
    await engine.dispose()


def level_of(link: ToMany, drafts: LayerQueryBuilder, viewer: str, *, folded: bool) -> LayerPlan:
    level = LayerPlan(link.to, link.to.table.alias(), drafts.dialect)
    level.place(level.source_rows.c.id)
    if folded and link.to is BOOK:
        to = AUTHOR.table.alias()
        met = to.c.id == level.source_rows.c.author_id
        level.joins.append((to, and_(met, AUTHOR.visible(viewer, to))))
        level.place(to.c.code)
    return level


def by_source(rows: list[tuple[Any, ...]], size: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source, id, *_ in rows:
        found.setdefault(source, []).append(id)
    assert all(len(ids) <= size for ids in found.values())
    return found


@max_examples(150)
@given(data=st.data(), viewer=st.sampled_from([VISITOR, STAFF]), folded=st.booleans())
async def test_a_shape_and_its_values_give_what_the_literal_statement_gives(
    way: StatementRunner, data: st.DataObject, viewer: str, folded: bool
) -> None:
    number = data.draw(st.integers(0, len(LINKS) - 1), "link")
    link, sources = LINKS[number]
    asked: ConnectionArguments = data.draw(questions(number), "asked")
    keys = [library_id(source) if source else "" for source in sources]
    if data.draw(st.booleans(), "for one parent"):
        keys = keys[:1]
    dialect, of = way.snapshots.dialect, SINGLE_KEY if len(keys) == 1 else MANY_KEYS
    literal = QueryBuilder(ViewerContext(viewer, DAY), dialect)
    drafts = LayerQueryBuilder(ViewerContext(viewer, Parameter(TODAY)), dialect)  # type: ignore[arg-type]
    order = Order.of(link.to, asked)
    question = parameterize(order, asked, DAY, "p")
    values: dict[str, Any] = {**question.values, TODAY: DAY, "limit": asked.size + 1}
    values[KEYS] = (
        keys[0] if of.single else key_parameter_value([key or "" for key in keys], dialect)
    )

    level = level_of(link, drafts, viewer, folded=folded)
    paged = drafts.paged(level, PageSpec(link, question.shape, "limit"), of, cursors=True)
    page = by_source(await way.bound(paged, values), asked.size + 1)
    given_keys = [key or "" for key in keys]
    whole = await way.literally(literal.page(link, asked, given_keys))
    assert page == by_source(whole, asked.size + 1)

    for draft, plain in (
        (drafts.count(link, question.shape, of), literal.count(link, asked, given_keys)),
        (drafts.undated(link, question.shape, of), literal.undated(link, asked, given_keys)),
    ):
        assert dict(await way.bound(draft, values)) == dict(await way.literally(plain))
    if words := sorted(link.to.dimensions):
        by = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True), "by")
        draft = drafts.groups(link, question.shape, by, 3, of)
        plain = literal.groups(link, asked, by, 3, given_keys)
        assert await way.bound(draft, values) == await way.literally(plain)


def test_equal_questions_have_equal_shapes_and_no_values_in_them() -> None:
    def shape_of(**more: Any) -> Any:
        asked = ConnectionArguments(**more)
        return parameterize(Order.of(BOOK, asked), asked, DAY, "p").shape

    def with_year(year: int) -> Any:
        return (("year", year), ("or", ((("author", (("code", f"a{year}"),)),),)))

    assert shape_of(filter=with_year(1)) == shape_of(filter=with_year(2))
    assert hash(shape_of(filter=with_year(1))) == hash(shape_of(filter=with_year(2)))
    assert "a1" not in repr(shape_of(filter=with_year(1)))
    assert shape_of(first=3) == shape_of(first=5) == shape_of() != shape_of(last=3)
    assert shape_of(on=date(2020, 1, 1)) == shape_of(on=date(2021, 1, 1)) != shape_of(on=DAY)
    assert shape_of(filter=(("year", 1),)) != shape_of(filter=(("code", "1"),))
    assert shape_of(filter=(("is_null", ("year",)),)) != shape_of(filter=(("is_null", ()),))
    assert shape_of(scope=ShelfScope.THERE) != shape_of(scope=ShelfScope.ALSO_SHOWN)
