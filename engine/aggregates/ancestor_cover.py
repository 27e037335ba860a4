"""Groups by an ancestor in a tree, such as the city of a row, read from few summary cells.

A list is not summed from all places below its source. The cells of the outermost ancestors contain
all rows below these. Cells of single places are read only for rows that have no such ancestor, and
for places that the viewer may not see: those rows are counted without an ancestor.
"""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    cast,
    false,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
)

from engine.aggregates import summary_match
from engine.aggregates.group_query import group_key_columns
from engine.aggregates.summary_match import SummaryMatch, covers_subtree, referenced_column_names
from engine.catalog.join import KeyJoin
from engine.catalog.kind import Kind
from engine.catalog.link import ToOne
from engine.sql.arguments import ConnectionArguments
from engine.sql.path import PathEnd, PathJoins
from engine.sql.predicate import ViewerContext
from engine.sql.source_rows import AnyKeys
from kit.db.engine import in_keys
from kit.db.expressions import Expression, SelectStatement
from kit.db.summary_table import SummaryTable
from kit.db.table_aliases import alias_of

MEMBER_COLUMNS = ("code", "name")  # of the member, as groups are keyed


class AncestorCover(NamedTuple):
    """`first` leads from a row to its place, `outermost` from there to the member it is in."""

    source: SummaryMatch
    first: ToOne
    outermost: ToOne
    keys: Sequence[str]  # what else is grouped by


def match_cover(
    kind: Kind, join: KeyJoin, asker: ViewerContext, source: SummaryMatch, names: Sequence[str]
) -> AncestorCover | None:
    """None where one dimension alone asks for more than such a member, or several for one."""
    above = source.summary.above
    if above is None or not covers_subtree(join, above):
        return None
    assert above.tree_rollup
    key = above.tree_rollup.key
    members: list[tuple[ToOne, ToOne]] = []
    walk = PathJoins(kind, kind.table, asker)
    pairs = []
    for dimension in (kind.dimensions[name] for name in names):
        first = kind.links.get(dimension.path[0]) if dimension.path else None
        if not isinstance(first, ToOne) or first.by != key:
            pairs.append(group_key_columns(walk, kind.table, dimension))
            continue
        last = first.to.links.get(dimension.path[-1])
        if len(dimension.path) > 2 or not isinstance(last, ToOne) or last.to is not first.to:
            return None
        if dimension.column is not None or last.by not in above.tree_rollup.outermost:
            return None
        members.append((first, last))
    parts = [*chain(*pairs), *(on for _, on in walk.joins)]
    others = referenced_column_names(kind.table, parts)
    visibility_columns = referenced_column_names(
        kind.table, [kind.visible(asker.viewer, kind.table)]
    )
    if len(members) != 1 or key in others | visibility_columns:
        return None
    return AncestorCover(source, *members[0], sorted(others))


def cover_cells(
    cover: AncestorCover,
    kind: Kind,
    arguments: ConnectionArguments,
    keys: AnyKeys,
    asker: ViewerContext,
    dialect: str,
) -> FromClause:
    """(source, the member's code and name, what else is grouped by, how many); some take away."""
    summary = cover.source.summary
    above = summary.above
    assert above
    assert above.tree_rollup
    spread = above.tree_rollup
    region_kind = cover.first.to
    pairs, places = alias_of(spread.pairs), region_kind.rows(asker)
    source, member = pairs.c[spread.above], places.c[cover.outermost.by]
    walk = PathJoins(region_kind, places, asker)
    [(_, outermost)] = walk.to((cover.outermost.name,))
    visible = region_kind.visible(asker.viewer, places)
    all_seen = visible.compare(true())
    hidden = false() if all_seen else visible.is_not(true())
    alone = member.is_(None)  # is in no such member
    # A source inside a member has no members below it.
    contained = or_(member == places.c.id, and_(places.c.id == source, not_(alone)))
    # In several places of the statement, and found first: there are few.
    near = (
        walk.joined(
            select(source.label("source"), places.c.id.label("place"))
            .add_columns(*(outermost.c[name].label(name) for name in MEMBER_COLUMNS))
            .add_columns(contained.label("whole"), alone.label("alone"), hidden.label("hidden"))
            .select_from(pairs.join(places, places.c.id == pairs.c[spread.below]))
        )
        .where(in_keys(source, keys, dialect), or_(contained, alone, hidden))
        .cte()
    )

    def part(
        table: SummaryTable, where: ColumnElement[bool], *, named: bool = True, less: bool = False
    ) -> SelectStatement:
        cells, visible = summary_match.summary_cells(kind, table, asker, cover.source.corrected)
        number = summary_match.cell_count(kind, cells, arguments)
        names = [near.c[name] if named else null_column(near.c[name]) for name in MEMBER_COLUMNS]
        return (
            select(near.c.source, *names)
            .add_columns(*(cells.c[name] for name in cover.keys))
            .add_columns((-number if less else number).label("number"))
            .select_from(near.join(cells, cells.c[spread.key] == near.c.place))
            .where(where, summary_match.summary_predicate(kind, cells, arguments, asker, visible))
        )

    parts = [
        part(above, near.c.whole),
        part(summary, or_(near.c.alone, near.c.hidden), named=False),
    ]
    if not all_seen:
        parts.append(part(summary, and_(not_(near.c.alone), near.c.hidden), less=True))
    return union_all(*parts).subquery()


def null_column(column: Expression) -> Expression:
    return cast(null(), column.type).label(column.key)


def cover_path_ends(cover: AncestorCover, cells: FromClause) -> dict[tuple[str, ...], PathEnd]:
    """Return the paths that the cells end already, since they name the member."""
    return {(cover.first.name, cover.outermost.name): [(cover.first.to, cells)]}
