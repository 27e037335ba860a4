"""A link to what one may not see is answered as one that leads nowhere, after as many statements.

Otherwise the number of statements, which the cost tells, would say that there is something.
"""

from typing import Any

import pytest

from resolvers.core.access import OPERATOR, PUBLIC
from resolvers.core.context import Executor
from tests.support.graph import GraphQLTestClient, OperationResult, RowFactory

WAYS = [Executor.DEFAULT, Executor.BATCH, Executor.PLAN]
HIDDEN = {"audience": "OWNER"}
ONE = "query($code: String!) { studio(code: $code) { host { name region { name } } } }"
# Of several kinds, of which the hidden one is the last that is asked for.
ONE_OF = """query($code: String!) { region(code: $code) {
  figures { nodes { subject { __typename id } sources { title } } } } }"""
MANY = """query($code: String!) { organisation(code: $code) { studios { totalCount
  nodes { name host { name } } groups(by: [LEVEL]) { totalCount } } } }"""
OF_HISTORY = """query($code: String!) { studio(code: $code) {
  history { nodes { assertedBy { name } values { field value } } } } }"""


async def fill(make: RowFactory) -> None:
    cited = {"sources": "s"}
    figure = {
        "metric": "studios_city",
        "label": "室",
        "quantity_value": 1,
        "quantity_unit": "studio",
        "quantity_qualifier": "EXACT",
    }
    await make(
        sources=[{"key": "s", "title": "报"}],
        organisations=[
            {"code": "hidden", "name": "甲", "organisation_kind": "OTHER", **HIDDEN},
            {"code": "alone", "name": "乙", "organisation_kind": "OTHER"},
            {"code": "host", "name": "丙", "organisation_kind": "OTHER"},
        ],
        workers=[{"code": "w", "name": "丁", **HIDDEN}],
        programmes=[{"code": "p", "name": "项目", **HIDDEN}],
    )
    await make(
        studios=[
            {"code": "of_hidden", "name": "室", "studio_kind": "OTHER", "host": "hidden"},
            {"code": "of_nobody", "name": "室", "studio_kind": "OTHER", "host": ""},
        ],
    )
    await make(
        studios=[{"code": "s", "name": "室", "studio_kind": "OTHER", "host": "host", **HIDDEN}],
        figures=[
            {"key": "a", **figure, "region": "370200", "programme": "p", "worker": "", **cited},
            {"key": "b", **figure, "region": "370600", "programme": "", "worker": "", **cited},
        ],
    )


async def asked(
    ask: GraphQLTestClient, way: Executor, query: str, code: str, viewer: Any = PUBLIC
) -> OperationResult:
    if way is Executor.DEFAULT:
        return await ask(query, viewer, code=code)
    return await ask.by_plan(query, way, viewer, code=code)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("query", "hidden", "nowhere"), [
    (ONE, "of_hidden", "of_nobody"), (ONE_OF, "370200", "370600"), (MANY, "host", "alone"),
])  # fmt: skip
async def test_what_is_hidden_costs_the_statements_of_what_is_not_there(
    ask_filled: GraphQLTestClient, way: Executor, query: str, hidden: str, nowhere: str
) -> None:
    one = await asked(ask_filled, way, query, hidden)
    other = await asked(ask_filled, way, query, nowhere)
    assert one.errors == other.errors == []
    assert one.data == other.data
    assert one.statements == other.statements
    assert (await asked(ask_filled, way, query, hidden, OPERATOR)).data != one.data


async def test_who_asserted_a_version_is_hidden_alike(
    ask_filled: GraphQLTestClient, make: RowFactory
) -> None:
    await make(
        organisations=[{"code": "hidden", "name": "甲", "organisation_kind": "OTHER", **HIDDEN}],
    )
    studio = {"name": "室", "studio_kind": "OTHER"}
    await make(
        studios=[
            {"code": "of_hidden", **studio, "owner": "hidden"},
            {"code": "of_nobody", **studio},
        ]
    )
    ask = GraphQLTestClient(make.engine)
    one, other = [await ask(OF_HISTORY, PUBLIC, code=code) for code in ("of_hidden", "of_nobody")]
    assert one.errors == []
    assert len(one.statements) == len(other.statements)
    assert [version["assertedBy"] for version in one.data["studio"]["history"]["nodes"]] == [None]
