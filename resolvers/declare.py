"""The words in which this registry's kinds are declared."""

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

from engine.kind import Basis, Derived, Dimension, Filter, Graph, Kind, Lineage, Spell, Spells
from engine.link import OneOf
from engine.way import HeldBy, Joins, Through
from kit.prefix import begins
from kit.rows import rows_of
from models import (
    FURTHER_SUMMARIES,
    FURTHER_WHOLE_SUMMARIES,
    SUMMARIES,
    TWINS,
    WHOLE_SUMMARIES,
    Region,
    RegionAncestor,
)
from models.demonstration import PREFIX
from models.history import stored
from models.row import Fact, FactStatus, Row
from resolvers.access import basis, owned, visible
from resolvers.following import Pairs
from resolvers.group_key import group_key

REGISTRY = Graph(group_key, basis)

LAST = 2**63 - 1  # no change has a larger number
CURRENT = Spell(default=Spells.CURRENT)
ALL = Spell(default=Spells.ALL)
RECORDED = {"RECORDED_AT": "recorded_at"}
LINEAGE = Lineage(stored(RegionAncestor), below="region_id", above="ancestor_id")


INVENTED = Filter(
    "id",
    lambda rows, value: begins(rows.c.id, PREFIX) == value,
    "Whether it was invented for demonstration. 是否为演示数据",
    asks=True,
)


def declare(
    model: type[Row], orders: Mapping[str, str], filters: Iterable[str], **more: Any
) -> Kind:
    """A kind whose filter compares the columns named; numbers get bounds as well.

    `follows` says of derived columns how they follow from what an asker sees, `equals` how they are
    compared without that (see `Derived`).
    """
    compared = {name: rule for column in filters for name, rule in comparisons(model, column)}
    compared |= {"demonstration": INVENTED} | more.pop("rules", {})
    more["summary"], more["whole_summary"] = SUMMARIES.get(model), WHOLE_SUMMARIES.get(model)
    more["further_summaries"] = FURTHER_SUMMARIES.get(model, [])
    more["further_whole_summaries"] = FURTHER_WHOLE_SUMMARIES.get(model, [])
    equals = more.pop("equals", {})
    more["derived"] = {
        column: Derived(model.from_all[column], follows, equals.get(column))
        for column, follows in more.pop("follows", {}).items()
    }
    more["reserved"] = {"note": owned}  # a curator's, who may write of whom they don't show
    return Kind(REGISTRY, model, visible(model), {**orders, **RECORDED}, compared, **more)


def thing(
    model: type[Row], *filters: str, orders: Mapping[str, str] | None = None, **more: Any
) -> Kind:
    """Sorted by name unless asked otherwise."""
    named = {"NAME": "name_key", "CODE": "code", **(orders or {})}
    more["renamed"] = renamed(model)
    return declare(model, named, ("code", "name", *filters), **more)


def renamed(model: type[Row]) -> Callable[[Any, Any], Select[Any]]:
    """By the code under which it was first entered, or the one that it lost last.

    Who may not see a version of a record isn't told what its code was then.
    """
    seen = visible(model)

    def now(asker: Any, code: Any) -> Select[Any]:
        first, live, twin = (
            rows_of(table) for table in (stored(model), stored(model), TWINS[model])
        )
        entered = select(first.c.code.label("code"), literal_column(str(LAST)).label("lost"))
        entered = entered.where(first.c.id == code, seen(asker.viewer, first))
        later = select(live.c.code, twin.c.replaced_by).join_from(
            twin, live, live.c.id == twin.c.id
        )
        later = later.where(twin.c.code == code, seen(asker.viewer, twin), seen(asker.viewer, live))
        every = union_all(entered, later).subquery()
        return select(every.c.code).order_by(every.c.lost.desc()).limit(literal_column("1"))

    return now


def fact(
    model: type[Row], *filters: str, orders: Mapping[str, str] | None = None, **more: Any
) -> Kind:
    """Sorted by the first of `orders`; with none, as recorded."""
    withdrawn = ("status", FactStatus.RETRACTED)
    return declare(model, orders or {}, ("status", *filters), withdrawn=withdrawn, **more)


def part(model: type[Row], *filters: str, orders: Mapping[str, str], **more: Any) -> Kind:
    return declare(model, orders, filters, **more)


def comparisons(model: type[Row], column: str) -> Iterable[tuple[str, Filter]]:
    of_key = column == "code"
    yield column, Filter(column, lambda rows, value: rows.c[column] == value, of_key=of_key)
    if isinstance(stored(model).c[column].type, Integer) and column != "frontline":
        yield f"{column}_from", Filter(column, lambda rows, value: rows.c[column] >= value)
        yield f"{column}_to", Filter(column, lambda rows, value: rows.c[column] <= value)


def within(column: str) -> Filter:
    """By a date as precisely as it is known: a year finds its months and days too."""
    return Filter(
        column,
        lambda rows, date: rows.c[column].startswith(date),
        "A year, a month or a day: what is dated within it. 日期，含其内各日",
    )


def by(
    *path: str, column: str | None = None, digits: int | None = None, labelled: bool = False
) -> Dimension:
    return Dimension(path, column, digits, labelled=labelled)


def places(*path: str) -> dict[str, Dimension]:
    """The divisions in which the region at the end of the path lies, and what it is today."""
    found = {level.upper(): Dimension((*path, level)) for level in ("province", "city", "district")}
    return {**found, "REGION": Dimension((*path, "current"), lineage=LINEAGE)}


@dataclass(frozen=True, eq=False)
class LyingIn(Through):
    """To each asker, what it is told to lie there: a fact whose recipient it sees.

    Where they lie, `narrowed` holds as well, and an index knows that.
    """

    narrowed: str = ""

    def reach(self, target: FromClause, asker: Any) -> tuple[ColumnElement[Any], Joins]:
        source, [(pairs, on)] = super().reach(target, asker)
        if basis(asker.viewer) is not Basis.SEEN:
            return source, [(pairs, on)]
        return source, [(pairs, and_(on, pairs.c[self.far] == target.c[self.narrowed]))]


@dataclass(frozen=True, eq=False)
class ByFacts:
    """By facts that name the source and the target, as far as the asker sees them."""

    pairs: Callable[[Any], Pairs]

    def reach(self, target: FromClause, asker: Any) -> tuple[ColumnElement[Any], Joins]:
        facts, source, reached, holds = self.pairs(asker)
        return source, [(facts, and_(reached == target.c.id, holds))]


@dataclass(frozen=True, eq=False)
class FoldedInto(HeldBy):
    """The target holds the source's id, as a derived column; where it isn't stored, facts tell."""

    pairs: Callable[[Any], Pairs]

    def reach(self, target: FromClause, asker: Any) -> tuple[ColumnElement[Any], Joins]:
        if basis(asker.viewer) is not Basis.SEEN:
            return super().reach(target, asker)
        return ByFacts(self.pairs).reach(target, asker)


def region_of_facts() -> LyingIn:
    """A region's list of facts that lie where their recipient does."""
    pairs = stored(RegionAncestor)
    return LyingIn(
        pairs, near="ancestor_id", far="region_id", by="region_id", narrowed="lies_in_id"
    )


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
