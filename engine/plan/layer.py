"""Layer plans: the rows of one statement, with their columns, joins, steps and outputs."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, FromClause

from engine.catalog.join import JoinClauses
from engine.catalog.kind import Kind
from engine.plan.output import OutputPlan, RowProjection

if TYPE_CHECKING:
    from engine.plan.execution import BoundStatement, PlanExecution
    from engine.plan.steps.fetch import Step

Row = Sequence[Any]


class LayerPlan:
    """`columns` are selected after the source, in this order; `joins` fold links to one record.

    `shapes` are the objects wanted of each row: a list and its edges show the same rows.
    """

    def __init__(self, kind: Kind | None, rows: FromClause | None, dialect: str) -> None:
        self.kind, self.rows, self.dialect = kind, rows, dialect
        self.columns: list[ColumnElement[Any]] = []
        self.joins: JoinClauses = []
        self.folded: dict[tuple[int, str], FromClause] = {}
        self.steps: list[Step] = []
        self.shapes: list[OutputPlan] = []
        self.constants: dict[str, Any] = {}
        self.places: dict[int, int] = {}
        self.projections: list[RowProjection] = []

    @property
    def source_rows(self) -> FromClause:
        assert self.rows is not None
        return self.rows

    def value(self, column: ColumnElement[Any]) -> str:
        """The expression that reads a column of the statement."""
        return f"r[{self.place(column)}]"

    def place(self, column: ColumnElement[Any]) -> int:
        found = self.places.get(id(column))
        if found is None:
            self.columns.append(column)
            found = self.places[id(column)] = len(self.columns)
        return found

    def constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def step_names(self, step: Step) -> tuple[str, str]:
        number = self.steps.index(step)
        return f"m{number}", f"e{number}"

    def settle(self) -> None:
        """Compile the shapes: one comprehension each, made of validated names and of no values."""
        names = ["rows", "cursor"]
        for number, step in enumerate(self.steps):
            names += [f"m{number}", f"e{number}"]
            if step.key is not None:
                self.place(step.key)
        for shape in self.shapes:
            body = shape.python_expression(self)
            source = f"lambda {', '.join(names)}: [{body} for r in rows]"
            self.projections.append(eval(source, self.constants))

    def fill(
        self, rows: Sequence[Row], run: PlanExecution
    ) -> Generator[BoundStatement, Any, list[Any]]:
        """What the steps below found for the rows, as the projections take it."""
        found: list[Any] = []
        for step in self.steps:
            found += yield from step.answer(rows, self, run)
        return found
