"""Pages and totals of the engine: every order, both directions, one parent and many."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.catalog.link import ToMany
from engine.loaders import RequestLoaders
from engine.sql.arguments import ConnectionArguments, Order, Page
from kit.errors import BadInput
from kit.relay.cursor import encode_cursor
from tests.engine import library
from tests.engine.library import (
    BOOK,
    HIDDEN,
    LOAN,
    STAFF,
    VISITOR,
    Book,
    ShelfScope,
    library_loaders,
    library_rows,
    row_codes,
)
from tests.support.databases import Databases

Orders = tuple[tuple[str, bool], ...]

CODE: Orders = (("CODE", False),)
ORDERS: list[Orders] = [
    (),
    (("NAME", True),),
    CODE,
    (("CODE", True),),
    (("YEAR", False),),
    (("YEAR", True),),
    (("PAGES", False),),
    (("PAGES", True),),
    (("ADDED", False),),
    (("ADDED", True),),
    (("HIDDEN", False),),
    (("GENRE", False), ("YEAR", True)),
    (("YEAR", True), ("GENRE", False), ("NAME", True)),
    (("PRINTED", True), ("CODE", True)),
]
PARENTS = ["id-a1", "id-a2", "id-nothing", "id-a3", "id-a4", "id-a5"]


@pytest.fixture(scope="module")
def url(databases: Databases, dialect: str) -> Iterator[str]:
    with library.library_database(databases, dialect) as url:
        yield url


def in_order(order: Orders, viewer: str, author: str | None = None) -> list[str]:
    """Return the codes as a list should give them: nothing is last in either direction."""
    rows = [row for row in library_rows()[Book] if viewer == STAFF or row["code"] not in HIDDEN]
    rows = [row for row in rows if author is None or row["author_id"] == author]
    rows.sort(key=lambda row: str(row["code"]))
    for word, down in reversed(order or (("NAME", False),)):
        column = BOOK.orders[word]
        there = [row for row in rows if row[column] is not None]
        there.sort(key=lambda row, column=column: row[column], reverse=down)  # type: ignore[misc]
        nothing = [row for row in rows if row[column] is None]
        rows = there + nothing
    return [row["code"] for row in rows]


async def forward(one: RequestLoaders, order: Orders, size: int) -> list[Page]:
    pages: list[Page] = []
    after = None
    while not pages or pages[-1].has_next:
        asked = ConnectionArguments(order=order, first=size, after=after)
        pages.append(await one.page((), library.books, asked, ""))
        after = pages[-1].cursors[-1]
    return pages


async def backward(one: RequestLoaders, order: Orders, size: int) -> list[Page]:
    pages: list[Page] = []
    before = None
    while not pages or pages[0].has_previous:
        asked = ConnectionArguments(order=order, last=size, before=before)
        pages.insert(0, await one.page((), library.books, asked, ""))
        before = pages[0].cursors[0]
    return pages


def listed(pages: list[Page]) -> list[str]:
    return [code for page in pages for code in row_codes(page.rows)]


@pytest.mark.parametrize("viewer", [VISITOR, STAFF])
@pytest.mark.parametrize("order", ORDERS)
async def test_pages_give_all_that_may_be_seen_once_both_ways(
    engine: AsyncEngine, order: Orders, viewer: str
) -> None:
    whole = in_order(order, viewer)
    assert len(whole) == (9 if viewer == STAFF else 8)
    for size in (1, 2, 3, len(whole), 100):
        async with library_loaders(engine, viewer) as one:
            ahead = await forward(one, order, size)
            back = await backward(one, order, size)
            assert listed(ahead) == listed(back) == whole
            assert len(ahead) == len(back) == -(-len(whole) // size)
            assert one.statements == len(ahead) + len(back)
            last = len(ahead) - 1
            for n, page in enumerate(ahead):
                assert (page.has_previous, page.has_next) == (n > 0, n < last)
            for n, page in enumerate(back):
                assert (page.has_previous, page.has_next) == (n > 0, n < last)


@pytest.mark.parametrize("viewer", [VISITOR, STAFF])
@pytest.mark.parametrize("order", ORDERS)
async def test_every_parent_has_its_own_page_in_one_statement(
    engine: AsyncEngine, order: Orders, viewer: str
) -> None:
    link = library.books_of_author
    async with library_loaders(engine, viewer) as one:
        for size in (1, 2, 100):
            for asked in (
                ConnectionArguments(order=order, first=size),
                ConnectionArguments(order=order, last=size),
            ):
                before = one.statements
                pages = await asyncio.gather(
                    *(one.page(("many",), link, asked, parent) for parent in PARENTS)
                )
                assert one.statements == before + 1
                for parent, page in zip(PARENTS, pages, strict=True):
                    assert told(page) == told(await alone(engine, viewer, link, asked, parent))
                    whole = in_order(order, viewer, parent)
                    kept = whole[:size] if asked.first else whole[-size:]
                    assert row_codes(page.rows) == kept
                    assert len(page.cursors) == len(kept)
                    more = len(whole) > size
                    around = (page.has_previous, page.has_next)
                    assert around == ((False, more) if asked.first else (more, False))


async def alone(
    engine: AsyncEngine, viewer: str, link: ToMany, asked: ConnectionArguments, parent: str
) -> Page:
    """Return the same page as the statement for a single parent gives it."""
    async with library_loaders(engine, viewer) as one:
        return await one.page((), link, asked, parent)


def told(page: Page) -> tuple[list[str], list[str], bool, bool]:
    return row_codes(page.rows), page.cursors, page.has_next, page.has_previous


@pytest.mark.parametrize("order", ORDERS)
async def test_a_cursor_serves_every_parent_at_once(engine: AsyncEngine, order: Orders) -> None:
    """What follows a book in the whole list follows it in each author's."""
    whole = in_order(order, VISITOR)
    async with library_loaders(engine) as one:
        page = await one.page((), library.books, ConnectionArguments(order=order, first=100), "")
        for place, cursor in enumerate(page.cursors):
            after = ConnectionArguments(order=order, after=cursor)
            before = ConnectionArguments(order=order, before=cursor)
            for asked, side in ((after, whole[place + 1 :]), (before, whole[:place])):
                pages = await asyncio.gather(
                    *(one.page((), library.books_of_author, asked, parent) for parent in PARENTS)
                )
                for parent, found in zip(PARENTS, pages, strict=True):
                    own = in_order(order, VISITOR, parent)
                    assert row_codes(found.rows) == [code for code in side if code in own]
        assert one.statements == 1 + 2 * len(whole)


