"""Groups and their sums: keys, labels, order, remainder, and what a viewer may know of them."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.aggregates.groups import Group, Groups
from engine.catalog.kind import Spells
from engine.sql.arguments import ConnectionArguments
from kit.values.quantity import QualifiedQuantity, Qualifier
from tests.engine import library
from tests.engine.library import STAFF, VISITOR, Genre, library_loaders
from tests.support.databases import Databases

EXACT, OVER, UNDER = Qualifier.EXACT, Qualifier.OVER, Qualifier.UNDER
ABOUT, AT_LEAST = Qualifier.ABOUT, Qualifier.AT_LEAST
POEM, NOVEL = Genre.POEM, Genre.NOVEL

Sum = tuple[float, Qualifier] | None


@pytest.fixture(scope="module")
def url(databases: Databases, dialect: str) -> Iterator[str]:
    with library.library_database(databases, dialect) as url:
        yield url


def group(key: Any, count: int, pages: Sum = None, unit: str = "页") -> Group:
    """Of one dimension: the key is (code, label), or what is both."""
    return several([key], count, pages, unit)


def sums_of(found: Groups) -> Groups:
    """Without what else measures tell: tests/graph/test_group_arguments.py asks for that."""
    only = [Group([key[1:] for key in one.keys], one.count, one.sums) for one in found.groups]
    return replace(found, groups=only)


def several(keys: list[Any], count: int, pages: Sum = None, unit: str = "页") -> Group:
    pairs = [key if isinstance(key, tuple) else (key, key) for key in keys]
    return Group(pairs, count, {"PAGES": pages and QualifiedQuantity(pages[0], unit, pages[1])})


ZI, CHOU, YIN, MAO = ("a1", "子"), ("a2", "丑"), ("a3", "寅"), ("a4", "卯")
EAST, NORTH = ("s1", "东"), ("s2", "北")

BOOKS: list[tuple[str, tuple[str, ...], list[Group]]] = [
    # b8 is by an author whom a visitor doesn't see: for visitors it is by nobody, as b9 is.
    (VISITOR, ("AUTHOR",), [
        group(ZI, 3, (300, OVER)),
        group(CHOU, 2),  # pages and volumes: no sum has a meaning
        group(None, 2, (400, AT_LEAST)),
        group(YIN, 1, (50, UNDER)),
    ]),
    (STAFF, ("AUTHOR",), [
        group(ZI, 3, (300, OVER)),
        group(CHOU, 2),
        group(YIN, 2, (1050, UNDER)),
        group(MAO, 1, (400, AT_LEAST)),
        group(None, 1),
    ]),
    (VISITOR, ("AUTHORS_SHELF",), [
        group(EAST, 5), group(None, 2, (400, AT_LEAST)), group(NORTH, 1, (50, UNDER)),
    ]),
    (STAFF, ("AUTHORS_SHELF",), [group(EAST, 5), group(NORTH, 3, (1450, ABOUT)), group(None, 1)]),
    (VISITOR, ("GENRE",), [
        group(NOVEL, 3, (900, OVER)),
        group(POEM, 3, (150, UNDER)),
        group(None, 2, (5, EXACT), "卷"),
    ]),
    (STAFF, ("GENRE",), [
        group(POEM, 4, (1150, UNDER)),
        group(NOVEL, 3, (900, OVER)),
        group(None, 2, (5, EXACT), "卷"),
    ]),
    (VISITOR, ("YEAR",), [
        group(2001, 3, (800, AT_LEAST)),
        group(2003, 2, (250, ABOUT)),
        group(None, 2),
        group(1999, 1, (5, EXACT), "卷"),
    ]),
    # The first four digits of 2001-05, 2001, 1999-12-01 and so on, as numbers.
    (VISITOR, ("PRINTED",), [
        group(2001, 3, (800, AT_LEAST)),
        group(2003, 2, (250, ABOUT)),
        group(None, 2),
        group(1999, 1, (5, EXACT), "卷"),
    ]),
    (VISITOR, ("AUTHOR", "GENRE"), [
        several([ZI, POEM], 2, (100, EXACT)),
        several([ZI, NOVEL], 1, (200, OVER)),
        several([CHOU, NOVEL], 1, (300, EXACT)),
        several([CHOU, None], 1, (5, EXACT), "卷"),
        several([YIN, POEM], 1, (50, UNDER)),
        several([None, NOVEL], 1, (400, AT_LEAST)),
        several([None, None], 1),
    ]),
    (STAFF, ("AUTHORS_SHELF", "YEAR"), [
        several([EAST, 2001], 2, (400, EXACT)),
        several([NORTH, 2001], 2, (1400, AT_LEAST)),
        several([EAST, 1999], 1, (5, EXACT), "卷"),
        several([EAST, 2003], 1, (200, OVER)),
        several([EAST, None], 1),
        several([NORTH, 2003], 1, (50, UNDER)),
        several([None, None], 1),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("viewer", "by", "wanted"), BOOKS)
async def test_groups_are_sorted_by_size_then_key_and_carry_their_sums(
    engine: AsyncEngine, viewer: str, by: tuple[str, ...], wanted: list[Group]
) -> None:
    async with library_loaders(engine, viewer) as one:
        found = await one.groups((), library.books, ConnectionArguments(), by, 100, "")
        assert sums_of(found) == Groups(len(wanted), 0, wanted)
        assert sum(group.count for group in wanted) == (9 if viewer == STAFF else 8)
        assert one.statements == 1
        for first in range(1, len(wanted) + 1):
            rest = sum(group.count for group in wanted[first:])
            found = await one.groups((), library.books, ConnectionArguments(), by, first, "")
            assert sums_of(found) == Groups(len(wanted), rest, wanted[:first])


async def test_groups_of_every_parent_come_in_one_statement(engine: AsyncEngine) -> None:
    parents = ["id-s1", "id-s2", "id-nothing", "id-s9"]
    novels, poems = group(NOVEL, 3, (900, OVER)), group(POEM, 1, (100, EXACT))
    bound = [group(None, 1, (5, EXACT), "卷")]
    for viewer, first, wanted in (
        (VISITOR, 9, [[novels, poems], [group(POEM, 2, (100, EXACT))], [], bound]),
        (STAFF, 9, [
            [novels, group(POEM, 2, (1100, EXACT))], [group(POEM, 2, (100, EXACT))], [], bound,
        ]),
    ):  # fmt: skip
        async with library_loaders(engine, viewer) as one:
            found = await asyncio.gather(
                *(
                    one.groups((), library.shown, ConnectionArguments(), ("GENRE",), first, p)
                    for p in parents
                )
            )
            assert [sums_of(one) for one in found] == [
                Groups(len(groups), 0, groups) for groups in wanted
            ]
            assert one.statements == 1
    async with library_loaders(engine) as one:
        found = await asyncio.gather(
            *(
                one.groups((), library.shown, ConnectionArguments(), ("GENRE",), 1, p)
                for p in parents
            )
        )
        assert [(some.there_are, some.remainder) for some in found] == [
            (2, 1), (1, 0), (0, 0), (1, 0),
        ]  # fmt: skip


async def test_groups_are_of_the_rows_that_are_asked_for(engine: AsyncEngine) -> None:
    async with library_loaders(engine) as one:
        poems = ConnectionArguments(filter=(("genre", "POEM"),))
        found = await one.groups((), library.books, poems, ("YEAR",), 9, "")
        years = [group(2001, 1, (100, EXACT)), group(2003, 1, (50, UNDER)), group(None, 1)]
        assert sums_of(found) == Groups(3, 0, years)
        nothing = ConnectionArguments(filter=(("code", "none"),))
        found = await one.groups((), library.books, nothing, ("YEAR", "GENRE"), 9, "")
        assert sums_of(found) == Groups(0, 0, [])
        scoped = ConnectionArguments(scope=library.ShelfScope.ALSO_SHOWN)
        found = await one.groups((), library.kept, scoped, ("AUTHOR",), 9, "id-s2")
        assert sums_of(found) == Groups(1, 0, [group(ZI, 2, (100, EXACT))])
        once = await one.groups((), library.writers, ConnectionArguments(), (), 9, "id-s1")
        assert sums_of(once) == Groups(1, 0, [Group([], 2, {})])


def lent(key: Any, count: int) -> Group:
    return Group([key if isinstance(key, tuple) else (key, key)], count, {})


LOANS: list[tuple[str, ConnectionArguments, str, list[Group]]] = [
    (VISITOR, ConnectionArguments(), "BORROWER", [lent("王", 2), lent("李", 1), lent("赵", 1)]),
    (STAFF, ConnectionArguments(), "BORROWER", [
        lent("王", 2), lent("赵", 2), lent("李", 1), lent("钱", 1),
    ]),
    # Through a link to one of two kinds; l10 lends a book that a visitor doesn't see.
    (VISITOR, ConnectionArguments(), "LENT_SHELF", [lent(EAST, 3), lent(None, 1)]),
    (STAFF, ConnectionArguments(), "LENT_SHELF", [lent(EAST, 4), lent(NORTH, 2)]),
    (VISITOR, ConnectionArguments(on=date(2020, 6, 1)), "LENT_SHELF", [lent(EAST, 1)]),
    (VISITOR, ConnectionArguments(spells=Spells.ALL), "LENT_SHELF", [
        lent(EAST, 5), lent(NORTH, 2), lent(None, 1),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("viewer", "asked", "by", "wanted"), LOANS)
async def test_groups_count_the_spells_that_hold(
    engine: AsyncEngine, viewer: str, asked: ConnectionArguments, by: str, wanted: list[Group]
) -> None:
    async with library_loaders(engine, viewer) as one:
        found = await one.groups((), library.loans, asked, (by,), 9, "")
        assert sums_of(found) == Groups(len(wanted), 0, wanted)
        assert one.statements == 1
