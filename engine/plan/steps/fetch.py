"""Steps that fetch records and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.catalog.join import KeyJoin
from engine.catalog.link import ToList, ToListThrough, ToListUnion
from engine.plan.execution import PlanExecution
from engine.plan.field_arguments import FieldArguments
from engine.plan.layer_plan import LayerPlan, Step, StepGenerator
from engine.plan.layer_queries import LayerQueryBuilder
from engine.sql.parameters import BoundShape, QueryShape
from kit.db.engine import KeyParameter
from kit.db.expressions import Expression, ResultRow, SelectStatement
from kit.runtime.time_slices import yield_to_loop

PROJECTION_BATCH = 500  # rows of which objects are made before others may go first


class FetchStep(Step):
    """Fetches records by their ids, one each.

    `always`: also where no row above has a key, so that the number of statements doesn't tell a
    link that leads nowhere from one that leads to what the viewer may not see.
    """

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        key: Expression | None,
        single: bool,
        level: LayerPlan,
        column: str,
        always: bool = False,
    ) -> None:
        super().__init__(drafts, key, single)
        self.level, self.by, self.always = level, column, always

    def build(self, shape: Any, keys: KeyParameter) -> SelectStatement:
        return self.queries.found(self.level, self.by, keys)

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        rows = yield self.ask(keys, run)
        objects = yield from run_and_project(self.level, rows, run)
        return [dict(zip([row[0] for row in rows], objects, strict=True)), None]

    def levels(self) -> list[LayerPlan]:
        return [self.level]


class ListStep(Step):
    """Fetches lists without pages."""

    word = "list"

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        key: Expression,
        single: bool,
        level: LayerPlan,
        link: ToList | ToListUnion,
        join: KeyJoin,
    ) -> None:
        super().__init__(drafts, key, single)
        self.level, self.link, self.way = level, link, join

    def build(self, shape: Any, keys: KeyParameter) -> SelectStatement:
        return self.queries.listed(self.level, self.link, self.way, keys)

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        rows = yield self.ask(keys, run)
        objects = yield from run_and_project(self.level, rows, run)
        return [objects_by_source(rows, objects), []]

    def empty_result(self, run: PlanExecution) -> object:
        return []

    def levels(self) -> list[LayerPlan]:
        return [self.level]


class ThroughStep(Step):
    """The distinct records at the ends of chains."""

    word = "walk"

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        key: Expression,
        single: bool,
        level: LayerPlan,
        link: ToListThrough,
        arguments: FieldArguments,
    ) -> None:
        super().__init__(drafts, key, single)
        self.level, self.link, self.place = level, link, arguments

    def build(self, shape: QueryShape, keys: KeyParameter) -> SelectStatement:
        return self.queries.walked(self.level, self.link, shape, keys)

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        bound: BoundShape = run.bound[self.place.number]
        rows = yield self.ask(keys, run, bound.shape, bound.values)
        objects = yield from run_and_project(self.level, rows, run)
        return [objects_by_source(rows, objects), []]

    def shape(self, run: PlanExecution) -> object:
        return run.bound[self.place.number].shape

    def empty_result(self, run: PlanExecution) -> object:
        return []

    def levels(self) -> list[LayerPlan]:
        return [self.level]


def run_and_project(
    level: LayerPlan, rows: Sequence[ResultRow], run: PlanExecution, shape: int = 0
) -> StepGenerator:
    """Yield an object for each row."""
    results = yield from level.fill(rows, run)
    return project_rows(level, shape, rows, None, results)


def project_rows(
    level: LayerPlan,
    shape: int,
    rows: Sequence[ResultRow],
    cursor: object,
    results: Sequence[object],
) -> list[object]:
    """Return an object for each row, some at a time if there are many."""
    project = level.projections[shape]
    if len(rows) <= PROJECTION_BATCH:
        return project(rows, cursor, *results)
    objects: list[object] = []
    for first in range(0, len(rows), PROJECTION_BATCH):
        objects += project(rows[first : first + PROJECTION_BATCH], cursor, *results)
        yield_to_loop()
    return objects


def objects_by_source(
    rows: Sequence[ResultRow], objects: Sequence[object]
) -> dict[str, list[object]]:
    lists: dict[str, list[object]] = {}
    for row, item in zip(rows, objects, strict=True):
        if row[0] in lists:
            lists[row[0]].append(item)
        else:
            lists[row[0]] = [item]
    return lists
