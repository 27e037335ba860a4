"""The rows that a total or a group counts, and how they are added up by source."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    case,
    func,
    null,
)

from engine.catalog.join import AllRowsJoin
from engine.catalog.link import ToMany
from engine.sql.path import PathEnd
from kit.db.engine import KeyParameter
from kit.db.expressions import Expression, SelectStatement
from kit.values.quantity import Qualifier

Columns = list[Expression]


# Keys as they are, as they will be bound, or the key of another row of the statement.
AnyKeys = Sequence[str] | KeyParameter | ColumnElement[str]


class AggregateSource(NamedTuple):
    """The source of a count, without columns as yet: rows, or the cells of a summary.

    `empties`: cells can add up to zero, and are then no group. `walked`: the paths that the
    source has joined already.
    """

    rows: FromClause
    source: Expression
    statement: SelectStatement
    number: ColumnElement[int]
    can_be_zero: bool = False
    walked: Mapping[tuple[str, ...], PathEnd] = {}


def exact_sum(value: Expression, qualifier: Expression) -> Expression:
    """Null where a bound is among them: that is no value."""
    bounds = func.count(case((qualifier != Qualifier.EXACT, 1)))
    return case((bounds == 0, func.sum(value)), else_=null())


def is_single_key(keys: AnyKeys) -> bool:
    if isinstance(keys, KeyParameter):
        return keys.single
    if isinstance(keys, ScalarSelect):
        return True
    return not isinstance(keys, ColumnElement) and len(keys) == 1


def group_by_source(
    statement: SelectStatement, link: ToMany, *columns: Expression
) -> SelectStatement:
    # A list that hangs on nothing has a constant for its source, and no database groups by that.
    keys = columns[1:] if isinstance(link.way, AllRowsJoin) else columns
    return statement.group_by(*keys) if keys else statement
