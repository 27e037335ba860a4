"""Output plans: what an object of the response is made of, for Python or for the database.

`python_expression` gives an expression over a row `r` of the layer's statement; the layer holds the
names that it uses. `engine.json.sql_writer` makes the same as an SQL expression for PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from engine.catalog.kind import Kind
from engine.plan.layer import ChildStep, Layer
from engine.plan.leaf import global_id_encoder, leaf_converter
from engine.plan.projection import literal, object_expression
from kit.db.expressions import ColumnType, Expression

if TYPE_CHECKING:
    from graphql import GraphQLLeafType


class OutputPlan(Protocol):
    def python_expression(self, level: Layer) -> str: ...


@dataclass(frozen=True, slots=True, eq=False)
class ConstantOutput:
    text: str | None

    def python_expression(self, level: Layer) -> str:
        return literal(self.text)


@dataclass(frozen=True, slots=True, eq=False)
class LeafOutput:
    column: Expression
    published: GraphQLLeafType

    @property
    def type(self) -> ColumnType:
        return self.column.type

    def python_expression(self, level: Layer) -> str:
        value = level.value(self.column)
        convert = leaf_converter(self.published, self.type, level.dialect)
        return value if convert is None else f"{level.constant(convert)}({value})"


@dataclass(frozen=True, slots=True, eq=False)
class ConvertedOutput:
    """A value that Python computes from a column."""

    column: Expression
    show: Callable[[Any], Any]

    def python_expression(self, level: Layer) -> str:
        return f"{level.constant(self.show)}({level.value(self.column)})"


@dataclass(frozen=True, slots=True, eq=False)
class GlobalIdOutput:
    column: Expression
    kind: Kind

    def python_expression(self, level: Layer) -> str:
        return f"{level.constant(global_id_encoder(self.kind.name))}({level.value(self.column)})"


@dataclass(frozen=True, slots=True, eq=False)
class ObjectOutput:
    """Null where all of `present` are null; always there if it names none."""

    fields: Sequence[tuple[str, OutputPlan]]
    present: Sequence[Expression] = ()
    required: bool = False

    def python_expression(self, level: Layer) -> str:
        pairs = object_expression((key, tree.python_expression(level)) for key, tree in self.fields)
        if not self.present:
            return pairs
        absent = " and ".join(f"{level.value(column)} is None" for column in self.present)
        otherwise = f"{level.constant(raise_null)}()" if self.required else "None"
        return f"({otherwise} if {absent} else {pairs})"


@dataclass(frozen=True, slots=True, eq=False)
class StepOutput:
    """The result of a step for a row: under the row's key, or the step's value for none."""

    step: ChildStep
    key: Expression | None  # None: there is only one row, without a record
    part: int | None = None

    def python_expression(self, level: Layer) -> str:
        results, empty = level.step_names(self.step)
        key = "r[0]" if self.key is None else level.value(self.key)
        got = f"{results}.get({key}, {empty})"
        return got if self.part is None else f"{got}[{self.part}]"


@dataclass(frozen=True, slots=True, eq=False)
class CoalesceOutput:
    """The first of several whose key isn't null."""

    choices: Sequence[tuple[Expression, OutputPlan]]
    required: bool = False

    def python_expression(self, level: Layer) -> str:
        parts = [
            f"{tree.python_expression(level)} if {level.value(key)} is not None else"
            for key, tree in self.choices
        ]
        chosen = f"({' '.join(parts)} None)"
        return f"{level.constant(require_non_null)}({chosen})" if self.required else chosen


@dataclass(frozen=True, slots=True, eq=False)
class ConcatOutput:
    """Lists one after another."""

    lists: Sequence[OutputPlan]

    def python_expression(self, level: Layer) -> str:
        return "[" + ", ".join(f"*{tree.python_expression(level)}" for tree in self.lists) + "]"


@dataclass(frozen=True, slots=True, eq=False)
class CursorOutput:
    """The cursor of a row; its format is known when the statement is run."""

    def python_expression(self, level: Layer) -> str:
        return "cursor(r)"


def raise_null() -> None:
    from engine.plan.field_plans import NotPlanned

    raise NotPlanned("null where there may be none")


def require_non_null(value: object) -> Any:
    return raise_null() if value is None else value


RowProjection = Callable[..., list[Any]]
