"""Subtrees that the database may write: every kind of value, and every null, as by rows."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from kit.db.engine import open_engine
from kit.relay.global_id import to_global_id
from tests.engine import library
from tests.engine.library import Book, book_cells, insert_rows
from tests.engine.library_queries import LibraryClient, library_client
from tests.support.databases import Databases
from tests.support.graph import run_async

# Keys of every length, so that ids end in every way, and moments with and without a fraction.
KEYS = ["?", "??", "???", "~~~~", "k" * 20, "键" * 40]
ADDED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MOMENTS = {
    "?": (ADDED.replace(microsecond=120), "2026-01-02T03:04:05.000120+00:00"),
    "??": (ADDED.replace(microsecond=500_000), "2026-01-02T03:04:05.500000+00:00"),
    "???": (ADDED, "2026-01-02T03:04:05+00:00"),
}


async def enter_more(url: str) -> None:
    engine = open_engine(url)
    given: dict[str, Any] = {"author_id": "id-a5", "hidden": False}
    rows = [{**book_cells(f"c{n}", **given), "id": key} for n, key in enumerate(KEYS)]
    for row in rows:
        if row["id"] in MOMENTS:
            row["added"] = MOMENTS[row["id"]][0]
    await insert_rows(engine, {Book: rows})
    await engine.dispose()


@pytest.fixture(scope="module")
def more_url(databases: Databases, dialect: str) -> Iterator[str]:
    with library.library_database(databases, dialect) as url:
        run_async(enter_more(url))
        yield url


@pytest.fixture(params=["by rows", "by subtrees"])
async def ask(more_url: str, request: pytest.FixtureRequest) -> AsyncIterator[LibraryClient]:
    async with library_client(more_url, written=request.param == "by subtrees") as ask:
        yield ask


VALUES = """query ($code: String!) {
  author(code: $code) { books(orderBy: [{field: "CODE"}]) { nodes {
    __typename id code hidden genre year printed added
    pages { __typename value unit qualifier } shelf { id code } sequel { code }
    loans(spells: ALL) { totalCount }
  } } }
}"""


def one_statement(ask: LibraryClient) -> bool:
    return ask.written and ask.dialect == "postgresql"


async def test_values_and_nulls_are_written_as_rows_have_them(ask: LibraryClient) -> None:
    answer = await ask(VALUES, code="a2")
    plain = {"__typename": "Book", "hidden": False}
    assert answer.data == {"author": {"books": {"nodes": [
        {**plain, "id": to_global_id("Book", "id-b4"), "code": "b4", "genre": "NOVEL", "year": 2001,
         "printed": "2001", "added": "2026-01-02T00:00:00+00:00",
         "pages": {"__typename": "Quantity", "value": 300, "unit": "页", "qualifier": "EXACT"},
         "shelf": {"id": to_global_id("Shelf", "id-s2"), "code": "s2"}, "sequel": None,
         "loans": {"totalCount": 1}},
        {**plain, "id": to_global_id("Book", "id-b5"), "code": "b5", "genre": None, "year": 1999,
         "printed": "1999-12-01", "added": "2026-01-03T00:00:00+00:00",
         "pages": {"__typename": "Quantity", "value": 5, "unit": "卷", "qualifier": "EXACT"},
         "shelf": None, "sequel": None, "loans": {"totalCount": 0}},
    ]}}}  # fmt: skip
    assert len(answer.statements) == (1 if one_statement(ask) else 3)
    answer = await ask(VALUES, code="a1")
    third = answer.data["author"]["books"]["nodes"][2]
    assert third | {"id": "", "shelf": None, "added": ""} == {
        **plain, "id": "", "code": "b3", "genre": "POEM", "year": None, "printed": None,
        "added": "", "pages": None, "shelf": None, "sequel": None, "loans": {"totalCount": 0},
    }  # fmt: skip


async def test_ids_and_moments_are_written_as_python_writes_them(ask: LibraryClient) -> None:
    answer = await ask(VALUES, code="a5")
    assert len(answer.statements) == (1 if one_statement(ask) else 3)
    books = answer.data["author"]["books"]["nodes"]
    assert [one["id"] for one in books] == [to_global_id("Book", key) for key in KEYS]
    assert [one["added"] for one in books[:3]] == [told for _, told in MOMENTS.values()]


async def test_words_of_other_names_are_left_to_python(ask: LibraryClient) -> None:
    query = """{
      author(code: "a2") { books { nodes { form genre loans { totalCount } } } }
      shelf(code: "s2") { borrowed { form author { code } loansEver { borrower } } }
    }"""
    data = await ask.data(query)
    assert [one["form"] for one in data["author"]["books"]["nodes"]] == [None, "PROSE"]
    assert [one["form"] for one in data["shelf"]["borrowed"]] == ["VERSE", "PROSE"]


async def test_records_at_the_end_of_links_are_written_with_what_they_lead_to(
    ask: LibraryClient,
) -> None:
    query = """{ loans(filter: {borrower: "李"}, spells: ALL) { nodes {
      lent { code ... on Author { books(first: 1) { nodes { name } } shelf { code } }
                  ... on Book { loansEver { borrower desk { code } } } }
    } } }"""
    answer = await ask(query)
    loans = [{"borrower": who, "desk": {"code": desk}} for who, desk in
             [("王", "s1"), ("李", "s1"), ("王", "s2")]]  # fmt: skip
    assert answer.data == {"loans": {"nodes": [
        {"lent": {"code": "b1", "loansEver": loans}},
        {"lent": {"code": "a1", "books": {"nodes": [{"name": "甲"}]}, "shelf": {"code": "s1"}}},
        {"lent": {"code": "b4", "loansEver": [{"borrower": "李", "desk": {"code": "s2"}}]}},
    ]}}  # fmt: skip
    assert len(answer.statements) == (1 if one_statement(ask) else 5)


async def test_an_object_too_wide_for_the_database_is_made_in_python(ask: LibraryClient) -> None:
    wide = " ".join(f"n{n}: name" for n in range(60))
    answer = await ask(
        f'{{ author(code: "a2") {{ books {{ nodes {{ {wide} loans {{ totalCount }} }} }} }} }}'
    )
    first = answer.data["author"]["books"]["nodes"][0]
    assert first == {**{f"n{n}": "丙" for n in range(60)}, "loans": {"totalCount": 0}}
    assert len(answer.statements) == 3


async def test_a_question_of_another_shape_is_written_anew(ask: LibraryClient) -> None:
    query = """query ($order: [BookOrder!], $filter: BookFilter) {
      author(code: "a1") { books(orderBy: $order, filter: $filter) {
        nodes { code loans { totalCount } }
      } }
    }"""
    down = [{"field": "CODE", "descending": True}]
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["b1", "b3", "b2"]),
        ({"order": down}, ["b3", "b2", "b1"]),
        ({"order": down, "filter": {"genre": "POEM"}}, ["b3", "b1"]),
        ({"order": down, "filter": {"genre": "NOVEL"}}, ["b2"]),
    ]
    for given, codes in 2 * cases:
        data = (await ask(query, **given)).data
        assert [one["code"] for one in data["author"]["books"]["nodes"]] == codes
