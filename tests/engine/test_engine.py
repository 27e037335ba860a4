"""One reader: records for many keys at once, one snapshot, one statement for each place."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.loaders import RequestLoaders
from engine.sql.arguments import ConnectionArguments
from engine.sql.predicate import ViewerContext
from kit.db.engine import open_engine, write_transaction
from kit.errors import Unavailable
from kit.values.quantity import QualifiedQuantity, Qualifier
from models.history import model_table
from tests.engine import library
from tests.engine.library import (
    AUTHOR,
    BOOK,
    SHELF,
    STAFF,
    TODAY,
    VISITOR,
    Book,
    Genre,
    book_cells,
    insert_rows,
    library_loaders,
    row_codes,
)
from tests.support.databases import Databases
from tests.support.graph import record_statements

ALL = ConnectionArguments(first=100, order=(("CODE", False),))
SEEN = ["b1", "b2", "b3", "b4", "b5", "b6", "b8", "b9"]


@pytest.fixture
def url(databases: Databases, dialect: str) -> Iterator[str]:
    with library.library_database(databases, dialect) as url:
        yield url


async def records(reader: RequestLoaders, column: str, *keys: str) -> list[Any]:
    asked = (reader.record((column,), BOOK, column, key) for key in keys)
    return [row and row.code for row in await asyncio.gather(*asked)]


@pytest.mark.parametrize(("viewer", "seventh"), [(VISITOR, None), (STAFF, "b7")])
async def test_records_are_found_for_all_keys_in_one_statement(
    engine: AsyncEngine, viewer: str, seventh: str | None
) -> None:
    async with library_loaders(engine, viewer) as one:
        found = await records(one, "code", "b2", "nothing", "b7", "b1", "b2")
        assert found == ["b2", None, seventh, "b1", "b2"]
        assert one.statements == 1
        found = await records(one, "id", "id-b1", "b1", "id-b7")
        assert found == ["b1", None, seventh]
        assert one.statements == 2
    async with library_loaders(engine, viewer) as alone:
        assert await records(alone, "code", "b7") == [seventh]
        assert await records(alone, "id", "id-b9") == ["b9"]
        assert alone.statements == 2


@pytest.mark.parametrize(("viewer", "hidden"), [(VISITOR, None), (STAFF, "b7")])
async def test_a_link_back_gives_the_record_that_holds_the_id(
    engine: AsyncEngine, viewer: str, hidden: str | None
) -> None:
    column = library.sequel.by
    async with library_loaders(engine, viewer) as one:
        assert await records(one, column, "id-b1", "id-b2", "id-b4") == ["b2", None, hidden]
        assert one.statements == 1


async def test_a_row_has_its_columns_its_quantity_and_its_kind(engine: AsyncEngine) -> None:
    async with library_loaders(engine) as one:
        row = await one.record((), BOOK, "code", "b2")
        bare = await one.record((), BOOK, "code", "b9")
    assert {name: getattr(row, name) for name in (column.key for column in BOOK.table.c)} == {
        "id": "id-b2", "code": "b2", "name": "乙", "name_key": "yi3 乙", "hidden": False,
        "author_id": "id-a1", "shelf_id": "id-s1", "sequel_of_id": "id-b1",
        "genre": Genre.NOVEL, "year": 2003, "printed": "2003",
        "added": datetime(2026, 1, 3, tzinfo=UTC),
        "pages_value": 200.0, "pages_unit": "页", "pages_qualifier": Qualifier.OVER,
    }  # fmt: skip
    assert row.kind is BOOK
    assert row.pages == QualifiedQuantity(200.0, "页", Qualifier.OVER)
    assert (bare.pages, bare.genre, bare.year) == (None, None, None)


async def test_a_place_asks_once_and_another_place_asks_for_itself(engine: AsyncEngine) -> None:
    async with library_loaders(engine) as one:
        for place, statements in [("x", 1), ("x", 1), ("y", 2), ("x", 2)]:
            await one.record((place,), BOOK, "code", "b1")
            assert one.statements == statements
        await one.record(("x",), AUTHOR, "code", "a1")
        await one.record(("x",), BOOK, "code", "b2")
        assert one.statements == 4


async def test_every_statement_is_counted_and_none_is_sent_unasked(engine: AsyncEngine) -> None:
    with record_statements(engine) as statements:
        async with library_loaders(engine) as idle:
            assert idle.statements == 0
        assert statements == []
        async with library_loaders(engine) as one:
            # Siblings, as the fields of one answer are: at once, on one connection.
            shelf, page, number, groups, kept, homes = await asyncio.gather(
                one.record((), SHELF, "code", "s1"),
                one.page((), library.shown, ALL, "id-s1"),
                one.count((), library.shown, ALL, "id-s1"),
                one.groups((), library.shown, ALL, ("YEAR",), 1, "id-s1"),
                one.to_list_union((), library.belongings, "id-s1"),
                one.chain((), library.homes, ConnectionArguments(), "id-s1"),
            )
            assert len(statements) == one.statements == 7
    assert shelf.code == "s1"
    assert row_codes(page.rows) == ["b1", "b2", "b4", "b8"]
    assert number == 4
    total = QualifiedQuantity(800.0, "页", Qualifier.AT_LEAST)
    [group] = groups.groups
    assert (groups.there_are, groups.remainder) == (2, 1)
    assert (group.keys, group.count, group.sums) == ([("YEAR", 2001, 2001)], 3, {"PAGES": total})
    assert group.averages == {"PAGES": replace(total, value=266.6666666667)}
    assert group.least == {"PAGES": replace(total, value=100.0)}
    assert group.most == {"PAGES": replace(total, value=400.0)}
    assert row_codes(kept) == ["b1", "b2", "b8", "a1", "a2"]
    assert row_codes(homes) == ["s1"]


async def test_what_one_reader_reads_is_one_snapshot(engine: AsyncEngine) -> None:
    async def seen(by: RequestLoaders, place: str) -> tuple[list[str], int, int, list[Any]]:
        page = await by.page((place,), library.books, ALL, "")
        number = await by.count((place,), library.books, ALL, "")
        groups = await by.groups((place,), library.books, ALL, ("YEAR",), 100, "")
        there = [await by.record((place,), BOOK, "code", code) for code in ("b1", "b9", "new")]
        return row_codes(page.rows), number, groups.there_are, [row and row.name for row in there]

    before = (SEEN, 8, 4, ["甲", "庚", None])
    async with library_loaders(engine) as early:
        assert await early.count((), library.books, ALL, "") == 8
        await insert_rows(engine, {Book: [book_cells("new", "新", year=2026)]})
        assert await seen(early, "entered") == before
        table = model_table(Book)
        async with write_transaction(engine) as connection:
            await connection.execute(delete(table).where(table.c.code == "b9"))
            await connection.execute(update(table).where(table.c.code == "b1").values(name="改"))
        assert await seen(early, "changed") == before
    async with library_loaders(engine) as late:
        assert await seen(late, "") == ([*SEEN[:-1], "new"], 8, 5, ["改", None, "新"])


async def test_a_snapshot_begins_with_the_first_statement(engine: AsyncEngine) -> None:
    async with library_loaders(engine) as one:
        await insert_rows(engine, {Book: [book_cells("new")]})
        assert await records(one, "code", "new") == ["new"]


async def test_forty_thousand_keys_are_one_statement(engine: AsyncEngine) -> None:
    """Bound as one value: SQLite takes at most 32,766 and asyncpg 32,767."""
    unknown = [f"id-x{n}" for n in range(39_998)]
    authors, shelves = [*unknown, "id-a1", "id-a4"], [*unknown, "id-s1", "id-s2"]
    link, chain = library.books_of_author, library.homes
    async with library_loaders(engine) as one:
        number = partial(one.write.count, link, ALL)
        whole = partial(one.write.closed, library.backwards, library.backwards.way, BOOK)
        homes = partial(one.write.chain, chain, ConnectionArguments())

        found = await records(one, "code", *unknown, "b1", "b2")
        pages = await one.load_pages(link, ALL)(authors)
        numbers = await one.load_numbers(number)(authors)
        groups = await one.load_groups(link, ALL, ("GENRE",), 9)(authors)
        lists = await one.load_lists(BOOK, whole)(shelves)
        ends = await one.load_lists(SHELF, homes)(shelves)
        assert one.statements == 6
    assert found == [*[None] * 39_998, "b1", "b2"]
    assert [row_codes(page.rows) for page in pages] == [*[[]] * 39_998, ["b1", "b2", "b3"], ["b8"]]
    assert numbers == [*[0] * 39_998, 3, 1]
    assert [group.there_are for group in groups] == [*[0] * 39_998, 2, 1]
    assert [row_codes(rows) for rows in lists] == [
        *[[]] * 39_998,
        ["b8", "b2", "b4", "b1"],
        ["b1", "b3"],
    ]
    assert [row_codes(rows) for rows in ends] == [*[[]] * 39_998, ["s1"], ["s1"]]


async def test_a_question_given_up_leaves_the_reader_whole(engine: AsyncEngine) -> None:
    async with library_loaders(engine) as one:
        given_up = asyncio.ensure_future(one.count(("given up",), library.books, ALL, ""))
        while one.statements == 0:  # noqa: ASYNC110 - nothing tells when a statement is sent
            await asyncio.sleep(0)
        given_up.cancel()
        assert await one.count((), library.books, ALL, "") == 8
        assert one.statements == 2
        assert given_up.cancelled()


async def test_a_database_out_of_reach_is_said_to_be_so() -> None:
    engine = open_engine("postgresql://127.0.0.1:1/nothing")
    async with RequestLoaders(engine, ViewerContext(VISITOR, TODAY)) as one:
        with pytest.raises(Unavailable, match="can't be reached: try again in a moment"):
            await one.count((), library.books, ALL, "")
    await engine.dispose()
