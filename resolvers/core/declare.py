"""Functions and joins that declare the kinds of this registry."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    literal_column,
    select,
    union_all,
)

from engine.catalog.join import AssociationJoin, ForeignKeyJoin, JoinClauses
from engine.catalog.kind import (
    ClosureTable,
    DerivationBasis,
    DerivedColumn,
    Dimension,
    FilterField,
    Graph,
    Kind,
    SpellColumns,
    Spells,
)
from engine.catalog.link import ToOneUnion
from kit.db.key_prefix import has_prefix
from kit.db.table_aliases import alias_of
from models import (
    EXTRA_SUMMARIES,
    EXTRA_UNRESTRICTED_SUMMARIES,
    HISTORY_TABLES,
    SUMMARY_BY_MODEL,
    UNRESTRICTED_SUMMARIES,
)
from models.demonstration import DEMONSTRATION_PREFIX
from models.history import model_table
from models.region import Region, RegionAncestor
from models.row import Fact, FactStatus, Row
from resolvers.core.access import basis_of, owned_by_viewer, visible
from resolvers.core.derived_values import FactPairs
from resolvers.core.group_key import group_key

REGISTRY = Graph(group_key, basis_of)

MAX_CHANGE_NUMBER = 2**63 - 1  # more than the number of any change
CURRENT_SPELLS = SpellColumns(default=Spells.CURRENT)
ALL_SPELLS = SpellColumns(default=Spells.ALL)
RECORDED_ORDER = {"RECORDED_AT": "recorded_at"}
REGION_CLOSURE = ClosureTable(model_table(RegionAncestor), below="region_id", above="ancestor_id")


DEMONSTRATION_FILTER = FilterField(
    "id",
    lambda rows, value: has_prefix(rows.c.id, DEMONSTRATION_PREFIX) == value,
    "True: only records invented for demonstration. False: only real records. 是否为演示数据",
    asks=True,
)


def declare_kind(
    model: type[Row], orders: Mapping[str, str], filters: Iterable[str], **attributes: Any
) -> Kind:
    """Return a kind whose filter compares the columns named; numbers get bounds as well.

    `follows` maps derived columns to their expression for a viewer, `equals` to a comparison
    without that expression (see `DerivedColumn`).
    """
    compared = {
        name: rule for column in filters for name, rule in comparison_filters(model, column)
    }
    compared |= {"demonstration": DEMONSTRATION_FILTER} | attributes.pop("rules", {})
    attributes["summary"], attributes["whole_summary"] = (
        SUMMARY_BY_MODEL.get(model),
        UNRESTRICTED_SUMMARIES.get(model),
    )
    attributes["further_summaries"] = EXTRA_SUMMARIES.get(model, [])
    attributes["further_whole_summaries"] = EXTRA_UNRESTRICTED_SUMMARIES.get(model, [])
    equals = attributes.pop("equals", {})
    attributes["derived"] = {
        column: DerivedColumn(model.from_all[column], follows, equals.get(column))
        for column, follows in attributes.pop("follows", {}).items()
    }
    attributes["reserved"] = {
        "note": owned_by_viewer
    }  # a curator's note may mention people whom the record doesn't show
    return Kind(
        REGISTRY, model, visible(model), {**orders, **RECORDED_ORDER}, compared, **attributes
    )


def declare_thing(
    model: type[Row], *filters: str, orders: Mapping[str, str] | None = None, **attributes: Any
) -> Kind:
    """Return a kind of things, sorted by name by default."""
    named = {"NAME": "name_key", "CODE": "code", **(orders or {})}
    attributes["renamed"] = former_code_query(model)
    return declare_kind(model, named, ("code", "name", *filters), **attributes)


def former_code_query(model: type[Row]) -> Callable[[Any, Any], Select[Any]]:
    """Return a query of the current code by a former one: the first entered, or the last lost.

    Versions that the viewer can't see are ignored.
    """
    is_visible = visible(model)

    def now(asker: Any, code: Any) -> Select[Any]:
        first, live, twin = (
            alias_of(table)
            for table in (model_table(model), model_table(model), HISTORY_TABLES[model])
        )
        entered = select(
            first.c.code.label("code"), literal_column(str(MAX_CHANGE_NUMBER)).label("lost")
        )
        entered = entered.where(first.c.id == code, is_visible(asker.viewer, first))
        later = select(live.c.code, twin.c.replaced_by).join_from(
            twin, live, live.c.id == twin.c.id
        )
        later = later.where(
            twin.c.code == code, is_visible(asker.viewer, twin), is_visible(asker.viewer, live)
        )
        every = union_all(entered, later).subquery()
        return select(every.c.code).order_by(every.c.lost.desc()).limit(literal_column("1"))

    return now


def declare_fact(
    model: type[Row], *filters: str, orders: Mapping[str, str] | None = None, **attributes: Any
) -> Kind:
    """Return a kind of facts, sorted by the first of `orders`, else as recorded."""
    withdrawn = ("status", FactStatus.RETRACTED)
    return declare_kind(
        model, orders or {}, ("status", *filters), withdrawn=withdrawn, **attributes
    )


def declare_part(
    model: type[Row], *filters: str, orders: Mapping[str, str], **attributes: Any
) -> Kind:
    return declare_kind(model, orders, filters, **attributes)


def comparison_filters(model: type[Row], column: str) -> Iterable[tuple[str, FilterField]]:
    of_key = column == "code"
    yield column, FilterField(column, lambda rows, value: rows.c[column] == value, is_key=of_key)
    if isinstance(model_table(model).c[column].type, Integer) and column != "frontline":
        yield f"{column}_from", FilterField(column, lambda rows, value: rows.c[column] >= value)
        yield f"{column}_to", FilterField(column, lambda rows, value: rows.c[column] <= value)


def date_filter(column: str) -> FilterField:
    """Return a filter by the beginning of a date: a year matches its months and days too."""
    return FilterField(
        column,
        lambda rows, date: rows.c[column].startswith(date),
        "A year, a month or a day. It matches all dates within it. 日期，含其内各日",
    )


def dimension(
    *path: str, column: str | None = None, digits: int | None = None, labelled: bool = False
) -> Dimension:
    return Dimension(path, column, digits, labelled=labelled)


def region_dimensions(*path: str) -> dict[str, Dimension]:
    """Return the divisions of the region at the end of the path, and its current region."""
    divisions = {
        level.upper(): Dimension((*path, level)) for level in ("province", "city", "district")
    }
    return {**divisions, "REGION": Dimension((*path, "current"), closure=REGION_CLOSURE)}


@dataclass(frozen=True, eq=False)
class RecipientRegionJoin(AssociationJoin):
    """A join of a region to facts by the region of the recipient, if the viewer sees the recipient.

    `narrowed` is the stored region of the fact. It follows from the rest, and its index is used.
    """

    narrowed: str = ""

    def join_source(self, target: FromClause, asker: Any) -> tuple[ColumnElement[Any], JoinClauses]:
        source, [(pairs, on)] = super().join_source(target, asker)
        if basis_of(asker.viewer) is not DerivationBasis.VISIBLE:
            return source, [(pairs, on)]
        return source, [(pairs, and_(on, pairs.c[self.far] == target.c[self.narrowed]))]


@dataclass(frozen=True, eq=False)
class FactPairsJoin:
    """A join by facts that name source and target, as far as the viewer sees them."""

    pairs: Callable[[Any], FactPairs]

    def join_source(self, target: FromClause, asker: Any) -> tuple[ColumnElement[Any], JoinClauses]:
        facts, source, reached, holds = self.pairs(asker)
        return source, [(facts, and_(reached == target.c.id, holds))]


@dataclass(frozen=True, eq=False)
class DerivedForeignKeyJoin(ForeignKeyJoin):
    """A join by a derived column of the target, or by facts where its value isn't stored."""

    pairs: Callable[[Any], FactPairs]

    def join_source(self, target: FromClause, asker: Any) -> tuple[ColumnElement[Any], JoinClauses]:
        if basis_of(asker.viewer) is not DerivationBasis.VISIBLE:
            return super().join_source(target, asker)
        return FactPairsJoin(self.pairs).join_source(target, asker)


def fact_subtree_join() -> RecipientRegionJoin:
    """Return the join of a region to facts whose recipient is in its subtree."""
    pairs = model_table(RegionAncestor)
    return RecipientRegionJoin(
        pairs, source_column="ancestor_id", far="region_id", by="region_id", narrowed="lies_in_id"
    )


def subtree_join(column: str = "region_id") -> AssociationJoin:
    """Return the join of a region to the records in its subtree."""
    return AssociationJoin(
        model_table(RegionAncestor), source_column="ancestor_id", far="region_id", by=column
    )


def subtree_ids(code: str) -> Any:
    """Return the ids of the region with this code and of all regions in it."""
    region, tree = alias_of(model_table(Region)), alias_of(model_table(RegionAncestor))
    inside = select(tree.c.region_id).join(region, region.c.id == tree.c.ancestor_id)
    return inside.where(region.c.code == code)


def is_fact_link(link: ToOneUnion) -> bool:
    return all(issubclass(model, Fact) for model in link.by)
