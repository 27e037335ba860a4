"""The step of values that Python computes from several statements, and the records they name."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

from engine.catalog.kind import Kind
from engine.plan.execution import BoundStatement, PlanExecution
from engine.plan.field_arguments import FieldArguments
from engine.plan.field_plans import MultistepField, NotPlanned, QueryProgram, ReferenceField
from engine.plan.layer_plan import LayerPlan, Step, StepGenerator
from engine.plan.layer_queries import LayerQueryBuilder
from engine.plan.steps.fetch import FetchStep
from engine.queries import QueryBuilder
from kit.db.expressions import Expression, Values


class DeferredRecords:
    """Records that values name: they are read together, once all values of a place are known.

    Until then each has an empty object in the response, which is filled afterwards.
    """

    def __init__(self, led: ReferenceField, of: Mapping[Kind, FetchStep]) -> None:
        self.led, self.of = led, of

    def stand_in(self, value: object, run: PlanExecution) -> Any:
        named = self.led.read(value)
        if isinstance(named, list):
            return [self.hold(one, run) for one in named]
        return None if named is None else self.hold(named, run)

    def hold(self, named: tuple[Kind, str], run: PlanExecution) -> dict[str, Any]:
        held: dict[str, Any] = {}
        run.kept.setdefault(self, []).append((named, held))
        return held

    def fill(self, run: PlanExecution) -> Generator[BoundStatement, Any, None]:
        """One statement for each kind that is named."""
        held = run.kept.pop(self, [])
        for kind, step in self.of.items():
            keys = list(dict.fromkeys(key for (one, key), _ in held if one is kind))
            if not keys:
                continue
            found, _ = yield from step.find(keys, run)
            for (one, key), place in held:
                if one is kind:
                    place |= require_record(found.get(key))


def require_record(found: object) -> dict[str, object]:
    if not isinstance(found, dict):
        raise NotPlanned("null where there may be none")
    return found


class MultistepStep(Step):
    word = "reckoned"

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        key: Expression,
        meaning: MultistepField,
        place: FieldArguments,
        show: Callable[..., object],
        leads: Sequence[DeferredRecords],
    ) -> None:
        super().__init__(drafts, key, single=False)
        self.meaning, self.place, self.show, self.leads = meaning, place, show, leads

    def is_single_statement(self, run: PlanExecution) -> bool:
        return False

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        write = QueryBuilder(run.asker, self.queries.dialect)
        work = self.meaning.work(write, keys, run.bound[self.place.number])
        values = yield from self.asked(work, run)
        found = {key: self.show(values[key], run) for key in keys}
        for leading in self.leads:
            yield from leading.fill(run)
        return [found, None]

    def asked(
        self, work: QueryProgram, run: PlanExecution
    ) -> Generator[BoundStatement, Any, Values]:
        try:
            wanted = next(work)
            while True:
                statement = wanted.compiled
                run.tally.statements += 1
                rows = yield statement, statement.values(wanted.values)
                wanted = work.send([statement.read(row) for row in rows])
        except StopIteration as done:
            values: Values = done.value
            return values

    def levels(self) -> list[LayerPlan]:
        return [level for one in self.leads for step in one.of.values() for level in step.levels()]
