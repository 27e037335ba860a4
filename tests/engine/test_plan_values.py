"""Values are bound: no text of a statement holds one, and one text serves all of one shape."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import SQLModel

from engine.plan.layer_plan import MAX_STATEMENTS
from kit.db.engine import open_engine, write_transaction
from kit.relay.global_id import to_global_id
from models.history import model_table
from tests.engine import library
from tests.engine.library import STAFF, Author, Book, Loan, Shelf, named_cells
from tests.engine.library_queries import LibraryClient, library_client
from tests.support.databases import Databases
from tests.support.graph import run_async

STRANGE = [
    "o'brien", 'say "so"', "a\\b", "100%", "%s", "%(keys)s", ":name", "::text", "$1", "?", "?1",
    "--", "/*", ";", "{}", "{0}", "'; DROP TABLE book; --", "keys", "today", "p0_0", "null",
    "甲'乙", "a\nb", "<&>", "\u2028", "🦆",
]  # fmt: skip


async def enter_strange(url: str) -> None:
    """For each of the values a shelf, an author there, a book of theirs, and a loan of that."""
    models: list[type[SQLModel]] = [Shelf, Author, Book, Loan]
    engine = open_engine(url)
    async with write_transaction(engine) as connection:
        for n, text in enumerate(STRANGE):
            named_so = {**named_cells(text, text), "id": text, "hidden": False}
            more = {"added": datetime(2026, 1, 1, tzinfo=UTC), "year": 3000 + n}
            book = {**named_so, **more, "author_id": text, "shelf_id": text}
            loan = {"id": text, "hidden": False, "book_id": text, "shelf_id": text}
            rows = [named_so, {**named_so, "shelf_id": text}, book, {**loan, "borrower": text}]
            for model, row in zip(models, rows, strict=True):
                await connection.execute(insert(model_table(model)), row)
    await engine.dispose()


@pytest.fixture(scope="module")
def strange_url(databases: Databases, dialect: str) -> Iterator[str]:
    with library.library_database(databases, dialect) as url:
        run_async(enter_strange(url))
        yield url


@pytest.fixture(params=["by rows", "by subtrees"])
async def ask(strange_url: str, request: pytest.FixtureRequest) -> AsyncIterator[LibraryClient]:
    async with library_client(strange_url, written=request.param == "by subtrees") as ask:
        yield ask


EVERYWHERE = """query ($code: String!, $ids: [ID!]!, $after: String) {
  book(code: $code) { id code name author { code shelf { name } books { nodes { code } } } }
  nodes(ids: $ids) { id ... on Loan { borrower lent { code } } ... on Shelf { name } }
  books(filter: {or: [{code: $code}, {code: $code}]}) { totalCount nodes { name } }
  loans(filter: {borrower: $code, lent: {book: {code: $code}}}) {
    nodes { borrower }
    groups(by: ["BORROWER"]) { nodes { keys { code label } count } }
  }
  shelf(code: $code) {
    kept(filter: {code: $code}, after: $after, orderBy: [{field: "NAME"}]) {
      edges { cursor node { code loansNow { borrower } loans { nodes { borrower } } } }
    }
    belongings { name }
  }
}"""


@pytest.mark.parametrize("text", STRANGE)
async def test_a_value_of_any_text_finds_its_rows(ask: LibraryClient, text: str) -> None:
    ids = [to_global_id(kind, text) for kind in ("Loan", "Shelf")]
    answer = await ask(EVERYWHERE, STAFF, code=text, ids=ids)
    edge = answer.data["shelf"]["kept"]["edges"][0]
    loans = [{"borrower": text}]
    book = {"code": text, "loansNow": loans, "loans": {"nodes": loans}}
    group = {"keys": [{"code": text, "label": text}], "count": 1}
    author = {"code": text, "shelf": {"name": text}, "books": {"nodes": [{"code": text}]}}
    assert answer.data == {
        "book": {"id": to_global_id("Book", text), "code": text, "name": text, "author": author},
        "nodes": [{"id": ids[0], "borrower": text, "lent": {"code": text}},
                  {"id": ids[1], "name": text}],
        "books": {"totalCount": 1, "nodes": [{"name": text}]},
        "loans": {"nodes": loans, "groups": {"nodes": [group]}},
        "shelf": {"kept": {"edges": [{"cursor": edge["cursor"], "node": book}]},
                  "belongings": [{"name": text}, {"name": text}]},
    }  # fmt: skip
    after = await ask(EVERYWHERE, STAFF, code=text, ids=ids, after=edge["cursor"])
    assert after.data["shelf"]["kept"]["edges"] == []
    # The words of the question alone: the same for every value.
    other = STRANGE[STRANGE.index(text) - 1]
    ids = [to_global_id(kind, other) for kind in ("Loan", "Shelf")]
    assert answer.statements == (await ask(EVERYWHERE, STAFF, code=other, ids=ids)).statements


SHAPED = """query (
  $code: String, $year: Int, $genre: Genre, $first: Int, $after: String, $order: [BookOrder!]
) {
  books(
    filter: {code: $code, year: $year, genre: $genre}, first: $first, after: $after,
    orderBy: $order
  ) { totalCount edges { cursor node { code } } groups(by: ["YEAR"], first: $first) { remainder } }
}"""


async def statements(ask: LibraryClient, query: str = SHAPED, **given: Any) -> list[str]:
    return (await ask(query, STAFF, **given)).statements


async def test_one_text_serves_all_values_of_a_shape(ask_library: LibraryClient) -> None:
    one = await statements(ask_library, code="b1", year=2001, genre="POEM", first=77)
    assert len(one) == 2
    assert one == await statements(ask_library, code="zz", year=-17, genre="NOVEL", first=91)
    for text in one:
        assert not any(value in text for value in ("b1", "2001", "POEM", "77"))
    asked = ask_library.known(SHAPED).plans.values()
    for plan in asked:  # the page and the groups, which know the total
        steps = plan.root.steps  # type: ignore[union-attr]
        assert sorted(len(step.statements) for step in steps) == [0, 1, 1]


async def test_what_is_not_asked_is_another_text(ask_library: LibraryClient) -> None:
    texts = [
        await statements(ask_library, **given)
        for given in (
            {"year": 2001},
            {"year": None},
            {"genre": "POEM"},
            {"year": 2001, "genre": "POEM"},
            {"order": [{"field": "YEAR"}]},
            {"order": [{"field": "YEAR", "descending": True}]},
        )
    ]
    totals = {some[0] for some in texts}
    assert len({tuple(some) for some in texts}) == len(texts)
    assert texts[1] == await statements(ask_library)
    assert len(totals) == 4  # an order makes no other total


async def test_a_cursor_over_nothing_is_another_text_than_one_over_a_value(
    ask_library: LibraryClient,
) -> None:
    order = [{"field": "YEAR"}]
    answer = await ask_library(SHAPED, STAFF, order=order)
    edges = answer.data["books"]["edges"]
    cursors = [edge["cursor"] for edge in edges]
    first, second, *_, without, _ = [
        (await statements(ask_library, order=order, after=cursor))[1] for cursor in cursors
    ]
    assert [edge["node"]["code"] for edge in edges[-2:]] == ["b3", "b9"]  # of no year
    assert first == second != without
    assert first not in answer.statements


WRITTEN_DOWN = """{
  books(
    filter: {code: "b1", year: 2001, or: [{genre: POEM}, {author: {code: "a'1"}}]}, first: 77,
    orderBy: [{field: "CODE"}]
  ) { nodes { code author { books(first: 66, filter: {year: 1999}) { nodes { code } } } } }
  loans(on: "2020-06-01") { totalCount undated }
  book(code: "b1") { code }
}"""


async def test_what_a_document_says_is_bound_as_well(ask_library: LibraryClient) -> None:
    answer = await ask_library(WRITTEN_DOWN)
    assert answer.data["books"]["nodes"] == [{"code": "b1", "author": {"books": {"nodes": []}}}]
    for text in answer.statements:
        for value in ("b1", "2001", "POEM", "a'1", "77", "66", "1999", "2020"):
            assert value not in text


async def test_statements_that_a_step_keeps_are_bounded(ask_library: LibraryClient) -> None:
    query = """query ($filter: BookFilter) {
      books(filter: $filter, orderBy: [{field: "CODE"}], first: 1) { nodes { code } }
    }"""
    [step] = ask_library.plan(query).root.steps
    for n in range(1, MAX_STATEMENTS + 3):
        wanted = {"and": [{"year": 2001}] * n}
        assert await ask_library.data(query, filter=wanted) == {
            "books": {"nodes": [{"code": "b1"}]}
        }
        assert len(step.statements) <= MAX_STATEMENTS
    assert len(step.statements) == 2
