"""Operation plans: a document is compiled once, cached, and executed for each request."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues

from engine.json.pushdown import JsonStep, push_down
from engine.plan.coercion import InputCoercion
from engine.plan.execution import DatabaseUsage, PlanExecution, StatementGenerator
from engine.plan.field_arguments import FieldArguments
from engine.plan.field_plans import NotPlanned
from engine.plan.layer_plan import LayerPlan, Step
from engine.plan.layer_queries import LayerQueryBuilder
from engine.plan.selection import (
    ArgumentConverter,
    FieldPlanLookup,
    SelectionCollector,
    directive_variables,
)
from engine.plan.steps.lookup import LookupStep
from engine.plan.variables import VariableCoercion
from engine.planning.planner import Planner
from engine.sql.parameters import TODAY, Parameter
from engine.sql.predicate import ViewerContext
from kit.db.expressions import Values
from kit.db.read_pool import ReadPool
from kit.db.table_aliases import allocating_aliases
from kit.runtime.byte_cache import CacheStatistics
from kit.runtime.time_slices import SingleFlight, run_in_slices, yield_to_loop

ROOT_ROW = ("",)  # the row that root fields belong to
MAX_PLANS = 40  # of all documents together
MAX_PLAN_BYTES = 20_000_000
# Estimates, from the memory that tracemalloc found in some 20 plans with their statements.
PLAN_BYTES, STEP_BYTES, COLUMN_BYTES = 4_000, 5_000, 1_200


@dataclass(frozen=True, slots=True)
class ViewerClass:
    """Viewers that share plans: parameters stand for what differs between them."""

    viewer: Hashable
    values: Values


# Returns the class of a viewer, which decides the plan, and the viewer's own values.
ViewerClassifier = Callable[[Any], ViewerClass]


def singleton_class(viewer: object) -> ViewerClass:
    return ViewerClass(viewer, {})


class OperationPlan:
    """Raises NotPlanned where the engine doesn't know a field."""

    def __init__(
        self, selector: SelectionCollector, viewer: object, dialect: str, *, written: bool
    ) -> None:
        self.selector = selector
        # Only its shape is known: what day it is, is bound when the plan is run.
        asker = ViewerContext(viewer, Parameter(TODAY))  # type: ignore[arg-type]
        drafts = LayerQueryBuilder(asker, dialect)
        self.planner = Planner(selector, drafts)
        with allocating_aliases(drafts.allotment):
            self.root: LayerPlan = self.planner.root()
        if written:
            push_down(self.root)
        self.single_lookup = single_lookup(self.root.steps)

    @property
    def places(self) -> list[FieldArguments]:
        return self.planner.places

    def bound(
        self,
        asker: ViewerContext,
        values: Values,
        variables: VariableValues,
        tally: DatabaseUsage,
    ) -> PlanExecution:
        """Bind the arguments. Raises NotPlanned, before any statement, for invalid ones."""
        bound: list[Any] = []
        for arguments in self.places:
            yield_to_loop()
            value = arguments.bind(self.selector, variables, asker.today)
            bound.append(value)
            if arguments.number in self.planner.named:
                # Kinds that are named for the first time are planned now, and may bring new places.
                for kind, _ in value:
                    self.planner.named[arguments.number][kind]
        return PlanExecution(asker, bound, {TODAY: asker.today, **values}, tally)

    def is_single_statement(self, run: PlanExecution) -> bool:
        """Whether that is one statement at most: a snapshot by itself."""
        steps = self.root.steps
        return not steps or (len(steps) == 1 and steps[0].is_single_statement(run))

    def is_compiled(self, run: PlanExecution) -> bool:
        """Whether all statements are made that a request may need: the first makes them."""
        return all(step.is_compiled(run) for step in executing_steps(self.root))

    def work(self, run: PlanExecution) -> StatementGenerator:
        return self.data((yield from count_rows(self.root.fill([ROOT_ROW], run), run.tally)))

    def data(self, results: list[Any]) -> Any:
        [project] = self.root.projections
        return project([ROOT_ROW], None, *results)[0]

    async def answer(self, run: PlanExecution, snapshots: ReadPool) -> Any:
        """Return the data of a response. Raises NotPlanned for errors, and if it isn't planned."""
        once, step = self.is_single_statement(run), self.single_lookup
        if step is None or not once:
            pieces = not self.is_compiled(run)
            work = self.work(run)
            return await snapshots.run(work, alone=once, wall=run.asker.wall, pieces=pieces)
        # The commonest question takes the shortest way.
        ask = step.only(run) if step.is_compiled(run) else await run_in_slices(step.only, run)
        rows = [] if ask is None else await snapshots.fetch(ask, run.asker.wall)
        if ask is not None and not rows:
            rows = await self.by_former_key(step, run, snapshots)
        run.tally.rows += len(rows)
        return self.data(step.found(rows, run))

    async def by_former_key(
        self, step: LookupStep | JsonStep, run: PlanExecution, snapshots: ReadPool
    ) -> Sequence[object]:
        look_up = step if isinstance(step, LookupStep) else step.step
        assert isinstance(look_up, LookupStep)
        again, wall = look_up.former_key_statement(run), run.asker.wall
        if again is None or not look_up.replace_key(await snapshots.fetch(again, wall), run):
            return []
        ask = step.only(run)
        return [] if ask is None else await snapshots.fetch(ask, wall)


