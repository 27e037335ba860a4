"""Filters: every kind of link, and nothing found out about what is hidden."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.catalog.kind import Spells
from engine.catalog.link import ToMany
from engine.sql.arguments import ConnectionArguments, FilterExpr
from tests.engine import library
from tests.engine.library import STAFF, VISITOR, library_loaders, row_codes
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def url(databases: Databases, dialect: str) -> Iterator[str]:
    with library.library_database(databases, dialect) as url:
        yield url


def numbers(prefix: str, these: str) -> list[str]:
    return [prefix + number for number in these.split()]


# For each filter: the books that a visitor finds, and those that staff find.
BOOKS: list[tuple[FilterExpr, str, str]] = [
    ((), "1 2 3 4 5 6 8 9", "1 2 3 4 5 6 7 8 9"),
    ((("year", 2001),), "1 4 8", "1 4 7 8"),
    ((("year", 2001), ("genre", "POEM")), "1", "1 7"),
    ((("not", (("year", 2001),)),), "2 3 5 6 9", "2 3 5 6 9"),
    ((("not", ()),), "", ""),
    ((("is_null", ("year",)),), "3 9", "3 9"),
    ((("is_null", ("year", "genre")),), "9", "9"),
    ((("is_null", ()),), "1 2 3 4 5 6 8 9", "1 2 3 4 5 6 7 8 9"),
    ((("not", (("is_null", ("year",)),)),), "1 2 4 5 6 8", "1 2 4 5 6 7 8"),
    ((("or", ((("year", 1999),), (("genre", "NOVEL"),))),), "2 4 5 8", "2 4 5 8"),
    ((("or", ()),), "", ""),
    ((("and", ()),), "1 2 3 4 5 6 8 9", "1 2 3 4 5 6 7 8 9"),
    # To one: a4 is hidden, so to a visitor b8 has no author.
    ((("author", (("code", "a1"),)),), "1 2 3", "1 2 3"),
    ((("author", (("code", "a4"),)),), "", "8"),
    ((("author", ()),), "1 2 3 4 5 6", "1 2 3 4 5 6 7 8"),
    ((("not", (("author", ()),)),), "8 9", "9"),
    ((("not", (("author", (("code", "a4"),)),)),), "1 2 3 4 5 6 8 9", "1 2 3 4 5 6 7 9"),
    ((("author", (("shelf", (("code", "s2"),)),)),), "6", "6 7 8"),
    # To one and to a list from there, and back again.
    ((("author", (("books", (("code", "b4"),)),)),), "4 5", "4 5"),
    ((("author", (("books", (("code", "b7"),)),)),), "", "6 7"),
    # To the one that holds the id: b7 is hidden.
    ((("sequel", ()),), "1", "1 4"),
    ((("sequel", (("year", 2003),)),), "1", "1"),
    ((("not", (("sequel", ()),)),), "2 3 4 5 6 8 9", "2 3 5 6 7 8 9"),
    # To a list of spells: those that hold today.
    ((("loans", ()),), "1 2", "1 2 7"),
    ((("loans", (("borrower", "王"),)),), "1 2", "1 2"),
    ((("loans", (("borrower", "李"),)),), "", ""),
    ((("loans", (("borrower", "赵"),)),), "", "2 7"),
    ((("not", (("loans", (("borrower", "赵"),)),)),), "1 2 3 4 5 6 8 9", "1 3 4 5 6 8 9"),
    ((("loans", (("lent", (("book", (("code", "b1"),)),)),)),), "1", "1"),
    # Through a table, and along another list.
    ((("shown_on", ()),), "1 2 3 4 8", "1 2 3 4 5 7 8"),
    ((("shown_on", (("code", "s1"),)),), "1 2 4 8", "1 2 4 7 8"),
    ((("shown_on", (("code", "s9"),)),), "", "5"),
    ((("shown_on", (("code", "s2"),)), ("shown_on", (("code", "s1"),))), "1", "1"),
    ((("desks", (("code", "s1"),)),), "1 2", "1 2 7"),
    ((("desks", (("code", "s2"),)),), "", ""),
]  # fmt: skip

LOANS: list[tuple[FilterExpr, str, str]] = [
    ((), "1 10 2 3 4 5 6 7", "1 10 2 3 4 5 6 7 8 9"),
    ((("lent", (("book", ()),)),), "1 2 3 6 7", "1 10 2 3 6 7 8"),
    ((("lent", (("author", ()),)),), "4 5", "4 5 9"),
    ((("lent", (("book", (("code", "b1"),)),)),), "1 2 7", "1 2 7"),
    ((("lent", (("book", (("code", "b7"),)),)),), "", "10"),
    ((("lent", (("author", (("shelf", (("code", "s2"),)),)),)),), "4", "4 9"),
    ((("lent", (("book", (("author", (("code", "a2"),)),)),)),), "6", "6"),
    ((("lent", (("book", ()), ("author", ()))),), "", ""),
    ((("not", (("lent", (("book", ()),)),)),), "10 4 5", "4 5 9"),
    ((("is_null", ("lent",)),), "10", ""),
    ((("desk", (("code", "s2"),)),), "6 7", "6 7 9"),
]  # fmt: skip

SHELVES: list[tuple[FilterExpr, str, str]] = [
    ((), "1 2", "1 2 9"),
    ((("writers", ()),), "1 2", "1 2 9"),
    ((("writers", (("code", "a1"),)),), "1 2", "1 2"),
    ((("writers", (("code", "a3"),)),), "", "1"),
    ((("writers", (("code", "a4"),)),), "", "1"),
    ((("loans", (("borrower", "王"),)),), "1", "1"),
    ((("loans", ()),), "1", "1 2"),
    ((("not", (("loans", ()),)),), "2", "9"),
]  # fmt: skip

CODE = (("CODE", False),)
LISTS: list[tuple[ToMany, str, ConnectionArguments, list[tuple[FilterExpr, str, str]]]] = [
    (library.books, "b", ConnectionArguments(order=CODE), BOOKS),
    (library.loans, "l", ConnectionArguments(spells=Spells.ALL), LOANS),
    (library.shelves, "s", ConnectionArguments(order=CODE), SHELVES),
]
CASES = [
    (link, prefix, replace(asked, filter=wanted), visitors, staffs)
    for link, prefix, asked, some in LISTS
    for wanted, visitors, staffs in some
]


@pytest.mark.parametrize(("link", "prefix", "asked", "visitors", "staffs"), CASES)
async def test_a_filter_finds_what_it_says_and_nothing_past_what_is_hidden(
    engine: AsyncEngine,
    link: ToMany,
    prefix: str,
    asked: ConnectionArguments,
    visitors: str,
    staffs: str,
) -> None:
    for viewer, wanted in ((VISITOR, visitors), (STAFF, staffs)):
        async with library_loaders(engine, viewer) as one:
            page = await one.page((), link, asked, "")
            assert sorted(row_codes(page.rows)) == numbers(prefix, wanted)
            assert await one.count((), link, asked, "") == len(page.rows)
            groups = await one.groups((), link, asked, (), 1, "")
            assert sum(group.count for group in groups.groups) == len(page.rows)
            assert one.statements == 3


@pytest.mark.parametrize(("link", "prefix", "asked", "visitors", "staffs"), CASES)
async def test_a_filter_and_its_not_share_all_rows(
    engine: AsyncEngine,
    link: ToMany,
    prefix: str,
    asked: ConnectionArguments,
    visitors: str,
    staffs: str,
) -> None:
    for viewer in (VISITOR, STAFF):
        async with library_loaders(engine, viewer) as one:
            inside, outside, everything = [
                row_codes((await one.page((), link, replace(asked, filter=wanted), "")).rows)
                for wanted in (asked.filter, (("not", asked.filter),), ())
            ]
        assert sorted(inside + outside) == sorted(everything)


async def test_a_link_that_leads_nowhere_is_missing(engine: AsyncEngine) -> None:
    asked = ConnectionArguments(filter=(("is_null", ("author",)),))
    async with library_loaders(engine, STAFF) as one:
        assert row_codes((await one.page((), library.books, asked, "")).rows) == ["b9"]
