"""The worst requests known that anybody may send: much work for a few hundred bytes."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_introspection_query,
    get_named_type,
    is_required_argument,
)

from execution import schema

Body = dict[str, Any]
LISTS = 11
NUMBERS = count()  # so that a text can be one that was never sent


def paged_fields(type: GraphQLObjectType) -> Iterator[tuple[str, GraphQLObjectType]]:
    """Fields that are lists by pages, and need no argument, with the type of their nodes."""
    for name, field in type.fields.items():
        found = get_named_type(field.type)
        if not found.name.endswith("Connection") or any(
            map(is_required_argument, field.args.values())
        ):
            continue
        nodes: GraphQLField | None = getattr(found, "fields", {}).get("nodes")
        node = get_named_type(nodes.type) if nodes else None
        if isinstance(node, GraphQLObjectType):
            yield name, node


@cache
def nested_lists_selection() -> str:
    query = schema._schema.query_type
    assert query
    largest = sorted(paged_fields(query), key=lambda one: -len(list(paged_fields(one[1]))))
    fields = []
    for name, node in sorted(largest[:LISTS]):
        lists = " ".join(f"{one} {{ totalCount }}" for one, _ in paged_fields(node))
        fields.append(f"{name}(first: 5) {{ totalCount nodes {{ id {lists} }} }}")
    return " ".join(fields)


def nested_lists_request() -> Body:
    """Under a name that wasn't used before: it is read, measured, validated and planned anew."""
    return {"query": f"query N{next(NUMBERS)} {{ {nested_lists_selection()} }}"}


def introspection_request() -> Body:
    """As often in one document as nodes allow, and never the same text."""
    whole = get_introspection_query()
    fields = whole[whole.index("{") + 1 : whole.index("fragment")].rstrip().removesuffix("}")
    fragments = whole[whole.index("fragment") :]
    asked = " ".join(fields.replace("__schema", f"s{number}: __schema") for number in range(3))
    return {"query": f"query N{next(NUMBERS)} {{ {asked} }} {fragments}"}


def repeat_field(field: str, times: int) -> Body:
    return {"query": f"{{ {' '.join(f'a{n}: {field}' for n in range(times))} }}"}


def search_request() -> Body:
    return repeat_field('search(text: "工作室") { totalCount }', 20)


def collaborators_request() -> Body:
    field = (
        'studio(code: "demo_studio_axle") { collaborators(first: 20) { totalCount nodes { id } } }'
    )
    return repeat_field(field, 14)


def registered_request() -> Body:
    figures = "figures(first: 20) { nodes { registered { value } } }"
    return repeat_field(f'region(code: "370000") {{ {figures} }}', 20)


def empty_filters_request() -> Body:
    """Return a variable as long as one may be."""
    query = "query($f: WorkerFilter) { workers(filter: $f) { totalCount } }"
    return {"query": query, "variables": {"f": {"or": [{}] * 490}}}


def settlement_request() -> Body:
    return {
        "query": "mutation { "
        + " ".join(
            f's{n}: settleDispute(id: "1", answer: "已更正") {{ userErrors {{ code }} }}'
            for n in range(5)
        )
        + " }"
    }


WORST: dict[str, Callable[[], Body]] = {
    "lists with all their lists": nested_lists_request,
    "introspection": introspection_request,
    "searches": search_request,
    "collaborators": collaborators_request,
    "registered": registered_request,
    "empty filters": empty_filters_request,
    "settlements": settlement_request,
}
