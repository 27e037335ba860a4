"""Outcomes that several brought about, divided among the regions of those who did.

EQUAL: each of those who have a part in it has the same part, in the region where they lie; whose
region isn't known, or may not be seen, takes no part in the division. LEADER: all of it is the
leading studio's. Parts are exact fractions: they add up to the whole.
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

from engine.arranged import sums
from engine.groups import PARTS
from engine.page import Asked
from engine.predicate import Asker, about
from engine.walk import Walk
from kit.quantity import Qualifier
from models.outcome import OutcomeKind
from models.row import FactStatus
from resolvers.context import Context
from resolvers.outcome import CONTRIBUTION, OUTCOME
from resolvers.rollup import SIDES, Apportion, Question, RollupMeasure
from resolvers.tree_table import Amount, Cells, Column, Labels, Tree, keys_of, labelled, limited

PATENTS = (OutcomeKind.INVENTION_PATENT, OutcomeKind.UTILITY_MODEL)
MIXED = "mixed units"  # no unit of ours: what is summed over several has no meaning


@dataclass(frozen=True)
class Shared:
    """What is summed, if it isn't the records themselves, and of which."""

    prefix: str | None

    def about(self, rows: FromClause) -> ColumnElement[bool]:
        match self.prefix:
            case "quantity":
                return rows.c.outcome_kind.in_(PATENTS)
            case "value":
                wanted: ColumnElement[bool] = rows.c.status == FactStatus.VERIFIED
                return wanted
        return true()


SHARED = {
    RollupMeasure.OUTCOMES: Shared(None),
    RollupMeasure.PATENTS: Shared("quantity"),
    RollupMeasure.VERIFIED_VALUE: Shared("value"),
}


def owners(asker: Asker) -> FromClause:
    """(outcome, region) for each who has a part in an outcome, the leading studio among them."""
    led, parts = OUTCOME.rows(asker), CONTRIBUTION.rows(asker)
    walk = Walk(CONTRIBUTION, parts, asker)
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
    ).where(about(CONTRIBUTION, parts, Asked(), asker))
    # One that is named twice is one: a union leaves out what is there already.
    return union(leading, others).subquery()


def equally(asker: Asker) -> FromClause:
    """(outcome, region, among how many it is divided)."""
    all_ = owners(asker)
    among = func.count().over(partition_by=all_.c.outcome).label("among")
    found = select(all_.c.outcome, all_.c.region, among).where(all_.c.region.is_not(None))
    return found.subquery()


def to_leader(asker: Asker) -> FromClause:
    led = OUTCOME.rows(asker)
    one: ColumnElement[int] = literal_column("1", Integer()).label("among")
    return select(led.c.id.label("outcome"), led.c.region_id.label("region"), one).subquery()


async def shared_column(
    context: Context, tree: Tree, asked: Question, measure: RollupMeasure, labels: Labels
) -> Column:
    own: dict[str, Cells] = {}
    for node, among, number, *rest in await parts_of(context, tree, asked, measure):
        codes, amount = read(measure, number, rest, labels)
        amount.number /= among
        own.setdefault(node, Cells()).add(codes, amount)
    whole: dict[tuple[str, bool], Cells] = {}
    for node, alone, number, *rest in await wholes_of(context, tree, asked, measure):
        codes, amount = read(measure, number, rest, labels)
        whole.setdefault((node, bool(alone)), Cells()).add(codes, amount)
    return Column(own, whole)


def read(
    measure: RollupMeasure, number: int, rest: Sequence[Any], labels: Labels
) -> tuple[Any, Amount]:
    if SHARED[measure].prefix is None:
        return labelled(rest, labels), Amount(Fraction(number))
    (value, unit, *told), keys = rest[: len(PARTS)], rest[len(PARTS) :]
    if value is None:
        return labelled(keys, labels), Amount()
    words = {word for word, there in zip(Qualifier, told, strict=False) if there}
    return labelled(keys, labels), Amount(Fraction(value), {unit or MIXED}, words)


async def parts_of(
    context: Context, tree: Tree, asked: Question, measure: RollupMeasure
) -> Sequence[Any]:
    """(node, among how many, how many parts, measures, keys)."""
    placed = tree.placed(context.reader.write.dialect)
    equal = asked.apportion is Apportion.EQUAL
    shares = equally(context.asker) if equal else to_leader(context.asker)
    spread = (
        select(placed.c.node, shares.c.outcome, shares.c.among)
        .join_from(shares, placed, placed.c.region_id == shares.c.region)
        .subquery()
    )
    return await summed(context, asked, measure, spread, spread.c.among)


async def wholes_of(
    context: Context, tree: Tree, asked: Question, measure: RollupMeasure
) -> Sequence[Any]:
    """(node, whether of it alone, how many, measures, keys): each outcome once in each row."""
    shares, dialect = equally(context.asker), context.reader.write.dialect
    arms = []
    for alone, near in (("0", tree.above(dialect)), ("1", tree.placed(dialect))):
        there: ColumnElement[int] = literal_column(alone, Integer()).label("alone")
        pairs = select(near.c.node, shares.c.outcome, there)
        pairs = pairs.join_from(shares, near, near.c.region_id == shares.c.region)
        arms.append(pairs.distinct())
    spread = union_all(*arms).subquery()
    return await summed(context, asked, measure, spread, spread.c.alone)


async def summed(
    context: Context,
    asked: Question,
    measure: RollupMeasure,
    spread: FromClause,
    apart: ColumnElement[Any],
) -> Sequence[Any]:
    side, shared = SIDES[measure], SHARED[measure]
    rows = OUTCOME.rows(context.asker)
    walk = Walk(OUTCOME, rows, context.asker)
    keys, labels = keys_of(walk, rows, side, asked.by)
    numbers = sums(rows, shared.prefix, extremes=False) if shared.prefix else []
    statement = select(
        spread.c.node,
        apart,
        func.count().label("number"),
        *(part.label(f"sum{n}") for n, part in enumerate(numbers)),
        *labels,
    ).select_from(rows)
    statement = walk.joined(statement).join(spread, spread.c.outcome == rows.c.id)
    wanted = and_(about(OUTCOME, rows, Asked(), context.asker), shared.about(rows))
    return await limited(context, statement.where(wanted).group_by(spread.c.node, apart, *keys))
