"""Steps of search: pages and counts of hits in records of several kinds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, TableClause, bindparam, select

from engine.catalog.kind import Kind
from engine.plan.execution import PlanExecution
from engine.plan.field_arguments import FieldArguments
from engine.plan.field_plans import FieldPlan
from engine.plan.layer_plan import LayerPlan, Step, StepGenerator
from engine.plan.layer_queries import LayerQueryBuilder
from engine.plan.steps.page import PageStep
from engine.queries import QueryBuilder
from engine.sql.compiled import CompiledStatement
from engine.sql.parameters import KEYS, BoundShape
from engine.sql.predicate import ViewerContext
from kit.db.column_types import Text
from kit.db.engine import KeyParameter
from kit.db.expressions import Expression, ResultRow, SelectStatement
from kit.db.table_aliases import allocating_aliases
from kit.relay.cursor import encode_cursor


@dataclass(frozen=True, eq=False)
class SearchSource:
    """`rows` are the hits as they are read; `keys` names the column with the key of each kind.

    `page` and `count` write the statements of a shape, whose values are bound under a prefix.
    A page has the columns of `rows` in its order, and as many as `{prefix}_limit`; a count has the
    values that the fields of `counted` show, in that order. A cursor is the values of `sorting`.
    """

    name: str
    rows: TableClause
    sorting: Sequence[str]
    keys: Mapping[Kind, str]
    counted: Sequence[str]
    page: Callable[[QueryBuilder, Any, str], SelectStatement]
    order: Callable[[TableClause, Any], Sequence[Expression]]
    count: Callable[[QueryBuilder, Any, str], SelectStatement]
    shaped: Callable[[Any, str], BoundShape]  # a question, and the prefix of its values

    def found(self, write: QueryBuilder, shape: Any, prefix: str) -> SelectStatement:
        """As yet without columns, in order."""
        page = hits_of_page(self, write.asker, write.dialect, shape, prefix)
        return select().select_from(self.rows).add_cte(page).order_by(*self.order(self.rows, shape))


@lru_cache(maxsize=64)
def hits_of_page(
    source: SearchSource, asker: ViewerContext, dialect: str, shape: Any, prefix: str
) -> CTE:
    """Return the hits, whatever is selected of them. Its aliases are in no other statement."""
    with allocating_aliases(None):
        return source.page(QueryBuilder(asker, dialect), shape, prefix).cte(source.rows.name)


@dataclass(frozen=True, eq=False)
class SearchField(FieldPlan):
    """`asked` reads the arguments to a question of the finding's; it raises errors for clients."""

    finding: SearchSource
    asked: Callable[..., Any]


@dataclass(frozen=True, eq=False)
class SearchCountField(FieldPlan):
    """A value that the count has besides the total."""

    name: str


class SearchPageStep(PageStep):
    """Fetches a page of a search; the layer above has one row without a record."""

    word = "hits"

    def __init__(
        self,
        drafts: LayerQueryBuilder,
        level: LayerPlan,
        finding: SearchSource,
        arguments: FieldArguments,
    ) -> None:
        Step.__init__(self, drafts, None, single=True)
        self.level, self.finding, self.place = level, finding, arguments
        self.parts: list[tuple[str, Any]] = []

    def build(self, shape: Any, keys: KeyParameter) -> SelectStatement:
        rows = self.finding.rows
        source: Expression = bindparam(KEYS, type_=Text())
        far = [rows.c[name] for name in self.finding.sorting]
        statement = self.finding.found(self.queries, shape, self.place.prefix)
        return statement.add_columns(source.label("source"), *self.level.columns, *far)

    def cursor(self, statement: CompiledStatement, shape: Any) -> Callable[[ResultRow], str]:
        width, name = len(self.finding.sorting), self.finding.name
        return lambda row: encode_cursor(name, row[-width:])


class SearchCountStep(Step):
    """Counts the hits of a search, and fetches what is counted with them."""

    word = "count of hits"

    def __init__(
        self, drafts: LayerQueryBuilder, finding: SearchSource, arguments: FieldArguments
    ) -> None:
        super().__init__(drafts, None, single=True)
        self.finding, self.place = finding, arguments

    @property
    def origin(self) -> Hashable:
        return self.finding, self.place.prefix

    def build(self, shape: Any, keys: KeyParameter) -> SelectStatement:
        source: Expression = bindparam(KEYS, type_=Text())
        counted = self.finding.count(self.queries, shape, self.place.prefix)
        return counted.with_only_columns(source.label("source"), *counted.selected_columns)

    def find(self, keys: list[str], run: PlanExecution) -> StepGenerator:
        bound: BoundShape = run.bound[self.place.number]
        statement, parameters = self.ask(keys, run, bound.shape, bound.values)
        rows = [statement.read(row) for row in (yield statement, parameters)]
        return [{source: tuple(counts) for source, *counts in rows}, None]

    def shape(self, run: PlanExecution) -> object:
        return run.bound[self.place.number].shape
