"""Plans of links to one record: folded into their parents' statement, or one statement a kind."""

import re

import pytest

from engine.plan.field_plans import NotPlanned
from kit.relay.global_id import to_global_id
from tests.engine.library import STAFF, VISITOR
from tests.engine.library_queries import LibraryClient

BOOK = """query ($code: String) {
  book(code: $code) {
    __typename id code name hidden genre form year printed added
    pages { __typename value unit qualifier }
    author { code shelf { code } } shelf { name } sequel { code sequel { code } }
  }
}"""


async def test_a_record_with_its_links_to_one_is_one_statement(ask_library: LibraryClient) -> None:
    answer = await ask_library(BOOK, code="b1")
    assert answer.data == {"book": {
        "__typename": "Book", "id": to_global_id("Book", "id-b1"), "code": "b1", "name": "甲",
        "hidden": False, "genre": "POEM", "form": "VERSE", "year": 2001, "printed": "2001-05",
        "added": "2026-01-02T00:00:00+00:00",
        "pages": {"__typename": "Quantity", "value": 100, "unit": "页", "qualifier": "EXACT"},
        "author": {"code": "a1", "shelf": {"code": "s1"}}, "shelf": {"name": "东"},
        "sequel": {"code": "b2", "sequel": None},
    }}  # fmt: skip
    assert len(answer.statements) == 1


async def test_what_isnt_there_is_null(ask_library: LibraryClient) -> None:
    assert await ask_library.data(BOOK, code="b9") == {"book": {
        "__typename": "Book", "id": to_global_id("Book", "id-b9"), "code": "b9", "name": "庚",
        "hidden": False, "genre": None, "form": None, "year": None, "printed": None,
        "added": "2026-01-01T00:00:00+00:00",
        "pages": None, "author": None, "shelf": None, "sequel": None,
    }}  # fmt: skip
    assert await ask_library.data(BOOK, code="none") == {"book": None}


