"""The exact table: each row of the tree equals the rows below it and its `elsewhere` together.

A record lies in one region, and is counted in the nearest listed region above it; rows above are
sums of those. Nothing is counted but what the viewer may list, by the predicate of every list.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, or_, select

from engine import summarised
from engine.arranged import group_key, whole_number
from engine.kind import Basis
from engine.page import Asked
from engine.predicate import about, holds
from engine.summarised import cells_of, summary_for
from engine.walk import Walk
from engine.way import Everywhere
from kit.database import among
from kit.quantity import Qualifier, Quantity, qualifier_of_sum
from kit.rows import rows_of
from kit.thousandths import decimal_or_nearest
from models import RegionAncestor
from models.history import stored
from resolvers.context import Context
from resolvers.region import REGION
from resolvers.rollup import (
    MOST_CELLS,
    SIDES,
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

Codes = tuple[Any, ...]
COUNT: ColumnElement[int] = func.count()


@dataclass
class Amount:
    """Fractions add up to the whole; a sum over several units has no meaning."""

    number: Fraction = Fraction(0)
    units: set[str] = field(default_factory=set)
    words: set[Qualifier] = field(default_factory=set)

    def __add__(self, other: "Amount") -> "Amount":
        units, words = self.units | other.units, self.words | other.words
        return Amount(self.number + other.number, units, words)

    def quantity(self, unit: str) -> Quantity | None:
        if self.units - {unit}:
            return None
        return Quantity(decimal_or_nearest(self.number), unit, qualifier_of_sum(self.words))


NOTHING = Amount()


@dataclass
class Cells:
    """What one measure is in one row, by the codes of its keys."""

    of: dict[Codes, Amount] = field(default_factory=dict)

    def add(self, codes: Codes, amount: Amount) -> None:
        self.of[codes] = self.of.get(codes, NOTHING) + amount

    def take(self, other: "Cells") -> None:
        for codes, amount in other.of.items():
            self.add(codes, amount)

    @property
    def total(self) -> Amount:
        return sum(self.of.values(), NOTHING)


@dataclass
class Tree:
    """The listed regions, from the top; `below` are the listed ones in each, by their codes."""

    root: str
    depths: dict[str, int]
    below: dict[str, list[str]]

    def placed(self, dialect: str) -> FromClause:
        """(region, node): the nearest listed region above each."""
        pairs = rows_of(stored(RegionAncestor))
        near = (
            select(
                pairs.c.region_id,
                pairs.c.ancestor_id.label("node"),
                func.row_number()
                .over(partition_by=pairs.c.region_id, order_by=pairs.c.distance)
                .label("place"),
            )
            .where(among(pairs.c.ancestor_id, list(self.depths), dialect))
            .subquery()
        )
        return select(near.c.region_id, near.c.node).where(near.c.place == 1).subquery()

    def above(self, dialect: str) -> FromClause:
        """(region, node): every listed region above each."""
        pairs = rows_of(stored(RegionAncestor))
        found = select(pairs.c.region_id, pairs.c.ancestor_id.label("node"))
        return found.where(among(pairs.c.ancestor_id, list(self.depths), dialect)).subquery()


@dataclass
class Column:
    """One measure: what lies in each node alone, and of what is shared, the wholes."""

    own: dict[str, Cells]
    whole: dict[tuple[str, bool], Cells] | None = None  # by node, and whether of it alone


# The codes and labels of each cell, as the first measure that has it tells them.
Labels = dict[Codes, list[tuple[Any, Any]]]
Find = Callable[[Context, Tree, Question, RollupMeasure, Labels], Awaitable[Column]]


async def tree_of(context: Context, asked: Question) -> Tree:
    """Raises BadInput for a root that isn't there. Regions whose code has ended aren't listed."""
    reader, viewer, today = context.reader, context.asker.viewer, context.asker.today
    found = await reader.all(top(viewer, asked.root))
    if not found:
        raise unknown(asked.root)
    [[root]] = found
    rows, pairs = rows_of(REGION.table), rows_of(stored(RegionAncestor))
    current = or_(pairs.c.distance == 0, holds(REGION, rows, Asked(), today))
    statement = (
        select(rows.c.id, rows.c.parent_id, pairs.c.distance)
        .join(pairs, pairs.c.region_id == rows.c.id)
        .where(pairs.c.ancestor_id == root, pairs.c.distance <= asked.depth)
        .where(current, REGION.visible(viewer, rows))
        .order_by(pairs.c.distance, rows.c.code)
        .limit(MOST_CELLS + 1)
    )
    depths: dict[str, int] = {}
    below: dict[str, list[str]] = {}
    for key, parent, depth in await reader.all(statement):
        if depth and parent not in depths:
            continue  # it lies in one that isn't listed
        depths[key] = depth
        if depth:
            below.setdefault(parent, []).append(key)
    if len(depths) > MOST_CELLS:
        raise too_many()
    return Tree(root, depths, below)


async def exact_table(
    context: Context, asked: Question, shared: Mapping[RollupMeasure, Find]
) -> Table:
    """`shared` finds those measures that are divided. Raises BadInput or LimitExceeded."""
    tree = await tree_of(context, asked)
    labels: Labels = {}
    columns: dict[RollupMeasure, Column] = {}
    for measure in asked.measures:
        find = shared.get(measure, column)
        columns[measure] = await find(context, tree, asked, measure, labels)
    lines = list(Lines(tree, asked, columns, labels).of(tree.root))
    if sum(len(line.values) * (1 + len(line.cells)) for line in lines) > MOST_CELLS:
        raise too_many()
    return Table(True, lines)


async def column(
    context: Context, tree: Tree, asked: Question, measure: RollupMeasure, labels: Labels
) -> Column:
    side = SIDES[measure]
    own: dict[str, Cells] = {}
    for node, number, *rest in await grouped(context, tree, side, asked.by):
        amount = Amount(Fraction(number))
        own.setdefault(node, Cells()).add(labelled(rest, labels), amount)
    return Column(own)


def labelled(rest: Sequence[Any], labels: Labels) -> Codes:
    """The codes of a cell; its labels are kept."""
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    codes = tuple(code for code, _ in pairs)
    labels.setdefault(codes, pairs)
    return codes


async def grouped(
    context: Context, tree: Tree, side: Side, by: Sequence[RollupDimension]
) -> Sequence[Any]:
    """(node, how many, then a code and a label for each dimension)."""
    kind, write = side.kind, context.reader.write
    rows, number, counted = tallied(context, side, by)
    placed = tree.placed(write.dialect)
    walk = Walk(kind, rows, context.asker)
    [(_, lying)] = walk.to(side.region)
    keys, labels = keys_of(walk, rows, side, by)
    statement = walk.joined(
        select(placed.c.node, number.label("number"), *labels).select_from(rows)
    )
    statement = statement.join(placed, placed.c.region_id == lying.c.region_id)
    statement = statement.where(counted).group_by(placed.c.node, *keys)
    if number is not COUNT:  # cells may add up to nothing
        statement = statement.having(number != 0)
    return await limited(context, statement)


def tallied(
    context: Context, side: Side, by: Sequence[RollupDimension]
) -> tuple[FromClause, ColumnElement[int], ColumnElement[bool]]:
    """What is counted, how, and which of it: rows; for partners cells, where these can tell it."""
    kind, asker = side.kind, context.asker
    if kind.basis(asker) is Basis.SEEN and not side.region:
        walk = Walk(kind, kind.table, asker)
        _, parts = keys_of(walk, kind.table, side, by)
        parts = [kind.table.c.region_id, *parts, *(on for _, on in walk.joins)]
        if found := summary_for(kind, Everywhere(), Asked(), parts, asker):
            cells, seen = cells_of(kind, found.summary, asker, found.corrected)
            number = whole_number(func.sum(summarised.amount(kind, cells, Asked())))
            return cells, number, summarised.held(kind, cells, Asked(), asker, seen)
    rows = kind.rows(asker)
    return rows, COUNT, about(kind, rows, Asked(), asker)


def keys_of(
    walk: Walk, rows: FromClause, side: Side, by: Sequence[RollupDimension]
) -> tuple[list[Any], list[Any]]:
    """What to group by, and the columns of codes and labels."""
    pairs = [group_key(walk, rows, side.dimensions[name]) for name in by]
    parts = list(chain(*pairs))
    return list(dict.fromkeys(parts)), [part.label(f"key{n}") for n, part in enumerate(parts)]


async def limited(context: Context, statement: Select[Any]) -> Sequence[Any]:
    found = await context.reader.all(statement.limit(MOST_CELLS + 1))
    if len(found) > MOST_CELLS:
        raise too_many()
    return found


@dataclass
class Lines:
    tree: Tree
    asked: Question
    columns: Mapping[RollupMeasure, Column]
    labels: Labels

    def __post_init__(self) -> None:
        self.totals: dict[RollupMeasure, dict[str, Cells]] = {}
        for measure, column in self.columns.items():
            totals = self.totals[measure] = {}
            for node in sorted(self.tree.depths, key=lambda one: -self.tree.depths[one]):
                cells = totals[node] = Cells()
                for part in [column.own.get(node), *map(totals.get, self.tree.below.get(node, []))]:
                    cells.take(part or Cells())

    def of(self, node: str) -> Iterable[Line]:
        """A region, those listed in it, and what lies in none of these."""
        depth, below = self.tree.depths[node], self.tree.below.get(node, [])
        yield self.line(node, depth, alone=False)
        for one in below:
            yield from self.of(one)
        if below:
            yield self.line(node, depth + 1, alone=True)

    def line(self, node: str, depth: int, *, alone: bool) -> Line:
        found = {
            measure: self.columns[measure].own.get(node, Cells()) if alone else totals[node]
            for measure, totals in self.totals.items()
        }
        whole = {
            measure: None if column.whole is None else column.whole.get((node, alone), Cells())
            for measure, column in self.columns.items()
        }
        values = [
            value(measure, cells.total, None if (of := whole[measure]) is None else of.total)
            for measure, cells in found.items()
        ]
        codes = dict.fromkeys(chain.from_iterable(cells.of for cells in found.values()))
        cells = [self.cell(one, found, whole) for one in codes if self.asked.by]
        cells.sort(key=lambda one: [(code is None, str(code)) for code, _ in one.keys])
        by = [name.value for name in self.asked.by]
        return Line(node, depth, alone, values, by, cells)

    def cell(
        self,
        codes: Codes,
        found: Mapping[RollupMeasure, Cells],
        whole: Mapping[RollupMeasure, Cells | None],
    ) -> Cell:
        values = []
        for measure, cells in found.items():
            beside = whole[measure]
            of_cell = None if beside is None else beside.of.get(codes, NOTHING)
            values.append(value(measure, cells.of.get(codes, NOTHING), of_cell))
        return Cell(self.labels[codes], values)


def value(measure: RollupMeasure, amount: Amount, whole: Amount | None) -> Value:
    unit = SIDES[measure].unit
    beside = amount if whole is None else whole
    return Value(measure, amount.quantity(unit), beside.quantity(unit), True)
