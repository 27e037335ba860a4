"""Documents, parsed and validated once: what is wrong with them in themselves is said here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode

from kit.errors import BadInput, Told
from kit.limits import LIMITS, Limits, exceeded
from kit.pieces import Shared, in_pieces, pause
from schema.cost import Asked
from schema.failures import as_graphql
from schema.limits import document

KEPT = 1000  # documents
KEPT_TEXT = 200_000  # characters of all that are kept; parsed, one takes up to 300 bytes
LONGEST_KEPT = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that can be read, and what the schema has against it: it belongs to nobody.

    One that doesn't fit in its limits has nothing else said against it, for it wasn't validated.
    `operations` keeps, by name, what else is made of it once: it goes when the document goes.
    """

    document: DocumentNode
    errors: Sequence[GraphQLError]
    asked: Mapping[str | None, Asked]
    limits: Limits
    fits: bool = True
    operations: dict[str | None, Any] = field(default_factory=dict)


class Documents:
    """Checked documents by their text: those asked last, within bounds.

    `survey` says what each operation costs, and raises what a document is refused for before
    `validate` sees it.
    """

    def __init__(
        self,
        survey: Callable[[DocumentNode, Limits], Mapping[str | None, Asked]],
        validate: Callable[[DocumentNode], Sequence[GraphQLError]],
    ) -> None:
        self.survey, self.validate = survey, validate
        self.kept: dict[str, Checked] = {}
        self.text = 0  # characters
        self.under_way = Shared()

    def known(self, query: str, limits: Limits) -> Checked | None:
        known = self.kept.pop(query, None)
        if known is not None:
            if known.limits is limits or known.limits == limits:
                self.kept[query] = known  # the last that would go
                return known
            self.text -= len(query)
        return None

    def checked(self, query: str, limits: Limits = LIMITS) -> Checked:
        """Raises Told or GraphQLError for what can't be read."""
        return self.known(query, limits) or self.fresh(query, limits)

    async def checked_in_pieces(self, query: str, limits: Limits) -> Checked:
        """As `checked`; a text that is checked already is waited for."""
        known = self.known(query, limits)
        if known is not None:
            return known
        return await self.under_way.done(
            (query, limits), lambda: in_pieces(self.fresh, query, limits)
        )

    def fresh(self, query: str, limits: Limits) -> Checked:
        parsed = document(query, limits)
        pause()
        fresh = self.check(parsed, limits)
        if len(query) <= LONGEST_KEPT:
            self.keep(query, fresh)
        return fresh

    def check(self, parsed: DocumentNode, limits: Limits) -> Checked:
        try:
            asked = self.survey(parsed, limits)
            pause()
            return Checked(parsed, tuple(self.validate(parsed)), asked, limits)
        except Told as error:
            return Checked(parsed, (as_graphql(error),), {}, limits, fits=False)
        except RecursionError:
            too_deep = as_graphql(exceeded("depth", limits.depth))
            return Checked(parsed, (too_deep,), {}, limits, fits=False)

    def keep(self, query: str, fresh: Checked) -> None:
        self.kept[query] = fresh
        self.text += len(query)
        while len(self.kept) > KEPT or self.text > KEPT_TEXT:
            oldest = next(iter(self.kept))
            del self.kept[oldest]
            self.text -= len(oldest)


def operation(parsed: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The one that is to be run. Raises BadInput where that isn't clear."""
    found = [one for one in parsed.definitions if isinstance(one, OperationDefinitionNode)]
    if not found:
        raise BadInput("The document holds no operation.", "查询中没有任何操作。")
    if name is None:
        if len(found) > 1:
            raise BadInput(
                "The document holds several operations: name one in `operationName`.",
                "查询中有多个操作，请在 `operationName` 中指明一个。",
            )
        return found[0]
    for one in found:
        if one.name and one.name.value == name:
            return one
    raise BadInput(
        "The document holds no operation of the name in `operationName`.",
        "查询中没有 `operationName` 所指的操作。",
    )