def count_rows(work: StatementGenerator, tally: DatabaseUsage) -> StatementGenerator:
    """Run the same work, counting its rows."""
    try:
        ask = next(work)
        while True:
            rows = yield ask
            tally.rows += len(rows)
            ask = work.send(rows)
    except StopIteration as done:
        return done.value
    finally:
        work.close()


def executing_steps(level: LayerPlan) -> Iterator[Step]:
    """Yield the steps that run a statement of their own."""
    for step in level.steps:
        yield step
        if step.runs_child_steps:
            for below in step.levels():
                yield from executing_steps(below)


def single_lookup(steps: list[Step]) -> LookupStep | JsonStep | None:
    """Return the look-up of a plan that does nothing else."""
    match steps:
        case [LookupStep() | JsonStep(step=LookupStep()) as step]:
            return step
    return None


class PlanCache:
    """Bounds the plans of all documents, in number and in bytes."""

    def __init__(self, most: int = MAX_PLANS, limit: int = MAX_PLAN_BYTES) -> None:
        self.most, self.limit = most, limit
        # By the plan's identity, which is cheaper than its key: where it is stored, and its size.
        # The last used comes last.
        self.used: dict[int, tuple[dict[Any, Any], Any, int]] = {}
        self.bytes = self.hits = self.misses = 0

    def use(self, plans: dict[Any, Any], key: Any, plan: OperationPlan | NotPlanned) -> None:
        """Mark a plan as used. The least recently used ones are taken from their operations."""
        name = id(plan)
        used = self.used.pop(name, None)
        if used is not None:
            self.hits += 1
            self.used[name] = used
            return
        size = plan_bytes(plan)
        self.misses += 1
        self.bytes += size
        self.used[name] = plans, key, size
        while len(self.used) > self.most or self.bytes > self.limit:
            plans, key, size = self.used.pop(next(iter(self.used)))
            self.bytes -= size
            plans.pop(key, None)

    def statistics(self) -> CacheStatistics:
        return {
            "entries": len(self.used),
            "bytes": self.bytes,
            "limit": self.limit,
            "hits": self.hits,
            "misses": self.misses,
        }


def plan_bytes(plan: OperationPlan | NotPlanned) -> int:
    """Estimate the size of a plan with its statements."""
    size, layers = PLAN_BYTES, [plan.root] if isinstance(plan, OperationPlan) else []
    for layer in layers:
        size += COLUMN_BYTES * len(layer.columns) + STEP_BYTES * len(layer.steps)
        layers += [below for step in layer.steps for below in step.levels()]
    return size


