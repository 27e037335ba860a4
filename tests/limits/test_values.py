"""How many values a request may hold: counted before any of them is coerced, on both ways."""

import json
from datetime import date
from typing import Any

import graphql.execution.executor
import pytest
from graphql import get_variable_values
from graphql.utilities import coerce_input_value
from hypothesis import given
from hypothesis import strategies as st

import engine.plan.variables
from engine.plan.coercion import InputCoercion
from engine.plan.execution import DatabaseUsage
from engine.sql.predicate import ViewerContext
from execution import schema
from kit.request_limits import DEFAULT_LIMITS
from kit.values.json_size import count_json_values
from models.partner import Role
from resolvers.core.access import OPERATOR, PUBLIC, partner_viewer
from resolvers.core.context import Executor
from tests.limits.test_limits import AT
from tests.support.call_counts import count_calls
from tests.support.over_http import error_codes, post_graphql, serve
from web.request_body import exceeds_value_limit

BY_FILTER = "query($f: WorkerFilter) { workers(filter: $f) { totalCount } }"
SETTLED = AT["inputs"][1]["query"]
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
)


def number(one: Any) -> int:
    if isinstance(one, list):
        return 1 + sum(map(number, one))
    return 1 + sum(map(number, one.values())) if isinstance(one, dict) else 1


def lengths(one: Any) -> list[int]:
    if isinstance(one, list):
        return [len(one), *(length for inner in one for length in lengths(inner))]
    return [n for inner in one.values() for n in lengths(inner)] if isinstance(one, dict) else []


@given(JSONS)
def test_every_value_is_counted_once_and_so_are_objects_and_lists(one: Any) -> None:
    assert count_json_values(one) == (number(one), max(lengths(one), default=0))


def test_no_depth_ends_the_counting() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert count_json_values(deep) == (100_001, 1)


@given(JSONS, st.integers(0, 12), st.sampled_from(["", '"', '"\\"\\', "[,{"]))
def test_a_body_is_refused_before_it_is_read_only_if_it_has_more(
    one: Any, most: int, after: str
) -> None:
    body = json.dumps({"x": one}).encode()
    if exceeds_value_limit(body, most):
        assert number({"x": one}) > most
    assert exceeds_value_limit(json.dumps([one, *([1] * 13)]).encode(), 12)
    exceeds_value_limit(body + after.encode(), most)  # ends, whatever it is


async def test_commas_and_brackets_in_texts_are_no_values(examples_url: str) -> None:
    async with serve(examples_url, PUBLIC) as client:
        texts = {f"v{n}": '[{",' * 500 for n in range(5)}
        answer = await post_graphql(client, {"query": "{ __typename }", "variables": texts})
        assert answer.json()["data"] == {"__typename": "Query"}