HIDDEN = [
    # The author a4, the shelf s9 and the book b7 are hidden.
    ("b8", "author { code } shelf { code }", {"author": None, "shelf": {"code": "s1"}},
     {"author": {"code": "a4"}, "shelf": {"code": "s1"}}),
    ("b5", "author { code } shelf { code }", {"author": {"code": "a2"}, "shelf": None},
     {"author": {"code": "a2"}, "shelf": {"code": "s9"}}),
    ("b4", "sequel { code author { code } }", {"sequel": None},
     {"sequel": {"code": "b7", "author": {"code": "a3"}}}),
    ("b7", "code", None, {"code": "b7"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "fields", "visitors", "staffs"), HIDDEN)
async def test_a_record_that_may_not_be_seen_is_answered_for_as_none(
    ask_library: LibraryClient, code: str, fields: str, visitors: object, staffs: object
) -> None:
    query = f'{{ book(code: "{code}") {{ {fields} }} }}'
    for viewer, wanted in ((VISITOR, visitors), (STAFF, staffs)):
        answer = await ask_library(query, viewer)
        assert answer.data == {"book": wanted}
        assert len(answer.statements) == 1


async def test_only_columns_that_are_asked_for_are_read(ask_library: LibraryClient) -> None:
    query = "{ books { nodes { name author { shelf { code } } } } }"
    [statement] = (await ask_library(query)).statements
    columns = set(re.findall(r"\b(?:book|author|shelf)_\d\.(\w+)", statement))
    folded = {"id", "author_id", "shelf_id", "hidden"}
    assert columns == {"name", "code", "name_key", *folded}
    [statement] = (await ask_library('{ book(code: "b1") { year } }')).statements
    assert set(re.findall(r"\bbook_\d\.(\w+)", statement)) == {"year", "code", "hidden"}


async def test_a_link_asked_for_twice_is_joined_once(ask_library: LibraryClient) -> None:
    query = '{ book(code: "b1") { author { code } again: author { name } author { name } } }'
    answer = await ask_library(query)
    assert answer.data == {
        "book": {"author": {"code": "a1", "name": "子"}, "again": {"name": "子"}}
    }
    [statement] = answer.statements
    assert statement.count("JOIN") == 1


LOANS = """{
  loans(spells: ALL, orderBy: [{field: "BEGINS"}]) {
    nodes {
      borrower begins ends desk { code }
      lent { __typename id code ... on Shelved { shelf { code } } ... on Book { year } }
    }
  }
}"""


async def test_a_link_to_one_of_several_kinds_is_a_statement_for_each_that_occurs(
    ask_library: LibraryClient,
) -> None:
    def book(code: str, year: int) -> object:
        shelf = {"code": "s2" if code == "b4" else "s1"}
        id = to_global_id("Book", f"id-{code}")
        return {"__typename": "Book", "id": id, "code": code, "shelf": shelf, "year": year}

    def author(code: str, shelf: str) -> object:
        id = to_global_id("Author", f"id-{code}")
        return {"__typename": "Author", "id": id, "code": code, "shelf": {"code": shelf}}

    def loan(who: str, begins: str | None, ends: str | None, desk: str, lent: object) -> object:
        shelf = {"code": desk}
        return {"borrower": who, "begins": begins, "ends": ends, "desk": shelf, "lent": lent}

    answer = await ask_library(LOANS)
    assert answer.data == {"loans": {"nodes": [
        loan("李", "2020-01-01", "2021-01-01", "s1", book("b1", 2001)),
        loan("王", "2026-01-01", None, "s1", book("b1", 2001)),
        loan("赵", "2026-01-01", None, "s1", None),  # l10, of the hidden b7
        loan("赵", "2026-05-01", "2026-06-01", "s1", author("a3", "s2")),
        loan("李", "2026-06-01", None, "s1", author("a1", "s1")),
        loan("李", "2026-07-01", None, "s2", book("b4", 2001)),
        loan("王", None, None, "s1", book("b2", 2003)),
        loan("王", None, "2025-01-01", "s2", book("b1", 2001)),
    ]}}  # fmt: skip
    assert len(answer.statements) == 3


@pytest.mark.parametrize(
    ("borrower", "by_rows"),
    [("王", 3), ("钱", 1)],  # books alone; nobody that a visitor sees
)
async def test_a_kind_that_doesnt_occur_costs_the_statement_of_one_that_is_hidden(
    ask_library: LibraryClient, borrower: str, by_rows: int
) -> None:
    query = """query ($who: String) {
      loans(spells: ALL, filter: {borrower: $who}) { nodes { lent { code } } }
    }"""
    # Dates can't be written by the database, and they aren't asked for here.
    alone = ask_library.written and ask_library.dialect == "postgresql"
    assert len((await ask_library(query, who=borrower)).statements) == (1 if alone else by_rows)


NEEDED = """query ($code: String!) {
  book(code: $code) { mustHaveAuthor { code } mustHavePages { unit } }
}"""


async def test_what_must_be_there_is_given(ask_library: LibraryClient) -> None:
    for viewer in (VISITOR, STAFF):
        assert await ask_library.data(NEEDED, viewer, code="b1") == {
            "book": {"mustHaveAuthor": {"code": "a1"}, "mustHavePages": {"unit": "页"}}
        }


NULLS = [
    ('{ book(code: "b9") { mustHaveAuthor { code } } }', STAFF),
    ('{ book(code: "b8") { mustHaveAuthor { code } } }', VISITOR),
    ('{ book(code: "b9") { mustHavePages { unit } } }', STAFF),
    ('{ author(code: "a1") { books { nodes { mustHavePages { unit } } } } }', STAFF),
    ("{ shelves { nodes { kept { nodes { mustHaveAuthor { code } } } } } }", VISITOR),
    ('{ loans(spells: ALL, filter: {borrower: "赵"}) { nodes { mustBeLent { code } } } }', VISITOR),
    ('{ books { groups(by: ["YEAR"]) { nodes { keys { mustHaveCode } } } } }', STAFF),
]


@pytest.mark.parametrize(("query", "viewer"), NULLS)
async def test_null_where_there_may_be_none_is_left_to_the_default_executor(
    ask_library: LibraryClient, query: str, viewer: str
) -> None:
    with pytest.raises(NotPlanned, match="null where there may be none"):
        await ask_library(query, viewer)


async def test_the_same_is_given_to_whom_nothing_is_missing(ask_library: LibraryClient) -> None:
    query = '{ loans(filter: {borrower: "赵"}) { nodes { mustBeLent { code } } } }'
    assert await ask_library.data(query, STAFF) == {"loans": {"nodes": [
        {"mustBeLent": {"code": "b7"}}, {"mustBeLent": {"code": "b2"}},
    ]}}  # fmt: skip
    query = '{ book(code: "b8") { mustHaveAuthor { code } } }'
    assert await ask_library.data(query, STAFF) == {"book": {"mustHaveAuthor": {"code": "a4"}}}


async def test_records_are_looked_up_by_code_and_by_id(ask_library: LibraryClient) -> None:
    query = "query ($code: String, $id: ID) { book(code: $code, id: $id) { code } }"
    id = to_global_id("Book", "id-b2")
    for answer in (await ask_library(query, code="b2"), await ask_library(query, id=id)):
        assert answer.data == {"book": {"code": "b2"}}
        assert len(answer.statements) == 1
    # An id of another kind can't be found: nothing is asked.
    answer = await ask_library(query, id=to_global_id("Author", "id-a1"))
    assert (answer.data, answer.statements) == ({"book": None}, [])
    with pytest.raises(NotPlanned, match="arguments"):
        await ask_library(query, id="nonsense")


NODES = """query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename id
    ... on Record { name }
    ... on Book { author { code } }
    ... on Loan { borrower lent { code } }
  }
}"""


async def test_nodes_are_a_statement_for_each_kind_named_in_the_order_of_the_ids(
    ask_library: LibraryClient,
) -> None:
    names = ["Book:id-b1", "Shelf:id-s1", "Book:id-none", "Loan:l1", "Book:id-b2", "Book:id-b1",
             "Book:id-b7"]  # fmt: skip
    ids = [to_global_id(*name.split(":")) for name in names]
    answer = await ask_library(NODES, ids=ids)
    first = {"__typename": "Book", "id": ids[0], "name": "甲", "author": {"code": "a1"}}
    assert answer.data == {"nodes": [
        first,
        {"__typename": "Shelf", "id": ids[1], "name": "东"},
        None,
        {"__typename": "Loan", "id": ids[3], "borrower": "王", "lent": {"code": "b1"}},
        {**first, "id": ids[4], "name": "乙"},
        first,
        None,
    ]}  # fmt: skip
    assert len(answer.statements) == 5  # books, shelves, loans, what a loan can lend: two kinds
    assert len((await ask_library(NODES, ids=ids[:2])).statements) == 2
    assert await ask_library.data(NODES, ids=[]) == {"nodes": []}


async def test_a_node_is_of_the_kind_that_its_id_names(ask_library: LibraryClient) -> None:
    query = "query ($id: ID!) { node(id: $id) { __typename ... on Record { code } } }"
    for name, wanted in [
        ("Author:id-a1", {"__typename": "Author", "code": "a1"}),
        ("Loan:l1", {"__typename": "Loan"}),
        ("Author:id-a4", None),
        ("Author:id-b1", None),
    ]:
        answer = await ask_library(query, id=to_global_id(*name.split(":")))
        assert answer.data == {"node": wanted}
        assert len(answer.statements) == 1
