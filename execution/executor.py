"""Executes operations: by a plan where one can be made, else by the default executor."""

from collections.abc import Awaitable, Callable
from functools import cached_property, partial
from inspect import isawaitable
from typing import Any

import strawberry
from graphql import DocumentNode, ExecutionResult, GraphQLError, execute, specified_rules
from graphql.validation.rules.max_introspection_depth_rule import MAX_LIST_DEPTH
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from engine.plan.field_plans import NotPlanned
from engine.plan.variables import InvalidVariables
from engine.sql.prepared import PREPARED_STATEMENTS
from engine.sql.shared_statements import SHARED_STATEMENTS
from execution.complexity import name_of_operation
from execution.cost import OperationCost
from execution.dispatch import PlanDispatcher
from execution.document_cache import DocumentCache, ValidatedDocument, get_operation
from execution.document_limits import check_cost, operation_costs
from execution.errors import as_graphql_error, client_error
from execution.introspection_cache import (
    COMMON_QUERIES,
    IntrospectionCache,
    IntrospectionKey,
    introspection_key,
)
from execution.validation import validate_document
from kit.errors import ClientError
from kit.request_limits import DEFAULT_LIMITS, RequestLimits, limit_exceeded
from kit.runtime.byte_cache import CacheStatistics
from kit.runtime.time_slices import OneAtATime, SingleFlight, run_in_slices, yield_to_loop
from resolvers.core.access import PUBLIC
from resolvers.core.context import Context
from schema.types.plan_metadata import argument_converter

VALIDATION_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
INTROSPECTION_TOO_DEEP = "Maximum introspection depth exceeded"  # from graphql-core: no figure


