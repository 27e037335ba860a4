"""Plans of lists: whole ones, walks, connections by every way, and empty ones of each."""

from datetime import date
from typing import Any

import pytest

from tests.engine.library import STAFF, VISITOR
from tests.engine.library_queries import LibraryClient


def codes(*some: str) -> list[dict[str, str]]:
    return [{"code": code} for code in some]


async def by_shelf(ask: LibraryClient, fields: str, viewer: str, **more: Any) -> dict[str, Any]:
    """Return the field of each shelf, and the number of statements."""
    answer = await ask(f"{{ shelves {{ nodes {{ code {fields} }} }} }}", viewer, **more)
    found = {}
    for shelf in answer.data["shelves"]["nodes"]:
        [value] = (value for key, value in shelf.items() if key != "code")
        rows = value["nodes"] if isinstance(value, dict) else value
        found[shelf["code"]] = [row["code"] for row in rows]
    return {**found, "statements": len(answer.statements)}


# Field, what visitors see of each shelf, what staff see (in the order of their names: 北 东 窖).
LISTS: list[tuple[str, dict[str, list[str]], dict[str, list[str]]]] = [
    ('shown(orderBy: [{field: "CODE"}])',
     {"s2": ["b1", "b3"], "s1": ["b1", "b2", "b4", "b8"]},
     {"s2": ["b1", "b3"], "s1": ["b1", "b2", "b4", "b7", "b8"], "s9": ["b5"]}),
    ('kept(orderBy: [{field: "CODE"}])',
     {"s2": ["b3", "b4", "b6"], "s1": ["b1", "b2", "b8"]},
     {"s2": ["b3", "b4", "b6", "b7"], "s1": ["b1", "b2", "b8"], "s9": ["b5"]}),
    ('kept(scope: THERE, orderBy: [{field: "CODE"}], filter: {author: {code: "a1"}})',
     {"s2": ["b3"], "s1": ["b1", "b2"]}, {"s2": ["b3"], "s1": ["b1", "b2"], "s9": []}),
    ('kept(scope: ALSO_SHOWN, orderBy: [{field: "CODE"}])',
     {"s2": ["b1", "b3"], "s1": ["b1", "b2", "b4", "b8"]},
     {"s2": ["b1", "b3"], "s1": ["b1", "b2", "b4", "b7", "b8"], "s9": ["b5"]}),
    ("writers",  # a2 chou3, a4 mao3, a3 yin2, a1 zi3; each once
     {"s2": ["a1"], "s1": ["a2", "a1"]},
     {"s2": ["a1"], "s1": ["a2", "a4", "a3", "a1"], "s9": ["a2"]}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "visitors", "staffs"), LISTS)
async def test_a_connection_follows_its_way_for_all_parents_at_once(
    ask_library: LibraryClient, field: str, visitors: dict[str, Any], staffs: dict[str, Any]
) -> None:
    statements = 1 if ask_library.written and ask_library.dialect == "postgresql" else 2
    for viewer, wanted in ((VISITOR, visitors), (STAFF, staffs)):
        found = await by_shelf(ask_library, f"{field} {{ nodes {{ code }} }}", viewer)
        assert list(found.items()) == [*wanted.items(), ("statements", statements)]


# As above; how many statements by rows, and how many where the database writes subtrees.
WHOLE: list[tuple[str, dict[str, list[str]], dict[str, list[str]], int, int]] = [
    ("borrowed", {"s2": ["b1", "b4"], "s1": ["b1", "b2"]},
     {"s2": ["b1", "b4"], "s1": ["b1", "b2", "b7"], "s9": []}, 2, 1),
    ("backwards", {"s2": ["b1", "b3"], "s1": ["b8", "b2", "b4", "b1"]},
     {"s2": ["b1", "b3"], "s1": ["b8", "b7", "b2", "b4", "b1"], "s9": ["b5"]}, 2, 1),
    ("belongings", {"s2": ["b3", "b4", "b6", "a3"], "s1": ["b1", "b2", "b8", "a1", "a2"]},
     {"s2": ["b3", "b4", "b6", "b7", "a3", "a4"], "s1": ["b1", "b2", "b8", "a1", "a2"],
      "s9": ["b5", "a6"]}, 3, 3),
    ("homes", {"s2": ["s1"], "s1": ["s1"]}, {"s2": ["s1"], "s1": ["s1", "s2"], "s9": ["s1"]}, 2, 2),
    ("lentHomes", {"s2": [], "s1": ["s1"]}, {"s2": ["s2"], "s1": ["s1", "s2"], "s9": []}, 2, 2),
]  # fmt: skip


@pytest.mark.parametrize(("field", "visitors", "staffs", "by_rows", "written"), WHOLE)
async def test_a_list_that_is_given_whole_is_one_statement_a_kind(
    ask_library: LibraryClient,
    field: str,
    visitors: dict[str, Any],
    staffs: dict[str, Any],
    by_rows: int,
    written: int,
) -> None:
    alone = ask_library.written and ask_library.dialect == "postgresql"
    for viewer, wanted in ((VISITOR, visitors), (STAFF, staffs)):
        found = await by_shelf(ask_library, f"{field} {{ code }}", viewer)
        assert list(found.items()) == [
            *wanted.items(),
            ("statements", written if alone else by_rows),
        ]


async def test_whole_lists_have_an_order_and_spells_of_their_own(
    ask_library: LibraryClient,
) -> None:
    query = """{
      author(code: "a1") { byName { code } }
      book(code: "b1") { loansNow { id borrower } loansEver { borrower } }
    }"""
    data = await ask_library.data(query)
    assert data["author"] == {"byName": codes("b1", "b3", "b2")}  # jia3, jia3, yi3
    [now] = data["book"]["loansNow"]
    assert now["borrower"] == "王"
    assert data["book"]["loansEver"] == [{"borrower": who} for who in ("王", "李", "王")]


