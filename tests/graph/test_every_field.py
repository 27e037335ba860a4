"""Every field of the schema can be queried on the example records."""

from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from resolvers.core.declare import REGISTRY
from tests.support.graph import GraphQLTestClient
from tests.support.sdl import LISTS, SDL


def leaves(of: Any) -> str:
    """Return what can be read of an object or interface without a further link."""
    kind = get_named_type(of)
    if is_leaf_type(kind):
        return ""
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    names = [
        name for name, field in kind.fields.items() if is_leaf_type(get_named_type(field.type))
    ]
    return f"{{ __typename {' '.join(names)} }}"


# Without a member it has no answer: tests/capabilities/test_alliance_coverage.py asks for it.
WITH_ARGUMENTS = {"Alliance.without"}


def selection(kind: GraphQLObjectType) -> str:
    """Every field of a kind, and every leaf of what each leads to."""
    parts = []
    for name, field in kind.fields.items():
        target = get_named_type(field.type)
        if f"{kind.name}.{name}" in WITH_ARGUMENTS:
            continue
        if any(is_required_argument(argument) for argument in field.args.values()):
            raise AssertionError(f"{kind.name}.{name} can't be asked for without an argument.")
        if target.name.endswith("Connection"):
            assert isinstance(target, GraphQLObjectType)
            node = target.fields["nodes"].type
            undated = "undated" if "undated" in target.fields else ""
            inner = f"totalCount {undated} pageInfo {leaves(SDL.type_map['PageInfo'])}"
            parts.append(f"{name}(first: 1) {{ {inner} nodes {leaves(node)} }}")
        elif target.name == "Registered" or not is_leaf_type(target):
            parts.append(f"{name} {leaves(target)}")
        else:
            parts.append(name)
    return " ".join(parts)


@pytest.mark.parametrize("kind", [kind.name for kind in REGISTRY.kinds.values()])
async def test_every_field_of_every_kind_can_be_selected(
    ask_examples: GraphQLTestClient, kind: str
) -> None:
    published = SDL.type_map[kind]
    assert isinstance(published, GraphQLObjectType)
    query = f"{{ {LISTS[f'{kind}Connection']}(first: 3) {{ totalCount nodes {{ __typename "
    answer = await ask_examples(query + selection(published) + " } } }")
    assert answer.errors == []
    [found] = answer.data.values()
    assert found["totalCount"] > 0, f"The examples have no {kind}."
    assert {node["__typename"] for node in found["nodes"]} == {kind}


@pytest.mark.parametrize("kind", [kind.name for kind in REGISTRY.kinds.values()])
async def test_every_kind_is_a_node_by_its_id(ask_examples: GraphQLTestClient, kind: str) -> None:
    name = LISTS[f"{kind}Connection"]
    nodes = (await ask_examples.data(f"{{ {name}(first: 2) {{ nodes {{ id }} }} }}"))[name]["nodes"]
    ids = [node["id"] for node in nodes]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    found = await ask_examples.data(query, ids=ids)
    assert found == {"nodes": [{"__typename": kind, "id": id} for id in ids]}


def words(name: str) -> list[str]:
    found = SDL.type_map.get(name)
    return list(found.values) if isinstance(found, GraphQLEnumType) else []


@pytest.mark.parametrize("kind", [kind.name for kind in REGISTRY.kinds.values()])
async def test_every_order_dimension_and_measure_can_be_asked(
    ask_examples: GraphQLTestClient, kind: str
) -> None:
    """Groups and the list agree in their totals, whatever the dimension."""
    name = LISTS[f"{kind}Connection"]
    sums = " ".join(f"{word}: sum(of: {word}) {{ value unit }}" for word in words(f"{kind}Measure"))
    parts = [
        f"o{n}{way}: {name}(first: 2, orderBy: [{{field: {word}, descending: {way}}}]) "
        "{ nodes { id } }"
        for n, word in enumerate(words(f"{kind}OrderField"))
        for way in ("true", "false")
    ]
    dimensions = words(f"{kind}Dimension")
    parts += [
        f"g{n}: {name} {{ totalCount groups(by: [{word}], first: 100) {{ remainder nodes {{ "
        f"count keys {{ dimension code label }} {sums} }} }} }}"
        for n, word in enumerate(dimensions)
    ]
    answer = await ask_examples("{ " + " ".join(parts) + " }")
    assert answer.errors == []
    assert len(answer.statements) == len(parts) + len(dimensions)
    for key, found in answer.data.items():
        if key.startswith("g"):
            given = sum(group["count"] for group in found["groups"]["nodes"])
            assert given + found["groups"]["remainder"] == found["totalCount"]


@pytest.mark.parametrize("kind", [kind.name for kind in REGISTRY.kinds.values()])
async def test_every_filter_can_be_asked(ask_examples: GraphQLTestClient, kind: str) -> None:
    """An empty filter on a link asks that there is such a record."""
    name = LISTS[f"{kind}Connection"]
    fields = SDL.type_map[f"{kind}Filter"].fields  # type: ignore[attr-defined]
    parts = []
    for n, (word, field) in enumerate(fields.items()):
        target = get_named_type(field.type)
        value = {
            "String": '"x"', "Int": "1", "Float": "1.0", "Boolean": "true",
            "PartialDate": '"2023"',
        }.get(target.name)  # fmt: skip
        if isinstance(target, GraphQLEnumType):
            value = (
                f"[{next(iter(target.values))}]" if word == "isNull" else next(iter(target.values))
            )
        if word in {"and", "or"}:
            value = "[{}]"
        parts.append(f"f{n}: {name}(filter: {{{word}: {value or '{}'}}}) {{ totalCount }}")
    answer = await ask_examples("{ " + " ".join(parts) + " }")
    assert answer.errors == []
    assert len(answer.statements) == len(parts)
