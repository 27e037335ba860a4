"""The workloads fit the present schema, and wrong responses are detected."""

from typing import Any

import pytest
from graphql import parse, validate

from benchmarks.compare import unequal
from benchmarks.workloads import WORKLOADS, Workload, leaves
from tests.support.sdl import SDL


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_workloads_are_questions_of_this_schema(workload: Workload) -> None:
    asked = [workload.ours, workload.first("graphql")]
    assert [error.message for text in asked if text for error in validate(SDL, parse(text))] == []


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_who_asks_for_a_cursor_asks_it_of_all(workload: Workload) -> None:
    endings = ("graphql", "sql", *(["postgraphile.graphql"] if workload.peer else []))
    asked = [workload.first(ending) is not None for ending in endings]
    assert len(set(asked)) == 1


def test_numbers_are_equal_as_in_json() -> None:
    assert unequal({"score": 1}, {"score": 1.0}) is None


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        ({"a": [1, 2]}, {"a": [1]}, ".a: 2 and 1 of them"),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ".a[0].b: 1 and 2"),
        ({"a": 1}, {"a": True}, ".a: 1 and True"),
        ({"a": 1}, {"b": 1}, ": ['a'] and ['b']"),
        ({"a": None}, {"a": {}}, ".a: None and {}"),
    ],
)
def test_answers_that_differ_are_told_apart(one: Any, other: Any, place: str) -> None:
    assert unequal(one, other) == place


def test_the_values_of_an_answer_are_what_stands_at_its_ends() -> None:
    assert leaves({"a": None, "b": [1, {"c": "x", "d": []}]}) == 3
