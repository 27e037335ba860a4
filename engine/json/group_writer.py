"""Groups written as JSON by PostgreSQL, for the one record that is looked up.

Only counts and sums are written. Labels are those that Python shows: an enum has a label for each
value, a text is its own label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Float,
    Integer,
    Numeric,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from engine.aggregates.groups import MEASURE_PARTS, GroupingArguments
from engine.catalog.kind import Graph
from engine.plan.group_selection import TYPE_NAME, GroupSelection, NotExpressible
from engine.plan.layer_queries import LayerQueryBuilder
from engine.plan.steps.aggregate import GroupByStep
from engine.sql.parameters import QueryShape
from kit.db.column_types import EnumText, PartialDateText, Text
from kit.db.expressions import Expression, ScalarSubquery
from kit.runtime.time_slices import yield_to_loop
from kit.values.quantity import Qualifier

NAME_PATTERN = re.compile("[_A-Za-z][_0-9A-Za-z]*")
MAX_PAIRS = 50  # of one object: a function of PostgreSQL takes 100 arguments


class GroupWriter:
    """Writes the groups of one step, for one query shape."""

    def __init__(
        self,
        step: GroupByStep,
        drafts: LayerQueryBuilder,
        shape: QueryShape,
        grouping: tuple[Sequence[str], GroupingArguments],
    ) -> None:
        self.step, self.queries, self.asked = step, drafts, shape
        self.names, self.how = grouping
        self.kind = step.link.to

    def written(self, key: ScalarSubquery) -> Expression:
        """Return the JSON of the groups. Raises NotExpressible."""
        limit = bindparam(f"{self.step.by.prefix}_limit", type_=Integer())
        link, shape, how = self.step.link, self.asked, self.how
        rows = self.queries.groups(link, shape, self.names, limit, key, how).subquery()
        document = json_object(self.step.parts or (), partial(self.whole, rows))
        return select(document).select_from(rows).scalar_subquery()

    def whole(self, rows: Subquery, part: GroupSelection) -> Expression:
        """Return the totals of all groups. With `having` there may be a row that is no group."""
        listed: Expression = func.sum(rows.c.number)
        nodes: Expression = func.json_agg(json_object(part.parts, partial(self.group, rows)))
        if self.how.having:
            condition = rows.c["_kept"] == 1
            listed, nodes = (
                func.coalesce(listed.filter(condition), zero_literal()),
                nodes.filter(condition),
            )
        match part.what:
            case "there_are":
                return func.coalesce(func.max(rows.c.there_are), zero_literal())
            case "remainder":
                return func.coalesce(func.max(rows.c.records) - listed, zero_literal())
            case "groups":
                empty: Expression = literal_column("'[]'::json")
                return func.coalesce(nodes, empty)
        raise NotExpressible(part.what)

    def group(self, rows: Subquery, part: GroupSelection) -> Expression:
        yield_to_loop()
        match part.what:
            case "count":
                return rows.c.number
            case "keys":
                keys = (
                    json_object(part.parts, partial(self.key, rows, index, name))
                    for index, name in enumerate(self.names)
                )
                return func.json_build_array(*keys)
            case "sum":
                first = self.how.measured(self.kind.measures).index(part.of) * len(MEASURE_PARTS)
                columns = {name: rows.c[f"sum{first + n}"] for n, name in enumerate(MEASURE_PARTS)}
                condition = and_(columns["sum"].is_not(None), columns["unit"].is_not(None))
                return case(
                    (condition, json_object(part.parts, partial(quantity_expression, columns)))
                )
        raise NotExpressible(part.what)

    def key(self, rows: Subquery, index: int, dimension: str, part: GroupSelection) -> Expression:
        code, label = rows.c[f"part{2 * index}"], rows.c[f"part{2 * index + 1}"]
        match part.what:
            case "dimension":
                return name_literal(dimension)
            case "code":
                return key_code(code)
            case "label":
                return key_label(label, dimension, self.kind.graph)
        raise NotExpressible(part.what)


def quantity_expression(columns: Mapping[str, Expression], part: GroupSelection) -> Expression:
    """As `engine.aggregates.groups.measure_values`."""
    match part.what:
        case "value":
            return float_expression(columns["sum"])
        case "exact":
            return decimal_text(columns["sum"])
        case "unit":
            return columns["unit"]
        case "qualifier":
            return qualifier_expression(columns)
    raise NotExpressible(part.what)


def json_object(
    parts: Iterable[GroupSelection], shown: Callable[[GroupSelection], Expression]
) -> Expression:
    pairs: list[Expression] = []
    for part in parts:
        pairs += [
            name_literal(part.key),
            name_literal(part.of) if part.what == TYPE_NAME else shown(part),
        ]
    if len(pairs) > 2 * MAX_PAIRS:
        raise NotExpressible("too wide")
    return func.json_build_object(*pairs)


def check_groups_expressible(step: GroupByStep) -> None:
    """Raise NotExpressible if the database can't write what is selected, or the group keys."""
    graph = step.link.to.graph
    if step.parts is None or not hasattr(graph.group_key("", None, None), "label"):
        raise NotExpressible("groups")


def key_code(column: Expression) -> Expression:
    match column.type:
        case Text() | EnumText() | PartialDateText():
            return column
        case Integer() | Boolean():
            return cast(column, Text())
    raise NotExpressible("key")


def key_label(column: Expression, dimension: str, graph: Graph) -> Expression:
    def label(value: object) -> ColumnElement[str]:
        return text_literal(graph.group_key(dimension, value, value).label)

    match column.type:
        case EnumText(words=words):
            cases = [(column == text_literal(member.value), label(member)) for member in words]
            return case(*cases, else_=label(None))
        case Boolean():
            return case((column.is_(None), label(None)), (column, label(True)), else_=label(False))
    return func.coalesce(key_code(column), label(None))


def decimal_expression(thousandths: Expression) -> Expression:
    return type_coerce(thousandths, Numeric()) * literal_column("0.001", Numeric())


def float_expression(thousandths: Expression) -> Expression:
    """As Python divides them; of a float divided by 1000 it is another one in fifteen."""
    return cast(decimal_expression(thousandths), Float(53))


def decimal_text(thousandths: Expression) -> Expression:
    """As `kit.values.fixed_point.from_thousandths`."""
    return cast(func.trim_scale(decimal_expression(thousandths)), Text())


def qualifier_expression(columns: Mapping[str, Expression]) -> Expression:
    """As `kit.values.quantity.qualifier_of_sum`."""

    def there(*words: Qualifier) -> ColumnElement[bool]:
        return or_(*(columns[f"is_{qualifier.name}"] == 1 for qualifier in words))

    names = Qualifier
    strictest_first = (names.OVER, names.AT_LEAST, names.UNDER, names.AT_MOST)
    lower, upper = there(names.OVER, names.AT_LEAST), there(names.UNDER, names.AT_MOST)
    return case(
        (or_(there(names.ABOUT), and_(lower, upper)), text_literal(names.ABOUT)),
        *((there(name), text_literal(name)) for name in strictest_first),
        else_=text_literal(names.EXACT),
    )


def zero_literal() -> ColumnElement[int]:
    return literal_column("0", Integer())


def text_literal(text: str) -> ColumnElement[str]:
    """Return the literal of a word of the service's own lists."""
    doubled = str(text).replace("'", "''")
    return literal_column(f"'{doubled}'", Text())


def name_literal(text: str) -> ColumnElement[str]:
    """Return the literal of a name of the document or the schema."""
    assert NAME_PATTERN.fullmatch(text), text
    return literal_column(f"'{text}'", Text())
