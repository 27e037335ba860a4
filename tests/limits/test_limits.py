"""Each limit at its figure and past it, and what must not be refused by any."""

import json
import re
from dataclasses import fields, replace
from itertools import product
from typing import Any

import httpx
import pytest
from graphql import get_introspection_query, parse

from execution import schema
from execution.complexity import ComplexityAnalysis
from execution.document_limits import operation_costs
from kit.errors import LimitExceeded
from kit.request_limits import DEFAULT_LIMITS, LIMIT_MESSAGES, TRUNCATING_LIMITS, RequestLimits
from resolvers.core.access import OPERATOR
from server import build_limits
from settings import Settings
from tests.http.malformed import nested_regions
from tests.support.contract_queries import QUERIES, contract_query, contract_variables
from tests.support.over_http import SAMPLE_QUERY, error_codes, post_graphql, serve

NAMES = [
    one.name
    for one in fields(RequestLimits)
    if one.type is int and one.name not in TRUNCATING_LIMITS
]
# Each stands exactly at a figure: the limit is there, and one less refuses it.
AT: dict[str, tuple[int, dict[str, Any]]] = {
    "body": (len(json.dumps(SAMPLE_QUERY)), SAMPLE_QUERY),
    "json_depth": (4, {"query": "{ __typename }", "variables": {"x": [[1]]}}),
    "query": (len("{ __typename } # 工".encode()), {"query": "{ __typename } # 工"}),
    "tokens": (5, {"query": "query A { __typename }"}),
    "operations": (2, {"operationName": "A",
                       "query": "query A { __typename } query B { __typename }"}),
    "variables": (2, {"query": "{ __typename }", "variables": {"a": 1, "b": 2}}),
    "string": (9, {"query": "{ __typename }", "variables": {"a": "工工工"}}),
    "filter": (6, {"query": "query($f: WorkerFilter, $g: [WorkerFilter!]) {"
                            " workers(filter: {not: $f, and: $g}) { totalCount } }",
                   "variables": {"f": {}, "g": [{"code": "a"}, {}]}}),
    "entries": (3, {"query": "query($by: [WorkerDimension!]!) { workers { groups(by: $by) {"
                             " totalCount } } }",
                    "variables": {"by": ["GRADE", "OCCUPATION", "CITY"]}}),
    "values": (6, {"query": "query($n: Int, $f: WorkerFilter) { ...A a: workers(first: $n,"
                            " filter: $f) { totalCount } } fragment A on Query {"
                            " workers(first: $n, filter: $f) { totalCount } }",
                   "variables": {"n": 1, "f": {"code": "a"}}}),
    "inputs": (2, {"query": "mutation($id: ID!, $answer: String!) {"
                            " settleDispute(id: $id, answer: $answer) { userErrors { code } } }",
                   "variables": {"id": "a", "answer": "b"}}),
    "depth": (5, {"query": nested_regions(5)}),
    "introspection_depth": (3, {"query": "{ __schema { queryType { name } } }"}),
    "aliases": (3, {"query": "{ a: __typename ...F ...G } fragment F on Query { b: __typename }"
                             " fragment G on Query { c: __typename }"}),
    "directives": (2, {"query": "{ __typename @skip(if: false) @include(if: true) }"}),
    "root_fields": (3, {"query": "{ a: __typename ...F } "
                                 "fragment F on Query { b: __typename c: __typename }"}),
    "mutation_fields": (2, {"query": "mutation { a: __typename ...F } "
                                     "fragment F on Mutation { b: __typename }"}),
    "page": (7, {"query": "query($n: Int) { workers(first: $n) { totalCount } }",
                 "variables": {"n": 7}}),
    "cost": (24, {"query": "query($n: Int) { workers(first: $n) { nodes { employer { name } } } }",
                  "variables": {"n": 12}}),
}  # fmt: skip


def test_without_settings_the_limits_are_the_written_figures() -> None:
    assert build_limits(Settings()) == DEFAULT_LIMITS == RequestLimits()
    assert AT.keys() == set(NAMES)


def limit(name: str, figure: int) -> dict[str, Any]:
    return {f"limit_{name}": figure}


