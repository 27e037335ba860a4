"""SQL of groups: GROUP BY, measures, HAVING, ORDER BY and the first groups of each source."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.sql.functions import FunctionElement

from engine.aggregates.groups import COUNT, KEY, MEASURE_PARTS, GroupingArguments, HavingBound
from engine.catalog.kind import Dimension
from engine.sql.parameters import Parameter, bind_value
from engine.sql.path import PathJoins
from kit.db.column_types import FixedDecimalBound
from kit.db.expressions import Expression, SelectStatement
from kit.values.quantity import Qualifier

# A sum with such a qualifier is a bound of the number: at least, or at most.
CONCLUSIVE_QUALIFIERS = {
    True: {Qualifier.EXACT, Qualifier.OVER, Qualifier.AT_LEAST},
    False: {Qualifier.EXACT, Qualifier.UNDER, Qualifier.AT_MOST},
}


Columns = list[Expression]


@dataclass(frozen=True)
class GroupQuery:
    """A row for each group, the columns of their codes, and their measures."""

    rows: Subquery
    codes: Sequence[Expression]
    measures: Sequence[str]

    def sort_expressions(self, order: Sequence[tuple[str, bool]]) -> list[Expression]:
        """Ties are broken by key; what isn't known comes last in either direction."""
        sorting: list[Expression] = []
        for name, down in order or [(COUNT, True)]:
            columns = self.codes if name == KEY else [self.number(name)]
            sorting += [
                (column.desc() if down else column.asc()).nulls_last() for column in columns
            ]
        return [*sorting, *(code.asc().nulls_last() for code in self.codes)]

    def number(self, measure: str) -> Expression:
        if measure == COUNT:
            return self.rows.c.number
        # Where units differ there is no sum.
        return case(
            (self.part(measure, "unit").is_not(None), self.part(measure, "sum")), else_=null()
        )

    def part(self, measure: str, name: str) -> Expression:
        index = self.measures.index(measure) * len(MEASURE_PARTS) + MEASURE_PARTS.index(name)
        return self.rows.c[f"sum{index}"]

    def kept(self, having: Sequence[HavingBound]) -> ColumnElement[int]:
        """1 for a group of which it is known that it is within the limits, else 0."""
        condition = func.coalesce(and_(*map(self.within_bound, having)), false())
        return case((condition, 1), else_=0)

    def within_bound(self, limit: HavingBound) -> ColumnElement[bool]:
        """More than 100 is at least 100; whether it is at most 200 is unknown."""
        measure = limit.measure or COUNT
        number = self.number(measure)
        value: Expression = bind_value(limit.value, Integer())
        if limit.measure:
            bound_type = FixedDecimalBound(least=limit.least)
            slotted = isinstance(limit.value, Parameter)
            value = (
                bind_value(limit.value, bound_type) if slotted else literal(limit.value, bound_type)
            )
        holds: ColumnElement[bool] = number >= value if limit.least else number <= value
        if limit.measure is None:
            return holds
        others = [
            qualifier
            for qualifier in Qualifier
            if qualifier not in CONCLUSIVE_QUALIFIERS[limit.least]
        ]
        return and_(
            holds, *(self.part(measure, f"is_{qualifier.name}") == 0 for qualifier in others)
        )

    def top_per_source(
        self, listed: Columns, first: int | ColumnElement[int], how: GroupingArguments
    ) -> SelectStatement:
        """Select the groups of several sources, each with its place; some may not be requested."""
        inner = self.rows
        within, sorting = inner.c.source, self.sort_expressions(how.order)
        there_are: FunctionElement[int] = func.count()
        kept_or_not: Columns = []
        if how.having:
            fulfilled = self.kept(how.having)
            there_are, kept_or_not = func.sum(fulfilled), [fulfilled.label("_kept")]
            sorting.insert(0, fulfilled.desc())
        numbered = select(
            inner.c.source,
            *listed,
            *kept_or_not,
            func.row_number().over(partition_by=within, order_by=sorting).label("_place"),
            there_are.over(partition_by=within).label("there_are"),
            as_bigint(func.sum(inner.c.number).over(partition_by=within)).label("records"),
        ).subquery()
        columns = numbered.c
        statement = select(
            columns.source,
            columns.there_are,
            columns.records,
            *(columns[str(column.key)] for column in listed),
            *([columns["_kept"]] if how.having else []),
        ).where(columns["_place"] <= first)
        if how.having:
            statement = statement.where(or_(columns["_kept"] == 1, columns["_place"] == 1))
        return statement.order_by(columns.source, columns["_place"])


def as_bigint(sum_of_many: Expression) -> ColumnElement[int]:
    """For a sum of sums is a decimal of PostgreSQL's, which is slower to read."""
    return cast(sum_of_many, BigInteger)


def group_key_columns(
    walk: PathJoins, target: FromClause, dimension: Dimension, below: object = None
) -> tuple[Any, Any]:
    """Return the columns that hold the code and the label of a group."""
    [(_, rows)] = walk.to(dimension.path)
    if dimension.closure is not None and below is not None:
        rows = walk.below(dimension.path, dimension.closure, below)
    if dimension.column is None:
        return rows.c.code, rows.c.name
    column: Expression = rows.c[dimension.column]
    if dimension.digits is not None:
        # Literal, for a bound number would make two expressions of what is one.
        column = cast(
            func.substr(column, literal_column("1"), literal_column(str(dimension.digits))), Integer
        )
    return column, column


def measure_columns(rows: FromClause, prefix: str, *, extremes: bool) -> Columns:
    """As `MEASURE_PARTS` names them: the unit if there is only one, and which qualifiers."""
    value, unit, qualifier = (rows.c[f"{prefix}_{part}"] for part in ("value", "unit", "qualifier"))
    one_unit = case((func.min(unit) == func.max(unit), func.min(unit)), else_=null())
    unity, none = literal_column("1", Integer()), literal_column("0", Integer())
    words: Columns = [literal_column(f"'{qualifier_word.value}'") for qualifier_word in Qualifier]
    used = [
        func.max(case((qualifier == qualifier_word, unity), else_=none)) for qualifier_word in words
    ]
    further: Columns = [func.count(value), func.min(value), func.max(value)]
    if not extremes:
        further = [cast(null(), column.type) for column in further]
    return [func.sum(value), one_unit, *used, *further]
