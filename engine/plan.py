"""Plans: a document compiled once, and run for each request."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues

from engine.coercion import Coercion
from engine.level import Level
from engine.meaning import NotPlanned
from engine.place import Place
from engine.planner import Planner
from engine.predicate import Asker
from engine.run import Answering, Ask, Rows, Run, Tally
from engine.select import Drafts
from engine.selection import Convert, Meanings, Selector, switches
from engine.shape import TODAY, Slot
from engine.step import LookUp, Step
from engine.variables import Variables
from engine.written import Written, let_write
from kit.pieces import Shared, in_pieces, pause
from kit.rows import allotting
from kit.snapshots import Snapshots

NOBODY = ("",)  # the row that root fields belong to
MOST_PLANS = 40  # of all documents together


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
        drafts = Drafts(asker, dialect)
        self.planner = Planner(selector, drafts)
        with allotting(drafts.allotment):
            self.root: Level = self.planner.root()
        if written:
            let_write(self.root)
        self.straight = straight(self.root.steps)

    @property
    def places(self) -> list[Place]:
        return self.planner.places

    def bound(
        self, asker: Asker, values: Mapping[str, Any], variables: VariableValues, tally: Tally
    ) -> Run:
        """Raises NotPlanned, before anything is asked, for arguments that can't be answered."""
        bound: list[Any] = []
        for place in self.places:
            pause()
            found = place.bind(self.selector, variables, asker.today)
            bound.append(found)
            if place.number in self.planner.named:
                # Kinds that are named for the first time are planned now, and may bring new places.
                for kind, _ in found:
                    self.planner.named[place.number][kind]
        return Run(asker, bound, {TODAY: asker.today, **values}, tally)

    def asks_once(self, run: Run) -> bool:
        """Whether that is one statement at most: a snapshot by itself."""
        steps = self.root.steps
        return not steps or (len(steps) == 1 and steps[0].asks_once(run))

    def drafted(self, run: Run) -> bool:
        """Whether all statements are made that a request may need: the first makes them."""
        return all(step.drafted(run) for step in asking(self.root))

    def work(self, run: Run) -> Answering:
        return self.data((yield from counted(self.root.fill([NOBODY], run), run.tally)))

    def data(self, found: list[Any]) -> Any:
        [project] = self.root.projections
        return project([NOBODY], None, *found)[0]

    async def answer(self, run: Run, snapshots: Snapshots) -> Any:
        """The data of an answer without errors. Raises NotPlanned for what isn't the engine's."""
        once, step = self.asks_once(run), self.straight
        if step is None or not once:
            pieces = not self.drafted(run)
            work = self.work(run)
            return await snapshots.run(work, alone=once, wall=run.asker.wall, pieces=pieces)
        # The commonest question takes the shortest way.
        ask = step.only(run) if step.drafted(run) else await in_pieces(step.only, run)
        rows = [] if ask is None else await snapshots.fetch(ask, run.asker.wall)
        if ask is not None and not rows:
            rows = await self.by_former_key(step, run, snapshots)
        run.tally.rows += len(rows)
        return self.data(step.found(rows, run))

    async def by_former_key(
        self, step: LookUp | Written, run: Run, snapshots: Snapshots
    ) -> Sequence[Any]:
        look_up = step if isinstance(step, LookUp) else step.step
        assert isinstance(look_up, LookUp)
        again, wall = look_up.asks_again(run), run.asker.wall
        if again is None or not look_up.rebound(await snapshots.fetch(again, wall), run):
            return []
        ask = step.only(run)
        return [] if ask is None else await snapshots.fetch(ask, wall)


def counted(work: Generator[Ask, Rows, Any], tally: Tally) -> Generator[Ask, Rows, Any]:
    """The same work; its rows are counted as they come."""
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


def asking(level: Level) -> Iterator[Step]:
    """The steps that ask by themselves."""
    for step in level.steps:
        yield step
        if step.asks_below:
            for below in step.levels():
                yield from asking(below)


