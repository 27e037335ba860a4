"""Layers: the rows of one statement, with their columns and joins."""

from __future__ import annotations

from sqlalchemy import FromClause

from engine.catalog.join import JoinClauses
from engine.catalog.kind import Kind
from engine.plan.projection import ProjectionScope
from kit.db.expressions import Expression


class ChildStep:
    """Runs below a layer, for all its rows. `key` is the column whose values it needs."""

    word = "records"
    key: Expression | None


class Layer:
    """`columns` are selected after the source, in this order; `joins` fold links to one record."""

    def __init__(self, kind: Kind | None, rows: FromClause | None, dialect: str) -> None:
        self.kind, self.rows, self.dialect = kind, rows, dialect
        self.columns: list[Expression] = []
        self.joins: JoinClauses = []
        self.folded: dict[tuple[int, str], FromClause] = {}
        self.scope = ProjectionScope()
        self.places: dict[int, int] = {}

    @property
    def source_rows(self) -> FromClause:
        assert self.rows is not None
        return self.rows

    def value(self, column: Expression) -> str:
        """Return the expression that reads a column of the statement."""
        return f"r[{self.place(column)}]"

    def place(self, column: Expression) -> int:
        index = self.places.get(id(column))
        if index is None:
            self.columns.append(column)
            index = self.places[id(column)] = len(self.columns)
        return index

    def constant(self, value: object) -> str:
        return self.scope.constant(value)

    def step_names(self, step: ChildStep) -> tuple[str, str]:
        """Name what a step found, by key, and the value for a missing key."""
        raise NotImplementedError
