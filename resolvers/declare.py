"""The words in which this registry's kinds are declared."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Integer, select

from engine.kind import Dimension, Filter, Graph, Kind, Lineage, Spell, Spells
from engine.link import OneOf
from engine.way import Through
from kit.rows import rows_of
from models import SUMMARIES, Region, RegionAncestor
from models.history import stored
from models.row import Fact, FactStatus, Row
from resolvers.access import owned, visible
from resolvers.group_key import group_key

REGISTRY = Graph(group_key)

CURRENT = Spell(default=Spells.CURRENT)
ALL = Spell(default=Spells.ALL)
RECORDED = {"RECORDED_AT": "recorded_at"}
LINEAGE = Lineage(stored(RegionAncestor), below="region_id", above="ancestor_id")


def declare(
    model: type[Row], orders: Mapping[str, str], filters: Iterable[str], **more: Any
) -> Kind:
    """A kind whose filter compares the columns named; numbers get bounds as well."""
    compared = {name: rule for column in filters for name, rule in comparisons(model, column)}
    compared |= more.pop("rules", {})
    more["summary"] = SUMMARIES.get(model)
    more["reserved"] = {"note": owned}  # a curator's, who may write of whom they don't show
    return Kind(REGISTRY, model, visible(model), {**orders, **RECORDED}, compared, **more)


def thing(
    model: type[Row], *filters: str, orders: Mapping[str, str] | None = None, **more: Any
) -> Kind:
    """Sorted by name unless asked otherwise."""
    named = {"NAME": "name_key", "CODE": "code", **(orders or {})}
    return declare(model, named, ("code", "name", *filters), **more)


def fact(
    model: type[Row], *filters: str, orders: Mapping[str, str] | None = None, **more: Any
) -> Kind:
    """Sorted by the first of `orders`; with none, as recorded."""
    withdrawn = ("status", FactStatus.RETRACTED)
    return declare(model, orders or {}, ("status", *filters), withdrawn=withdrawn, **more)


def part(model: type[Row], *filters: str, orders: Mapping[str, str], **more: Any) -> Kind:
    return declare(model, orders, filters, **more)


def comparisons(model: type[Row], column: str) -> Iterable[tuple[str, Filter]]:
    yield column, Filter(column, lambda rows, value: rows.c[column] == value)
    if isinstance(stored(model).c[column].type, Integer) and column != "frontline":
        yield f"{column}_from", Filter(column, lambda rows, value: rows.c[column] >= value)
        yield f"{column}_to", Filter(column, lambda rows, value: rows.c[column] <= value)


def by(*path: str, column: str | None = None, digits: int | None = None) -> Dimension:
    return Dimension(path, column, digits)


def places(*path: str) -> dict[str, Dimension]:
    """The divisions in which the region at the end of the path lies, and that region itself."""
    found = {level.upper(): Dimension((*path, level)) for level in ("province", "city", "district")}
    return {**found, "REGION": Dimension(path, lineage=LINEAGE)}


def lying_in(column: str = "region_id") -> Through:
    """A region's lists cover its whole subtree."""
    return Through(stored(RegionAncestor), near="ancestor_id", far="region_id", by=column)


def subtree(code: str) -> Any:
    """The ids of the region of that code and of all that lies in it."""
    region, tree = rows_of(stored(Region)), rows_of(stored(RegionAncestor))
    inside = select(tree.c.region_id).join(region, region.c.id == tree.c.ancestor_id)
    return inside.where(region.c.code == code)


def leads_to_facts(link: OneOf) -> bool:
    return all(issubclass(model, Fact) for model in link.by)
