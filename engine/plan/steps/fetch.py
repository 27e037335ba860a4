"""Steps of a plan. Each runs one statement for all rows of the layer above it."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select

from engine.catalog.join import KeyJoin
from engine.catalog.link import ToList, ToListThrough, ToListUnion
from engine.plan.execution import BoundStatement, PlanExecution
from engine.plan.field_arguments import FieldArguments
from engine.plan.layer import LayerPlan, Row
from engine.plan.layer_queries import MANY_KEYS, SINGLE_KEY, LayerQueryBuilder
from engine.sql.compiled import CompiledStatement, compile_statement
from engine.sql.parameters import BoundShape, QueryShape
from kit.db.engine import KeyParameter, key_parameter_value
from kit.db.table_aliases import allocating_aliases
from kit.runtime.time_slices import yield_to_loop

if TYPE_CHECKING:
    pass

PROJECTION_BATCH = 500  # rows of which objects are made before others may go first
NO_KEY = ""  # the key of no record
MAX_STATEMENTS = 64  # statements that a step keeps: a filter in a variable may have any shape

StepGenerator = Generator[BoundStatement, Any, list[Any]]


class Step:
    """What it finds goes to the projections as (by key, what a key that isn't there stands for)."""

    word = "records"
    runs_child_steps = True  # its child steps run separately
    always = False  # whether it asks where no row above has a key

    def __init__(
        self, drafts: LayerQueryBuilder, key: ColumnElement[Any] | None, single: bool
    ) -> None:
        self.queries, self.key = drafts, key
        # Whether the layer above has one row at most.
        self.bound = SINGLE_KEY if single else MANY_KEYS
        self.statements: dict[Any, CompiledStatement] = {}

    def answer(self, rows: Sequence[Row], parent: LayerPlan, run: PlanExecution) -> StepGenerator:
        keys: list[Any] = [""]
        if self.key is not None:
            place = parent.place(self.key)
            keys = list(dict.fromkeys(row[place] for row in rows))
            if None in keys:
                keys.remove(None)
            if rows and not keys and self.always:
                keys = [NO_KEY]
        if not keys:
            return [{}, self.empty_result(run)]
        return (yield from self.find(keys, run))

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        raise NotImplementedError

    def empty_result(self, run: PlanExecution) -> Any:
        return None

    def build(self, shape: Any, keys: KeyParameter) -> Select[Any]:
        raise NotImplementedError

    def statement(self, shape: Any = None) -> CompiledStatement:
        found = self.statements.get(shape)
        if found is None:
            if len(self.statements) >= MAX_STATEMENTS:
                self.statements.clear()
            with allocating_aliases(self.queries.allotment.copy()):
                found = compile_statement(self.build(shape, self.bound), self.queries.dialect)
            self.statements[shape] = found
        return found

    def ask(
        self,
        keys: list[str],
        run: PlanExecution,
        shape: Any = None,
        values: Mapping[str, Any] | None = None,
    ) -> BoundStatement:
        statement = self.statement(shape)
        key = keys[0] if self.bound.single else key_parameter_value(keys, self.queries.dialect)
        given = {**run.values, **(values or {}), self.bound.name: key}
        run.tally.statements += 1
        return statement, statement.values(given)

    def shape(self, run: PlanExecution) -> Any:
        """Which of its statements a request needs."""
        return None

    def is_compiled(self, run: PlanExecution) -> bool:
        """Whether a request needs no statement of it that isn't made yet."""
        return type(self).build is Step.build or self.shape(run) in self.statements

    def is_single_statement(self, run: PlanExecution) -> bool:
        """Whether it asks one statement, whatever that finds."""
        return self.is_leaf_step

    @cached_property
    def is_leaf_step(self) -> bool:
        return not any(level.steps for level in self.levels())

    def levels(self) -> list[LayerPlan]:
        return []


class FetchStep(Step):
    """Fetches records by their ids, one each.

    `always`: also where no row above has a key, so that the number of statements doesn't tell a
    link that leads nowhere from one that leads to what the viewer may not see.
    """

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        key: ColumnElement[Any] | None,
        single: bool,
        level: LayerPlan,
        by: str,
        always: bool = False,
    ) -> None:
        super().__init__(drafts, key, single)
        self.level, self.by, self.always = level, by, always

    def build(self, shape: Any, keys: KeyParameter) -> Select[Any]:
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
        key: ColumnElement[Any],
        single: bool,
        level: LayerPlan,
        link: ToList | ToListUnion,
        way: KeyJoin,
    ) -> None:
        super().__init__(drafts, key, single)
        self.level, self.link, self.way = level, link, way

    def build(self, shape: Any, keys: KeyParameter) -> Select[Any]:
        return self.queries.listed(self.level, self.link, self.way, keys)

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        rows = yield self.ask(keys, run)
        objects = yield from run_and_project(self.level, rows, run)
        return [objects_by_source(rows, objects), []]

    def empty_result(self, run: PlanExecution) -> Any:
        return []

    def levels(self) -> list[LayerPlan]:
        return [self.level]


class ThroughStep(Step):
    """The distinct records at the ends of chains."""

    word = "walk"

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        key: ColumnElement[Any],
        single: bool,
        level: LayerPlan,
        link: ToListThrough,
        place: FieldArguments,
    ) -> None:
        super().__init__(drafts, key, single)
        self.level, self.link, self.place = level, link, place

    def build(self, shape: QueryShape, keys: KeyParameter) -> Select[Any]:
        return self.queries.walked(self.level, self.link, shape, keys)

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        asked: BoundShape = run.bound[self.place.number]
        rows = yield self.ask(keys, run, asked.shape, asked.values)
        objects = yield from run_and_project(self.level, rows, run)
        return [objects_by_source(rows, objects), []]

    def shape(self, run: PlanExecution) -> Any:
        return run.bound[self.place.number].shape

    def empty_result(self, run: PlanExecution) -> Any:
        return []

    def levels(self) -> list[LayerPlan]:
        return [self.level]


def run_and_project(
    level: LayerPlan, rows: Sequence[Row], run: PlanExecution, shape: int = 0
) -> StepGenerator:
    """An object for each row."""
    found = yield from level.fill(rows, run)
    return project_rows(level, shape, rows, None, found)


def project_rows(
    level: LayerPlan, shape: int, rows: Sequence[Row], cursor: Any, found: Sequence[Any]
) -> list[Any]:
    """An object for each row; of many, some at a time."""
    project = level.projections[shape]
    if len(rows) <= PROJECTION_BATCH:
        return project(rows, cursor, *found)
    made: list[Any] = []
    for first in range(0, len(rows), PROJECTION_BATCH):
        made += project(rows[first : first + PROJECTION_BATCH], cursor, *found)
        yield_to_loop()
    return made


def objects_by_source(rows: Sequence[Row], objects: Sequence[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row, one in zip(rows, objects, strict=True):
        if row[0] in found:
            found[row[0]].append(one)
        else:
            found[row[0]] = [one]
    return found
