"""Plans: a document compiled once, and run for each request."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, get_variable_values
from graphql.execution.values import VariableValues

from engine.level import Level
from engine.meaning import NotPlanned
from engine.place import Place
from engine.planner import Planner
from engine.predicate import Asker
from engine.run import Answering, Run, Tally
from engine.select import Drafts
from engine.selection import Convert, Meanings, Selector, switches
from engine.shape import TODAY, Slot
from engine.written import let_write
from kit.snapshots import Snapshots

MOST_VARIANTS = 16  # plans of one document: by switches, and by classes of askers


@dataclass(frozen=True, slots=True)
class Template:
    """An asker as a plan knows it: with slots for what differs between askers of one class."""

    viewer: Hashable
    values: Mapping[str, Any]


# What a viewer is to a plan: one of a class, and the values of its own.
Templates = Callable[[Any], Template]


def of_its_own_class(viewer: Any) -> Template:
    return Template(viewer, {})


class Plan:
    """Raises NotPlanned where the engine doesn't know a field."""

    def __init__(self, selector: Selector, viewer: Any, dialect: str, *, written: bool) -> None:
        self.selector = selector
        # Only its shape is known: what day it is, is bound when the plan is run.
        asker = Asker(viewer, Slot(TODAY))  # type: ignore[arg-type]
        self.planner = Planner(selector, Drafts(asker, dialect))
        self.root: Level = self.planner.root()
        if written:
            let_write(self.root)

    @property
    def places(self) -> list[Place]:
        return self.planner.places

    def begin(
        self, asker: Asker, values: Mapping[str, Any], variables: VariableValues, tally: Tally
    ) -> Run:
        """Raises NotPlanned, before anything is asked, for arguments that can't be answered."""
        bound = Bound(self, variables, asker.today)
        for place in self.places:
            bound.bind(place)
        return Run(asker, bound, {TODAY: asker.today, **values}, tally)

    def work(self, run: Run) -> Answering:
        row = ("",)
        found = yield from self.root.fill([row], run)
        [project] = self.root.projections
        return project([row], None, *found)[0]

    def alone(self, run: Run) -> bool:
        """Whether that is one statement at most: a snapshot by itself."""
        steps = self.root.steps
        return len(steps) <= 1 and all(step.asks_once(run) for step in steps)


class Bound(dict[int, Any]):
    """What each place was asked; a kind that is planned when first named brings new places."""

    def __init__(self, plan: Plan, variables: VariableValues, today: date) -> None:
        super().__init__()
        self.plan, self.variables, self.today = plan, variables, today

    def bind(self, place: Place) -> Any:
        found = self[place.number] = place.bind(self.plan.selector, self.variables, self.today)
        return found

    def __missing__(self, number: int) -> Any:
        return self.bind(self.plan.places[number])


class Operation:
    """One operation of a validated document, and the plans that were made of it."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        meanings: Meanings,
        convert: Convert,
    ) -> None:
        self.schema, self.document, self.operation = schema, document, operation
        self.meanings, self.convert = meanings, convert
        self.switches = switches(document)
        self.plans: dict[Any, Plan | NotPlanned] = {}

    def variables(self, given: Mapping[str, Any]) -> VariableValues:
        """Raises NotPlanned for values that don't fit: the default executor tells which."""
        definitions = self.operation.variable_definitions or ()
        found = get_variable_values(self.schema, definitions, dict(given), hide_suggestions=True)
        if isinstance(found, list):
            raise NotPlanned("variables")
        return found

    def plan(
        self, variables: VariableValues, viewer: Hashable, dialect: str, *, written: bool
    ) -> Plan:
        """Raises NotPlanned, the same each time."""
        switched = tuple(variables.coerced.get(name) for name in self.switches)
        written = written and dialect == "postgresql"
        key = (switched, viewer, dialect, written)
        found = self.plans.get(key)
        if found is None:
            if len(self.plans) >= MOST_VARIANTS:
                self.plans.clear()
            found = self.plans[key] = self.planned(variables, viewer, dialect, written)
        if isinstance(found, NotPlanned):
            raise NotPlanned(str(found))
        return found

    def planned(
        self, variables: VariableValues, viewer: Hashable, dialect: str, written: bool
    ) -> Plan | NotPlanned:
        selector = Selector(
            self.schema, self.document, self.operation, variables, self.meanings, self.convert
        )
        try:
            return Plan(selector, viewer, dialect, written=written)
        except NotPlanned as reason:
            return reason


async def answered(
    operation: Operation,
    given: Mapping[str, Any],
    asker: Asker,
    template: Template,
    snapshots: Snapshots,
    tally: Tally,
    *,
    written: bool,
) -> Any:
    """The data of an answer without errors. Raises NotPlanned for what isn't the engine's."""
    variables = operation.variables(given)
    plan = operation.plan(variables, template.viewer, snapshots.dialect, written=written)
    run = plan.begin(asker, template.values, variables, tally)
    return await snapshots.run(plan.work(run), alone=plan.alone(run))
