"""Documents, parsed and validated once: what is wrong with them in themselves is said here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FloatValueNode,
    GraphQLError,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Visitor,
    parse,
    visit,
)

from kit.errors import BadInput

KEPT = 1000  # documents
KEPT_TEXT = 200_000  # characters of all that are kept; parsed, one takes up to 300 bytes
LONGEST_KEPT = 20_000  # characters
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


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that can be read, and what the schema has against it: it belongs to nobody.

    `operations` keeps, by name, what else is made of it once: it goes when the document goes.
    """

    document: DocumentNode
    errors: Sequence[GraphQLError]
    operations: dict[str | None, Any] = field(default_factory=dict)


class Documents:
    """Checked documents by their text: those asked last, within bounds."""

    def __init__(self, validate: Callable[[DocumentNode], Sequence[GraphQLError]]) -> None:
        self.validate = validate
        self.kept: dict[str, Checked] = {}
        self.text = 0  # characters

    def checked(self, query: str) -> Checked:
        """Raises BadInput or GraphQLError for what can't be read."""
        known = self.kept.pop(query, None)
        if known is not None:
            self.kept[query] = known  # the last that would go
            return known
        try:
            parsed = document(query)
            fresh = Checked(parsed, tuple(self.validate(parsed)))
        except RecursionError:
            raise BadInput("The document is nested too deeply to be read.") from None
        if len(query) <= LONGEST_KEPT:
            self.keep(query, fresh)
        return fresh

    def keep(self, query: str, fresh: Checked) -> None:
        self.kept[query] = fresh
        self.text += len(query)
        while len(self.kept) > KEPT or self.text > KEPT_TEXT:
            oldest = next(iter(self.kept))
            del self.kept[oldest]
            self.text -= len(oldest)


def document(query: str) -> DocumentNode:
    """Raises BadInput, GraphQLError, or RecursionError."""
    parsed = parse(query)
    visit(parsed, Reading())
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
