"""Counting what may not be listed: a fixed cube, rounded, and no filter.

Everything that stands is counted, whoever may see it. Dimensions may be chosen, but conditions may
not: two questions that differ in a condition would place a person. What is rounded is who is
counted, not what the cell is called: the same people are told as the same number under every name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, select

from engine.arranged import group_key
from engine.predicate import Asker
from engine.reader import Reader
from engine.walk import Walk
from kit.quantity import Qualifier, Quantity
from kit.rounding import Mark, rounded
from kit.rows import rows_of
from models import Region, RegionAncestor
from models.history import stored
from models.rollup import RoundingKey
from models.row import FactStatus
from resolvers.access import OPERATOR, Viewer
from resolvers.context import Context
from resolvers.rollup import (
    MOST_CELLS,
    SIDES,
    Cell,
    Line,
    Question,
    RollupDimension,
    RollupMeasure,
    Table,
    Value,
    too_many,
    top,
    unknown,
)

KEYS = stored(RoundingKey)
# Who is counted, by the column that holds their key; somebody may be counted more than once.
PEOPLE = {
    RollupMeasure.WORKERS: "id",
    RollupMeasure.ENROLMENTS: "trainee_id",
    RollupMeasure.QUALIFICATIONS: "worker_id",
    RollupMeasure.MENTORSHIPS: "apprentice_id",
}
COUNTED_FOR_A_ROW = 10  # by the database alone, which is less work than to give a row


@dataclass(frozen=True, slots=True)
class Count:
    """How many, and the sum of the marks of who is counted."""

    number: int = 0
    mark: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.number + other.number, self.mark + other.mark)

    def told(self, measure: RollupMeasure, key: bytes) -> Value:
        number = rounded(self.number, self.mark, key)
        quantity = Quantity(Decimal(number), SIDES[measure].unit, Qualifier.ABOUT)
        return Value(measure, quantity, None, False)


Pairs = tuple[tuple[Any, Any], ...]  # a code and a label for each dimension
Counts = dict[str, dict[Pairs, Count]]  # by region


async def rounded_table(context: Context, asked: Question) -> Table:
    """Raises BadInput or LimitExceeded."""
    # In a session of its own: behind the viewer's wall there would be less to count.
    async with Reader(context.engine, replace(context.asker, wall=None)) as reader:
        try:
            regions = await regions_below(reader, context.asker.viewer, asked.root, asked.depth)
            [(key,)] = await reader.all(select(KEYS.c.key))
            counts = {
                measure: await counted(reader, measure, asked.by, list(regions))
                for measure in asked.measures
            }
        finally:
            context.tally.statements += reader.statements
    found = lines(asked, regions, counts, bytes.fromhex(key))
    context.tally.rows += spent_on(found)
    return Table(False, found)


def spent_on(found: Sequence[Line]) -> int:
    """By what is told, and not by what was counted: that would be told exactly."""
    top, *_ = found
    counted = sum(value.quantity.value for value in top.values if value.quantity)
    told = sum(len(line.values) + sum(len(cell.values) for cell in line.cells) for line in found)
    return told + int(counted) // COUNTED_FOR_A_ROW


async def regions_below(reader: Reader, viewer: Viewer, root: str, depth: int) -> dict[str, int]:
    """The keys of the region of that code and of those in it, from the top, by their codes.

    With how far below it each lies.

    A region that a union isn't responsible for is answered as one that doesn't exist.
    """
    region, tree = rows_of(stored(Region)), rows_of(stored(RegionAncestor))
    found = await reader.all(top(viewer, root))
    if not found:
        raise unknown(root)
    below = (
        select(region.c.id, tree.c.distance)
        .join(tree, tree.c.region_id == region.c.id)
        .where(tree.c.ancestor_id == found[0].id, tree.c.distance <= depth)
        .order_by(tree.c.distance, region.c.code)
    )
    return dict(map(tuple, await reader.all(below)))


async def counted(
    reader: Reader,
    measure: RollupMeasure,
    by: Sequence[RollupDimension],
    regions: Sequence[str],
) -> Counts:
    """Added up where each lies, and only then in all regions above: a row is read once."""
    side, who = SIDES[measure], PEOPLE[measure]
    asker = Asker(OPERATOR, reader.asker.today)
    rows, tree = side.kind.rows(asker), rows_of(stored(RegionAncestor))
    walk = Walk(side.kind, rows, asker)
    [(_, placed)] = walk.to(side.region)
    pairs = [group_key(walk, rows, side.dimensions[name]) for name in by]
    keys = [column.label(f"key{n}") for n, column in enumerate(chain.from_iterable(pairs))]
    mark = func.sum(Mark(select(KEYS.c.key).scalar_subquery(), rows.c[who])).label("mark")
    region = placed.c.region_id.label("region_id")
    here = walk.joined(select(region, func.count().label("number"), mark, *keys).select_from(rows))
    here = here.where(within(region, regions[0]))
    if "status" in rows.c:
        here = here.where(rows.c.status != FactStatus.RETRACTED)
    cells = here.group_by(region, *dict.fromkeys(chain.from_iterable(pairs))).subquery()
    named = [cells.c[column.name] for column in keys]
    sums = [func.sum(one, type_=BigInteger()) for one in (cells.c.number, cells.c.mark)]
    statement = select(tree.c.ancestor_id, *sums, *named).join(
        tree, tree.c.region_id == cells.c.region_id
    )
    statement = statement.where(tree.c.ancestor_id.in_(regions))
    grouped = statement.group_by(tree.c.ancestor_id, *named).limit(MOST_CELLS + 1)
    found = await reader.all(grouped)
    if len(found) > MOST_CELLS:
        raise too_many()
    counts: Counts = {key: {} for key in regions}
    for above, number, marks, *codes in found:
        name = tuple(zip(codes[::2], codes[1::2], strict=True))
        counts[above][name] = Count(int(number), int(marks))
    return counts


def within(region: ColumnElement[Any], root: str) -> ColumnElement[bool]:
    tree = rows_of(stored(RegionAncestor))
    return region.in_(select(tree.c.region_id).where(tree.c.ancestor_id == root))


def lines(
    asked: Question,
    regions: Mapping[str, int],
    counts: Mapping[RollupMeasure, Counts],
    key: bytes,
) -> list[Line]:
    return [
        Line(
            region,
            depth,
            False,
            [
                sum(of[region].values(), Count()).told(measure, key)
                for measure, of in counts.items()
            ],
            [name.value for name in asked.by],
            cells_of(region, counts, key) if asked.by else [],
        )
        for region, depth in regions.items()
    ]


def cells_of(region: str, counts: Mapping[RollupMeasure, Counts], key: bytes) -> list[Cell]:
    """What rounds to nothing is left out: that it is there would tell that somebody is in it."""
    found: dict[Pairs, Cell] = {}
    for measure, of in counts.items():
        for pairs, count in of[region].items():
            value = count.told(measure, key)
            if value.quantity and value.quantity.value:
                found.setdefault(pairs, Cell([*pairs], [])).values.append(value)
    return sorted(found.values(), key=by_key)


def by_key(cell: Cell) -> list[tuple[bool, str]]:
    return [(code is None, str(code)) for code, _ in cell.keys]
