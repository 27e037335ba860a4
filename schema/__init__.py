"""What may be asked: names, types, descriptions. The SDL is schema.graphql, kept by a test."""

from functools import cached_property
from importlib import import_module
from inspect import isawaitable
from typing import Any

import strawberry
from graphql import DocumentNode, ExecutionResult, GraphQLError, execute, specified_rules
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import validate_document

from engine.meaning import NotPlanned
from kit.errors import BadInput
from resolvers.context import Context
from resolvers.declare import REGISTRY
from schema.connection import PageInfo
from schema.described import describe
from schema.document import Documents, operation
from schema.failures import told
from schema.made import made
from schema.meanings import converter
from schema.mutation import Mutation
from schema.planned import Planned
from schema.query import Query
from schema.scalars import SCALARS


class RegistrySchema(strawberry.Schema):
    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.documents = Documents(self.errors_of)

    def errors_of(self, document: DocumentNode) -> list[GraphQLError]:
        return validate_document(self._schema, document, tuple(specified_rules))

    @cached_property
    def planned(self) -> Planned:
        return Planned(self._schema, self.documents, converter(self))

    async def answer(
        self,
        query: str,
        variables: dict[str, Any] | None,
        context: Context,
        operation_name: str | None = None,
    ) -> ExecutionResult:
        """As `ask`, by the engine where it can."""
        try:
            plan, run = self.planned.begin(query, variables, context, operation_name)
            assert context.snapshots is not None
            data = await plan.answer(run, context.snapshots)
        except NotPlanned as reason:
            context.handed_over = str(reason)
            return await self.ask(query, variables, context, operation_name)
        except Exception as error:  # whatever it is, nothing of the answer is given
            wrong = GraphQLError(str(error), original_error=error)
            return ExecutionResult(None, [told(wrong, context.request_id)])
        return ExecutionResult(data, None)

    async def ask(
        self,
        query: str,
        variables: dict[str, Any] | None,
        context: Context,
        operation_name: str | None = None,
    ) -> ExecutionResult:
        """An answer, whatever was asked: errors are told, never raised."""
        try:
            known = self.documents.checked(query)
            asked = operation(known.document, operation_name)
        except (GraphQLError, BadInput) as error:
            result = ExecutionResult(None, [as_graphql(error)])
        else:
            context.operation = asked.name.value if asked.name else None
            if known.errors:
                result = ExecutionResult(None, list(known.errors))
            else:
                result = await self.run(known.document, variables, context, operation_name)
        result.errors = [told(error, context.request_id) for error in result.errors or ()] or None
        return result

    async def run(
        self,
        document: DocumentNode,
        variables: dict[str, Any] | None,
        context: Context,
        operation_name: str | None,
    ) -> ExecutionResult:
        """As `execute` does, which would parse, validate and ask its extensions each time anew."""
        try:
            result = execute(
                self._schema,
                document,
                context_value=context,
                variable_values=variables,
                operation_name=operation_name,
                executor_class=self.execution_context_class,
                is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # it narrows
            )
            return await result if isawaitable(result) else result
        except Exception as error:  # whatever it is, it is told
            return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])


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
    Mutation,
    types=types,
    config=StrawberryConfig(scalar_map=SCALARS),
)

__all__ = ["schema"]