LISTS: list[tuple[ToMany, dict[str, Any], dict[str, list[str]], dict[str, list[str]]]] = [
    (library.books_of_author, {"order": CODE},
     {"a1": ["b1", "b2", "b3"], "a3": ["b6"], "a4": ["b8"], "a5": []},
     {"a1": ["b1", "b2", "b3"], "a3": ["b6", "b7"], "a4": ["b8"], "a5": []}),
    (library.shown, {"order": CODE},
     {"s1": ["b1", "b2", "b4", "b8"], "s2": ["b1", "b3"]},
     {"s1": ["b1", "b2", "b4", "b7", "b8"], "s2": ["b1", "b3"]}),
    (library.kept, {"order": CODE},
     {"s1": ["b1", "b2", "b8"], "s2": ["b3", "b4", "b6"]},
     {"s1": ["b1", "b2", "b8"], "s2": ["b3", "b4", "b6", "b7"]}),
    (library.kept, {"order": CODE, "scope": ShelfScope.ALSO_SHOWN},
     {"s1": ["b1", "b2", "b4", "b8"], "s2": ["b1", "b3"]},
     {"s1": ["b1", "b2", "b4", "b7", "b8"], "s2": ["b1", "b3"]}),
    (library.kept, {"order": CODE, "filter": (("author", (("code", "a1"),)),)},
     {"s1": ["b1", "b2"], "s2": ["b3"]}, {"s1": ["b1", "b2"], "s2": ["b3"]}),
    (library.writers, {},  # a2 chou3, a4 mao3, a3 yin2, a1 zi3; each once
     {"s1": ["a2", "a1"], "s2": ["a1"]}, {"s1": ["a2", "a4", "a3", "a1"], "s2": ["a1"]}),
    (library.desks, {},  # along current loans: not the hidden one, not the ended ones
     {"b1": ["s1"], "b2": ["s1"], "b4": []}, {"b1": ["s1"], "b2": ["s1"], "b4": []}),
]  # fmt: skip


@pytest.mark.parametrize(("link", "asked", "visitors", "staffs"), LISTS)
async def test_lists_and_totals_are_those_of_the_way_and_the_viewer(
    engine: AsyncEngine,
    link: ToMany,
    asked: dict[str, Any],
    visitors: dict[str, list[str]],
    staffs: dict[str, list[str]],
) -> None:
    for viewer, wanted in ((VISITOR, visitors), (STAFF, staffs)):
        parents = [f"id-{code}" for code in wanted]
        async with library_loaders(engine, viewer) as one:
            pages = await asyncio.gather(
                *(one.page((), link, ConnectionArguments(**asked), p) for p in parents)
            )
            numbers = await asyncio.gather(
                *(one.count((), link, ConnectionArguments(**asked), p) for p in parents)
            )
            assert one.statements == 2
        assert [row_codes(page.rows) for page in pages] == list(wanted.values())
        assert numbers == [len(rows) for rows in wanted.values()]


