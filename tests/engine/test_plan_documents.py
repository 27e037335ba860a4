"""Plans of documents: fragments, aliases, merging, variables, directives, what isn't planned."""

from typing import Any

import pytest

from engine.operation import MAX_PLANS, OperationPlan, PlanCache
from engine.plan.execution import DatabaseUsage
from engine.plan.field_plans import NotPlanned
from engine.plan.variables import InvalidVariables
from engine.sql.predicate import ViewerContext
from kit.relay.global_id import to_global_id
from tests.engine.library import STAFF, TODAY, VISITOR
from tests.engine.library_queries import LibraryClient, execute_operation, parse_operation

FRAGMENTS = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) { ...any ... on Record { code ...named } ... { more: __typename } }
}
fragment any on Node { __typename ... on Shelved { shelf { ...named } } }
fragment named on Record { name ... on Shelf { hidden } ...writer }
fragment writer on Author { byName { name } }
"""


async def test_fragments_are_of_the_kinds_that_they_name(ask_library: LibraryClient) -> None:
    ids = [to_global_id(*name.split(":")) for name in ("Author:id-a3", "Shelf:id-s1", "Loan:l1")]
    answer = await ask_library(FRAGMENTS, ids=ids)
    assert answer.data == {"nodes": [
        {"__typename": "Author", "more": "Author", "code": "a3", "name": "寅",
         "shelf": {"name": "北", "hidden": False}, "byName": [{"name": "丁"}]},
        {"__typename": "Shelf", "more": "Shelf", "code": "s1", "name": "东", "hidden": False},
        {"__typename": "Loan", "more": "Loan"},
    ]}  # fmt: skip
    assert len(answer.statements) == 4


async def test_one_list_of_several_kinds_shows_each_by_its_own_fragment(
    ask_library: LibraryClient,
) -> None:
    query = """{ shelf(code: "s2") { belongings {
      code ... on Book { year author { code } } ... on Author { books { totalCount } }
    } } }"""
    assert await ask_library.data(query) == {"shelf": {"belongings": [
        {"code": "b3", "year": None, "author": {"code": "a1"}},
        {"code": "b4", "year": 2001, "author": {"code": "a2"}},
        {"code": "b6", "year": 2003, "author": {"code": "a3"}},
        {"code": "a3", "books": {"totalCount": 1}},
    ]}}  # fmt: skip


async def test_aliases_ask_with_arguments_of_their_own(ask_library: LibraryClient) -> None:
    query = """query ($genre: Genre) {
      one: book(code: "b1") { code }
      two: book(code: "b2") { code its: author { code } also: author { name } }
      poems: books(filter: {genre: POEM}, orderBy: [{field: "CODE"}]) { nodes { code } }
      novels: books(filter: {genre: $genre}, first: 1) { totalCount nodes { title: name } }
      author(code: "a1") {
        last: books(last: 1, orderBy: [{field: "CODE"}]) { nodes { code } }
        first: books(first: 1, orderBy: [{field: "CODE"}]) { nodes { code } totalCount }
      }
    }"""
    answer = await ask_library(query, genre="NOVEL")
    assert answer.data == {
        "one": {"code": "b1"},
        "two": {"code": "b2", "its": {"code": "a1"}, "also": {"name": "子"}},
        "poems": {"nodes": [{"code": "b1"}, {"code": "b3"}, {"code": "b6"}]},
        "novels": {"totalCount": 3, "nodes": [{"title": "己"}]},
        "author": {
            "last": {"nodes": [{"code": "b3"}]},
            "first": {"nodes": [{"code": "b1"}], "totalCount": 3},
        },
    }
    assert len(answer.statements) == 9  # a page that is read backward is written by nobody


def written(ask: LibraryClient) -> bool:
    return ask.written and ask.dialect == "postgresql"


async def test_a_field_in_several_places_is_one_field(ask_library: LibraryClient) -> None:
    query = """
    query { book(code: "b1") { author { code } ...more } ...root }
    fragment more on Book { author { shelf { code } } loans(spells: ALL) { nodes { borrower } } }
    fragment root on Query {
      book(code: "b1") {
        author { shelf { name } name }
        loans(spells: ALL) { totalCount nodes { desk { code } } }
      }
    }"""
    answer = await ask_library(query)
    assert answer.data == {"book": {
        "author": {"code": "a1", "shelf": {"code": "s1", "name": "东"}, "name": "子"},
        "loans": {"totalCount": 3, "nodes": [
            {"borrower": "李", "desk": {"code": "s1"}},
            {"borrower": "王", "desk": {"code": "s1"}},
            {"borrower": "王", "desk": {"code": "s2"}},
        ]},
    }}  # fmt: skip
    assert list(answer.data["book"]) == ["author", "loans"]
    assert list(answer.data["book"]["author"]) == ["code", "shelf", "name"]
    assert len(answer.statements) == (1 if written(ask_library) else 3)


VARIABLES = """query ($code: String = "b2", $first: Int = 1, $genre: Genre, $order: [BookOrder!] =
    [{field: "CODE", descending: true}], $filter: BookFilter) {
  book(code: $code) { code }
  books(first: $first, orderBy: $order, filter: $filter) { nodes { code } }
  novels: books(filter: {genre: $genre, year: 2001}) { totalCount }
}"""

GIVEN: list[tuple[dict[str, Any], str | None, list[str], int]] = [
    ({}, "b2", ["b9"], 3),
    ({"code": "b1", "first": 2}, "b1", ["b9", "b8"], 3),
    ({"genre": "POEM"}, "b2", ["b9"], 1),
    ({"genre": None, "filter": None}, "b2", ["b9"], 3),
    ({"filter": {}}, "b2", ["b9"], 3),
    ({"filter": {"year": 2003}}, "b2", ["b6"], 3),
    ({"filter": {"year": 2003, "genre": None}}, "b2", ["b6"], 3),
    ({"filter": {"or": [{"code": "b3"}, {"author": {"code": "a2"}}]}}, "b2", ["b5"], 3),
    ({"order": [], "first": None}, "b2",
     ["b5", "b6", "b9", "b8", "b1", "b3", "b4", "b2"], 3),
]  # fmt: skip


@pytest.mark.parametrize(("given", "book", "books", "novels"), GIVEN)
async def test_variables_have_defaults_and_null_is_no_filter(
    ask_library: LibraryClient, given: dict[str, Any], book: str, books: list[str], novels: int
) -> None:
    assert await ask_library.data(VARIABLES, **given) == {
        "book": {"code": book},
        "books": {"nodes": [{"code": code} for code in books]},
        "novels": {"totalCount": novels},
    }


async def test_variables_that_dont_fit_are_refused_by_what_graphql_says(
    ask_library: LibraryClient,
) -> None:
    for given in ({"first": "one"}, {"genre": "ESSAY"}, {"filter": {"none": 1}}):
        with pytest.raises(InvalidVariables) as wrong:
            await ask_library(VARIABLES, **given)
        [error] = wrong.value.errors
        assert error.message.startswith(f"Variable '${next(iter(given))}' has invalid value")


SWITCHED = """query ($whole: Boolean!, $less: Boolean = false) {
  book(code: "b1") {
    code @skip(if: $less)
    author @include(if: $whole) { name }
    ... @include(if: $whole) { loans { totalCount } }
    ...year @skip(if: $whole)
    never: code @include(if: false)
  }
}
fragment year on Book { year }"""

SWITCHES: list[tuple[dict[str, Any], dict[str, Any], int]] = [
    ({"whole": True}, {"code": "b1", "author": {"name": "子"}, "loans": {"totalCount": 1}}, 2),
    ({"whole": False}, {"code": "b1", "year": 2001}, 1),
    ({"whole": True, "less": True}, {"author": {"name": "子"}, "loans": {"totalCount": 1}}, 2),
    ({"whole": False, "less": True}, {"year": 2001}, 1),
]


async def test_a_document_has_a_plan_for_each_way_its_switches_stand(
    ask_library: LibraryClient,
) -> None:
    for _ in range(2):
        for given, book, by_rows in SWITCHES:
            answer = await ask_library(SWITCHED, **given)
            assert answer.data == {"book": book}
            assert len(answer.statements) == (1 if written(ask_library) else by_rows)
    plans = ask_library.known(SWITCHED).plans
    assert len(plans) == len(SWITCHES)
    assert len({id(plan) for plan in plans.values()}) == len(SWITCHES)


async def test_a_plan_is_made_once_for_each_class_of_askers(ask_library: LibraryClient) -> None:
    query = "query ($code: String) { book(code: $code) { code } }"
    for viewer, code, wanted in [
        (VISITOR, "b7", None), (STAFF, "b7", {"code": "b7"}), (VISITOR, "b1", {"code": "b1"}),
        (VISITOR, "b7", None), (STAFF, "b1", {"code": "b1"}),
    ]:  # fmt: skip
        assert await ask_library.data(query, viewer, code=code) == {"book": wanted}
    assert len(ask_library.known(query).plans) == 2


async def test_plans_of_a_document_are_bounded(ask_library: LibraryClient) -> None:
    asked = parse_operation("{ books { totalCount } }")
    for n in range(2 * MAX_PLANS + 1):
        viewer = f"visitor {n}"
        found = await execute_operation(
            asked, {}, ViewerContext(viewer, TODAY), ask_library.snapshots, DatabaseUsage(),
            written=ask_library.written,
        )  # fmt: skip
        assert found == {"books": {"totalCount": 8}}
        assert len(asked.plans) <= MAX_PLANS


def test_the_plans_that_were_used_last_are_kept_whatever_their_documents() -> None:
    a, b, c, d = (NotPlanned(name) for name in "abcd")
    one, other = {"a": a, "b": b}, {"a": c}
    recent = PlanCache(2)
    for plans, key in ((one, "a"), (one, "b"), (one, "a"), (other, "a")):
        recent.use(plans, key, plans[key])
    assert (one, other) == ({"a": a}, {"a": c})
    recent.use(one, "a", a)
    recent.use({"d": d}, "d", d)
    assert (one, other) == ({"a": a}, {})


UNKNOWN = [
    ('{ book(code: "b1") { blurb } }', "Book.blurb"),
    ('{ book(code: "b1") { loans { nodes { lent { ... on Book { blurb } } } } } }', "Book.blurb"),
    ('{ __schema { description } book(code: "b1") { code } }', "Query.__schema"),
    ('{ __type(name: "Book") { name } }', "Query.__type"),
]


@pytest.mark.parametrize(("query", "reason"), UNKNOWN)
async def test_what_the_engine_doesnt_know_is_not_planned_each_time_it_is_asked(
    ask_library: LibraryClient, query: str, reason: str
) -> None:
    with ask_library.told() as statements:
        for _ in range(2):
            with pytest.raises(NotPlanned, match=reason):
                await ask_library(query)
    assert statements == []


async def test_the_type_of_the_root_needs_no_statement(ask_library: LibraryClient) -> None:
    answer = await ask_library("{ __typename }")
    assert (answer.data, answer.statements) == ({"__typename": "Query"}, [])


async def test_types_are_told_wherever_they_are_asked_for(ask_library: LibraryClient) -> None:
    query = """{ books(first: 1) {
      __typename pageInfo { __typename } edges { __typename node { __typename } }
      nodes { pages { __typename } } groups(by: ["YEAR"], first: 1) { __typename }
    } }"""
    assert await ask_library.data(query) == {"books": {
        "__typename": "BookConnection", "pageInfo": {"__typename": "PageInfo"},
        "edges": [{"__typename": "BookEdge", "node": {"__typename": "Book"}}],
        "nodes": [{"pages": {"__typename": "Quantity"}}],
        "groups": {"__typename": "Groups"},
    }}  # fmt: skip


async def test_a_document_of_several_operations_has_plans_for_each() -> None:
    text = 'query A { book(code: "b1") { code } } query B { books { totalCount } }'
    one, other = parse_operation(text, "A"), parse_operation(text, "B")
    for asked, keys in ((one, ["book"]), (other, ["books"])):
        plan = asked.plan(asked.variables.read({}), VISITOR, "sqlite", written=False)
        assert [field.key for field in plan.planner.selector.root()] == keys


async def test_a_kind_that_has_no_plan_leaves_nothing_behind(ask_library: LibraryClient) -> None:
    query = """query ($id: ID!, $first: Int) { node(id: $id) {
      id ... on Book { loans(first: $first) { totalCount } blurb }
    } }"""
    for _ in range(3):
        with pytest.raises(NotPlanned, match=r"Book\.blurb"):
            await ask_library(query, id=to_global_id("Book", "id-b1"), first=1)
    # What the book's fields are asked is no matter of an author's.
    author = to_global_id("Author", "id-a1")
    assert await ask_library.data(query, id=author, first=0) == {"node": {"id": author}}
    [plan] = ask_library.known(query).plans.values()
    assert isinstance(plan, OperationPlan)
    assert len(plan.places) == 1