class ExecutableSchema(strawberry.Schema):
    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.document_cache = DocumentCache(self.analyze_complexity, self.validation_errors)
        self.introspection_cache, self.shared_introspections = IntrospectionCache(), SingleFlight()
        # Fifteen megabytes each. A client with a key doesn't wait for those without.
        self.introspection_turns = {public: OneAtATime() for public in (True, False)}

    def analyze_complexity(
        self, document: DocumentNode, limits: RequestLimits
    ) -> dict[str | None, OperationCost]:
        return operation_costs(self._schema, document, limits)

    def validation_errors(self, document: DocumentNode) -> list[GraphQLError]:
        errors = validate_document(self._schema, document, VALIDATION_RULES)
        return [
            with_introspection_limit(error) if error.message == INTROSPECTION_TOO_DEEP else error
            for error in errors
        ]

    def cache_statistics(self) -> dict[str, CacheStatistics]:
        """Return how full the caches are, and how often they had the entry."""
        return {
            "documents": self.document_cache.statistics(),
            "plans": self.planned.recent.statistics(),
            "statements": SHARED_STATEMENTS.statistics(),
            "prepared": PREPARED_STATEMENTS.statistics(),
            "introspections": self.introspection_cache.statistics(),
        }

    @cached_property
    def planned(self) -> PlanDispatcher:
        return PlanDispatcher(self._schema, self.document_cache, argument_converter(self))

    async def answer(
        self,
        query: str,
        variables: dict[str, Any] | None,
        context: Context,
        operation_name: str | None = None,
    ) -> ExecutionResult:
        """Execute by a plan, or else as `ask`. Long work runs in slices."""
        try:
            validated = await self.document_cache.validated_async(query, context.limits)
        except (GraphQLError, ClientError) as error:
            context.fallback_reason = "document"
            return self.error_result([as_graphql_error(error)], context)
        try:
            plan, run = await self.planned.begin(validated, variables, context, operation_name)
            assert context.snapshots is not None
            data = await plan.answer(run, context.snapshots)
        except NotPlanned as reason:
            context.fallback_reason = str(reason)
            return await self.execute_default(validated, query, variables, context, operation_name)
        except InvalidVariables as wrong:
            return self.error_result(wrong.errors, context)
        except Exception as error:  # any error: the response has no data
            return self.error_result([GraphQLError(str(error), original_error=error)], context)
        return ExecutionResult(data, None)

    def error_result(self, errors: list[GraphQLError], context: Context) -> ExecutionResult:
        said = [client_error(error, context.request_id, context.language) for error in errors]
        return ExecutionResult(None, said)

    async def ask(
        self,
        query: str,
        variables: dict[str, Any] | None,
        context: Context,
        operation_name: str | None = None,
    ) -> ExecutionResult:
        """Execute with the default executor. Errors are returned, never raised."""
        try:
            validated = self.document_cache.checked(query, context.limits)
        except (GraphQLError, ClientError) as error:
            return self.error_result([as_graphql_error(error)], context)
        return await self.execute_default(validated, None, variables, context, operation_name)

    async def execute_default(
        self,
        validated: ValidatedDocument,
        text: str | None,
        variables: dict[str, Any] | None,
        context: Context,
        operation_name: str | None,
    ) -> ExecutionResult:
        """Execute with the default executor. With `text`, introspection is cached by it."""
        if validated.fits:
            try:
                context.operation = name_of_operation(
                    get_operation(validated.document, operation_name)
                )
                if not validated.errors:
                    check_cost(validated.asked[context.operation], variables or {}, context)
            except (GraphQLError, ClientError) as error:
                return self.error_result([as_graphql_error(error)], context)
        if validated.errors:
            return self.error_result(list(validated.errors), context)
        run = partial(self.run, validated, variables, context, operation_name)
        operation_cost = validated.asked[context.operation]
        if text is not None and operation_cost.introspects and not operation_cost.reads:
            result = await self.execute_introspection(
                introspection_key(text, operation_name, variables), run
            )
        else:
            result = await run()
        errors = [
            client_error(fault, context.request_id, context.language)
            for fault in result.errors or ()
        ]
        return ExecutionResult(result.data, errors or None)

    async def execute_introspection(
        self, key: IntrospectionKey, run: Callable[[], Awaitable[ExecutionResult]]
    ) -> ExecutionResult:
        cached: Any = self.introspection_cache.known(key)
        if cached is None:
            result = await self.shared_introspections.done(key, run)
            if result.errors:
                return result
            cached = self.introspection_cache.keep(key, result.data)
        return ExecutionResult(cached, None)

    async def prepare_introspection(self) -> None:
        """Cache the responses to common introspection queries: each takes a quarter of a second.

        It runs in slices. A request for one of them waits for the work that is under way.
        """
        for text in COMMON_QUERIES:
            validated = await self.document_cache.validated_async(text, DEFAULT_LIMITS)
            begin = partial(
                execute,
                self._schema,
                validated.document,
                executor_class=self.execution_context_class,
                is_awaitable=is_awaitable_pausing,  # type: ignore[arg-type]  # it narrows
            )

            async def run(begin: Callable[[], Any] = begin) -> ExecutionResult:
                result: ExecutionResult = await run_in_slices(begin)
                return result

            [name] = validated.asked
            done = await self.execute_introspection(introspection_key(text, name, None), run)
            self.introspection_cache.keep(introspection_key(text, None, None), done.data)

    async def run(
        self,
        validated: ValidatedDocument,
        variables: dict[str, Any] | None,
        context: Context,
        operation_name: str | None,
    ) -> ExecutionResult:
        """Execute a validated document, which `execute` would parse and validate again.

        Only introspection runs in slices. For other fields, siblings would run at different times,
        and loaders would need more statements.
        """
        introspects = validated.asked[context.operation].introspects
        begin = partial(
            execute,
            self._schema,
            validated.document,
            context_value=context,
            variable_values=variables,
            operation_name=operation_name,
            executor_class=self.execution_context_class,
            is_awaitable=is_awaitable_pausing if introspects else optimized_is_awaitable,  # type: ignore[arg-type]  # they narrow
            hide_suggestions=True,
        )
        try:
            if introspects:
                async with self.introspection_turns[context.asker.viewer is PUBLIC].turn():
                    result = await awaited(await run_in_slices(begin))
            else:
                result = await awaited(begin())
        except Exception as error:  # any error is part of the result
            result = ExecutionResult(None, [GraphQLError(str(error), original_error=error)])
        await context.end_unfinished()
        return result


async def awaited(result: ExecutionResult | Awaitable[ExecutionResult]) -> ExecutionResult:
    return await result if isawaitable(result) else result


def is_awaitable_pausing(value: Any) -> bool:
    """Let other requests run. The executor calls this for each value."""
    yield_to_loop()
    return optimized_is_awaitable(value)


def with_introspection_limit(error: GraphQLError) -> GraphQLError:
    cause = limit_exceeded("introspection_lists", MAX_LIST_DEPTH - 1)
    return GraphQLError(str(cause), error.nodes, original_error=cause)
