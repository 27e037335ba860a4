"""Visits the nodes of a document, without the calls that graphql-core's `visit` makes for each."""

from collections.abc import Iterator
from typing import TypeVar, cast

from graphql import Node
from graphql.language.ast import QUERY_DOCUMENT_KEYS

N = TypeVar("N", bound=Node)

NAMES = {"name", "alias", "type_condition"}  # what only consists of names
CHILD_KEYS = {
    kind: tuple(key for key in keys if key not in NAMES)
    for kind, keys in QUERY_DOCUMENT_KEYS.items()
}


def child_nodes(node: Node) -> list[Node]:
    """Return the nodes directly below, in their order, but names."""
    found: list[Node] = []
    for key in CHILD_KEYS.get(node.kind, ()):
        part = getattr(node, key, None)
        if part:
            if isinstance(part, Node):
                found.append(part)
            else:
                found += part
    return found


def iterate_nodes(node: Node) -> Iterator[Node]:
    """Yield a node and those below it, in the order of the document."""
    below = [node]
    while below:
        one = below.pop()
        yield one
        below += reversed(child_nodes(one))


def find_nodes(node: Node, kind: type[N]) -> list[N]:
    return cast(list[N], [one for one in iterate_nodes(node) if isinstance(one, kind)])
