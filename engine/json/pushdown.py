"""Pushes subtrees of a plan down into the database where that makes the plan faster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orjson import Fragment
from sqlalchemy import select, true

from engine.json.pushdown_check import can_push_down
from engine.json.sql_writer import JsonWriter, same_column
from engine.plan.execution import BoundStatement, PlanExecution
from engine.plan.field_arguments import FieldArguments
from engine.plan.layer_plan import LayerPlan, Step, StepGenerator
from engine.plan.layer_queries import SINGLE_KEY, layer_kind, outer_join_all
from engine.plan.steps.aggregate import CountStep, GroupByStep
from engine.plan.steps.fetch import FetchStep
from engine.plan.steps.lookup import LookupStep
from engine.plan.steps.page import PageStep
from engine.sql.parameters import BoundShape, QueryShape
from kit.db.engine import KeyParameter
from kit.db.expressions import Expression, ResultRow, SelectStatement
from kit.runtime.time_slices import yield_to_loop

BYTES_PER_ROW = 50  # in the JSON that the database writes

# (number of a field, its shape, or its grouping) for each, and the values of their parameters
BoundShapes = tuple[tuple[tuple[int, Any], ...], dict[str, Any]]


class JsonStep(Step):
    """Asks what `step` asks, and gets it as JSON text; backward pages are left to `step`."""

    runs_child_steps = False

    def __init__(self, step: Step) -> None:
        super().__init__(step.queries, step.key, step.bound.single)
        self.step = step
        self.word = f"{step.word}, written by the database"
        self.places = [
            arguments for part in subtree_steps(step) for arguments in step_arguments(part)
        ]
        self.fixed: BoundShapes | None = None

    def empty_result(self, run: PlanExecution) -> object:
        return self.step.empty_result(run)

    def is_single_statement(self, run: PlanExecution) -> bool:
        shapes, _ = self.asked(run)
        return not any(isinstance(shape, QueryShape) and shape.backward for _, shape in shapes)

    def is_compiled(self, run: PlanExecution) -> bool:
        if isinstance(self.step, LookupStep) and run.bound[self.step.place.number] is None:
            return True
        return self.is_single_statement(run) and super().is_compiled(run)

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        _, values = self.asked(run)
        if not self.is_single_statement(run):
            return (yield from self.step.find(keys, run))
        if isinstance(self.step, LookupStep):
            if (ask := self.only(run)) is None:
                return [{}, None]
            rows = yield ask
            if not rows and (yield from self.step.find_by_former_key(run)):
                ask = self.only(run)
                assert ask is not None
                rows = yield ask
            return self.found(rows, run)
        rows = yield self.ask(keys, run, self.shape(run), values)
        count_text_rows(rows, run)
        return [dict(map(self.read, rows)), self.empty_result(run)]

    def only(self, run: PlanExecution) -> BoundStatement | None:
        """As a look-up's."""
        assert isinstance(self.step, LookupStep)
        named = run.bound[self.step.place.number]
        if named is None:
            return None
        _, values = self.asked(run)
        return self.ask([named[1]], run, self.shape(run), values)

    def found(self, rows: ResultRow, run: PlanExecution) -> list[Any]:
        count_text_rows(rows, run)
        return [{"": Fragment(rows[0][0])} if rows else {}, None]

    def asked(self, run: PlanExecution) -> BoundShapes:
        """Return the shapes of all places, and their values; constant if nothing varies."""
        if self.fixed is not None:
            return self.fixed
        bound = {arguments: run.bound[arguments.number] for arguments in self.places}
        values: dict[str, Any] = {}
        listed: list[tuple[int, object]] = []
        for arguments, bound_value in bound.items():
            shape: Any
            if isinstance(bound_value, BoundShape):
                shape, parameters, size = bound_value.shape, bound_value.values, bound_value.size
            else:
                dimensions, size, how = bound_value
                arrangement, parameters = how.shaped(arguments.prefix)
                shape = dimensions, arrangement
            listed.append((arguments.number, shape))
            values |= parameters
            values[f"{arguments.prefix}_limit"] = size
        shapes = tuple(listed)
        if all(arguments.is_constant for arguments in self.places):
            self.fixed = shapes, values
        return shapes, values

    def shape(self, run: PlanExecution) -> object:
        shapes, _ = self.asked(run)
        if not isinstance(self.step, LookupStep):
            return None, shapes, frozenset[int]()
        column, _ = run.bound[self.step.place.number]
        return column, shapes, shared_counts(self.step.of[column].level, run)

    def read(self, row: ResultRow) -> tuple[str, Any]:
        source, *texts = row
        if isinstance(self.step, PageStep):
            return source, tuple(map(Fragment, texts))
        [text] = texts
        return source, None if text is None else Fragment(text)

    def build(self, shape: Any, keys: KeyParameter) -> SelectStatement:
        column, shapes, shared = shape
        writer = JsonWriter(self.queries, dict(shapes), shared)
        if column is not None:
            assert isinstance(self.step, LookupStep)
            return build_lookup(writer, self.step.of[column], column)
        if keys.single:
            source: Any = keys.bound()
            return select(source, *self.parts(writer, keys))
        parents = keys.listed(self.queries.dialect)
        return select(parents.c.key, *self.parts(writer, parents.c.key))

    def parts(self, writer: JsonWriter, key: Expression | KeyParameter) -> list[Expression]:
        if isinstance(self.step, PageStep):
            return [writer.page(self.step, key, part) for part in range(len(self.step.parts))]
        return [writer.found(self.step, key)]

    def levels(self) -> list[LayerPlan]:
        return self.step.levels()


