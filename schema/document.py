"""Documents, parsed and looked over once: what is wrong with them in themselves is said here."""

from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FloatValueNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Visitor,
    parse,
    visit,
)

from kit.errors import BadInput

KEPT = 1000
LONGEST_NUMBER = 400  # digits; no number that a field takes is longer, and reading one costs time


class Reading(Visitor):
    """Raises BadInput for what the parser lets pass: numbers without end, selections of nothing."""

    def enter_selection_set(self, node: SelectionSetNode, *rest: Any) -> None:
        if not node.selections:
            raise BadInput("Between { and } there must be a field.")

    def enter_int_value(self, node: IntValueNode, *rest: Any) -> None:
        self.check(node.value)

    def enter_float_value(self, node: FloatValueNode, *rest: Any) -> None:
        self.check(node.value)

    def check(self, digits: str) -> None:
        if len(digits) > LONGEST_NUMBER:
            raise BadInput(f"A number has {LONGEST_NUMBER} digits at most; one has {len(digits)}.")


@lru_cache(KEPT)
def document(query: str) -> DocumentNode:
    """Raises BadInput or GraphQLError."""
    try:
        parsed = parse(query)
        visit(parsed, Reading())
    except RecursionError:
        raise BadInput("The document is nested too deeply to be read.") from None
    return parsed


def operation(parsed: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The one that is to be run. Raises BadInput where that isn't clear."""
    found = [one for one in parsed.definitions if isinstance(one, OperationDefinitionNode)]
    if not found:
        raise BadInput("The document holds no operation.")
    if name is None:
        if len(found) > 1:
            raise BadInput("The document holds several operations: name one in `operationName`.")
        return found[0]
    for one in found:
        if one.name and one.name.value == name:
            return one
    raise BadInput("The document holds no operation of the name in `operationName`.")
