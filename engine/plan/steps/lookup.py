"""Steps that find records by a key or by global ids."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.catalog.kind import Kind
from engine.plan.execution import BoundStatement, PlanExecution
from engine.plan.field_arguments import FieldArguments
from engine.plan.layer_plan import LayerPlan, Step, StepGenerator
from engine.plan.layer_queries import LayerQueryBuilder
from engine.plan.steps.fetch import FetchStep
from kit.db.expressions import ResultRow

if TYPE_CHECKING:
    from engine.plan.steps.former_key import FormerKeyStep


class LookupStep(Step):
    """Fetches the record that the arguments name; the layer above has one row without a record.

    If there is no record with a key, one more statement looks for a record that had it before.
    """

    word = "look-up"

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        arguments: FieldArguments,
        fetches: Mapping[str, FetchStep],
        renamed: FormerKeyStep | None,
    ) -> None:
        super().__init__(drafts, None, single=True)
        self.place, self.of, self.renamed = arguments, fetches, renamed

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        bound = run.bound[self.place.number]
        if bound is None:
            return [{}, None]
        column, key = bound
        records, empty = yield from self.of[column].find([key], run)
        if key not in records and (yield from self.find_by_former_key(run)):
            column, key = run.bound[self.place.number]
            records, empty = yield from self.of[column].find([key], run)
        return [{"": records.get(key)}, empty]

    def find_by_former_key(self, run: PlanExecution) -> Generator[BoundStatement, Any, bool]:
        """Return whether a record had the key before; from now on its present key is used."""
        ask = self.former_key_statement(run)
        return ask is not None and self.replace_key((yield ask), run)

    def former_key_statement(self, run: PlanExecution) -> BoundStatement | None:
        column, key = run.bound[self.place.number]
        if self.renamed is None or column != self.renamed.kind.key:
            return None
        return self.renamed.ask([key], run)

    def replace_key(self, rows: Sequence[ResultRow], run: PlanExecution) -> bool:
        if rows:
            column, _ = run.bound[self.place.number]
            run.bound[self.place.number] = (column, rows[0][0])
        return bool(rows)

    def is_compiled(self, run: PlanExecution) -> bool:
        bound = run.bound[self.place.number]
        return bound is None or self.of[bound[0]].is_compiled(run)

    def only(self, run: PlanExecution) -> BoundStatement | None:
        """Its one statement, where it asks once; None where nothing can be found."""
        bound = run.bound[self.place.number]
        if bound is None:
            return None
        column, key = bound
        return self.of[column].ask([key], run)

    def found(self, rows: Sequence[ResultRow], run: PlanExecution) -> list[Any]:
        """Return the result of `find` from the rows of its statement."""
        if not rows:
            return [{}, None]
        column, _ = run.bound[self.place.number]
        [project] = self.of[column].level.projections
        return [{"": project(rows, None)[0]}, None]

    def levels(self) -> list[LayerPlan]:
        return [level for step in self.of.values() for level in step.levels()]


class NodesStep(Step):
    """Fetches records of any kind, in the order of their ids: one statement for each kind."""

    word = "nodes"

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        arguments: FieldArguments,
        fetches: Mapping[Kind, FetchStep],
        listed: bool,
    ):
        super().__init__(drafts, None, single=True)
        self.place, self.of, self.listed = arguments, fetches, listed

    def is_single_statement(self, run: PlanExecution) -> bool:
        return False

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        pairs: Sequence[tuple[Kind, str]] = run.bound[self.place.number]
        records: dict[Kind, Any] = {}
        for kind in dict.fromkeys(kind for kind, _ in pairs):
            distinct_keys = list(dict.fromkeys(key for other, key in pairs if other is kind))
            records[kind], _ = yield from self.of[kind].find(distinct_keys, run)
        objects = [records[kind].get(key) for kind, key in pairs]
        return [{"": objects if self.listed else objects[0]}, None]

    def levels(self) -> list[LayerPlan]:
        return [level for step in self.of.values() for level in step.levels()]
