"""Plans of totals, groups and sums, spells, and values that one statement finds for many rows."""

from datetime import date
from typing import Any

import pytest

from tests.engine.library import STAFF, VISITOR
from tests.engine.library_queries import LibraryClient


def written(ask: LibraryClient) -> bool:
    return ask.written and ask.dialect == "postgresql"


TOTALS = """{
  books { totalCount }
  shelves { totalCount nodes { code kept { totalCount } shown { totalCount } } }
}"""


async def test_totals_count_what_may_be_seen(ask_library: LibraryClient) -> None:
    def shelf(code: str, kept: int, shown: int) -> Any:
        return {"code": code, "kept": {"totalCount": kept}, "shown": {"totalCount": shown}}

    answer = await ask_library(TOTALS)
    assert answer.data == {
        "books": {"totalCount": 8},
        "shelves": {"totalCount": 2, "nodes": [shelf("s2", 3, 2), shelf("s1", 3, 4)]},
    }
    assert len(answer.statements) == (3 if written(ask_library) else 5)
    answer = await ask_library(TOTALS, STAFF)
    assert answer.data == {
        "books": {"totalCount": 9},
        "shelves": {
            "totalCount": 3,
            "nodes": [shelf("s2", 4, 2), shelf("s1", 3, 5), shelf("s9", 1, 1)],
        },
    }


async def test_a_total_counts_the_whole_list_whatever_page_is_asked(
    ask_library: LibraryClient,
) -> None:
    query = """query ($first: Int, $last: Int, $after: String, $genre: Genre) {
      books(first: $first, last: $last, after: $after, filter: {genre: $genre}) {
        totalCount nodes { code } edges { cursor }
      }
    }"""
    cursor = (await ask_library.data(query))["books"]["edges"][0]["cursor"]
    for given in ({"first": 1}, {"last": 2}, {"first": 1, "after": cursor}):
        data = (await ask_library.data(query, **given))["books"]
        assert (data["totalCount"], len(data["nodes"])) == (8, given.get("first", 2))
    assert (await ask_library.data(query, genre="NOVEL"))["books"]["totalCount"] == 3


GROUPS = """query ($by: [String!]!, $first: Int, $genre: Genre) {
  books(filter: {genre: $genre}) {
    groups(by: $by, first: $first) {
      totalCount remainder
      nodes { __typename keys { dimension code label } count
              sum(of: "PAGES") { value unit qualifier } }
    }
  }
}"""


def group(keys: dict[str, Any], count: int, total: Any = None) -> dict[str, Any]:
    named = [
        {"dimension": by, "code": key and key[0], "label": key and key[1]}
        for by, key in keys.items()
    ]
    summed = total and dict(zip(("value", "unit", "qualifier"), total, strict=True))
    return {"__typename": "Group", "keys": named, "count": count, "sum": summed}


def groups(there_are: int, remainder: int, *nodes: Any) -> Any:
    found = {"totalCount": there_are, "remainder": remainder, "nodes": list(nodes)}
    return {"books": {"groups": found}}


ZI, CHOU, YIN, MAO = ("a1", "子"), ("a2", "丑"), ("a3", "寅"), ("a4", "卯")
POEM, NOVEL = ("诗", "诗"), ("小说", "小说")


async def test_groups_are_counted_and_added_up_in_one_statement(ask_library: LibraryClient) -> None:
    answer = await ask_library(GROUPS, by=["AUTHOR"])
    assert answer.data == groups(
        4, 0,
        group({"AUTHOR": ZI}, 3, (300, "页", "OVER")),
        group({"AUTHOR": CHOU}, 2),  # pages and volumes: no sum has a meaning
        group({"AUTHOR": None}, 2, (400, "页", "AT_LEAST")),  # b9, and b8 by the hidden a4
        group({"AUTHOR": YIN}, 1, (50, "页", "UNDER")),  # without the hidden b7
    )  # fmt: skip
    assert len(answer.statements) == 1
    assert await ask_library.data(GROUPS, STAFF, by=["AUTHOR"], first=2) == groups(
        5, 4,
        group({"AUTHOR": ZI}, 3, (300, "页", "OVER")),
        group({"AUTHOR": CHOU}, 2),
    )  # fmt: skip