class PlannedOperation:
    """One operation of a validated document, and the plans that were made of it."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        meanings: FieldPlanLookup,
        convert: ArgumentConverter,
        recent: PlanCache | None = None,
        coercion: InputCoercion | None = None,
    ) -> None:
        self.recent = PlanCache() if recent is None else recent
        self.schema, self.document, self.operation = schema, document, operation
        self.meanings, self.convert = meanings, convert
        self.variables = VariableCoercion(schema, operation, coercion or InputCoercion())
        self.directive_variables = directive_variables(document)
        self.plans: dict[Hashable, OperationPlan | NotPlanned] = {}
        self.under_way = SingleFlight()

    def begin(
        self,
        raw_values: Mapping[str, object],
        asker: ViewerContext,
        template: ViewerClass,
        dialect: str,
        tally: DatabaseUsage,
        *,
        written: bool,
    ) -> tuple[OperationPlan, PlanExecution]:
        """Return the plan and its bound arguments. Raises NotPlanned if the engine can't answer.

        Raises InvalidVariables if no executor could.
        """
        variables = self.variables.read(raw_values)
        plan = self.plan(variables, template.viewer, dialect, written=written)
        return plan, plan.bound(asker, template.values, variables, tally)

    async def prepare_in_pieces(
        self,
        raw_values: Mapping[str, object],
        asker: ViewerContext,
        template: ViewerClass,
        dialect: str,
        tally: DatabaseUsage,
        *,
        written: bool,
    ) -> tuple[OperationPlan, PlanExecution]:
        """As `begin`: at once where the plan is kept and the variables are plain."""
        variables = self.variables.taken(raw_values)
        if variables is None:
            variables = await run_in_slices(self.variables.read, raw_values)
            plan = None
        else:
            plan = self.kept(variables, template.viewer, dialect, written=written)
            if plan is not None and not plan.planner.named:
                return plan, plan.bound(asker, template.values, variables, tally)
        if plan is None:
            make = partial(self.plan, variables, template.viewer, dialect, written=written)
            key = self.key(variables, template.viewer, dialect, written=written)
            plan = await self.under_way.done(key, lambda: run_in_slices(make))
        return plan, await run_in_slices(plan.bound, asker, template.values, variables, tally)

    def key(
        self, variables: VariableValues, viewer: Hashable, dialect: str, *, written: bool
    ) -> Hashable:
        """Return the key of the plan in the cache."""
        switched = tuple([variables.coerced.get(name) for name in self.directive_variables])
        return switched, viewer, dialect, written and dialect == "postgresql"

    def kept(
        self, variables: VariableValues, viewer: Hashable, dialect: str, *, written: bool
    ) -> OperationPlan | None:
        key = self.key(variables, viewer, dialect, written=written)
        cached = self.plans.get(key)
        if cached is None or isinstance(cached, NotPlanned):
            return None
        self.recent.use(self.plans, key, cached)
        return cached

    def plan(
        self, variables: VariableValues, viewer: Hashable, dialect: str, *, written: bool
    ) -> OperationPlan:
        """Return the plan. Raises NotPlanned, the same each time."""
        key = self.key(variables, viewer, dialect, written=written)
        cached = self.plans.get(key)
        if cached is None:
            written = written and dialect == "postgresql"
            cached = self.plans[key] = self.planned(variables, viewer, dialect, written)
        self.recent.use(self.plans, key, cached)
        if isinstance(cached, NotPlanned):
            raise NotPlanned(str(cached))
        return cached

    def planned(
        self, variables: VariableValues, viewer: Hashable, dialect: str, written: bool
    ) -> OperationPlan | NotPlanned:
        selector = SelectionCollector(
            self.schema, self.document, self.operation, variables, self.meanings, self.convert
        )
        try:
            return OperationPlan(selector, viewer, dialect, written=written)
        except NotPlanned as reason:
            return reason
