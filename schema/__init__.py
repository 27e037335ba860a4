"""What may be asked: names, types, descriptions. The SDL is schema.graphql, kept by a test."""

from functools import cached_property
from importlib import import_module
from inspect import isawaitable
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    execute,
    specified_rules,
)
from graphql.validation.rules.max_introspection_depth_rule import MAX_LIST_DEPTH
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from engine.meaning import NotPlanned
from engine.variables import WrongVariables
from kit.errors import Told
from kit.limits import Limits, exceeded
from resolvers.context import Context
from resolvers.declare import REGISTRY
from schema.cohort import Cohort
from schema.connection import PageInfo
from schema.cost import Asked
from schema.described import describe
from schema.document import Documents, operation
from schema.failures import as_graphql, told
from schema.limits import admit, surveyed
from schema.made import made
from schema.meanings import converter
from schema.mutation import Mutation
from schema.planned import Planned
from schema.promotable import Promotable, PromotionConnection
from schema.query import Query
from schema.scalars import SCALARS
from schema.survey import name_of
from schema.validation import validate
from schema.viewer import PublishedRate, Viewer

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
LISTS_IN_LISTS = "Maximum introspection depth exceeded"  # without a figure


class RegistrySchema(strawberry.Schema):
    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.documents = Documents(self.survey, self.errors_of)

    def survey(self, document: DocumentNode, limits: Limits) -> dict[str | None, Asked]:
        return surveyed(self._schema, document, limits)

    def errors_of(self, document: DocumentNode) -> list[GraphQLError]:
        found = validate(self._schema, document, RULES)
        return [with_figure(error) if error.message == LISTS_IN_LISTS else error for error in found]

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
        except WrongVariables as wrong:
            return self.refusal(wrong.errors, context)
        except Exception as error:  # whatever it is, nothing of the answer is given
            return self.refusal([GraphQLError(str(error), original_error=error)], context)
        return ExecutionResult(data, None)

    def refusal(self, errors: list[GraphQLError], context: Context) -> ExecutionResult:
        said = [told(one, context.request_id, context.language) for one in errors]
        return ExecutionResult(None, said)

    async def ask(
        self,
        query: str,
        variables: dict[str, Any] | None,
        context: Context,
        operation_name: str | None = None,
    ) -> ExecutionResult:
        """An answer, whatever was asked: errors are told, never raised."""
        try:
            known = self.documents.checked(query, context.limits)
            if known.fits:
                asked = operation(known.document, operation_name)
                context.operation = name_of(asked)
            if not known.errors:
                admit(known.asked[context.operation], variables or {}, context)
        except (GraphQLError, Told) as error:
            result = ExecutionResult(None, [as_graphql(error)])
        else:
            if known.errors:
                result = ExecutionResult(None, list(known.errors))
            else:
                result = await self.run(known.document, variables, context, operation_name)
        errors = [told(one, context.request_id, context.language) for one in result.errors or ()]
        result.errors = errors or None
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
                hide_suggestions=True,
            )
            return await result if isawaitable(result) else result
        except Exception as error:  # whatever it is, it is told
            return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])


def with_figure(error: GraphQLError) -> GraphQLError:
    cause = exceeded("introspection_lists", MAX_LIST_DEPTH - 1)
    return GraphQLError(str(cause), error.nodes, original_error=cause)


def types_of_kinds() -> list[Any]:
    """Every kind's type, those too that only an interface leads to."""
    found = []
    for model in REGISTRY.kinds:
        module = import_module(model.__module__.replace("models", "schema", 1))
        found.append(getattr(module, model.__name__))
    return found


types = types_of_kinds()
OF_COLLEGES = [Cohort, Promotable, PromotionConnection]
for published in [Query, PageInfo, Viewer, PublishedRate, *OF_COLLEGES, *types, *made()]:
    describe(published)

schema = RegistrySchema(
    Query,
    Mutation,
    types=types,
    config=StrawberryConfig(scalar_map=SCALARS),
)

__all__ = ["schema"]