async def test_groups_are_of_what_the_filter_leaves_and_by_several_keys(
    ask_library: LibraryClient,
) -> None:
    found = await ask_library.data(GROUPS, by=["GENRE", "YEAR"], genre="POEM")
    years = [("2001", "2001"), ("2003", "2003"), None]
    assert found == groups(
        3, 0,
        group({"GENRE": POEM, "YEAR": years[0]}, 1, (100, "页", "EXACT")),
        group({"GENRE": POEM, "YEAR": years[1]}, 1, (50, "页", "UNDER")),
        group({"GENRE": POEM, "YEAR": None}, 1),
    )  # fmt: skip


async def test_every_parent_has_groups_of_its_own(ask_library: LibraryClient) -> None:
    query = """query ($first: Int!) {
      shelves { nodes { code
        kept { groups(by: ["GENRE"], first: $first) {
          totalCount remainder nodes { count keys { code } sum(of: "PAGES") { value } }
        } }
        loans(spells: ALL) { groups(by: ["BORROWER"], first: 1) { totalCount nodes { count } } }
      } }
    }"""
    for first, remainder in ((9, 0), (1, 1)):
        answer = await ask_library(query, first=first)
        assert len(answer.statements) == 3
        genres = [
            {"count": 2, "keys": [{"code": "诗"}], "sum": {"value": 50}},
            {"count": 1, "keys": [{"code": "小说"}], "sum": {"value": 300}},
        ]
        others = [
            {"count": 2, "keys": [{"code": "小说"}], "sum": {"value": 600}},
            {"count": 1, "keys": [{"code": "诗"}], "sum": {"value": 100}},
        ]
        found = {"totalCount": 2, "remainder": remainder}
        assert answer.data == {"shelves": {"nodes": [
            {"code": "s2", "kept": {"groups": {**found, "nodes": genres[:first]}},
             "loans": {"groups": {"totalCount": 2, "nodes": [{"count": 1}]}}},
            {"code": "s1", "kept": {"groups": {**found, "nodes": others[:first]}},
             "loans": {"groups": {"totalCount": 3, "nodes": [{"count": 2}]}}},
        ]}}  # fmt: skip


LOANS = """query ($on: Date, $spells: Spells) {
  loans(on: $on, spells: $spells, orderBy: [{field: "BEGINS"}]) {
    totalCount undated nodes { borrower begins } groups(by: ["BORROWER"]) { remainder totalCount }
  }
  shelves { nodes { code loans(on: $on, spells: $spells) { totalCount undated } } }
}"""
FIRST, ALL = ("王", "2026-01-01"), ("李", "2020-01-01")

