"""Rounded counts of records that may not be listed: a fixed cube without filters.

All valid records count, whether or not the viewer may see them. Dimensions may be chosen but not
conditions: two requests that differ in a condition could locate a person. Rounding depends on the
people counted, not on the cell: the same people give the same number under every key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, select

from engine.aggregates.group_query import group_key_columns
from engine.loaders import RequestLoaders
from engine.sql.path import PathJoins
from engine.sql.predicate import ViewerContext
from kit.db.table_aliases import alias_of
from kit.values.quantity import QualifiedQuantity, Qualifier
from kit.values.random_rounding import MemberHash, round_randomly
from models.history import model_table
from models.region import Region, RegionAncestor
from models.rollup import RoundingKey
from models.row import FactStatus
from resolvers.core.access import OPERATOR, Viewer
from resolvers.core.context import Context
from resolvers.rollup.request import (
    MAX_CELLS,
    MEASURE_DEFINITIONS,
    RollupArguments,
    RollupDimension,
    RollupMeasure,
    RollupQuantity,
    RollupTable,
    TableCell,
    TableRow,
    root_region_query,
    too_many_cells,
    unknown_region,
)

ROUNDING_KEYS = model_table(RoundingKey)
# The column with the key of the person counted; one person may count more than once.
PERSON_COLUMNS = {
    RollupMeasure.WORKERS: "id",
    RollupMeasure.ENROLMENTS: "trainee_id",
    RollupMeasure.QUALIFICATIONS: "worker_id",
    RollupMeasure.MENTORSHIPS: "apprentice_id",
}
COUNTS_PER_ROW = 10  # counting costs the database less than returning a row


@dataclass(frozen=True, slots=True)
class MarkedCount:
    """A count, and the sum of hashes of the people counted."""

    number: int = 0
    mark: int = 0

    def __add__(self, other: "MarkedCount") -> "MarkedCount":
        return MarkedCount(self.number + other.number, self.mark + other.mark)

    def told(self, measure: RollupMeasure, key: bytes) -> RollupQuantity:
        number = round_randomly(self.number, self.mark, key)
        quantity = QualifiedQuantity(
            Decimal(number), MEASURE_DEFINITIONS[measure].unit, Qualifier.ABOUT
        )
        return RollupQuantity(measure, quantity, None, False)


KeyPairs = tuple[tuple[Any, Any], ...]  # code and label for each dimension
RegionCounts = dict[str, dict[KeyPairs, MarkedCount]]  # by region


async def make_rounded_table(context: Context, arguments: RollupArguments) -> RollupTable:
    """Return a rounded table. Raises BadInput or LimitExceeded."""
    # A session without the viewer's session role, which would hide records from the count.
    async with RequestLoaders(context.engine, context.asker._replace(wall=None)) as reader:
        try:
            regions = await read_regions_below(
                reader, context.asker.viewer, arguments.root, arguments.depth
            )
            [(key,)] = await reader.all(select(ROUNDING_KEYS.c.key))
            counts = {
                measure: await read_region_counts(reader, measure, arguments.by, list(regions))
                for measure in arguments.measures
            }
        finally:
            context.tally.statements += reader.statements
    lines = rounded_rows(arguments, regions, counts, bytes.fromhex(key))
    context.tally.rows += table_cost(lines)
    return RollupTable(False, lines)


def table_cost(lines: Sequence[TableRow]) -> int:
    """Return the cost of a table by its rounded numbers: it must not reveal exact ones."""
    top, *_ = lines
    counted = sum(value.quantity.value for value in top.values if value.quantity)
    numbers = sum(len(line.values) + sum(len(cell.values) for cell in line.cells) for line in lines)
    return numbers + int(counted) // COUNTS_PER_ROW


async def read_regions_below(
    reader: RequestLoaders, viewer: Viewer, root: str, depth: int
) -> dict[str, int]:
    """Return the keys of a region and its subtree with their distance, from the top and by code.

    Raises BadInput for an unknown region; a region outside a union's is answered like an unknown
    one.
    """
    region, tree = alias_of(model_table(Region)), alias_of(model_table(RegionAncestor))
    roots = await reader.all(root_region_query(viewer, root))
    if not roots:
        raise unknown_region(root)
    below = (
        select(region.c.id, tree.c.distance)
        .join(tree, tree.c.region_id == region.c.id)
        .where(tree.c.ancestor_id == roots[0].id, tree.c.distance <= depth)
        .order_by(tree.c.distance, region.c.code)
    )
    return dict(map(tuple, await reader.all(below)))


async def read_region_counts(
    reader: RequestLoaders,
    measure: RollupMeasure,
    dimensions: Sequence[RollupDimension],
    regions: Sequence[str],
) -> RegionCounts:
    """Return counts by region: summed where each record is, then in the regions above."""
    side, who = MEASURE_DEFINITIONS[measure], PERSON_COLUMNS[measure]
    asker = ViewerContext(OPERATOR, reader.asker.today)
    rows, tree = side.kind.rows(asker), alias_of(model_table(RegionAncestor))
    walk = PathJoins(side.kind, rows, asker)
    [(_, placed)] = walk.to(side.region)
    pairs = [group_key_columns(walk, rows, side.dimensions[name]) for name in dimensions]
    keys = [column.label(f"key{n}") for n, column in enumerate(chain.from_iterable(pairs))]
    mark = func.sum(MemberHash(select(ROUNDING_KEYS.c.key).scalar_subquery(), rows.c[who])).label(
        "mark"
    )
    region = placed.c.region_id.label("region_id")
    here = walk.joined(select(region, func.count().label("number"), mark, *keys).select_from(rows))
    here = here.where(in_subtree(region, regions[0]))
    if "status" in rows.c:
        here = here.where(rows.c.status != FactStatus.RETRACTED)
    cells = here.group_by(region, *dict.fromkeys(chain.from_iterable(pairs))).subquery()
    named = [cells.c[column.name] for column in keys]
    sums = [
        func.sum(column_sum, type_=BigInteger()) for column_sum in (cells.c.number, cells.c.mark)
    ]
    statement = select(tree.c.ancestor_id, *sums, *named).join(
        tree, tree.c.region_id == cells.c.region_id
    )
    statement = statement.where(tree.c.ancestor_id.in_(regions))
    grouped = statement.group_by(tree.c.ancestor_id, *named).limit(MAX_CELLS + 1)
    groups = await reader.all(grouped)
    if len(groups) > MAX_CELLS:
        raise too_many_cells()
    counts: RegionCounts = {key: {} for key in regions}
    for above, number, marks, *codes in groups:
        name = tuple(zip(codes[::2], codes[1::2], strict=True))
        counts[above][name] = MarkedCount(int(number), int(marks))
    return counts


def in_subtree(region: ColumnElement[Any], root: str) -> ColumnElement[bool]:
    tree = alias_of(model_table(RegionAncestor))
    return region.in_(select(tree.c.region_id).where(tree.c.ancestor_id == root))


def rounded_rows(
    arguments: RollupArguments,
    regions: Mapping[str, int],
    counts: Mapping[RollupMeasure, RegionCounts],
    key: bytes,
) -> list[TableRow]:
    return [
        TableRow(
            region,
            depth,
            False,
            [
                sum(by_region[region].values(), MarkedCount()).told(measure, key)
                for measure, by_region in counts.items()
            ],
            [name.value for name in arguments.by],
            rounded_cells(region, counts, key) if arguments.by else [],
        )
        for region, depth in regions.items()
    ]


def rounded_cells(
    region: str, counts: Mapping[RollupMeasure, RegionCounts], key: bytes
) -> list[TableCell]:
    """Return the cells of a row that don't round to 0: the others would reveal people."""
    cells: dict[KeyPairs, TableCell] = {}
    for measure, by_region in counts.items():
        for pairs, count in by_region[region].items():
            value = count.told(measure, key)
            if value.quantity and value.quantity.value:
                cells.setdefault(pairs, TableCell([*pairs], [])).values.append(value)
    return sorted(cells.values(), key=cell_sort_key)


def cell_sort_key(cell: TableCell) -> list[tuple[bool, str]]:
    return [(code is None, str(code)) for code, _ in cell.keys]
