"""Groups by the outermost member of a tree in which rows lie, as by city: told from few cells.

A source's rows are not added up from all places below it. The cells that were summed up for each
outermost member among those hold all that lies in it; cells of single places are needed only for
what lies in no such member, and for places that the viewer may not see: their rows are counted
without a member.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
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

from engine import summarised
from engine.arranged import group_key
from engine.kind import Kind
from engine.link import One
from engine.page import Asked
from engine.predicate import Asker
from engine.summarised import Source, columns_of, takes_in
from engine.walk import Walk
from engine.way import Way
from kit.database import among
from kit.rows import rows_of
from kit.summary import Summary

NAMED = ("code", "name")  # of the member, as groups are keyed


class Cover(NamedTuple):
    """`first` leads from a row to its place, `outermost` from there to the member it is in."""

    source: Source
    first: One
    outermost: One
    keys: Sequence[str]  # what else is grouped by


def cover_for(
    kind: Kind, way: Way, asker: Asker, source: Source, by: Sequence[str]
) -> Cover | None:
    """None where one dimension alone asks for more than such a member, or several for one."""
    above = source.summary.above
    if above is None or not takes_in(way, above):
        return None
    assert above.spread
    key = above.spread.key
    members: list[tuple[One, One]] = []
    walk = Walk(kind, kind.table, asker)
    pairs = []
    for dimension in (kind.dimensions[word] for word in by):
        first = kind.links.get(dimension.path[0]) if dimension.path else None
        if not isinstance(first, One) or first.by != key:
            pairs.append(group_key(walk, kind.table, dimension))
            continue
        last = first.to.links.get(dimension.path[-1])
        if len(dimension.path) > 2 or not isinstance(last, One) or last.to is not first.to:
            return None
        if dimension.column is not None or last.by not in above.spread.outermost:
            return None
        members.append((first, last))
    parts = [*chain(*pairs), *(on for _, on in walk.joins)]
    others = columns_of(kind.table, parts)
    seen = columns_of(kind.table, [kind.visible(asker.viewer, kind.table)])
    if len(members) != 1 or key in others | seen:
        return None
    return Cover(source, *members[0], sorted(others))


def cells_of(
    cover: Cover, kind: Kind, asked: Asked, keys: Any, asker: Asker, dialect: str
) -> FromClause:
    """(source, the member's code and name, what else is grouped by, how many); some take away."""
    summary = cover.source.summary
    above = summary.above
    assert above
    assert above.spread
    spread = above.spread
    place = cover.first.to
    pairs, places = rows_of(spread.pairs), place.rows(asker)
    source, member = pairs.c[spread.above], places.c[cover.outermost.by]
    walk = Walk(place, places, asker)
    [(_, outermost)] = walk.to((cover.outermost.name,))
    seen = place.visible(asker.viewer, places)
    all_seen = seen.compare(true())
    hidden = false() if all_seen else seen.is_not(true())
    alone = member.is_(None)  # lies in no such member
    # Of a source that lies within a member itself, nothing below is one.
    whole = or_(member == places.c.id, and_(places.c.id == source, not_(alone)))
    # In several places of the statement, and found first: there are few.
    near = (
        walk.joined(
            select(source.label("source"), places.c.id.label("place"))
            .add_columns(*(outermost.c[name].label(name) for name in NAMED))
            .add_columns(whole.label("whole"), alone.label("alone"), hidden.label("hidden"))
            .select_from(pairs.join(places, places.c.id == pairs.c[spread.below]))
        )
        .where(among(source, keys, dialect), or_(whole, alone, hidden))
        .cte()
    )

    def part(
        of: Summary, where: ColumnElement[bool], *, named: bool = True, less: bool = False
    ) -> Select[Any]:
        cells, seen = summarised.cells_of(kind, of, asker, cover.source.corrected)
        number = summarised.amount(kind, cells, asked)
        names = [near.c[name] if named else nothing(near.c[name]) for name in NAMED]
        return (
            select(near.c.source, *names)
            .add_columns(*(cells.c[name] for name in cover.keys))
            .add_columns((-number if less else number).label("number"))
            .select_from(near.join(cells, cells.c[spread.key] == near.c.place))
            .where(where, summarised.held(kind, cells, asked, asker, seen))
        )

    parts = [
        part(above, near.c.whole),
        part(summary, or_(near.c.alone, near.c.hidden), named=False),
    ]
    if not all_seen:
        parts.append(part(summary, and_(not_(near.c.alone), near.c.hidden), less=True))
    return union_all(*parts).subquery()


def nothing(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(null(), column.type).label(column.key)


def stands_at(cover: Cover, cells: FromClause) -> dict[tuple[str, ...], Any]:
    """Where a walk over those cells stands already: they name the member."""
    return {(cover.first.name, cover.outermost.name): [(cover.first.to, cells)]}