@pytest.mark.parametrize("name", NAMES)
async def test_each_limit_is_a_setting_that_holds_at_its_figure(
    examples_url: str, name: str
) -> None:
    figure, body = AT[name]
    async with serve(examples_url, OPERATOR, **limit(name, figure)) as client:
        answer = (await post_graphql(client, body)).json()
        assert answer.keys() == {"data", "extensions"}, answer
    async with serve(examples_url, OPERATOR, **limit(name, figure - 1)) as client:
        answer = await post_graphql(client, body)
        assert error_codes(answer) == ["LIMIT_EXCEEDED"]
        [error] = answer.json()["errors"]
        assert error["message"] == LIMIT_MESSAGES[name].english.format(
            most=figure - 1, found=figure
        )
        assert "data" not in answer.json()
        # One that is in its limits is answered as before.
        answer = await post_graphql(client, {"query": "{__typename}"}) if name != "body" else None
        assert answer is None or "errors" not in answer.json() or name in {"tokens", "query"}


# depth, aliases, cost with the variables that their comments name
CONTRACT = {
    "01": (9, 0, 447), "02": (7, 0, 555), "03": (8, 0, 723), "04": (9, 0, 364), "05": (6, 0, 88),
    "06": (5, 0, 2201), "07": (7, 0, 282), "08": (8, 0, 695), "09": (5, 0, 50), "10": (10, 0, 6901),
    "11": (5, 2, 22), "12": (4, 0, 0), "13": (6, 0, 3), "14": (6, 0, 460), "15": (7, 0, 29),
    "16": (6, 0, 500), "17": (7, 0, 90),
}  # fmt: skip