def straight(steps: list[Step]) -> LookUp | Written | None:
    """The look-up that is all that a plan does."""
    match steps:
        case [LookUp() | Written(step=LookUp()) as step]:
            return step
    return None


class Recent:
    """Bounds how many plans are kept, whatever their documents: one takes up to half a megabyte."""

    def __init__(self, most: int = MOST_PLANS) -> None:
        self.most = most
        self.used: dict[tuple[int, Any], dict[Any, Any]] = {}  # the last used comes last

    def use(self, plans: dict[Any, Any], key: Any) -> None:
        """Those that were used longest ago are taken from their operations."""
        name = (id(plans), key)
        self.used.pop(name, None)
        self.used[name] = plans
        while len(self.used) > self.most:
            oldest = next(iter(self.used))
            self.used.pop(oldest).pop(oldest[1], None)


class Operation:
    """One operation of a validated document, and the plans that were made of it."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        meanings: Meanings,
        convert: Convert,
        recent: Recent | None = None,
        coercion: Coercion | None = None,
    ) -> None:
        self.recent = Recent() if recent is None else recent
        self.schema, self.document, self.operation = schema, document, operation
        self.meanings, self.convert = meanings, convert
        self.variables = Variables(schema, operation, coercion or Coercion())
        self.switches = switches(document)
        self.plans: dict[Any, Plan | NotPlanned] = {}
        self.under_way = Shared()

    def begin(
        self,
        given: Mapping[str, Any],
        asker: Asker,
        template: Template,
        dialect: str,
        tally: Tally,
        *,
        written: bool,
    ) -> tuple[Plan, Run]:
        """The plan, and what it is asked. Raises NotPlanned for what isn't the engine's.

        Raises WrongVariables for what no executor could answer.
        """
        variables = self.variables.read(given)
        plan = self.plan(variables, template.viewer, dialect, written=written)
        return plan, plan.bound(asker, template.values, variables, tally)

    async def begin_in_pieces(
        self,
        given: Mapping[str, Any],
        asker: Asker,
        template: Template,
        dialect: str,
        tally: Tally,
        *,
        written: bool,
    ) -> tuple[Plan, Run]:
        """As `begin`: at once where the plan is kept and the variables are plain."""
        variables = self.variables.taken(given)
        if variables is None:
            variables = await in_pieces(self.variables.read, given)
            plan = None
        else:
            plan = self.kept(variables, template.viewer, dialect, written=written)
            if plan is not None and not plan.planner.named:
                return plan, plan.bound(asker, template.values, variables, tally)
        if plan is None:
            make = partial(self.plan, variables, template.viewer, dialect, written=written)
            key = self.key(variables, template.viewer, dialect, written=written)
            plan = await self.under_way.done(key, lambda: in_pieces(make))
        return plan, await in_pieces(plan.bound, asker, template.values, variables, tally)

    def key(
        self, variables: VariableValues, viewer: Hashable, dialect: str, *, written: bool
    ) -> Hashable:
        """What decides which plan it is."""
        switched = tuple([variables.coerced.get(name) for name in self.switches])
        return switched, viewer, dialect, written and dialect == "postgresql"

    def kept(
        self, variables: VariableValues, viewer: Hashable, dialect: str, *, written: bool
    ) -> Plan | None:
        key = self.key(variables, viewer, dialect, written=written)
        found = self.plans.get(key)
        if found is None or isinstance(found, NotPlanned):
            return None
        self.recent.use(self.plans, key)
        return found

    def plan(
        self, variables: VariableValues, viewer: Hashable, dialect: str, *, written: bool
    ) -> Plan:
        """Raises NotPlanned, the same each time."""
        key = self.key(variables, viewer, dialect, written=written)
        found = self.plans.get(key)
        if found is None:
            written = written and dialect == "postgresql"
            found = self.plans[key] = self.planned(variables, viewer, dialect, written)
        self.recent.use(self.plans, key)
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
