"""Whether a total or a grouping is told from a summary: it must hold every column that matters.

A list that takes in all that lies below its source is told from the cells that were summed up, if
nothing but that list asks where the rows lie.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    and_,
    func,
    literal_column,
    not_,
    or_,
    true,
)
from sqlalchemy.sql.visitors import iterate

from engine.kind import Basis, Kind, Spells
from engine.page import Asked
from engine.predicate import Asker, matches, past
from engine.shape import bound
from engine.way import HeldBy, Through, Way
from kit.summary import Summary


def summary_for(
    kind: Kind,
    way: Way,
    asked: Asked,
    parts: Sequence[ColumnElement[Any]],
    asker: Asker,
    *,
    filtered: bool = False,
) -> tuple[Summary, Way] | None:
    """The summary, and the way by which its cells are reached.

    None where the viewer sees rows by what the summary doesn't hold, and for what is filtered:
    unless `filtered`, when it may be by what the summary holds. `parts` are what is grouped by, and
    what is joined for that, said over the kind's own table.
    """
    if filtered:
        if asked.filter:
            parts = [*parts, matches(kind, kind.table, asked.filter, asker)]
        told = (told_by(one, kind, way, asked, parts, asker) for one in kind.summaries_for(asker))
        return next((found for found in told if found), None)
    summary = kind.summary_for(asker)
    if summary is None or asked.filter:
        return None
    return told_by(summary, kind, way, asked, parts, asker)


def told_by(
    summary: Summary,
    kind: Kind,
    way: Way,
    asked: Asked,
    parts: Sequence[ColumnElement[Any]],
    asker: Asker,
) -> tuple[Summary, Way] | None:
    if summary.dated if asked.filter else by_the_day(kind, asked) and not summary.dated:
        return None
    # What follows from what the asker sees, no cell holds.
    derived = set(kind.derived) if kind.basis(asker) is Basis.SEEN else set[str]()
    known = set(summary.keys) - derived
    source, joins = way.reach(kind.table, asker)
    needed = columns_of(kind.table, [kind.visible(asker.viewer, kind.table), *parts])
    if summary.above and takes_in(way, summary.above):
        assert summary.above.spread
        key = summary.above.spread.key
        if needed <= known - {key} and key not in derived:
            return summary.above, HeldBy(key)
    needed |= columns_of(kind.table, [source, *(on for _, on in joins)])
    return (summary, way) if needed <= known else None


def takes_in(way: Way, summary: Summary) -> bool:
    """Whether the way leads from each member of the tree to the rows in it and below it."""
    spread = summary.spread
    return (
        spread is not None
        and isinstance(way, Through)
        and way.table is spread.pairs
        and (way.near, way.far, way.by) == (spread.above, spread.below, spread.key)
    )


def columns_of(rows: FromClause, expressions: Sequence[ColumnElement[Any]]) -> set[str]:
    found = (part for one in expressions for part in iterate(one))
    return {part.key for part in found if isinstance(part, ColumnClause) and part.table is rows}


def by_the_day(kind: Kind, asked: Asked) -> bool:
    """Whether only the spells of one day are asked for."""
    if kind.spell is None:
        return False
    return asked.on is not None or (asked.spells or kind.spell.default) is Spells.CURRENT


def number(kind: Kind, rows: FromClause, asked: Asked) -> ColumnElement[int]:
    """How many rows of the kind the cells hold together; none, where there are no cells."""
    found = func.sum(amount(kind, rows, asked))
    return func.coalesce(found, literal_column("0", Integer()))


def amount(kind: Kind, rows: FromClause, asked: Asked) -> ColumnElement[int]:
    """What one cell adds to that."""
    assert kind.summary is not None
    if not kind.summary.dated:
        return rows.c.number
    return rows.c.begun - rows.c.ended if by_the_day(kind, asked) else rows.c.begun


def held(kind: Kind, rows: FromClause, asked: Asked, asker: Asker) -> ColumnElement[bool]:
    """The cells that count: as `about` says it of rows; an empty one is no group."""
    assert kind.summary is not None
    seen = kind.visible(asker.viewer, rows)
    if not kind.summary.dated:
        return and_(seen, rows.c.number != 0, matches(kind, rows, asked.filter, asker))
    if not by_the_day(kind, asked):
        return seen
    day = asker.today if asked.on is None else asked.on
    known = not_(rows.c.undated) if past(asked, asker.today) else true()
    return and_(seen, known, until(rows, day))


def unknown(kind: Kind, rows: FromClause, asked: Asked, asker: Asker) -> ColumnElement[bool]:
    """The cells of spells of which nobody knows whether they held on the day."""
    seen = kind.visible(asker.viewer, rows)
    return and_(seen, rows.c.undated, until(rows, asked.on))


def until(rows: FromClause, day: Any) -> ColumnElement[bool]:
    return or_(rows.c.day.is_(None), rows.c.day <= bound(day, Date()))
