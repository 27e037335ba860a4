"""The parts that planners of fields, connections and values share: arguments, steps, records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import FromClause

from engine.catalog.kind import Kind
from engine.catalog.link import ToMany
from engine.plan import field_plans
from engine.plan.field_arguments import FieldArguments
from engine.plan.layer_plan import LayerPlan, Step
from engine.plan.layer_queries import LayerQueryBuilder
from engine.plan.output import ObjectOutput, StepOutput
from engine.plan.selection import SelectedField, SelectionCollector
from engine.plan.steps.fetch import FetchStep
from engine.plan.steps.lazy import LazyFetchSteps
from engine.plan.steps.multistep import DeferredRecords
from engine.sql.arguments import ConnectionArguments, Order
from engine.sql.parameters import parameterize
from kit.db.expressions import Expression


class PlanBuilder:
    """Collects the arguments and steps of one plan. `object` is the planner of records."""

    def __init__(self, selector: SelectionCollector, drafts: LayerQueryBuilder) -> None:
        self.selector, self.queries = selector, drafts
        self.places: list[FieldArguments] = []
        self.named: dict[int, LazyFetchSteps] = {}
        self.leads: list[DeferredRecords] = []  # of the value that is being planned

    def add_arguments(
        self, field: SelectedField, read: Callable[[dict[str, Any], date], Any]
    ) -> FieldArguments:
        arguments = FieldArguments(len(self.places), field, read)
        self.places.append(arguments)
        return arguments

    def add_step(self, level: LayerPlan, step: Step, part: int | None = None) -> StepOutput:
        if step not in level.steps:
            level.steps.append(step)
        return StepOutput(step, step.key, part)

    def records(
        self,
        field: SelectedField,
        kind: Kind,
        key: Expression | None,
        column: str,
        *,
        single: bool,
    ) -> FetchStep:
        level = self.level(field, kind, single=single)
        return FetchStep(self.queries, key, single, level, column)

    def level(self, field: SelectedField, kind: Kind, *, single: bool) -> LayerPlan:
        """Return the rows of a kind, with the objects that the field selects of them."""
        level = LayerPlan(kind, kind.rows(self.queries.asker), self.queries.dialect)
        level.shapes.append(self.object(level, field, kind, level.source_rows, single=single))
        level.settle()
        return level

    def object(
        self, level: LayerPlan, field: SelectedField, kind: Kind, rows: FromClause, *, single: bool
    ) -> ObjectOutput:
        """Plan the fields selected of a record."""
        raise NotImplementedError

    def record(
        self,
        level: LayerPlan,
        field: SelectedField,
        kind: Kind,
        key: Expression,
        single: bool,
        *,
        always: bool = False,
    ) -> StepOutput:
        below = self.level(field, kind, single=single)
        return self.add_step(level, FetchStep(self.queries, key, single, below, "id", always))

    def leading(self, field: SelectedField, led: field_plans.ReferenceField) -> DeferredRecords:
        fetches = {kind: self.records(field, kind, None, "id", single=False) for kind in led.kinds}
        self.leads.append(DeferredRecords(led, fetches))
        return self.leads[-1]

    def list_arguments(
        self, field: SelectedField, read: Callable[..., ConnectionArguments], link: ToMany | None
    ) -> FieldArguments:
        """Return a place whose arguments are a question about a list."""
        arguments = self.add_arguments(field, lambda values, today: read(**values))

        def shape(values: dict[str, Any], today: date) -> Any:
            list_arguments = read(**values)
            order = None if link is None else Order.of(link.to, list_arguments)
            if list_arguments.on is not None:
                arguments.dated = True
            return parameterize(order, list_arguments, today, arguments.prefix)

        arguments.read = shape
        return arguments
