"""Planning a new query: its cost, and its effect on other requests."""

import gc
from typing import Any

import pytest

from engine.operation import OperationPlan
from execution import schema
from kit.db.table_aliases import ALIAS_CACHE
from resolvers.core.access import OPERATOR
from tests.support.call_counts import count_calls
from tests.support.contract_queries import contract_query, contract_variables

PLANNED = ["01", "02", "05", "10"]
WRITING = ("engine.json.sql_writer.JsonWriter.", "engine.json.group_writer.GroupWriter.")


def plan(number: str, text: int = 0) -> OperationPlan:
    """Plan each text again."""
    given = {name: one for name, one in contract_variables(number).items() if not name.isdigit()}
    known, _ = schema.planned.known(f"{contract_query(number)} # planned {text}", None)
    read = known.variables.read(given)
    return known.plan(read, OPERATOR.template.viewer, "postgresql", written=True)


@pytest.mark.parametrize("number", PLANNED)
def test_no_statement_is_made_to_see_whether_the_database_can_write_it(number: str) -> None:
    made = count_calls(lambda: plan(number, 1))
    assert made["engine.operation.OperationPlan.__init__"] == 1
    assert [name for name in made if name.startswith(WRITING)] == []
    assert made["engine.sql.compiled.compile_statement"] == 0


@pytest.mark.parametrize("number", PLANNED)
def test_a_second_plan_takes_the_names_of_tables_that_the_first_has_made(number: str) -> None:
    plan(number, 2)
    names = {table: dict(of) for table, of in ALIAS_CACHE.items()}
    made = count_calls(lambda: plan(number, 3))
    assert made["kit.db.table_aliases.alias_of"] > 0
    assert made["sqlalchemy.sql.selectable.FromClause.alias"] == 0
    assert names == ALIAS_CACHE


def test_no_name_of_a_table_stands_twice_in_a_plan() -> None:
    found: list[Any] = []
    for level in levels_of(plan("01", 4)):
        found += [] if level.rows is None else [level.rows]
        found += [rows for rows, _ in level.joins]
    assert len(set(map(id, found))) == len(found) > 10


def levels_of(of: OperationPlan) -> list[Any]:
    listed = [of.root]
    for level in listed:
        for step in level.steps:
            listed += step.levels()
    return listed


def test_a_plan_is_made_of_few_objects_that_the_collector_has_to_visit() -> None:
    """2,500 on average where each plan makes its own names of tables."""
    plan("01", 5)
    gc.collect()
    before = len(gc.get_objects())
    kept = plan("01", 6)
    gc.collect()
    assert kept.root.steps
    assert len(gc.get_objects()) - before < 1_500
