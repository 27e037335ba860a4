"""The exact roll-up table: each row equals the rows below it and its `elsewhere` together.

A record is in one region, and is counted in the nearest listed region above it; rows above are
sums. Only records that the viewer may list are counted, by the predicate of all lists.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, or_, select

from engine.aggregates import summary_match
from engine.aggregates.group_query import as_bigint, group_key_columns
from engine.aggregates.summary_match import match_summary, summary_cells
from engine.catalog.join import AllRowsJoin
from engine.catalog.kind import DerivationBasis
from engine.sql.arguments import ConnectionArguments
from engine.sql.path import PathJoins
from engine.sql.predicate import list_predicate, validity_predicate
from kit.db.engine import in_keys
from kit.db.table_aliases import alias_of
from models.history import model_table
from models.region import RegionAncestor
from resolvers.core.context import Context
from resolvers.region import REGION
from resolvers.rollup.cell_amounts import ZERO_AMOUNT, CellAmount, KeyCodes, MeasureCells
from resolvers.rollup.request import (
    MAX_CELLS,
    MEASURE_DEFINITIONS,
    MeasureDefinition,
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

ROW_COUNT: ColumnElement[int] = func.count()


@dataclass
class RegionTree:
    """The listed regions, from the top; `below` has the listed children of each, by code."""

    root: str
    depths: dict[str, int]
    below: dict[str, list[str]]

    def placed(self, dialect: str) -> FromClause:
        """Select (region, node): the nearest listed region above each."""
        pairs = alias_of(model_table(RegionAncestor))
        near = (
            select(
                pairs.c.region_id,
                pairs.c.ancestor_id.label("node"),
                func.row_number()
                .over(partition_by=pairs.c.region_id, order_by=pairs.c.distance)
                .label("place"),
            )
            .where(in_keys(pairs.c.ancestor_id, list(self.depths), dialect))
            .subquery()
        )
        return select(near.c.region_id, near.c.node).where(near.c.place == 1).subquery()

    def above(self, dialect: str) -> FromClause:
        """Select (region, node): every listed region above each."""
        pairs = alias_of(model_table(RegionAncestor))
        nodes = select(pairs.c.region_id, pairs.c.ancestor_id.label("node"))
        return nodes.where(in_keys(pairs.c.ancestor_id, list(self.depths), dialect)).subquery()


@dataclass
class MeasureColumn:
    """A measure: the cells of each node alone, and the wholes of shared records."""

    own: dict[str, MeasureCells]
    whole: dict[tuple[str, bool], MeasureCells] | None = None  # by node, and whether of it alone


# Codes and labels of each cell, from the first measure that has it.
KeyLabels = dict[KeyCodes, list[tuple[Any, Any]]]
ColumnLoader = Callable[
    [Context, RegionTree, RollupArguments, RollupMeasure, KeyLabels], Awaitable[MeasureColumn]
]


async def read_region_tree(context: Context, arguments: RollupArguments) -> RegionTree:
    """Return the regions to list, without ended ones. Raises BadInput for an unknown root."""
    reader, viewer, today = context.reader, context.asker.viewer, context.asker.today
    roots = await reader.all(root_region_query(viewer, arguments.root))
    if not roots:
        raise unknown_region(arguments.root)
    [[root]] = roots
    rows, pairs = alias_of(REGION.table), alias_of(model_table(RegionAncestor))
    current = or_(
        pairs.c.distance == 0, validity_predicate(REGION, rows, ConnectionArguments(), today)
    )
    statement = (
        select(rows.c.id, rows.c.parent_id, pairs.c.distance)
        .join(pairs, pairs.c.region_id == rows.c.id)
        .where(pairs.c.ancestor_id == root, pairs.c.distance <= arguments.depth)
        .where(current, REGION.visible(viewer, rows))
        .order_by(pairs.c.distance, rows.c.code)
        .limit(MAX_CELLS + 1)
    )
    depths: dict[str, int] = {}
    below: dict[str, list[str]] = {}
    for key, parent, depth in await reader.all(statement):
        if depth and parent not in depths:
            continue  # its parent isn't listed
        depths[key] = depth
        if depth:
            below.setdefault(parent, []).append(key)
    if len(depths) > MAX_CELLS:
        raise too_many_cells()
    return RegionTree(root, depths, below)


async def make_exact_table(
    context: Context, arguments: RollupArguments, shared: Mapping[RollupMeasure, ColumnLoader]
) -> RollupTable:
    """Return an exact table; `shared` loads divided measures. Raises BadInput or LimitExceeded."""
    tree = await read_region_tree(context, arguments)
    labels: KeyLabels = {}
    columns: dict[RollupMeasure, MeasureColumn] = {}
    for measure in arguments.measures:
        find = shared.get(measure, load_column)
        columns[measure] = await find(context, tree, arguments, measure, labels)
    lines = list(TableBuilder(tree, arguments, columns, labels).of(tree.root))
    if sum(len(line.values) * (1 + len(line.cells)) for line in lines) > MAX_CELLS:
        raise too_many_cells()
    return RollupTable(True, lines)


async def load_column(
    context: Context,
    tree: RegionTree,
    arguments: RollupArguments,
    measure: RollupMeasure,
    labels: KeyLabels,
) -> MeasureColumn:
    side = MEASURE_DEFINITIONS[measure]
    own: dict[str, MeasureCells] = {}
    for node, number, *rest in await read_grouped_counts(context, tree, side, arguments.by):
        amount = CellAmount(Fraction(number))
        own.setdefault(node, MeasureCells()).add(store_labels(rest, labels), amount)
    return MeasureColumn(own)


def store_labels(rest: Sequence[Any], labels: KeyLabels) -> KeyCodes:
    """Return the codes of a cell, and store its labels."""
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    codes = tuple(code for code, _ in pairs)
    labels.setdefault(codes, pairs)
    return codes


async def read_grouped_counts(
    context: Context,
    tree: RegionTree,
    side: MeasureDefinition,
    dimensions: Sequence[RollupDimension],
) -> Sequence[Any]:
    """Return (node, count, then a code and a label for each dimension)."""
    kind, write = side.kind, context.reader.write
    rows, number, counted = count_source(context, side, dimensions)
    placed = tree.placed(write.dialect)
    walk = PathJoins(kind, rows, context.asker)
    [(_, lying)] = walk.to(side.region)
    keys, labels = key_columns(walk, rows, side, dimensions)
    statement = walk.joined(
        select(placed.c.node, number.label("number"), *labels).select_from(rows)
    )
    statement = statement.join(placed, placed.c.region_id == lying.c.region_id)
    statement = statement.where(counted).group_by(placed.c.node, *keys)
    if number is not ROW_COUNT:  # the parts of a cell may add up to 0
        statement = statement.having(number != 0)
    return await read_limited(context, statement)


def count_source(
    context: Context, side: MeasureDefinition, dimensions: Sequence[RollupDimension]
) -> tuple[FromClause, ColumnElement[int], ColumnElement[bool]]:
    """Return what to count, how, and the condition: rows, or cells if they suffice."""
    kind, asker = side.kind, context.asker
    if kind.basis(asker) is DerivationBasis.VISIBLE and not side.region:
        walk = PathJoins(kind, kind.table, asker)
        _, parts = key_columns(walk, kind.table, side, dimensions)
        parts = [kind.table.c.region_id, *parts, *(on for _, on in walk.joins)]
        if match := match_summary(kind, AllRowsJoin(), ConnectionArguments(), parts, asker):
            cells, is_visible = summary_cells(kind, match.summary, asker, match.corrected)
            number = as_bigint(
                func.sum(summary_match.cell_count(kind, cells, ConnectionArguments()))
            )
            return (
                cells,
                number,
                summary_match.summary_predicate(
                    kind, cells, ConnectionArguments(), asker, is_visible
                ),
            )
    rows = kind.rows(asker)
    return rows, ROW_COUNT, list_predicate(kind, rows, ConnectionArguments(), asker)


def key_columns(
    walk: PathJoins,
    rows: FromClause,
    side: MeasureDefinition,
    dimensions: Sequence[RollupDimension],
) -> tuple[list[Any], list[Any]]:
    """Return the columns to group by, and those of codes and labels."""
    pairs = [group_key_columns(walk, rows, side.dimensions[name]) for name in dimensions]
    parts = list(chain(*pairs))
    return list(dict.fromkeys(parts)), [part.label(f"key{n}") for n, part in enumerate(parts)]


async def read_limited(context: Context, statement: Select[Any]) -> Sequence[Any]:
    rows = await context.reader.all(statement.limit(MAX_CELLS + 1))
    if len(rows) > MAX_CELLS:
        raise too_many_cells()
    return rows


@dataclass
class TableBuilder:
    tree: RegionTree
    asked: RollupArguments
    columns: Mapping[RollupMeasure, MeasureColumn]
    labels: KeyLabels

    def __post_init__(self) -> None:
        self.totals: dict[RollupMeasure, dict[str, MeasureCells]] = {}
        for measure, column in self.columns.items():
            totals = self.totals[measure] = {}
            for node in sorted(self.tree.depths, key=lambda key: -self.tree.depths[key]):
                cells = totals[node] = MeasureCells()
                for part in [column.own.get(node), *map(totals.get, self.tree.below.get(node, []))]:
                    cells.take(part or MeasureCells())

    def of(self, node: str) -> Iterable[TableRow]:
        """Yield the rows of a region, of its listed subtree, and of what is elsewhere."""
        depth, below = self.tree.depths[node], self.tree.below.get(node, [])
        yield self.line(node, depth, alone=False)
        for child in below:
            yield from self.of(child)
        if below:
            yield self.line(node, depth + 1, alone=True)

    def line(self, node: str, depth: int, *, alone: bool) -> TableRow:
        by_measure = {
            measure: self.columns[measure].own.get(node, MeasureCells()) if alone else totals[node]
            for measure, totals in self.totals.items()
        }
        wholes = {
            measure: None
            if column.whole is None
            else column.whole.get((node, alone), MeasureCells())
            for measure, column in self.columns.items()
        }
        values = [
            rollup_quantity(
                measure, cells.total, None if (total := wholes[measure]) is None else total.total
            )
            for measure, cells in by_measure.items()
        ]
        codes = dict.fromkeys(chain.from_iterable(cells.of for cells in by_measure.values()))
        cells = [self.cell(key_codes, by_measure, wholes) for key_codes in codes if self.asked.by]
        cells.sort(key=lambda cell: [(code is None, str(code)) for code, _ in cell.keys])
        dimensions = [name.value for name in self.asked.by]
        return TableRow(node, depth, alone, values, dimensions, cells)

    def cell(
        self,
        codes: KeyCodes,
        by_measure: Mapping[RollupMeasure, MeasureCells],
        wholes: Mapping[RollupMeasure, MeasureCells | None],
    ) -> TableCell:
        values = []
        for measure, cells in by_measure.items():
            beside = wholes[measure]
            of_cell = None if beside is None else beside.of.get(codes, ZERO_AMOUNT)
            values.append(rollup_quantity(measure, cells.of.get(codes, ZERO_AMOUNT), of_cell))
        return TableCell(self.labels[codes], values)


def rollup_quantity(
    measure: RollupMeasure, amount: CellAmount, total: CellAmount | None
) -> RollupQuantity:
    unit = MEASURE_DEFINITIONS[measure].unit
    beside = amount if total is None else total
    return RollupQuantity(measure, amount.quantity(unit), beside.quantity(unit), True)
