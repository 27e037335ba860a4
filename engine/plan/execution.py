"""One execution of a plan: bound arguments and database usage."""

from __future__ import annotations

from collections.abc import Generator, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kit.db.expressions import ResultRow, Values

if TYPE_CHECKING:
    from engine.sql.compiled import CompiledStatement
    from engine.sql.predicate import ViewerContext

# A statement and its values; the rows come back.
BoundStatement = tuple["CompiledStatement", list[Any]]
ResultRows = Sequence[ResultRow]
StatementGenerator = Generator[BoundStatement, ResultRows, Any]


@dataclass(slots=True)
class DatabaseUsage:
    """The statements and rows so far, whether or not the request succeeds.

    JSON that the database writes counts as a row for each 50 bytes.
    """

    statements: int = 0
    rows: int = 0


@dataclass(slots=True, eq=False)
class PlanExecution:
    """`bound` has the arguments of each place, by its number; `values` go to every statement."""

    asker: ViewerContext
    bound: list[Any]
    values: Values
    tally: DatabaseUsage
    kept: dict[Hashable, list[Any]] = field(
        default_factory=dict
    )  # what steps found, for their twins
