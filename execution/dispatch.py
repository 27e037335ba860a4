"""Dispatch of operations: to the engine if it has a plan, else to Strawberry's executor."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError, GraphQLSchema, OperationType

from engine.explain import explain_plan
from engine.operation import OperationPlan, PlanCache, PlannedOperation
from engine.plan.coercion import InputCoercion
from engine.plan.execution import DatabaseUsage, PlanExecution
from engine.plan.field_plans import NotPlanned
from engine.plan.selection import ArgumentConverter
from engine.plan.variables import InvalidVariables
from engine.sql.predicate import ViewerContext
from execution.complexity import name_of_operation
from execution.cost import OperationCost
from execution.document_cache import DocumentCache, ValidatedDocument, get_operation
from execution.document_limits import check_cost
from kit.errors import BadInput, ClientError
from kit.request_limits import DEFAULT_LIMITS, RequestLimits
from resolvers.core.access import viewer_class_of
from resolvers.core.context import Context, Executor
from schema.types.plan_metadata import field_plan_of


class PlanDispatcher:
    """The planned operations of a schema, stored with their documents."""

    def __init__(
        self, schema: GraphQLSchema, documents: DocumentCache, convert: ArgumentConverter
    ) -> None:
        self.schema, self.document_cache, self.convert = schema, documents, convert
        self.recent, self.coercion = PlanCache(), InputCoercion()

    def known(
        self, query: str, name: str | None, limits: RequestLimits = DEFAULT_LIMITS
    ) -> tuple[PlannedOperation, OperationCost]:
        """Return an operation with its cost. Raises NotPlanned if the executor must take it."""
        try:
            checked = self.document_cache.checked(query, limits)
        except (GraphQLError, ClientError) as error:
            raise NotPlanned("document") from error
        return self.operation(checked, name)

    def operation(
        self, checked: ValidatedDocument, name: str | None
    ) -> tuple[PlannedOperation, OperationCost]:
        """Return an operation with its cost. Raises NotPlanned if the executor must take it."""
        entry: tuple[PlannedOperation, OperationCost] | None = checked.operations.get(name)
        if entry is not None:
            return entry
        try:
            chosen = get_operation(checked.document, name)
        except ClientError as error:
            raise NotPlanned("document") from error
        if checked.errors or chosen.operation is not OperationType.QUERY:
            raise NotPlanned("document")
        planned = PlannedOperation(
            self.schema,
            checked.document,
            chosen,
            field_plan_of,
            self.convert,
            self.recent,
            self.coercion,
        )
        entry = checked.operations[name] = planned, checked.asked[name_of_operation(chosen)]
        return entry

    def explain(
        self, query: str, variables: Mapping[str, Any], asker: ViewerContext, dialect: str
    ) -> str:
        """Return the plan of a query, with its statements for these variables.

        Raises BadInput if there is no plan.
        """
        viewer_class = viewer_class_of(asker.viewer)
        try:
            operation, _ = self.known(query, None)
            read = operation.variables.read(variables)
            plan = operation.plan(read, viewer_class.viewer, dialect, written=True)
            return explain_plan(plan, plan.bound(asker, viewer_class.values, read, DatabaseUsage()))
        except InvalidVariables as wrong:
            reason = str(wrong.errors[0])
            raise BadInput(f"Invalid variables: {reason}", f"变量不符合要求：{reason}") from wrong
        except NotPlanned as reason:
            raise BadInput(
                f"The engine has no plan for this: {reason}.", f"引擎对此没有计划：{reason}。"
            ) from reason

    async def begin(
        self,
        checked: ValidatedDocument,
        variables: Mapping[str, Any] | None,
        context: Context,
        name: str | None,
    ) -> tuple[OperationPlan, PlanExecution]:
        """Prepare a plan's execution. Raises NotPlanned if the executor must answer."""
        values = variables or {}
        if context.snapshots is None or context.way is Executor.DEFAULT:
            raise NotPlanned("not wanted")
        operation, cost = self.operation(checked, name)
        if operation.operation.name:
            context.operation = operation.operation.name.value
        check_cost(cost, values, context)
        return await operation.prepare_in_pieces(
            values,
            context.asker,
            viewer_class_of(context.asker.viewer),
            context.snapshots.dialect,
            context.tally,
            written=context.way is Executor.PLAN,
        )