@pytest.mark.parametrize("number", [path.name[:2] for path in sorted(QUERIES.glob("*.graphql"))])
def test_the_queries_of_partners_stay_far_below_every_limit(number: str) -> None:
    document = parse(contract_query(number))
    found = ComplexityAnalysis(schema._schema, document).all()
    given = contract_variables(number)
    [asked] = operation_costs(schema._schema, document, DEFAULT_LIMITS).values()
    nodes = asked.nodes(given, DEFAULT_LIMITS.page)
    assert (found.largest.depth, found.largest.aliases, nodes) == CONTRACT[number]
    assert nodes < DEFAULT_LIMITS.cost / 5
    fifth = {name: getattr(DEFAULT_LIMITS, name) // 5 for name in ("filter", "entries", "values")}
    asked.held.check(given, replace(DEFAULT_LIMITS, **fifth), writes=False)
    assert found.largest.depth <= DEFAULT_LIMITS.depth * 2 / 3
    assert max(found.largest.aliases, found.directives) < DEFAULT_LIMITS.aliases / 3


# All but those of drafts that no schema answers yet.
OPTIONS = (
    "descriptions", "specified_by_url", "directive_is_repeatable", "schema_description",
    "input_value_deprecation", "one_of",
)  # fmt: skip
INTROSPECTIONS = [
    get_introspection_query(**dict(zip(OPTIONS, chosen, strict=True)), type_depth=depth)
    for depth in (7, 9, 14)
    for chosen in product((False, True), repeat=len(OPTIONS))
]


def test_every_introspection_of_the_tools_fits() -> None:
    """GraphiQL, Relay and Apollo send one of these, with other options each."""
    for asked in INTROSPECTIONS:
        found = operation_costs(schema._schema, parse(asked), DEFAULT_LIMITS)
        [cost] = found.values()
        assert cost.nodes({}, DEFAULT_LIMITS.page) < DEFAULT_LIMITS.cost / 3
    with pytest.raises(LimitExceeded, match="the limit is 20 levels"):
        operation_costs(
            schema._schema, parse(get_introspection_query(type_depth=15)), DEFAULT_LIMITS
        )


async def test_the_schema_can_be_asked_for_unless_that_is_switched_off(examples_url: str) -> None:
    full = {"query": get_introspection_query(True, True, True, True, True, False, True)}
    partly = {"query": '{ __type(name: "Worker") { name } }'}
    async with serve(examples_url) as client:
        answer = (await post_graphql(client, full)).json()
        assert len(answer["data"]["__schema"]["types"]) > 300
        assert answer["extensions"]["cost"]["spent"] == 0
        assert (await post_graphql(client, partly)).json()["data"] == {"__type": {"name": "Worker"}}
    async with serve(examples_url, introspection=False) as client:
        for body in (full, partly):
            answer = await post_graphql(client, body)
            assert error_codes(answer) == ["BAD_USER_INPUT"]
            assert "disabled" in answer.text
        assert (await post_graphql(client, {"query": "{ __typename }"})).json()["data"]


@pytest.mark.parametrize("text", [
    "𠮷", "\\ud842\\udfb7", "\\u{20bb7}",
])  # fmt: skip
async def test_a_character_beyond_the_first_plane_is_a_text_like_others(
    client: httpx.AsyncClient, text: str
) -> None:
    found = await post_graphql(
        client, {"query": f'{{ workers(filter: {{name: "{text}"}}) {{ totalCount }} }}'}
    )
    assert found.json()["data"] == {"workers": {"totalCount": 0}}
    sent = {"query": "query($n: String) { workers(filter: {name: $n}) { totalCount } }",
            "variables": {"n": "𠮷"}}  # fmt: skip
    for body in (json.dumps(sent), json.dumps(sent, ensure_ascii=False)):
        answer = await client.post(
            "/graphql", content=body.encode(), headers={"Content-Type": "application/json"}
        )
        assert answer.json()["data"] == {"workers": {"totalCount": 0}}


async def test_nothing_is_suggested(client: httpx.AsyncClient) -> None:
    for asked, message in (
        ("{ worke { name } }", "Cannot query field 'worke' on type 'Query'."),
        ('{ worker(code: "a") { employer } }',
         "Field 'employer' of type 'Organisation' must have a selection of subfields."),
        ("{ workers(frst: 1) { totalCount } }",
         "Unknown argument 'frst' on field 'Query.workers'."),
        ("query($x: Workr) { workers(filter: $x) { totalCount } }", "Unknown type 'Workr'."),
        ("{ workers(filter: {nam: 1}) { totalCount } }",
         "Expected value of type 'WorkerFilter' not to include unknown field 'nam', "
         "found: { nam: 1 }."),
    ):  # fmt: skip
        answer = await post_graphql(client, {"query": asked})
        assert answer.json()["errors"][0]["message"] == message


def test_the_page_for_partners_says_what_the_code_says() -> None:
    page = (QUERIES.parent.parent / "docs" / "limits.md").read_text("utf-8")
    rows = re.findall(r"^\| `LIMIT_([A-Z_]+)` \| ([0-9,]+) \| (.+) \| (.+) \|$", page, re.MULTILINE)
    assert [
        (name.lower(), int(figure.replace(",", "")), english, chinese)
        for name, figure, english, chinese in rows
    ] == [(name, getattr(DEFAULT_LIMITS, name), *LIMIT_MESSAGES[name]) for name in NAMES]


async def test_the_example_of_the_page_costs_what_it_says(client: httpx.AsyncClient) -> None:
    page = (QUERIES.parent.parent / "docs" / "limits.md").read_text("utf-8")
    [asked] = re.findall(r"```graphql\n(.+?)```", page, re.DOTALL)
    [told] = re.findall(r'"asked": (\d+), "spent": (\d+)', page)
    answer = await post_graphql(client, {"query": asked, "variables": {"n": 10}})
    assert "errors" not in answer.json()
    cost = answer.json()["extensions"]["cost"]
    assert cost["asked"] == int(told[0])
    assert 0 < cost["spent"] < 2 * int(told[1])


async def test_a_document_that_is_known_is_judged_by_the_limits_of_who_asks() -> None:
    documents = schema.document_cache
    first = documents.checked("{ a: __typename b: __typename }", DEFAULT_LIMITS)
    assert documents.checked("{ a: __typename b: __typename }", DEFAULT_LIMITS) is first
    strict = documents.checked(
        "{ a: __typename b: __typename }", replace(DEFAULT_LIMITS, aliases=1)
    )
    assert (first.errors, strict.fits) == ((), False)
    again = documents.checked("{ a: __typename b: __typename }", DEFAULT_LIMITS)
    assert (again.errors, again.fits) == ((), True)
