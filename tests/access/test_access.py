"""Public access: one predicate for lists, totals, groups, look-ups, links and filters."""

import pytest
from sqlalchemy import func, select

from engine.catalog.kind import Kind
from kit.relay.global_id import to_global_id
from models.row import Audience, FactStatus
from resolvers.core.access import PUBLIC
from resolvers.core.declare import REGISTRY
from tests.support.contract_queries import PLANNED, contract_query, contract_variables
from tests.support.graph import GraphQLTestClient
from tests.support.sdl import LISTS


@pytest.mark.parametrize("kind", REGISTRY.kinds.values(), ids=lambda kind: kind.name)
async def test_the_public_counts_and_lists_what_is_public(
    ask_examples: GraphQLTestClient, kind: Kind
) -> None:
    public = select(func.count()).where(kind.table.c.audience == Audience.PUBLIC)
    if "status" in kind.table.c:
        public = public.where(kind.table.c.status != FactStatus.RETRACTED)
    async with ask_examples.engine.connect() as connection:
        number = await connection.scalar(public.select_from(kind.table))
    spells = "(spells: ALL)" if kind.spell else ""
    every = next(iter(kind.dimensions))
    asked = f"totalCount groups(by: [{every}], first: 100) {{ remainder nodes {{ count }} }}"
    name = LISTS[f"{kind.name}Connection"]
    answer = await ask_examples(f"{{ {name}{spells} {{ {asked} }} }}", viewer=PUBLIC)
    assert answer.errors == []
    found = answer.data[name]
    groups = found["groups"]
    assert found["totalCount"] == number
    assert sum(group["count"] for group in groups["nodes"]) + groups["remainder"] == number


@pytest.mark.parametrize("number", PLANNED)
async def test_the_queries_run_for_the_public(ask_examples: GraphQLTestClient, number: str) -> None:
    answer = await ask_examples(contract_query(number), viewer=PUBLIC, **contract_variables(number))
    assert answer.errors == []


async def test_what_is_hidden_is_reached_on_no_way(ask_examples: GraphQLTestClient) -> None:
    """By list, look-up, node, total, group, filter: a college's enrolments aren't there."""
    asked = """query($id: ID!, $trainee: ID!) {
      node(id: $id) { id } trainee: node(id: $trainee) { id } nodes(ids: [$id]) { id }
      worker(code: "demo_trainee_2022_001") { name }
      organisation(code: "demo_college") { name
        enrolments { totalCount nodes { id } groups(by: [COHORT]) { totalCount } } }
      organisations(filter: {enrolments: {cohort: 2022}}) { totalCount }
      workers(filter: {enrolments: {}}) { totalCount }
      classes: trainingClasses(filter: {enrolments: {cohort: 2023}}) { totalCount }
      mentors: workers(filter: {mentorshipsGiven: {apprentice: {enrolments: {}}}}) { totalCount }
    }"""
    ids = {
        "id": to_global_id("Enrolment", "demo_enrolment_2022_001"),
        "trainee": to_global_id("Worker", "demo_trainee_2022_001"),
    }
    answer = await ask_examples(asked, viewer=PUBLIC, id=ids["id"], trainee=ids["trainee"])
    assert answer.errors == []
    assert answer.data == {
        "node": None,
        "trainee": None,
        "nodes": [None],
        "worker": None,
        "organisation": {
            "name": "示例职业技术学院",
            "enrolments": {"totalCount": 0, "nodes": [], "groups": {"totalCount": 0}},
        },
        "organisations": {"totalCount": 0},
        "workers": {"totalCount": 0},
        "classes": {"totalCount": 0},
        "mentors": {"totalCount": 0},
    }
    seen = await ask_examples.data(asked, id=ids["id"], trainee=ids["trainee"])
    assert None not in (seen["node"], seen["trainee"], seen["worker"])
    assert seen["organisation"]["enrolments"]["totalCount"] == 216
    assert all(seen[name]["totalCount"] > 0 for name in ("organisations", "workers", "mentors"))
