"""Shared outcomes, divided among the regions of their contributors.

EQUAL: each contributor has the same part, counted in their region; those whose region is unknown or
hidden are left out of the division. LEADER: the whole is the leading studio's. Parts are exact
fractions, so they add up to the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    and_,
    func,
    literal_column,
    null,
    select,
    true,
    union,
    union_all,
)

from engine.aggregates.group_query import measure_columns
from engine.aggregates.groups import MEASURE_PARTS
from engine.sql.arguments import ConnectionArguments
from engine.sql.path import PathJoins
from engine.sql.predicate import ViewerContext, list_predicate
from kit.values.quantity import Qualifier
from models.outcome import OutcomeKind
from models.row import FactStatus
from resolvers.core.context import Context
from resolvers.outcome import CONTRIBUTION, OUTCOME
from resolvers.rollup.cell_amounts import CellAmount, MeasureCells
from resolvers.rollup.exact import (
    KeyLabels,
    MeasureColumn,
    RegionTree,
    key_columns,
    read_limited,
    store_labels,
)
from resolvers.rollup.request import MEASURE_DEFINITIONS, Apportion, RollupArguments, RollupMeasure

PATENT_KINDS = (OutcomeKind.INVENTION_PATENT, OutcomeKind.UTILITY_MODEL)
MIXED_UNITS = "mixed units"  # not one of `UNITS`: a sum over several units has no meaning


@dataclass(frozen=True)
class ApportionedMeasure:
    """A divided measure; `prefix` names the quantity that is summed, None for a count."""

    prefix: str | None

    def about(self, rows: FromClause) -> ColumnElement[bool]:
        match self.prefix:
            case "quantity":
                return rows.c.outcome_kind.in_(PATENT_KINDS)
            case "value":
                condition: ColumnElement[bool] = rows.c.status == FactStatus.VERIFIED
                return condition
        return true()


APPORTIONED_MEASURES = {
    RollupMeasure.OUTCOMES: ApportionedMeasure(None),
    RollupMeasure.PATENTS: ApportionedMeasure("quantity"),
    RollupMeasure.VERIFIED_VALUE: ApportionedMeasure("value"),
}


def contributor_regions(asker: ViewerContext) -> FromClause:
    """Select (outcome, region) of each contributor, the leading studio included."""
    led, parts = OUTCOME.rows(asker), CONTRIBUTION.rows(asker)
    walk = PathJoins(CONTRIBUTION, parts, asker)
    regions = [rows.c.region_id for _, rows in walk.to(("contributor",))]
    leading = select(
        led.c.id.label("outcome"),
        null().label("worker"),
        null().label("organisation"),
        led.c.studio_id.label("studio"),
        led.c.region_id.label("region"),
    )
    others = walk.joined(
        select(
            parts.c.outcome_id,
            parts.c.worker_id,
            parts.c.organisation_id,
            parts.c.studio_id,
            func.coalesce(*regions),
        ).select_from(parts)
    ).where(list_predicate(CONTRIBUTION, parts, ConnectionArguments(), asker))
    # The union removes duplicates: a contributor who is named twice has one part.
    return union(leading, others).subquery()


def equal_shares(asker: ViewerContext) -> FromClause:
    """Select (outcome, region, number of parts)."""
    all_ = contributor_regions(asker)
    among = func.count().over(partition_by=all_.c.outcome).label("among")
    shares = select(all_.c.outcome, all_.c.region, among).where(all_.c.region.is_not(None))
    return shares.subquery()


def leader_shares(asker: ViewerContext) -> FromClause:
    led = OUTCOME.rows(asker)
    among: ColumnElement[int] = literal_column("1", Integer()).label("among")
    return select(led.c.id.label("outcome"), led.c.region_id.label("region"), among).subquery()


async def load_apportioned_column(
    context: Context,
    tree: RegionTree,
    arguments: RollupArguments,
    measure: RollupMeasure,
    labels: KeyLabels,
) -> MeasureColumn:
    own: dict[str, MeasureCells] = {}
    for node, among, number, *rest in await read_apportioned_sums(
        context, tree, arguments, measure
    ):
        codes, amount = parse_amount(measure, number, rest, labels)
        amount.number /= among
        own.setdefault(node, MeasureCells()).add(codes, amount)
    wholes: dict[tuple[str, bool], MeasureCells] = {}
    for node, alone, number, *rest in await read_unapportioned_sums(
        context, tree, arguments, measure
    ):
        codes, amount = parse_amount(measure, number, rest, labels)
        wholes.setdefault((node, bool(alone)), MeasureCells()).add(codes, amount)
    return MeasureColumn(own, wholes)


def parse_amount(
    measure: RollupMeasure, number: int, rest: Sequence[Any], labels: KeyLabels
) -> tuple[Any, CellAmount]:
    if APPORTIONED_MEASURES[measure].prefix is None:
        return store_labels(rest, labels), CellAmount(Fraction(number))
    (value, unit, *flags), keys = rest[: len(MEASURE_PARTS)], rest[len(MEASURE_PARTS) :]
    if value is None:
        return store_labels(keys, labels), CellAmount()
    words = {qualifier for qualifier, flag in zip(Qualifier, flags, strict=False) if flag}
    return store_labels(keys, labels), CellAmount(Fraction(value), {unit or MIXED_UNITS}, words)


async def read_apportioned_sums(
    context: Context, tree: RegionTree, arguments: RollupArguments, measure: RollupMeasure
) -> Sequence[Any]:
    """Return (node, number of parts, count, measures, keys)."""
    placed = tree.placed(context.reader.write.dialect)
    equal = arguments.apportion is Apportion.EQUAL
    shares = equal_shares(context.asker) if equal else leader_shares(context.asker)
    spread = (
        select(placed.c.node, shares.c.outcome, shares.c.among)
        .join_from(shares, placed, placed.c.region_id == shares.c.region)
        .subquery()
    )
    return await read_outcome_sums(context, arguments, measure, spread, spread.c.among)


async def read_unapportioned_sums(
    context: Context, tree: RegionTree, arguments: RollupArguments, measure: RollupMeasure
) -> Sequence[Any]:
    """Return (node, whether of it alone, count, measures, keys), each outcome once in each row."""
    shares, dialect = equal_shares(context.asker), context.reader.write.dialect
    arms = []
    for alone, near in (("0", tree.above(dialect)), ("1", tree.placed(dialect))):
        is_alone: ColumnElement[int] = literal_column(alone, Integer()).label("alone")
        pairs = select(near.c.node, shares.c.outcome, is_alone)
        pairs = pairs.join_from(shares, near, near.c.region_id == shares.c.region)
        arms.append(pairs.distinct())
    spread = union_all(*arms).subquery()
    return await read_outcome_sums(context, arguments, measure, spread, spread.c.alone)


async def read_outcome_sums(
    context: Context,
    arguments: RollupArguments,
    measure: RollupMeasure,
    spread: FromClause,
    apart: ColumnElement[Any],
) -> Sequence[Any]:
    side, shared = MEASURE_DEFINITIONS[measure], APPORTIONED_MEASURES[measure]
    rows = OUTCOME.rows(context.asker)
    walk = PathJoins(OUTCOME, rows, context.asker)
    keys, labels = key_columns(walk, rows, side, arguments.by)
    numbers = measure_columns(rows, shared.prefix, extremes=False) if shared.prefix else []
    statement = select(
        spread.c.node,
        apart,
        func.count().label("number"),
        *(part.label(f"sum{n}") for n, part in enumerate(numbers)),
        *labels,
    ).select_from(rows)
    statement = walk.joined(statement).join(spread, spread.c.outcome == rows.c.id)
    condition = and_(
        list_predicate(OUTCOME, rows, ConnectionArguments(), context.asker), shared.about(rows)
    )
    return await read_limited(
        context, statement.where(condition).group_by(spread.c.node, apart, *keys)
    )
