"""Strawberry's executor, which leaves no work behind when a field fails."""

from collections.abc import Awaitable
from typing import Any

from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from resolvers.core.context import Context


class RequestExecutor(StrawberryGraphQLCoreExecutionContext):
    """Hands to the request what a field that failed leaves unfinished beside it.

    graphql-core answers without waiting for such work, and lets go of it.
    """

    def settle_in_background(self, awaitables: list[Awaitable[Any]]) -> None:
        super().settle_in_background(awaitables)
        context: Context | None = self.context_value
        if context is not None:
            context.unfinished |= self.background_futures
