"""What may be asked: names, types, descriptions. The SDL is schema.graphql, kept by a test."""

from collections.abc import Awaitable, Callable
from functools import cached_property, partial
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
from kit.pieces import Shared, in_pieces, pause
from resolvers.context import Context
from resolvers.declare import REGISTRY
from schema.cohort import Cohort
from schema.connection import PageInfo
from schema.cost import Asked
from schema.described import describe
from schema.document import Checked, Documents, operation
from schema.failures import as_graphql, told
from schema.introspection import USUAL, Introspections, Key, key_of
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
        self.introspections, self.introspecting = Introspections(), Shared()

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
        """As `ask`, by the engine where it can, and in pieces where it takes long."""
        try:
            known = await self.documents.checked_in_pieces(query, context.limits)
        except (GraphQLError, Told) as error:
            context.handed_over = "document"
            return self.refusal([as_graphql(error)], context)
        try:
            plan, run = await self.planned.begin(known, variables, context, operation_name)
            assert context.snapshots is not None
            data = await plan.answer(run, context.snapshots)
        except NotPlanned as reason:
            context.handed_over = str(reason)
            return await self.executed(known, query, variables, context, operation_name)
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
        except (GraphQLError, Told) as error:
            return self.refusal([as_graphql(error)], context)
        return await self.executed(known, None, variables, context, operation_name)

    async def executed(
        self,
        known: Checked,
        text: str | None,
        variables: dict[str, Any] | None,
        context: Context,
        operation_name: str | None,
    ) -> ExecutionResult:
        """By the default executor; what asks for the schema alone, by its text if that is given."""
        if known.fits:
            try:
                context.operation = name_of(operation(known.document, operation_name))
                if not known.errors:
                    admit(known.asked[context.operation], variables or {}, context)
            except (GraphQLError, Told) as error:
                return self.refusal([as_graphql(error)], context)
        if known.errors:
            return self.refusal(list(known.errors), context)
        run = partial(self.run, known, variables, context, operation_name)
        asked = known.asked[context.operation]
        if text is not None and asked.introspects and not asked.reads:
            result = await self.introspected(key_of(text, operation_name, variables), run)
        else:
            result = await run()
        errors = [told(one, context.request_id, context.language) for one in result.errors or ()]
        return ExecutionResult(result.data, errors or None)

    async def introspected(
        self, key: Key, run: Callable[[], Awaitable[ExecutionResult]]
    ) -> ExecutionResult:
        kept: Any = self.introspections.known(key)
        if kept is None:
            result = await self.introspecting.done(key, run)
            if result.errors:
                return result
            kept = self.introspections.keep(key, result.data)
        return ExecutionResult(kept, None)

    def prepare_introspection(self) -> None:
        """Keep what tools ask for before they ask: each takes a quarter of a second."""
        for text in USUAL:
            known = self.documents.checked(text)
            result = execute(
                self._schema, known.document, executor_class=self.execution_context_class
            )
            assert isinstance(result, ExecutionResult)
            for name in (None, *known.asked):
                self.introspections.keep(key_of(text, name, None), result.data)

    async def run(
        self,
        known: Checked,
        variables: dict[str, Any] | None,
        context: Context,
        operation_name: str | None,
    ) -> ExecutionResult:
        """As `execute` does, which would parse, validate and ask its extensions each time anew.

        Introspection is done in pieces. Nothing else is: where siblings are asked at different
        times, loaders ask the database more often.
        """
        introspects = known.asked[context.operation].introspects
        begin = partial(
            execute,
            self._schema,
            known.document,
            context_value=context,
            variable_values=variables,
            operation_name=operation_name,
            executor_class=self.execution_context_class,
            is_awaitable=is_awaitable_later if introspects else optimized_is_awaitable,  # type: ignore[arg-type]  # they narrow
            hide_suggestions=True,
        )
        try:
            result = await in_pieces(begin) if introspects else begin()
            return await result if isawaitable(result) else result
        except Exception as error:  # whatever it is, it is told
            return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])


def is_awaitable_later(value: Any) -> bool:
    """The executor asks this of each value: between two of them others may go first."""
    pause()
    return optimized_is_awaitable(value)


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
