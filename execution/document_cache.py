"""A cache of documents that are parsed and validated once. A document's errors are cached too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode

from execution.cost import OperationCost
from execution.document_limits import parse_document
from execution.errors import as_graphql_error
from kit.errors import BadInput, ClientError
from kit.request_limits import DEFAULT_LIMITS, RequestLimits, limit_exceeded
from kit.runtime.byte_cache import ByteCache
from kit.runtime.time_slices import SingleFlight, run_in_slices, yield_to_loop

# All cached documents together: seven times the queries of the contract. A parsed document takes
# 75 to 300 bytes a character, and has two objects in three characters that the collector visits.
MAX_CACHED_CHARACTERS = 100_000
MIN_DOCUMENT_CHARACTERS = 100  # a shorter document counts as this, so at most 1,000 are cached
CHARACTER_BYTES = 300
MAX_DOCUMENT_CHARACTERS = 20_000  # longer documents aren't cached


@dataclass(frozen=True, slots=True)
class ValidatedDocument:
    """A parsed document with its validation errors, shared by all viewers.

    A document that exceeds a limit has that error only, as it wasn't validated. `operations` caches
    what is derived from each operation, by its name.
    """

    document: DocumentNode
    errors: Sequence[GraphQLError]
    asked: Mapping[str | None, OperationCost]
    limits: RequestLimits
    fits: bool = True
    operations: dict[str | None, Any] = field(default_factory=dict)


class DocumentCache(ByteCache[str, ValidatedDocument]):
    """An LRU cache of documents by their text.

    `survey` returns the cost of each operation, and raises errors that precede validation.
    """

    def __init__(
        self,
        survey: Callable[[DocumentNode, RequestLimits], Mapping[str | None, OperationCost]],
        validate: Callable[[DocumentNode], Sequence[GraphQLError]],
    ) -> None:
        self.analyze_complexity, self.validate = survey, validate
        super().__init__(CHARACTER_BYTES * MAX_CACHED_CHARACTERS, document_bytes)
        self.under_way = SingleFlight()

    def known(self, query: str, limits: RequestLimits) -> ValidatedDocument | None:
        cached = self.get(query)
        if cached is None or cached.limits is limits or cached.limits == limits:
            return cached
        self.remove(query)
        return None

    def checked(self, query: str, limits: RequestLimits = DEFAULT_LIMITS) -> ValidatedDocument:
        """Return the document. Raises ClientError or GraphQLError if it can't be parsed."""
        return self.known(query, limits) or self.parse_and_validate(query, limits)

    async def validated_async(self, query: str, limits: RequestLimits) -> ValidatedDocument:
        """Do as `checked`, in slices. Concurrent requests for one text share the work."""
        cached = self.known(query, limits)
        if cached is not None:
            return cached
        return await self.under_way.done(
            (query, limits), lambda: run_in_slices(self.parse_and_validate, query, limits)
        )

    def parse_and_validate(self, query: str, limits: RequestLimits) -> ValidatedDocument:
        parsed = parse_document(query, limits)
        yield_to_loop()
        fresh = self.check(parsed, limits)
        if len(query) <= MAX_DOCUMENT_CHARACTERS:
            self.put(query, fresh)
        return fresh

    def check(self, parsed: DocumentNode, limits: RequestLimits) -> ValidatedDocument:
        try:
            costs = self.analyze_complexity(parsed, limits)
            yield_to_loop()
            return ValidatedDocument(parsed, tuple(self.validate(parsed)), costs, limits)
        except ClientError as error:
            return ValidatedDocument(parsed, (as_graphql_error(error),), {}, limits, fits=False)
        except RecursionError:
            too_deep = as_graphql_error(limit_exceeded("depth", limits.depth))
            return ValidatedDocument(parsed, (too_deep,), {}, limits, fits=False)


def document_bytes(validated: ValidatedDocument) -> int:
    location = validated.document.loc
    characters = 0 if location is None else len(location.source.body)
    return CHARACTER_BYTES * max(characters, MIN_DOCUMENT_CHARACTERS)


def get_operation(parsed: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """Return the operation to run. Raises BadInput if it is unknown or ambiguous."""
    operations = [
        operation
        for operation in parsed.definitions
        if isinstance(operation, OperationDefinitionNode)
    ]
    if not operations:
        raise BadInput("The document has no operation.", "查询中没有任何操作。")
    if name is None:
        if len(operations) > 1:
            raise BadInput(
                "The document has several operations: name one in `operationName`.",
                "查询中有多个操作，请在 `operationName` 中指明一个。",
            )
        return operations[0]
    for operation in operations:
        if operation.name and operation.name.value == name:
            return operation
    raise BadInput(
        "The document has no operation with the name in `operationName`.",
        "查询中没有 `operationName` 所指的操作。",
    )
