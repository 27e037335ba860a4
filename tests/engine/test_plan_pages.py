"""Plans of pages: a limit for each parent, keyset pages both ways, cursors, pageInfo."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.plan.field_plans import NotPlanned
from engine.sql.arguments import ConnectionArguments
from kit.db.engine import open_engine
from tests.engine import library
from tests.engine.library import STAFF, VISITOR, library_loaders
from tests.engine.library_queries import LibraryClient
from tests.engine.test_engine_pages import ORDERS, Orders, in_order


@pytest.fixture
async def engine(library_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(library_url)
    yield engine
    await engine.dispose()


def order_by(order: Orders) -> list[dict[str, Any]]:
    return [{"field": word, "descending": down} for word, down in order]


BOOKS = """query (
  $order: [BookOrder!], $first: Int, $after: String, $last: Int, $before: String
) {
  books(orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { code } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


def told(data: Any) -> tuple[list[str], list[str], bool, bool]:
    """Codes, cursors, and whether there is more behind and ahead."""
    edges, around = data["edges"], data["pageInfo"]
    cursors = [edge["cursor"] for edge in edges]
    ends = (cursors[0], cursors[-1]) if cursors else (None, None)
    assert (around["startCursor"], around["endCursor"]) == ends
    found = [edge["node"]["code"] for edge in edges]
    return found, cursors, around["hasPreviousPage"], around["hasNextPage"]


@pytest.mark.parametrize("viewer", [VISITOR, STAFF])
@pytest.mark.parametrize("order", ORDERS)
async def test_pages_and_cursors_are_those_of_the_reader_both_ways(
    ask_library: LibraryClient, engine: AsyncEngine, order: Orders, viewer: str
) -> None:
    whole = in_order(order, viewer)
    async with library_loaders(engine, viewer) as one:
        every = await one.page((), library.books, ConnectionArguments(order=order, first=100), "")
    for size in (1, 2, 3, 100):
        for way in ("first", "last"):
            found: list[str] = []
            cursors: list[str] = []
            cursor: dict[str, str] = {}
            while True:
                given: dict[str, Any] = {"order": order_by(order), way: size, **cursor}
                answer = await ask_library(BOOKS, viewer, **given)
                assert len(answer.statements) == 1
                page, marks, behind, ahead = told(answer.data["books"])
                more = (ahead, behind) if way == "first" else (behind, ahead)
                if way == "first":
                    found, cursors = found + page, cursors + marks
                    cursor = {"after": marks[-1]}
                else:
                    found, cursors = page + found, marks + cursors
                    cursor = {"before": marks[0]}
                assert more == (len(found) < len(whole), len(found) > len(page))
                if not more[0]:
                    break
            assert found == whole
            assert cursors == every.cursors


ALL_BOOKS = """query (
  $order: [BookOrder!], $first: Int, $after: String, $last: Int, $before: String
) {
  shelves { nodes { kept(scope: ALSO_SHOWN) { nodes { author { code books(
    orderBy: $order, first: $first, after: $after, last: $last, before: $before
  ) {
    edges { cursor node { code } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } } } } } }
}"""


def authors(data: Any) -> dict[str, Any]:
    shelves = [shelf["kept"]["nodes"] for shelf in data["shelves"]["nodes"]]
    books = [book["author"] for books in shelves for book in books if book["author"]]
    return {author["code"]: author["books"] for author in books}


@pytest.mark.parametrize("order", ORDERS)
async def test_every_parent_has_a_page_of_its_own(
    ask_library: LibraryClient, order: Orders
) -> None:
    for size in (1, 2, 100):
        for way in ("first", "last"):
            given: dict[str, Any] = {"order": order_by(order), way: size}
            answer = await ask_library(ALL_BOOKS, STAFF, **given)
            assert len(answer.statements) == 3
            found = authors(answer.data)
            assert set(found) == {"a1", "a2", "a3", "a4"}  # of three, two, two books and one
            for author, books in found.items():
                whole = in_order(order, STAFF, f"id-{author}")
                kept = whole[:size] if way == "first" else whole[-size:]
                page, _, behind, ahead = told(books)
                assert page == kept
                more = len(whole) > size
                assert (behind, ahead) == ((False, more) if way == "first" else (more, False))


@pytest.mark.parametrize("order", ORDERS)
async def test_a_cursor_serves_every_parent_at_once(
    ask_library: LibraryClient, engine: AsyncEngine, order: Orders
) -> None:
    whole = in_order(order, STAFF)
    async with library_loaders(engine, STAFF) as one:
        every = await one.page((), library.books, ConnectionArguments(order=order, first=100), "")
    for place, cursor in enumerate(every.cursors):
        for way, side in (("after", whole[place + 1 :]), ("before", whole[:place])):
            given: dict[str, Any] = {"order": order_by(order), way: cursor}
            found = authors((await ask_library(ALL_BOOKS, STAFF, **given)).data)
            for author, books in found.items():
                own = in_order(order, STAFF, f"id-{author}")
                page, _, behind, ahead = told(books)
                assert page == [code for code in side if code in own]
                assert (behind, ahead) == ((True, False) if way == "after" else (False, True))


NODES = """query ($first: Int, $last: Int, $order: [BookOrder!]) {
  shelf(code: "s1") { shown(first: $first, last: $last, orderBy: $order) {
    nodes { code author { code books(first: $first, last: $last, orderBy: $order) {
      nodes { code sequel { code } loans { totalCount } }
    } } }
  } }
}"""


@pytest.mark.parametrize("order", ORDERS)
async def test_pages_below_pages_keep_their_order(
    ask_library: LibraryClient, order: Orders
) -> None:
    """Without their edges, so that the database can write them."""
    sequels = {"b1": {"code": "b2"}, "b4": {"code": "b7"}}
    loans = {"b1": 1, "b2": 2, "b7": 1}

    def shown(code: str) -> Any:
        return {
            "code": code, "sequel": sequels.get(code), "loans": {"totalCount": loans.get(code, 0)}
        }  # fmt: skip

    for size in (1, 2, 100):
        for way in ("first", "last"):
            data = await ask_library.data(NODES, STAFF, order=order_by(order), **{way: size})
            cut = slice(size) if way == "first" else slice(-size, None)
            there = [code for code in in_order(order, STAFF) if code in library.SHOWN["s1"]][cut]
            wrote = {code: author for code, _, author, *_ in library.BOOKS}
            assert data == {"shelf": {"shown": {"nodes": [
                {"code": code, "author": {"code": wrote[code], "books": {"nodes": [
                    shown(one) for one in in_order(order, STAFF, f"id-{wrote[code]}")[cut]
                ]}}}
                for code in there
            ]}}}  # fmt: skip


async def test_a_subtree_is_one_statement_where_the_database_writes_it(
    ask_library: LibraryClient,
) -> None:
    written = ask_library.written and ask_library.dialect == "postgresql"
    forward = await ask_library(NODES, first=2)
    assert len(forward.statements) == (1 if written else 4)
    backward = await ask_library(NODES, last=2)  # written backward is written by nobody
    assert len(backward.statements) == 4
    assert forward.data != backward.data


async def test_a_page_read_without_its_standing_has_no_row_too_many(
    ask_library: LibraryClient,
) -> None:
    """And with it, the row too many is in no part of the answer."""
    query = """query ($last: Int, $first: Int) {
      books(orderBy: [{field: "CODE"}], last: $last, first: $first) {
        %s nodes { code } edges { node { code } } more: nodes { name }
      }
    }"""
    for around in ("", "pageInfo { hasNextPage }"):
        for way, codes in (("first", ["b1", "b2"]), ("last", ["b8", "b9"])):
            given: dict[str, Any] = {way: 2}
            data = (await ask_library.data(query % around, **given))["books"]
            assert [node["code"] for node in data["nodes"]] == codes
            assert [edge["node"]["code"] for edge in data["edges"]] == codes
            assert len(data["more"]) == 2


async def test_twenty_are_a_page_unasked(ask_library: LibraryClient) -> None:
    [statement] = (await ask_library("{ books { nodes { code } } }")).statements
    assert "LIMIT" in statement
    plan = ask_library.plan("{ books { nodes { code } pageInfo { hasNextPage } } }")
    [place] = plan.places
    variables = ask_library.known("{ books { nodes { code } } }").variables.read({})
    bound = place.bind(plan.planner.selector, variables, library.TODAY)
    assert (bound.size, bound.shape.backward) == (20, False)


REFUSED = [
    {"first": 0}, {"first": 101}, {"last": 0}, {"last": 101}, {"first": 1, "last": 1},
    {"after": "nonsense"}, {"before": "nonsense"}, {"first": 1, "before": "x"},
    {"last": 1, "after": "x"},
]  # fmt: skip


@pytest.mark.parametrize("given", REFUSED)
async def test_a_page_that_cant_be_asked_for_is_left_to_the_default_executor_unasked(
    ask_library: LibraryClient, given: dict[str, Any]
) -> None:
    with ask_library.told() as statements, pytest.raises(NotPlanned, match="arguments"):
        await ask_library(BOOKS, **given)
    assert statements == []


async def test_a_cursor_of_another_order_is_left_to_the_default_executor(
    ask_library: LibraryClient,
) -> None:
    cursor = (await ask_library.data(BOOKS, first=1))["books"]["edges"][0]["cursor"]
    with pytest.raises(NotPlanned, match="arguments"):
        await ask_library(BOOKS, after=cursor, order=order_by((("YEAR", True),)))
