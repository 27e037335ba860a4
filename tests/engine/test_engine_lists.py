"""Lists without pages: small lists, union lists, and the ends of paths."""

import asyncio
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.catalog.link import ToList, ToListThrough
from engine.sql.arguments import ConnectionArguments
from tests.engine import library
from tests.engine.library import AUTHOR, BOOK, STAFF, VISITOR, library_loaders, row_codes
from tests.support.databases import Databases

Lists = dict[str, list[str]]


@pytest.fixture(scope="module")
def url(databases: Databases, dialect: str) -> Iterator[str]:
    with library.library_database(databases, dialect) as url:
        yield url


CLOSED: list[tuple[ToList, Lists, Lists]] = [
    # By name, ties by code: jia3 甲 twice, then yi3 乙; ding1 丁 before wu4 戊.
    (library.by_name,
     {"a1": ["b1", "b3", "b2"], "a2": ["b5", "b4"], "a3": ["b6"], "a5": []},
     {"a1": ["b1", "b3", "b2"], "a2": ["b5", "b4"], "a3": ["b6", "b7"], "a5": []}),
    # By a column of the table between: from the last place to the first.
    (library.backwards,
     {"s1": ["b8", "b2", "b4", "b1"], "s2": ["b1", "b3"], "s9": ["b5"], "none": []},
     {"s1": ["b8", "b7", "b2", "b4", "b1"], "s2": ["b1", "b3"], "s9": ["b5"], "none": []}),
    # Pairs that a statement lists, each only past a loan that may be seen.
    (library.borrowed,
     {"s1": ["b1", "b2"], "s2": ["b1", "b4"], "s9": []},
     {"s1": ["b1", "b2", "b7"], "s2": ["b1", "b4"], "s9": []}),
    # Without an order by the key alone; a list says whether it gives the spells of today or all.
    (library.loans_now, {"b1": ["l1"], "b2": ["l3"], "b4": []},
     {"b1": ["l1"], "b2": ["l3", "l8"], "b4": []}),
    (library.loans_ever, {"b1": ["l1", "l2", "l7"], "b2": ["l3"], "b4": ["l6"]},
     {"b1": ["l1", "l2", "l7"], "b2": ["l3", "l8"], "b4": ["l6"]}),
]  # fmt: skip


@pytest.mark.parametrize(("link", "visitors", "staffs"), CLOSED)
async def test_a_closed_list_is_given_whole_and_sorted(
    engine: AsyncEngine, link: ToList, visitors: Lists, staffs: Lists
) -> None:
    for viewer, wanted in ((VISITOR, visitors), (STAFF, staffs)):
        async with library_loaders(engine, viewer) as one:
            found = await asyncio.gather(*(one.closed((), link, f"id-{key}") for key in wanted))
            assert [row_codes(rows) for rows in found] == list(wanted.values())
            assert one.statements == 1


async def test_a_list_of_several_kinds_is_sorted_by_kind_then_key(engine: AsyncEngine) -> None:
    link = library.belongings
    visitors = [["b1", "b2", "b8", "a1", "a2"], ["b3", "b4", "b6", "a3"], ["b5", "a6"], []]
    staffs = [
        ["b1", "b2", "b8", "a1", "a2"],
        ["b3", "b4", "b6", "b7", "a3", "a4"],
        ["b5", "a6"],
        [],
    ]
    for viewer, wanted in ((VISITOR, visitors), (STAFF, staffs)):
        async with library_loaders(engine, viewer) as one:
            shelves = ["id-s1", "id-s2", "id-s9", "id-none"]
            found = await asyncio.gather(*(one.to_list_union((), link, shelf) for shelf in shelves))
            assert [row_codes(rows) for rows in found] == wanted
            assert one.statements == 2  # one for each kind
            assert [row.kind for row in found[0]] == [BOOK, BOOK, BOOK, AUTHOR, AUTHOR]


CHAINS: list[tuple[ToListThrough, ConnectionArguments, Lists, Lists]] = [
    # Along books and their authors; b7 is hidden, and so is the author of b8.
    (library.homes, ConnectionArguments(),
     {"s1": ["s1"], "s2": ["s1"], "s9": ["s1"], "none": []},
     {"s1": ["s1", "s2"], "s2": ["s1"], "s9": ["s1"], "none": []}),
    (library.homes, ConnectionArguments(filter=(("year", 2003),)),
     {"s1": ["s1"], "s2": []}, {"s1": ["s1"], "s2": []}),
    # Along loans, and what is lent: a book or an author. Loan l9 is hidden, and so is l10's book.
    (library.lent_homes, ConnectionArguments(),
     {"s1": ["s1"], "s2": []}, {"s1": ["s1", "s2"], "s2": ["s2"]}),
    (library.lent_homes, ConnectionArguments(on=date(2026, 5, 15)),
     {"s1": ["s1", "s2"], "s2": []}, {"s1": ["s1", "s2"], "s2": []}),
    (library.lent_homes, ConnectionArguments(on=date(2020, 6, 1)),
     {"s1": ["s1"], "s2": []}, {"s1": ["s1"], "s2": []}),
]  # fmt: skip


@pytest.mark.parametrize(("link", "asked", "visitors", "staffs"), CHAINS)
async def test_a_chain_gives_each_end_once_and_none_past_what_is_hidden(
    engine: AsyncEngine,
    link: ToListThrough,
    asked: ConnectionArguments,
    visitors: Lists,
    staffs: Lists,
) -> None:
    for viewer, wanted in ((VISITOR, visitors), (STAFF, staffs)):
        async with library_loaders(engine, viewer) as one:
            found = await asyncio.gather(
                *(one.chain((), link, asked, f"id-{key}") for key in wanted)
            )
            assert [row_codes(rows) for rows in found] == list(wanted.values())
            assert one.statements == 1


async def test_a_hidden_end_is_not_given(engine: AsyncEngine) -> None:
    """The only author of books on the shelf s9 has a home; the book's own shelf is hidden."""
    ends = ToListThrough(library.SHELF, "unnamed", library.Shelf, library.shown, ("shelf",))
    del library.SHELF.links["unnamed"]
    for viewer, wanted in ((VISITOR, []), (STAFF, ["s9"])):
        async with library_loaders(engine, viewer) as one:
            assert row_codes(await one.chain((), ends, ConnectionArguments(), "id-s9")) == wanted