def wanted(values: int, of: Any) -> Any:
    """Return a filter of so many values: itself, a list, and what is in it."""
    return {"or": [of] * ((values - 2) // number(of))}


# As one variable, as literals, and divided among variables and literals: always the same filter.
SPLIT = [
    (BY_FILTER, lambda n: {"f": wanted(n, {})}),
    (BY_FILTER, lambda n: {"f": wanted(n, {"code": "a"})}),
    (BY_FILTER, lambda n: {"f": wanted(n, {"grade": None})}),
    (BY_FILTER, lambda n: {"f": wanted(n, {"not": {"not": {"not": {}}}})}),
    ("query($f: [WorkerFilter!]) { workers(filter: {or: $f}) { totalCount } }",
     lambda n: {"f": wanted(n, {})["or"]}),
    ("query($f: WorkerFilter!, $g: [WorkerFilter!]) {"
     " workers(filter: {and: [$f], or: $g}) { totalCount } }",
     lambda n: {"f": {"and": wanted(n // 2 - 1, {})["or"]}, "g": wanted(n // 2, {})["or"]}),
    ("query($f: WorkerFilter) { worker(code: \"yu_yimu\") { employer { workers(filter: $f) {"
     " totalCount } } } }", lambda n: {"f": wanted(n, {})}),
]  # fmt: skip


@pytest.mark.parametrize("way", [Executor.PLAN, Executor.DEFAULT])
@pytest.mark.parametrize(("query", "variables"), SPLIT)
async def test_a_filter_may_have_so_many_values_however_it_is_divided(
    examples_url: str, way: Executor, query: str, variables: Any
) -> None:
    async with serve(examples_url, PUBLIC, way=way) as client:
        allowed = await post_graphql(
            client, {"query": query, "variables": variables(DEFAULT_LIMITS.filter)}
        )
        assert "errors" not in allowed.json(), allowed.text
        refused = await post_graphql(
            client, {"query": query, "variables": variables(DEFAULT_LIMITS.filter + 8)}
        )
        assert error_codes(refused) == ["LIMIT_EXCEEDED"]
        assert refused.json()["errors"][0]["message"].startswith(
            "A filter, an order or another input object exceeds the limit of 500 values"
        )
        assert "data" not in refused.json()


async def test_a_default_counts_where_its_variable_is_not_given(examples_url: str) -> None:
    literal = "{or: [{code: a}, {}]}".replace("a", '"a"')
    query = f"query($f: WorkerFilter = {literal}) {{ workers(filter: $f) {{ totalCount }} }}"
    async with serve(examples_url, PUBLIC, limit_filter=4) as client:
        assert error_codes(await post_graphql(client, {"query": query})) == ["LIMIT_EXCEEDED"]
        less = await post_graphql(client, {"query": query, "variables": {"f": {}}})
        assert "errors" not in less.json()
    async with serve(examples_url, PUBLIC, limit_filter=5) as client:
        assert "errors" not in (await post_graphql(client, {"query": query})).json()


async def test_what_a_fragment_holds_counts_each_time_it_is_spread(examples_url: str) -> None:
    spread = " ".join(f"a{n}: employer {{ ...F }}" for n in range(9))
    query = f'query($f: WorkerFilter) {{ worker(code: "yu_yimu") {{ {spread} }} }}'
    query += " fragment F on Organisation { workers(filter: $f) { totalCount } }"
    async with serve(examples_url, PUBLIC) as client:
        few = await post_graphql(client, {"query": query, "variables": {"f": wanted(220, {})}})
        assert "errors" not in few.json()
        many = await post_graphql(client, {"query": query, "variables": {"f": wanted(240, {})}})
        assert error_codes(many) == ["LIMIT_EXCEEDED"]
        assert many.json()["errors"][0]["message"].startswith("Variables and arguments exceed")


@pytest.mark.parametrize(("viewer", "most"), [
    (PUBLIC, 2_000), (OPERATOR, 50_000), (partner_viewer(Role.COLLEGE, "demo_college"), 50_000),
])  # fmt: skip
async def test_inputs_of_a_mutation_may_be_many_for_who_may_write(
    examples_url: str, viewer: Any, most: int
) -> None:
    async with serve(examples_url, viewer) as client:
        for extra, refused in ((most - 3, False), (most - 2, True)):
            variables = {"id": "a", "answer": "b", "c": [1] * extra}
            answer = await post_graphql(client, {"query": SETTLED, "variables": variables})
            limited = [
                one for one in answer.json().get("errors", ())
                if one["extensions"]["code"] == "LIMIT_EXCEEDED"
            ]  # fmt: skip
            assert bool(limited) is (refused or most == 2_000), answer.text


async def test_who_may_write_asks_no_larger_questions(examples_url: str) -> None:
    body = {"query": "{ __typename }", "variables": {"a": [[1] * 900] * 3}}
    async with serve(examples_url, OPERATOR) as client:
        assert error_codes(await post_graphql(client, body)) == ["LIMIT_EXCEEDED"]


@pytest.mark.parametrize("of", [{}, {"code": "a"}, {"frontline": True, "employer": {}}])
def test_reading_a_filter_takes_as_long_as_what_is_said_in_it(of: Any) -> None:
    """Not as long as what might be said: a filter of workers has forty fields."""
    known, _ = schema.planned.known(BY_FILTER, None)

    def read(values: int) -> int:
        filters = {"f": wanted(values, of)}
        viewer, day = OPERATOR.template.viewer, date(2026, 11, 21)
        read = known.variables.read(filters)
        plan = known.plan(read, viewer, "postgresql", written=True)
        asker = ViewerContext(OPERATOR, day)
        work = count_calls(
            lambda: plan.bound(asker, {}, known.variables.read(filters), DatabaseUsage())
        )
        return work.total()

    read(50)
    assert (read(DEFAULT_LIMITS.filter) - read(DEFAULT_LIMITS.filter // 2)) / (
        DEFAULT_LIMITS.filter // 2
    ) < 100


INPUTS = [
    one for name in ("WorkerFilter", "WorkerOrder", "OutcomeGroupHaving", "FigureSubjectFilter")
    if (one := schema._schema.type_map.get(name))
]  # fmt: skip
NAMED = st.sampled_from(
    ["code", "grade", "and", "or", "not", "employer", "field", "descending", "worker", "sum",
     "isNull", "frontline", "count", "birthYear", "atLeast", "nothing"]
)  # fmt: skip
SAID = st.recursive(
    st.sampled_from([None, True, 1, 1.5, "a", "CODE", "NAME", "SENIOR", 2**40, "2020-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMED, inner, max_size=3),
)


def without_nulls(one: Any) -> Any:
    if isinstance(one, list):
        return [without_nulls(inner) for inner in one]
    if isinstance(one, dict):
        return {name: without_nulls(inner) for name, inner in one.items() if inner is not None}
    return one


@pytest.mark.parametrize("of", INPUTS, ids=str)
@given(said=SAID)
def test_what_is_read_quickly_is_what_graphql_reads(of: Any, said: Any) -> None:
    by_graphql = coerce_input_value(said, of)
    assert without_nulls(InputCoercion().of(of)(said)) == without_nulls(by_graphql)


async def test_variables_that_do_not_fit_are_read_by_one_way_alone(
    monkeypatch: pytest.MonkeyPatch, examples_url: str
) -> None:
    """Two ways said the same before, one after the other."""
    times: list[Any] = []

    def counted(*values: Any, **more: Any) -> Any:
        times.append(values)
        return get_variable_values(*values, **more)

    for module in (engine.plan.variables, graphql.execution.executor):
        monkeypatch.setattr(module, "get_variable_values", counted)
    wrong = {"query": BY_FILTER, "variables": {"f": {"or": [{"luck": n} for n in range(100)]}}}
    async with serve(examples_url, PUBLIC) as client:
        answer = await post_graphql(client, wrong)
    async with serve(examples_url, PUBLIC, way=Executor.DEFAULT) as client:
        by_executor = await post_graphql(client, wrong)
    assert len(error_codes(answer)) == 51
    assert len(times) == 2  # one on each way
    assert [one["message"] for one in answer.json()["errors"]] == [
        one["message"] for one in by_executor.json()["errors"]
    ]
