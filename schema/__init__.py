"""What may be asked: names, types, descriptions. The SDL is schema.graphql, kept by a test."""

from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionResult

from engine.meaning import NotPlanned
from kit.errors import BadInput
from resolvers.context import Context
from resolvers.declare import REGISTRY
from schema.connection import PageInfo
from schema.described import describe
from schema.document import KEPT, document, operation
from schema.failures import told
from schema.made import made
from schema.planned import Planned
from schema.query import Query
from schema.scalars import SCALARS


class ParsedOnce(SchemaExtension):
    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        context.graphql_document = document(context.query or "")
        yield


class RegistrySchema(strawberry.Schema):
    @cached_property
    def planned(self) -> Planned:
        return Planned(self)

    async def answer(
        self,
        query: str,
        variables: dict[str, Any] | None,
        context: Context,
        operation_name: str | None = None,
    ) -> ExecutionResult:
        """As `ask`, by the engine where it can."""
        try:
            data = await self.planned.answer(query, variables, context, operation_name)
        except NotPlanned as reason:
            context.handed_over = str(reason)
            return await self.ask(query, variables, context, operation_name)
        except Exception as error:  # whatever it is, nothing of the answer is given
            wrong = GraphQLError(str(error), original_error=error)
            return ExecutionResult(data=None, errors=[told(wrong, context.request_id)])
        return ExecutionResult(data=data, errors=None)

    async def ask(
        self,
        query: str,
        variables: dict[str, Any] | None,
        context: Context,
        operation_name: str | None = None,
    ) -> ExecutionResult:
        """An answer, whatever was asked: errors are told, never raised."""
        try:
            asked = operation(document(query), operation_name)
        except (GraphQLError, BadInput) as error:
            result = ExecutionResult(data=None, errors=[as_graphql(error)])
        else:
            context.operation = asked.name.value if asked.name else None
            result = await self.execute(
                query, variables, context_value=context, operation_name=operation_name
            )
        result.errors = [told(error, context.request_id) for error in result.errors or ()] or None
        return result

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Logged once, in schema.failures: what a client did wrong is no error of ours."""


def as_graphql(error: GraphQLError | BadInput) -> GraphQLError:
    if isinstance(error, GraphQLError):
        return error
    return GraphQLError(str(error), original_error=error)


def types_of_kinds() -> list[Any]:
    """Every kind's type, those too that only an interface leads to."""
    found = []
    for model in REGISTRY.kinds:
        module = import_module(model.__module__.replace("models", "schema", 1))
        found.append(getattr(module, model.__name__))
    return found


types = types_of_kinds()
for published in [Query, PageInfo, *types, *made()]:
    describe(published)

schema = RegistrySchema(
    Query,
    types=types,
    extensions=[ParsedOnce, lambda: ValidationCache(KEPT)],
    config=StrawberryConfig(scalar_map=SCALARS),
)

__all__ = ["schema"]
