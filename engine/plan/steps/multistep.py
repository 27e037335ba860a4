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

    def __init__(self, led: ReferenceField, fetches: Mapping[Kind, FetchStep]) -> None:
        self.led, self.of = led, fetches

    def stand_in(self, value: object, run: PlanExecution) -> object:
        named = self.led.read(value)
        if isinstance(named, list):
            return [self.hold(reference, run) for reference in named]
        return None if named is None else self.hold(named, run)

    def hold(self, named: tuple[Kind, str], run: PlanExecution) -> dict[str, Any]:
        record: dict[str, Any] = {}
        run.kept.setdefault(self, []).append((named, record))
        return record

    def fill(self, run: PlanExecution) -> Generator[BoundStatement, Any, None]:
        """One statement for each kind that is named."""
        deferred = run.kept.pop(self, [])
        for kind, step in self.of.items():
            keys = list(dict.fromkeys(key for (target, key), _ in deferred if target is kind))
            if not keys:
                continue
            records, _ = yield from step.find(keys, run)
            for (target, key), record in deferred:
                if target is kind:
                    record |= require_record(records.get(key))


def require_record(record: object) -> dict[str, object]:
    if not isinstance(record, dict):
        raise NotPlanned("null where there may be none")
    return record


class MultistepStep(Step):
    word = "reckoned"

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        key: Expression,
        meaning: MultistepField,
        arguments: FieldArguments,
        show: Callable[..., object],
        leads: Sequence[DeferredRecords],
    ) -> None:
        super().__init__(drafts, key, single=False)
        self.meaning, self.place, self.show, self.leads = meaning, arguments, show, leads

    def is_single_statement(self, run: PlanExecution) -> bool:
        return False

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        write = QueryBuilder(run.asker, self.queries.dialect)
        work = self.meaning.work(write, keys, run.bound[self.place.number])
        values = yield from self.asked(work, run)
        results = {key: self.show(values[key], run) for key in keys}
        for leading in self.leads:
            yield from leading.fill(run)
        return [results, None]

    def asked(
        self, work: QueryProgram, run: PlanExecution
    ) -> Generator[BoundStatement, Any, Values]:
        try:
            request = next(work)
            while True:
                statement = request.compiled
                run.tally.statements += 1
                rows = yield statement, statement.values(request.values)
                request = work.send([statement.read(row) for row in rows])
        except StopIteration as done:
            values: Values = done.value
            return values

    def levels(self) -> list[LayerPlan]:
        return [
            level
            for deferred in self.leads
            for step in deferred.of.values()
            for level in step.levels()
        ]