# Asked, the loans given, how many were left out undated; the same of s2 and of s1, as numbers.
SPELLS: list[tuple[str, dict[str, Any], list[tuple[str, str | None]], int, Any, Any]] = [
    (VISITOR, {},
     [FIRST, ("赵", "2026-01-01"), ("李", "2026-06-01"), ("王", None)], 0, (0, 0), (4, 0)),
    (VISITOR, {"on": "2026-06-01"},
     [FIRST, ("赵", "2026-01-01"), ("李", "2026-06-01"), ("王", None)], 0, (0, 0), (4, 0)),
    # In the past what nobody dated is left out, and counted: l3, and l7 before it ended.
    (VISITOR, {"on": "2026-05-31"},
     [FIRST, ("赵", "2026-01-01"), ("赵", "2026-05-01")], 1, (0, 0), (3, 1)),
    (VISITOR, {"on": "2020-06-01"}, [ALL], 2, (0, 1), (1, 1)),
    (VISITOR, {"on": "2021-01-01"}, [], 2, (0, 1), (0, 1)),
    (STAFF, {"on": "2021-01-01"}, [], 3, (0, 2), (0, 1)),
    (VISITOR, {"on": "2026-07-01"},
     [FIRST, ("赵", "2026-01-01"), ("李", "2026-06-01"), ("李", "2026-07-01"), ("王", None)],
     0, (1, 0), (4, 0)),
    (VISITOR, {"spells": "ALL"},
     [ALL, FIRST, ("赵", "2026-01-01"), ("赵", "2026-05-01"), ("李", "2026-06-01"),
      ("李", "2026-07-01"), ("王", None), ("王", None)], 0, (2, 0), (6, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("viewer", "asked", "loans", "undated", "north", "east"), SPELLS)
async def test_spells_hold_on_a_day_or_are_all_given(
    ask_library: LibraryClient,
    viewer: str,
    asked: dict[str, Any],
    loans: list[tuple[str, str | None]],
    undated: int,
    north: tuple[int, int],
    east: tuple[int, int],
) -> None:
    for _ in range(2):  # by one plan
        data = await ask_library.data(LOANS, viewer, **asked)
        found = data["loans"]
        told = [(loan["borrower"], loan["begins"]) for loan in found["nodes"]]
        assert (told, found["totalCount"], found["undated"]) == (loans, len(loans), undated)
        assert found["groups"]["remainder"] == 0
        assert found["groups"]["totalCount"] == len({who for who, _ in loans})
        of = {
            shelf["code"]: (shelf["loans"]["totalCount"], shelf["loans"]["undated"])
            for shelf in data["shelves"]["nodes"]
        }
        assert (of["s2"], of["s1"]) == (north, east)


async def test_what_cant_be_counted_as_dated_has_nothing_undated(
    ask_library: LibraryClient,
) -> None:
    assert await ask_library.data("{ books { undated } }") == {"books": {"undated": 0}}


COUNTED = """query ($order: [BookOrder!]) {
  books(orderBy: $order) { nodes { code contemporaries { __typename genre number } } }
  shelf(code: "s1") { kept(orderBy: $order) { nodes { contemporaries { number } } } }
}"""


async def test_a_counted_value_is_found_for_all_rows_of_a_place_at_once(
    ask_library: LibraryClient,
) -> None:
    def told(genre: str, number: int) -> Any:
        return {"__typename": "Contemporaries", "genre": genre, "number": number}

    order = [{"field": "CODE"}]
    answer = await ask_library(COUNTED, order=order)
    wanted = {
        "b1": told("诗", 1), "b2": told("小说", 1), "b3": None, "b4": told("小说", 2), "b5": None,
        "b6": told("诗", 1), "b8": told("小说", 2), "b9": None,
    }  # fmt: skip
    found = {book["code"]: book["contemporaries"] for book in answer.data["books"]["nodes"]}
    assert found == wanted
    numbers = [{"contemporaries": {"number": number}} for number in (1, 1, 2)]
    assert answer.data["shelf"] == {"kept": {"nodes": numbers}}
    assert len(answer.statements) == 5
    staffs = await ask_library.data(COUNTED, STAFF, order=order)
    assert staffs["books"]["nodes"][0] == {"code": "b1", "contemporaries": told("诗", 2)}


async def test_nothing_is_counted_where_no_row_asks(ask_library: LibraryClient) -> None:
    query = '{ book(code: "b9") { contemporaries { number } } }'
    answer = await ask_library(query)
    assert answer.data == {"book": {"contemporaries": None}}
    assert len(answer.statements) == 1


async def test_whether_a_day_that_a_document_names_is_past_depends_on_the_day(
    ask_library: LibraryClient,
) -> None:
    query = '{ loans(on: "2026-05-31") { totalCount undated } }'
    for day, wanted in ((31, (4, 0)), (30, (4, 0))):
        found = (await ask_library(query, today=date(2026, 5, day))).data["loans"]
        assert (found["totalCount"], found["undated"]) == wanted
    found = (await ask_library(query, today=date(2026, 6, 1))).data["loans"]
    assert (found["totalCount"], found["undated"]) == (3, 1)


async def test_a_list_that_is_counted_twice_is_counted_once(ask_library: LibraryClient) -> None:
    """In whatever order and pages it is shown; another question about it is another total."""
    query = """query ($code: String, $genre: Genre) { shelf(code: $code) {
      one: shown(first: 1) { totalCount nodes { code } }
      two: shown(last: 1) { totalCount }
      other: shown(filter: {genre: $genre}) { totalCount }
    } }"""
    for genre, number, counts in ((None, 4, 1), ("POEM", 1, 2)):
        answer = await ask_library(query, code="s1", genre=genre)
        assert answer.data == {
            "shelf": {
                "one": {"totalCount": 4, "nodes": [{"code": "b8"}]},
                "two": {"totalCount": 4},
                "other": {"totalCount": number},
            }
        }
        assert sum(text.count("count(*)") for text in answer.statements) == counts
