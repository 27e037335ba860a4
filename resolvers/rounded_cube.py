"""Counting what may not be listed: a fixed cube, rounded, and no filter.

Everything that stands is counted, whoever may see it. Dimensions may be chosen, but conditions may
not: two questions that differ in a condition would place a person.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.arranged import group_key
from engine.predicate import Asker
from engine.walk import Walk
from kit.database import reading
from kit.quantity import Qualifier, Quantity
from kit.rounding import rounded
from kit.rows import rows_of
from models import Region, RegionAncestor
from models.history import stored
from models.rollup import RoundingKey
from models.row import FactStatus
from resolvers.access import OPERATOR, Viewer
from resolvers.context import Context
from resolvers.rollup import (
    GRADE,
    INDUSTRY,
    MOST_CELLS,
    SIDES,
    YEAR,
    Cell,
    Line,
    Question,
    RollupDimension,
    RollupMeasure,
    Side,
    Table,
    Value,
    too_many,
    top,
    unknown,
)

CUBE = (YEAR, GRADE, INDUSTRY)  # in the order in which a cell is named


async def rounded_table(context: Context, asked: Question) -> Table:
    """Raises BadInput or LimitExceeded."""
    viewer = context.asker.viewer
    # In a session of its own: behind the viewer's wall there would be less to count.
    async with reading(context.engine) as connection:
        regions = await regions_below(connection, context, viewer, asked.root, asked.depth)
        key = bytes.fromhex(await one(connection, context, select(stored(RoundingKey).c.key)))
        counts = {}
        for measure in asked.measures:
            side, keys = SIDES[measure], list(regions)
            totals = await counted(connection, context, side, [], keys)
            parts = await counted(connection, context, side, asked.by, keys) if asked.by else []
            counts[measure] = (totals, parts)
    return Table(False, lines(asked, regions, counts, key))


async def one(connection: AsyncConnection, context: Context, statement: Select[Any]) -> Any:
    context.tally.statements += 1
    return (await connection.execute(statement)).scalar_one_or_none()


async def regions_below(
    connection: AsyncConnection, context: Context, viewer: Viewer, root: str, depth: int
) -> dict[str, int]:
    """The keys of the region of that code and of those in it, from the top, by their codes.

    With how far below it each lies.

    A region that a union isn't responsible for is answered as one that doesn't exist.
    """
    region, tree = rows_of(stored(Region)), rows_of(stored(RegionAncestor))
    found = await one(connection, context, top(viewer, root))
    if found is None:
        raise unknown(root)
    below = (
        select(region.c.id, tree.c.distance)
        .join(tree, tree.c.region_id == region.c.id)
        .where(tree.c.ancestor_id == found, tree.c.distance <= depth)
        .order_by(tree.c.distance, region.c.code)
    )
    context.tally.statements += 1
    return dict(map(tuple, (await connection.execute(below)).all()))


async def counted(
    connection: AsyncConnection,
    context: Context,
    side: Side,
    by: Sequence[RollupDimension],
    regions: Sequence[str],
) -> Sequence[Any]:
    """(region, how many, then a code and a label for each dimension)."""
    kind = side.kind
    asker = Asker(OPERATOR, context.asker.today)
    rows, tree = kind.rows(asker), rows_of(stored(RegionAncestor))
    walk = Walk(kind, rows, asker)
    [(_, placed)] = walk.to(side.region)
    keys = [column for name in by for column in group_key(walk, rows, side.dimensions[name])]
    columns = [column.label(f"key{n}") for n, column in enumerate(keys)]
    statement = walk.joined(
        select(tree.c.ancestor_id, func.count().label("number"), *columns).select_from(rows)
    )
    statement = statement.join(tree, tree.c.region_id == placed.c.region_id)
    statement = statement.where(tree.c.ancestor_id.in_(regions))
    if "status" in rows.c:
        statement = statement.where(rows.c.status != FactStatus.RETRACTED)
    grouped = statement.group_by(tree.c.ancestor_id, *dict.fromkeys(keys)).limit(MOST_CELLS + 1)
    context.tally.statements += 1
    found: Sequence[Any] = (await connection.execute(grouped)).all()
    if len(found) > MOST_CELLS:
        raise too_many()
    return found


def lines(
    asked: Question,
    regions: Mapping[str, int],
    counts: Mapping[RollupMeasure, tuple[Sequence[Any], Sequence[Any]]],
    key: bytes,
) -> list[Line]:
    """What rounds to nothing is left out: that it is there would tell that somebody is in it."""
    numbers = {measure: dict(map(tuple, totals)) for measure, (totals, _) in counts.items()}
    found: dict[str, dict[tuple[Any, ...], Cell]] = {region: {} for region in regions}
    for measure, (_, parts) in counts.items():
        for region, count, *rest in parts:
            pairs = list(zip(rest[::2], rest[1::2], strict=True))
            codes = {name: code for name, (code, _) in zip(asked.by, pairs, strict=True)}
            if shown := rounded(count, cell(measure, region, codes), key):
                of_keys = found[region].setdefault(tuple(codes.values()), Cell(pairs, []))
                of_keys.values.append(told(measure, shown))
    return [
        Line(
            region,
            depth,
            False,
            [
                told(measure, rounded(of.get(region, 0), cell(measure, region, {}), key))
                for measure, of in numbers.items()
            ],
            [name.value for name in asked.by],
            sorted(found[region].values(), key=by_key),
        )
        for region, depth in regions.items()
    ]


def by_key(cell: Cell) -> list[tuple[bool, str]]:
    return [(code is None, str(code)) for code, _ in cell.keys]


def told(measure: RollupMeasure, number: int) -> Value:
    return Value(measure, Quantity(number, SIDES[measure].unit, Qualifier.ABOUT), None, False)


def cell(
    measure: RollupMeasure, region: str, codes: Mapping[RollupDimension, Any]
) -> list[str | None]:
    """What a cell is called when it is rounded: the same, in whichever order it is asked for."""
    named = [f"{codes[name]}" if name in codes else None for name in CUBE]
    return [measure.value, region, *named]