async def test_a_total_counts_all_whatever_page_is_asked(engine: AsyncEngine) -> None:
    async with library_loaders(engine) as one:
        cursor = (await one.page((), library.books, ConnectionArguments(first=1), "")).cursors[0]
        for asked in (
            ConnectionArguments(first=2),
            ConnectionArguments(last=2),
            ConnectionArguments(first=2, after=cursor),
        ):
            assert await one.count((), library.books, asked, "") == 8
        assert (
            await one.count((), library.books, ConnectionArguments(filter=(("code", "none"),)), "")
            == 0
        )


NOT_OURS = "Invalid cursor: use one that a page of this list returned."
ANOTHER = "This cursor belongs to another list or order: start again without a cursor."


def cursor(order: Orders, *values: Any) -> str:
    return encode_cursor(Order.of(BOOK, ConnectionArguments(order=order)).signature, values)


WRONG: list[tuple[Orders, str, str]] = [
    ((), "nonsense", NOT_OURS),
    ((), "", NOT_OURS),
    ((), cursor((), "jia3 甲"), NOT_OURS),
    ((), cursor((), "jia3 甲", "b1", "b1"), NOT_OURS),
    ((), cursor((), None, "b1"), NOT_OURS),
    ((), cursor((), 1, "b1"), NOT_OURS),
    ((), cursor((), "a\0", "b1"), NOT_OURS),
    ((("YEAR", False),), cursor((("YEAR", False),), "2001", "b1"), NOT_OURS),
    ((("YEAR", False),), cursor((("YEAR", False),), True, "b1"), NOT_OURS),
    ((("YEAR", False),), cursor((("YEAR", False),), 2**31, "b1"), NOT_OURS),
    ((("YEAR", False),), cursor((("YEAR", False),), -(2**63), "b1"), NOT_OURS),
    ((("PAGES", False),), cursor((("PAGES", False),), "one", "b1"), NOT_OURS),
    ((("PAGES", False),), cursor((("PAGES", False),), "1e9", "b1"), NOT_OURS),
    ((("PAGES", False),), cursor((("PAGES", False),), "1.2345", "b1"), NOT_OURS),
    ((("PAGES", False),), cursor((("PAGES", False),), True, "b1"), NOT_OURS),
    ((("PAGES", False),), cursor((("PAGES", False),), 2**53 + 1, "b1"), NOT_OURS),
    ((("PAGES", False),), cursor((("PAGES", False),), float("nan"), "b1"), NOT_OURS),
    ((("HIDDEN", False),), cursor((("HIDDEN", False),), 0, "b1"), NOT_OURS),
    ((("ADDED", False),), cursor((("ADDED", False),), "today", "b1"), NOT_OURS),
    ((("ADDED", False),), cursor((("ADDED", False),), 5, "b1"), NOT_OURS),
    ((("ADDED", False),), cursor((("ADDED", False),), "0001-01-01T00:00+14:00", "b1"), NOT_OURS),
    ((("ADDED", False),), cursor((("ADDED", False),), "9999-12-31T23:59-14:00", "b1"), NOT_OURS),
    ((("GENRE", False),), cursor((("GENRE", False),), "ESSAY", "b1"), NOT_OURS),
    ((("GENRE", False),), cursor((("GENRE", False),), ["POEM"], "b1"), NOT_OURS),
    ((), cursor((("NAME", True),), "jia3 甲", "b1"), ANOTHER),
    ((("NAME", True),), cursor((), "jia3 甲", "b1"), ANOTHER),
    ((), cursor(CODE, "b1", "b1"), ANOTHER),
    (
        (),
        encode_cursor(Order.of(library.AUTHOR, ConnectionArguments()).signature, ["zi3 子", "a1"]),
        ANOTHER,
    ),
    (
        (),
        encode_cursor(Order.of(LOAN, ConnectionArguments()).signature, ["2026-01-01", "l1"]),
        ANOTHER,
    ),
]


@pytest.mark.parametrize("side", ["after", "before"])
@pytest.mark.parametrize(("order", "text", "message"), WRONG)
async def test_a_cursor_of_another_kind_or_order_is_refused_unasked(
    engine: AsyncEngine, order: Orders, text: str, message: str, side: str
) -> None:
    async with library_loaders(engine) as one:
        with pytest.raises(BadInput) as refused:
            await one.page((), library.books, ConnectionArguments(order=order, **{side: text}), "")  # type: ignore[arg-type]
        assert str(refused.value) == message
        assert one.statements == 0
