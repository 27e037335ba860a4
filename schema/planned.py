"""Which way a question goes: by the engine's plan where there is one, else by Strawberry."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graphql import GraphQLError, GraphQLSchema, OperationType, validate

from engine.meaning import NotPlanned
from engine.plan import Operation, answered
from kit.errors import BadInput
from resolvers.access import template
from resolvers.context import Context, Way
from schema.document import KEPT, document, operation
from schema.meanings import converter, meaning_of


class Planned:
    """Operations of one schema, by the text that asks and the name that chooses."""

    def __init__(self, schema: Any) -> None:
        self.schema: GraphQLSchema = schema._schema
        self.convert = converter(schema)
        self.known = lru_cache(KEPT)(self.read)

    def read(self, query: str, name: str | None) -> Operation | None:
        """None for what the default executor has to refuse."""
        try:
            parsed = document(query)
            chosen = operation(parsed, name)
        except (GraphQLError, BadInput):
            return None
        if chosen.operation is not OperationType.QUERY or validate(self.schema, parsed):
            return None
        return Operation(self.schema, parsed, chosen, meaning_of, self.convert)

    async def answer(
        self,
        query: str,
        variables: Mapping[str, Any] | None,
        context: Context,
        name: str | None,
    ) -> Any:
        """The data. Raises NotPlanned for everything that the default executor has to answer."""
        if context.snapshots is None or context.way is Way.DEFAULT:
            raise NotPlanned("not wanted")
        asked = self.known(query, name)
        if asked is None:
            raise NotPlanned("document")
        context.operation = asked.operation.name.value if asked.operation.name else None
        asker = context.reader.asker
        return await answered(
            asked,
            variables or {},
            asker,
            template(asker.viewer),
            context.snapshots,
            context.tally,
            written=context.way is Way.PLAN,
        )
