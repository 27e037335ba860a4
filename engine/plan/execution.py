"""One execution of a plan: bound arguments and database usage."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.sql.compiled import CompiledStatement
    from engine.sql.predicate import ViewerContext

# A statement and its values; the rows come back.
BoundStatement = tuple["CompiledStatement", list[Any]]
ResultRows = Sequence[Sequence[Any]]
StatementGenerator = Generator[BoundStatement, ResultRows, Any]


@dataclass(slots=True)
class DatabaseUsage:
    """What was asked of the database so far, whatever becomes of the answer.

    Of what the database writes as JSON, each 50 bytes count as a row more.
    """

    statements: int = 0
    rows: int = 0


@dataclass(slots=True, eq=False)
class PlanExecution:
    """`bound` is what each place was asked, by its number; `values` go to every statement."""

    asker: ViewerContext
    bound: list[Any]
    values: Mapping[str, Any]
    tally: DatabaseUsage
    kept: dict[Any, list[Any]] = field(default_factory=dict)  # what steps found, for their twins
