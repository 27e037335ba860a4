"""Steps that find records by a key or by global ids."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.catalog.kind import Kind
from engine.plan.execution import BoundStatement, PlanExecution
from engine.plan.field_arguments import FieldArguments
from engine.plan.layer import Row
from engine.plan.layer_plan import LayerPlan, Step, StepGenerator
from engine.plan.layer_queries import LayerQueryBuilder
from engine.plan.steps.fetch import FetchStep

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
        place: FieldArguments,
        of: Mapping[str, FetchStep],
        renamed: FormerKeyStep | None,
    ) -> None:
        super().__init__(drafts, None, single=True)
        self.place, self.of, self.renamed = place, of, renamed

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        asked = run.bound[self.place.number]
        if asked is None:
            return [{}, None]
        column, key = asked
        found, empty = yield from self.of[column].find([key], run)
        if key not in found and (yield from self.find_by_former_key(run)):
            column, key = run.bound[self.place.number]
            found, empty = yield from self.of[column].find([key], run)
        return [{"": found.get(key)}, empty]

    def find_by_former_key(self, run: PlanExecution) -> Generator[BoundStatement, Any, bool]:
        """Return whether a record had the key before; from now on its present key is used."""
        ask = self.former_key_statement(run)
        return ask is not None and self.replace_key((yield ask), run)

    def former_key_statement(self, run: PlanExecution) -> BoundStatement | None:
        column, key = run.bound[self.place.number]
        if self.renamed is None or column != self.renamed.kind.key:
            return None
        return self.renamed.ask([key], run)

    def replace_key(self, rows: Sequence[Row], run: PlanExecution) -> bool:
        if rows:
            column, _ = run.bound[self.place.number]
            run.bound[self.place.number] = (column, rows[0][0])
        return bool(rows)

    def is_compiled(self, run: PlanExecution) -> bool:
        asked = run.bound[self.place.number]
        return asked is None or self.of[asked[0]].is_compiled(run)

    def only(self, run: PlanExecution) -> BoundStatement | None:
        """Its one statement, where it asks once; None where nothing can be found."""
        asked = run.bound[self.place.number]
        if asked is None:
            return None
        column, key = asked
        return self.of[column].ask([key], run)

    def found(self, rows: Sequence[Row], run: PlanExecution) -> list[Any]:
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
        place: FieldArguments,
        of: Mapping[Kind, FetchStep],
        listed: bool,
    ):
        super().__init__(drafts, None, single=True)
        self.place, self.of, self.listed = place, of, listed

    def is_single_statement(self, run: PlanExecution) -> bool:
        return False

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        asked: Sequence[tuple[Kind, str]] = run.bound[self.place.number]
        found: dict[Kind, Any] = {}
        for kind in dict.fromkeys(kind for kind, _ in asked):
            wanted = list(dict.fromkeys(key for one, key in asked if one is kind))
            found[kind], _ = yield from self.of[kind].find(wanted, run)
        objects = [found[kind].get(key) for kind, key in asked]
        return [{"": objects if self.listed else objects[0]}, None]

    def levels(self) -> list[LayerPlan]:
        return [level for step in self.of.values() for level in step.levels()]