async def test_a_walk_may_be_asked_for_a_day(ask_library: LibraryClient) -> None:
    query = """query ($on: Date) {
      shelf(code: "s1") { lentHomes(on: $on) { code name } }
    }"""
    for on, wanted in [
        ("2026-05-31", ["s1", "s2"]),  # l4 lends a3, of s2
        ("2026-06-01", ["s1"]),
        ("2019-12-31", []),
        ("2020-01-01", ["s1"]),
        (None, ["s1"]),
    ]:
        data = await ask_library.data(query, on=on)
        assert [shelf["code"] for shelf in data["shelf"]["lentHomes"]] == wanted


async def test_what_lists_lead_to_is_folded_into_them(ask_library: LibraryClient) -> None:
    query = """{
      shelf(code: "s1") {
        backwards { code author { code shelf { code } } sequel { code } }
        homes { code kept { nodes { code author { name } } totalCount } }
        writers { nodes { code shelf { code } } }
      }
    }"""
    answer = await ask_library(query)
    own = {"code": "a1", "shelf": {"code": "s1"}}
    assert answer.data == {"shelf": {
        "backwards": [
            {"code": "b8", "author": None, "sequel": None},
            {"code": "b2", "author": own, "sequel": None},
            {"code": "b4", "author": {**own, "code": "a2"}, "sequel": None},
            {"code": "b1", "author": own, "sequel": {"code": "b2"}},
        ],
        "homes": [{"code": "s1", "kept": {"totalCount": 3, "nodes": [
            {"code": "b8", "author": None},  # ji3, jia3, yi3
            {"code": "b1", "author": {"name": "子"}},
            {"code": "b2", "author": {"name": "子"}},
        ]}}],
        "writers": {"nodes": [{"code": "a2", "shelf": {"code": "s1"}}, own]},
    }}  # fmt: skip
    # The shelf, three lists, and of the walk's shelves the books and their number.
    assert len(answer.statements) == 6


EMPTY = """query ($code: String!) {
  author(code: $code) {
    byName { code }
    books {
      nodes { code loans { nodes { borrower } } }
      edges { cursor node { code } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount undated
      groups(by: ["GENRE"]) { totalCount remainder nodes { count } }
    }
    shelf { homes { code } }
  }
}"""


async def test_nothing_is_an_empty_list_and_not_null(ask_library: LibraryClient) -> None:
    around = {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }
    nothing = {
        "nodes": [], "edges": [], "pageInfo": around, "totalCount": 0, "undated": 0,
        "groups": {"totalCount": 0, "remainder": 0, "nodes": []},
    }  # fmt: skip
    for code in ("a5", "a6"):  # on no shelf, and on one that isn't seen
        data = await ask_library.data(EMPTY, code=code)
        assert data == {"author": {"byName": [], "books": nothing, "shelf": None}}
    assert await ask_library.data(EMPTY, code="a4") == {"author": None}


async def test_what_no_row_leads_to_is_not_asked_for(ask_library: LibraryClient) -> None:
    query = """{
      books(filter: {code: "none"}) {
        nodes { loans { totalCount nodes { desk { code } lent { code } } } loansNow { id } }
      }
    }"""
    answer = await ask_library(query)
    assert answer.data == {"books": {"nodes": []}}
    assert len(answer.statements) == 1


async def test_parents_that_have_nothing_stand_beside_those_that_have(
    ask_library: LibraryClient,
) -> None:
    query = """{
      books(orderBy: [{field: "CODE"}]) {
        nodes {
          code
          loans(spells: ALL, orderBy: [{field: "BEGINS"}]) {
            totalCount nodes { borrower desk { code } }
          }
          desks { nodes { code } }
          shownOn { nodes { code } totalCount }
        }
      }
    }"""

    def told(code: str, loans: list[tuple[str, str]], desks: list[str], shown: list[str]) -> Any:
        nodes = [{"borrower": who, "desk": {"code": desk}} for who, desk in loans]
        return {
            "code": code,
            "loans": {"totalCount": len(loans), "nodes": nodes},
            "desks": {"nodes": codes(*desks)},
            "shownOn": {"nodes": codes(*shown), "totalCount": len(shown)},
        }

    assert await ask_library.data(query) == {"books": {"nodes": [
        told("b1", [("李", "s1"), ("王", "s1"), ("王", "s2")], ["s1"], ["s2", "s1"]),
        told("b2", [("王", "s1")], ["s1"], ["s1"]),
        told("b3", [], [], ["s2"]),
        told("b4", [("李", "s2")], [], ["s1"]),
        told("b5", [], [], []),
        told("b6", [], [], []),
        told("b8", [], [], ["s1"]),
        told("b9", [], [], []),
    ]}}  # fmt: skip


DAYS = [
    (date(2026, 6, 1), ["王", "李", "王"]),
    (date(2026, 5, 31), ["王", "赵", "王"]),  # l5 begins and l4 is over the day after
    (date(2026, 7, 1), ["王", "李", "李", "王"]),
]


@pytest.mark.parametrize(("today", "borrowers"), DAYS)
async def test_one_plan_serves_every_day(
    ask_library: LibraryClient, today: date, borrowers: list[str]
) -> None:
    query = """{
      loans(orderBy: [{field: "BEGINS"}], filter: {not: {lent: {book: {code: "b7"}}}}) {
        nodes { borrower }
      }
    }"""
    for _ in range(2):
        yesterday = await ask_library(query, today=date(2019, 1, 1))
        answer = await ask_library(query, today=today)
        assert yesterday.data == {"loans": {"nodes": [{"borrower": "王"}] * 2}}
        assert yesterday.statements == answer.statements