def count_text_rows(rows: ResultRow, run: PlanExecution) -> None:
    """Count the rows that PostgreSQL read for the JSON, estimated from its length."""
    for row in rows:
        for text in row:
            if type(text) is bytes:
                run.tally.rows += len(text) // BYTES_PER_ROW


def build_lookup(writer: JsonWriter, records: FetchStep, column: str) -> SelectStatement:
    level = records.level
    kind, key = layer_kind(level), level.source_rows.c.id
    only = kind.rows(writer.queries.asker)
    alone = writer.queries.records(kind, column, SINGLE_KEY, only)
    writer.root = key, alone.with_only_columns(only.c.id).scalar_subquery()
    statement = writer.queries.records(kind, column, SINGLE_KEY, level.source_rows)
    document = writer.tree(level.shapes[0], same_column)
    joined = outer_join_all(statement.with_only_columns(document), level.joins)
    for counted in writer.laterals.values():
        joined = joined.join(counted, true())
    return joined


def shared_counts(level: LayerPlan, run: PlanExecution) -> frozenset[int]:
    """Return the places of duplicate totals of the record, and of their originals."""
    twins = [
        (step, step.duplicate_of)
        for step in level.steps
        if isinstance(step, CountStep) and step.duplicate_of and step.same(step.duplicate_of, run)
    ]
    return frozenset(twin.place.number for pair in twins for twin in pair)


def subtree_steps(step: Step) -> Iterator[Step]:
    """Yield the step and all steps below it."""
    yield step
    for level in step.levels():
        for child in level.steps:
            yield from subtree_steps(child)


def step_arguments(step: Step) -> list[FieldArguments]:
    if isinstance(step, GroupByStep):
        return [step.place, step.by]
    return [step.place] if isinstance(step, PageStep | CountStep) else []


def push_down(level: LayerPlan) -> None:
    """Put written steps wherever they can stand, as near to the root as they can."""
    for n, step in enumerate(level.steps):
        yield_to_loop()
        if is_worthwhile(step) and can_push_down(step):
            level.steps[n] = JsonStep(step)
        else:
            for below in step.levels():
                push_down(below)


def is_worthwhile(step: Step) -> bool:
    """Return whether SQL is faster; it isn't for one layer, which is one statement anyway."""
    return any(level.steps for level in step.levels())
