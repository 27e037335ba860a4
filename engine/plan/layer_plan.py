"""Layer plans: a layer with its steps, and the objects that are made of its rows."""

from __future__ import annotations

from collections.abc import Generator, Hashable, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import FromClause

from engine.catalog.kind import Kind
from engine.plan.execution import BoundStatement, PlanExecution
from engine.plan.layer import ChildStep, Layer
from engine.plan.layer_queries import MANY_KEYS, SINGLE_KEY, LayerQueryBuilder
from engine.plan.output import OutputPlan, RowProjection
from engine.sql.compiled import CompiledStatement, compile_statement
from engine.sql.shared_statements import SHARED_STATEMENTS
from kit.db.engine import KeyParameter, key_parameter_value
from kit.db.expressions import Expression, ResultRow, SelectStatement, Values
from kit.db.table_aliases import AliasAllocator, allocating_aliases

NO_KEY = ""  # the key of no record
MAX_STATEMENTS = 64  # statements that a step keeps: a filter in a variable may have any shape

StepGenerator = Generator[BoundStatement, Any, list[Any]]


class Step(ChildStep):
    """Runs one statement for all rows of the layer above it.

    Its results go to the projections as (by key, value for a missing key).
    """

    runs_child_steps = True  # its child steps run separately
    always = False  # whether it asks where no row above has a key

    def __init__(self, drafts: LayerQueryBuilder, key: Expression | None, single: bool) -> None:
        self.queries, self.key = drafts, key
        # Whether the layer above has one row at most.
        self.bound = SINGLE_KEY if single else MANY_KEYS
        self.statements: dict[Any, CompiledStatement] = {}

    def answer(self, rows: Sequence[ResultRow], parent: Layer, run: PlanExecution) -> StepGenerator:
        keys: list[Any] = [""]
        if self.key is not None:
            index = parent.place(self.key)
            keys = list(dict.fromkeys(row[index] for row in rows))
            if None in keys:
                keys.remove(None)
            if rows and not keys and self.always:
                keys = [NO_KEY]
        if not keys:
            return [{}, self.empty_result(run)]
        return (yield from self.find(keys, run))

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        raise NotImplementedError

    def empty_result(self, run: PlanExecution) -> object:
        return None

    def build(self, shape: Any, keys: KeyParameter) -> SelectStatement:
        raise NotImplementedError

    def statement(self, shape: Any = None) -> CompiledStatement:
        compiled = self.statements.get(shape)
        if compiled is None:
            if len(self.statements) >= MAX_STATEMENTS:
                self.statements.clear()
            compiled = self.statements[shape] = self.compile(shape)
        return compiled

    def compile(self, shape: Any) -> CompiledStatement:
        if self.origin is None:
            return self.make(shape, self.queries.allotment.copy())
        asker, dialect = self.queries.asker, self.queries.dialect
        key = type(self), self.origin, shape, self.bound, asker.viewer, dialect
        return SHARED_STATEMENTS.find(key, lambda: self.make(shape, AliasAllocator()))

    def make(self, shape: Any, aliases: AliasAllocator) -> CompiledStatement:
        with allocating_aliases(aliases):
            return compile_statement(self.build(shape, self.bound), self.queries.dialect)

    @property
    def origin(self) -> Hashable:
        """All that its statement depends on, besides the shape, keys and viewer.

        None: it reads columns of the plan, so that no other plan can use it.
        """
        return None

    def ask(
        self,
        keys: list[str],
        run: PlanExecution,
        shape: Any = None,
        values: Values | None = None,
    ) -> BoundStatement:
        statement = self.statement(shape)
        key = keys[0] if self.bound.single else key_parameter_value(keys, self.queries.dialect)
        parameters = {**run.values, **(values or {}), self.bound.name: key}
        run.tally.statements += 1
        return statement, statement.values(parameters)

    def shape(self, run: PlanExecution) -> object:
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


class LayerPlan(Layer):
    """`shapes` are the objects wanted of each row: a list and its edges show the same rows."""

    def __init__(self, kind: Kind | None, rows: FromClause | None, dialect: str) -> None:
        super().__init__(kind, rows, dialect)
        self.steps: list[Step] = []
        self.shapes: list[OutputPlan] = []
        self.projections: list[RowProjection] = []

    def step_names(self, step: ChildStep) -> tuple[str, str]:
        number = next(n for n, other in enumerate(self.steps) if other is step)
        return f"m{number}", f"e{number}"

    def settle(self) -> None:
        """Compile the shapes: one comprehension each."""
        names = ["rows", "cursor"]
        for number, step in enumerate(self.steps):
            names += [f"m{number}", f"e{number}"]
            if step.key is not None:
                self.place(step.key)
        for shape in self.shapes:
            body = shape.python_expression(self)
            self.projections.append(self.scope.compile(names, f"[{body} for r in rows]"))

    def fill(
        self, rows: Sequence[ResultRow], run: PlanExecution
    ) -> Generator[BoundStatement, Any, list[Any]]:
        """Return what the steps below found for the rows, as the projections take it."""
        results: list[object] = []
        for step in self.steps:
            results += yield from step.answer(rows, self, run)
        return results
