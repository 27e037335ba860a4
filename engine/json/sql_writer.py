"""Writes subtrees of a plan as SQL/JSON expressions, from the same layers and steps.

Python keeps cursors, page info, batched values, groups of all records but the one that is looked
up, and whatever would have to report an error. A subtree without any of these is one column of one
statement; its text goes into the response unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from graphql import GraphQLEnumType
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.sql.selectable import LateralFromClause

from engine.json.group_writer import (
    MAX_PAIRS,
    GroupWriter,
    decimal_text,
    float_expression,
    name_literal,
)
from engine.plan.field_arguments import FieldArguments
from engine.plan.group_selection import NotExpressible
from engine.plan.layer import ChildStep
from engine.plan.layer_queries import (
    LayerQueryBuilder,
    PageSpec,
    SubqueryAdapter,
    layer_kind,
    outer_join_all,
    referenced_columns,
)
from engine.plan.leaf import enum_names
from engine.plan.output import (
    CoalesceOutput,
    ConcatOutput,
    ConstantOutput,
    ConvertedOutput,
    GlobalIdOutput,
    LeafOutput,
    ObjectOutput,
    OutputPlan,
    StepOutput,
)
from engine.plan.steps.aggregate import CountStep, GroupByStep
from engine.plan.steps.fetch import FetchStep, ListStep
from engine.plan.steps.page import ROWS, PageStep
from engine.sql.parameters import QueryShape
from kit.db.column_types import EnumText, FixedDecimal, PartialDateText, Text, UtcDateTime
from kit.db.engine import KeyParameter
from kit.db.expressions import Expression, ScalarSubquery, SelectStatement
from kit.runtime.time_slices import yield_to_loop

# Where the statement has a column of a layer.
ColumnLocator = Callable[[Expression], Expression]
ShapesByField = Mapping[int, QueryShape]
# The key of another row of the statement, or one that is bound.
ParentKey = Expression | KeyParameter


def same_column(column: Expression) -> Expression:
    return column


class JsonWriter:
    """Writes expressions for one set of shapes."""

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        shapes: ShapesByField,
        shared: Collection[int] = frozenset(),
    ) -> None:
        self.queries, self.shapes, self.shared = drafts, shapes, shared
        # The key of the one record that all is about, as it is in the rows and by itself.
        self.root: tuple[Expression, ScalarSubquery] | None = None
        # Totals that several fields show: they are joined to the one row.
        self.laterals: dict[CountStep, LateralFromClause] = {}

    def tree(self, tree: OutputPlan, at: ColumnLocator) -> Expression:
        """Return the JSON of an output. Raises NotExpressible."""
        match tree:
            case ConstantOutput(text=text):
                return null() if text is None else name_literal(text)
            case LeafOutput():
                return leaf_expression(tree, at(tree.column))
            case GlobalIdOutput(column=column, kind=kind):
                return global_id_expression(kind.name, at(column))
            case ObjectOutput(fields=fields, present=present, required=False):
                document = self.object(fields, at)
                if not present:
                    return document
                return case((or_(*(at(column).is_not(None) for column in present)), document))
            case CoalesceOutput(choices=choices, required=False):
                return case(
                    *((at(key).is_not(None), self.tree(choice, at)) for key, choice in choices)
                )
            case StepOutput(step=step, key=key, part=part) if key is not None:
                return self.found(step, at(key), part)
        raise NotExpressible(type(tree).__name__)

    def object(self, fields: Sequence[tuple[str, OutputPlan]], at: ColumnLocator) -> Expression:
        if len(fields) > MAX_PAIRS:
            raise NotExpressible("too wide")
        pairs = [part for key, tree in fields for part in (name_literal(key), self.tree(tree, at))]
        return func.json_build_object(*pairs)

    def found(self, step: ChildStep, key: ParentKey, part: int | None = None) -> Expression:
        """Return what a step finds for one key, as a subquery."""
        yield_to_loop()
        match step:
            case CountStep(link=link, word="count"):
                if step.place.number in self.shared:
                    return self.shared_count(step, key)
                tallied = self.queries.aggregate_source(link, self.shape(step.place), key)
                counted = tallied.statement.add_columns(tallied.number)
                return correlate_to_key(counted, key).scalar_subquery()
            case GroupByStep() if self.root and key is self.root[0]:
                column: Any = self.shapes[step.by.number]
                return GroupWriter(step, self.queries, self.shape(step.place), column).written(
                    self.root[1]
                )
            case FetchStep(level=level, by=column):
                statement = self.queries.records(layer_kind(level), column, key, level.source_rows)
                document = self.tree(level.shapes[0], same_column)
                statement = outer_join_all(statement.with_only_columns(document), level.joins)
                return correlate_to_key(statement, key).scalar_subquery()
            case PageStep() if part is not None:
                return self.page(step, key, part)
            case ListStep(level=level):
                _, listed = self.queries.whole(
                    step.link, step.way, layer_kind(level), level.source_rows, key
                )
                document = self.tree(level.shapes[0], same_column).label("j")
                return aggregate_json(
                    outer_join_all(correlate_to_key(listed.add_columns(document), key), level.joins)
                )
        raise NotExpressible(step.word)

    def shared_count(self, step: CountStep, key: ParentKey) -> Expression:
        first = step.duplicate_of or step
        if first not in self.laterals:
            tallied = self.queries.aggregate_source(first.link, self.shape(first.place), key)
            counted = tallied.statement.add_columns(tallied.number.label("number"))
            self.laterals[first] = counted.lateral()
        return self.laterals[first].c.number

    def page(self, step: PageStep, key: ParentKey, part: int) -> Expression:
        what, number = step.parts[part]
        if what != ROWS:
            raise NotExpressible("pageInfo or cursors")
        level, shape = step.level, self.shape(step.place)
        if shape.backward:
            raise NotExpressible("backward")
        rows, paged = level.source_rows, PageSpec(step.link, shape, step.limit)
        cut = correlate_to_key(self.queries.cut(rows, paged, key)[0], key)
        if not level.joins:
            document = self.tree(level.shapes[number], same_column).label("j")
            return aggregate_json(cut.add_columns(document))
        used = [*output_columns(level.shapes[number]), *paged.sorted_columns(rows)]
        own = referenced_columns(rows, used, level.joins)
        page = cut.add_columns(
            *(expression.label(f"o{n}") for n, expression in enumerate(own))
        ).subquery()
        moved = SubqueryAdapter(rows, {column.key: page.c[f"o{n}"] for n, column in enumerate(own)})
        statement = select(self.tree(level.shapes[number], moved).label("j")).select_from(page)
        statement = outer_join_all(statement, moved.joins(level.joins))
        return aggregate_json(statement.order_by(*paged.sorting(moved.by_name)))

    def shape(self, arguments: FieldArguments) -> QueryShape:
        return self.shapes[arguments.number]


def rows_of_column(column: Expression) -> FromClause:
    rows: FromClause = column.table
    return rows


def correlate_to_key(statement: SelectStatement, key: ParentKey) -> SelectStatement:
    """As part of the statement that has the key's row, if it isn't bound."""
    return statement if isinstance(key, KeyParameter) else statement.correlate(rows_of_column(key))


def aggregate_json(listed: SelectStatement) -> Expression:
    """Aggregate the rows listed under `j`, in their order."""
    rows = listed.subquery()
    empty: Expression = literal_column("'[]'::json")
    return select(func.coalesce(func.json_agg(rows.c.j), empty)).scalar_subquery()


def leaf_expression(tree: LeafOutput, column: Expression) -> Expression:
    published, stored = tree.published, tree.type
    match stored:
        case EnumText() if isinstance(published, GraphQLEnumType):
            if any(value != name for value, name in enum_names(published, stored).items()):
                raise NotExpressible("other names")
            return column
        case Text() | PartialDateText() if published.name in {"String", "ID", "PartialDate"}:
            return column
        case Integer() if published.name == "Int":
            return column
        case Float() if published.name == "Float":
            return column
        case FixedDecimal() if published.name == "Float":
            return float_expression(column)
        case FixedDecimal() if published.name == "Decimal":
            return decimal_text(column)
        case Boolean() if published.name == "Boolean":
            return column
        case UtcDateTime() if published.name == "DateTime":
            return datetime_text(column)
    raise NotExpressible(published.name)


def datetime_text(column: Expression) -> Expression:
    """As Python's isoformat: in UTC, and without a fraction where there is none."""
    utc = func.timezone(literal_column("'UTC'"), column)
    seconds = func.to_char(utc, literal_column("""'YYYY-MM-DD"T"HH24:MI:SS'"""))
    fraction = func.to_char(utc, literal_column("'.US'"))
    none: ColumnElement[str] = literal_column("'.000000'")
    return func.concat(
        seconds,
        case((fraction == none, literal_column("''")), else_=fraction),
        literal_column("'+00:00'"),
    )


def global_id_expression(kind: str, key: Expression) -> Expression:
    """As `kit.relay.global_id.to_global_id`."""
    named = func.convert_to(
        func.concat(name_literal(kind), literal_column("':'"), key), literal_column("'UTF8'")
    )
    return func.translate(
        func.encode(named, name_literal("base64")),
        literal_column(r"E'+/=\n'"),
        literal_column("'-_'"),
    )


def output_columns(tree: OutputPlan) -> Iterator[Expression]:
    match tree:
        case (
            LeafOutput(column=column)
            | GlobalIdOutput(column=column)
            | ConvertedOutput(column=column)
        ):
            yield column
        case ObjectOutput(fields=fields, present=present):
            yield from present
            for _, child in fields:
                yield from output_columns(child)
        case CoalesceOutput(choices=choices):
            for key, child in choices:
                yield key
                yield from output_columns(child)
        case StepOutput(key=key) if key is not None:
            yield key
        case ConcatOutput(lists=lists):
            for child in lists:
                yield from output_columns(child)
