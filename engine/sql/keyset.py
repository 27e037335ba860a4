"""Keyset pagination: ORDER BY and the predicate for rows after a cursor."""

from collections.abc import Sequence

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    UnaryExpression,
    and_,
    false,
    literal,
    or_,
    tuple_,
)

from engine.sql.arguments import ConnectionArguments, Order
from engine.sql.parameters import bind_value
from kit.db.expressions import Expression
from kit.db.table_aliases import is_nullable


def sort_expression(
    column: Expression, down: bool, arguments: ConnectionArguments
) -> UnaryExpression[object]:
    """Nulls come last in either direction; a page that is read backward begins with them."""
    sorting = column.desc() if down is not arguments.backward else column.asc()
    if not is_nullable(column):
        return sorting
    return sorting.nulls_first() if arguments.backward else sorting.nulls_last()


def after_cursor(
    order: Order, rows: FromClause, arguments: ConnectionArguments, values: Sequence[object]
) -> ColumnElement[bool]:
    """Return the rows on the far side of the cursor's values, in the direction that is read."""
    columns = [rows.c[name] for name, _ in order.columns]
    values = [bind_value(value, column.type) for column, value in zip(columns, values, strict=True)]
    downs = [down is not arguments.backward for _, down in order.columns]
    if len(set(downs)) == 1 and not any(map(is_nullable, columns)):
        left, right = tuple_(*columns), tuple_(*values)
        return left < right if downs[0] else left > right
    far: ColumnElement[bool] = false()
    for column, value, down in reversed(list(zip(columns, values, downs, strict=True))):
        same = column.is_(None) if value is None else column == value
        far = or_(column_after(column, value, down, arguments.backward), and_(same, far))
    return far


def column_after(
    column: Expression, value: object, down: bool, nulls_first: bool
) -> ColumnElement[bool]:
    if value is None:
        return column.is_not(None) if nulls_first else false()
    limit = value if isinstance(value, BindParameter) else literal(value, column.type)
    further: ColumnElement[bool] = column < limit if down else column > limit
    return or_(further, column.is_(None)) if is_nullable(column) and not nulls_first else further
