"""Look-ups: by code, by id, of any kind."""

from kit.relay.global_id import to_global_id
from resolvers.core.access import PUBLIC
from tests.support.graph import GraphQLTestClient, RowFactory

NODE = "query($id: ID!) { node(id: $id) { __typename id ... on Record { code name } } }"


async def test_a_record_is_found_by_code_by_id_and_as_a_node(ask: GraphQLTestClient) -> None:
    id = to_global_id("Region", "370200")
    query = """query($id: ID!, $other: ID!) {
      code: region(code: "370200") { id name } id: region(id: $id) { id name }
      node(id: $id) { __typename id ... on Region { name } } nodes(ids: [$id, $other]) { id }
    }"""
    city = {"id": id, "name": "青岛市"}
    assert await ask.data(query, id=id, other=to_global_id("Worker", "nobody")) == {
        "code": city,
        "id": city,
        "node": {"__typename": "Region", **city},
        "nodes": [{"id": id}, None],
    }


async def test_what_is_unknown_is_null(ask: GraphQLTestClient) -> None:
    query = """query($id: ID!, $other: ID!) {
      a: worker(code: "nobody") { id } b: worker(id: $id) { id } c: worker(id: $other) { id }
      d: node(id: $id) { id } e: worker(code: "") { id }
    }"""
    nobody, city = to_global_id("Worker", "nobody"), to_global_id("Region", "370200")
    answer = await ask(query, id=nobody, other=city)
    assert answer.errors == []
    assert set(answer.data.values()) == {None}


async def test_what_is_no_id_is_refused(ask: GraphQLTestClient) -> None:
    """An id has one spelling: that of the response."""
    id = to_global_id("Region", "370200")
    for other in ("", id + "=", id + "==", " " + id, "370200", "é", to_global_id("Nothing", "x")):
        for query in (NODE, NODE.replace("node(id: $id)", "worker(id: $id)")):
            answer = await ask(query, id=other)
            assert answer.codes == ["BAD_USER_INPUT"]
            assert answer.messages == ["Invalid id: use one that a response returned."]
            assert answer.statements == []
    nodes = await ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[id, "x"])
    assert (nodes.data, nodes.codes, nodes.statements) == (None, ["BAD_USER_INPUT"], [])


async def test_a_look_up_takes_a_code_or_an_id(ask: GraphQLTestClient) -> None:
    for arguments in ("", '(code: "370200", id: "x")'):
        answer = await ask(f"{{ region{arguments} {{ id }} }}")
        assert answer.codes == ["BAD_USER_INPUT"]
        assert answer.messages == ["Use either `code` or `id`."]
        assert answer.statements == []


async def test_more_than_a_hundred_nodes_are_refused(ask: GraphQLTestClient) -> None:
    answer = await ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * 101)
    assert answer.messages == ["`ids` must be from 1 to 100, not 101."]


async def test_nodes_cost_a_statement_for_each_kind(ask: GraphQLTestClient) -> None:
    ids = [to_global_id("Region", code) for code in ("370000", "370200", "230000")]
    ids.append(to_global_id("Worker", "nobody"))
    answer = await ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert answer.data == {"nodes": [*({"id": id} for id in ids[:3]), None]}
    assert len(answer.statements) == 2


async def test_what_is_not_public_is_not_there_for_the_public(
    ask: GraphQLTestClient, make: RowFactory
) -> None:
    await make(workers=[{"code": "w", "name": "甲", "audience": "OWNER"}])
    query = """{ worker(code: "w") { id } workers { totalCount nodes { id } groups(by: [GRADE]) {
      totalCount } } region(code: "china") { workers { totalCount } } }"""
    hidden = await ask(query, viewer=PUBLIC)
    unknown = await ask(query.replace('"w"', '"v"'), viewer=PUBLIC)
    assert hidden.errors == unknown.errors == []
    assert hidden.data == unknown.data
    assert hidden.data["worker"] is None
    assert hidden.data["workers"]["totalCount"] == 0
    assert len(hidden.statements) == len(unknown.statements)
    assert (await ask.data('{ worker(code: "w") { name } }'))["worker"] == {"name": "甲"}
