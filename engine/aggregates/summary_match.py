"""Decides whether a total or groups can be read from a summary table that has all columns.

A list of all rows below its source is read from the cells that are summed up the tree, if nothing
else in the query depends on where the rows are.
"""

from collections.abc import Sequence, Set
from typing import NamedTuple

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
    select,
    true,
    union_all,
)
from sqlalchemy.sql.visitors import iterate

from engine.catalog.join import AssociationJoin, ForeignKeyJoin, KeyJoin
from engine.catalog.kind import DerivationBasis, Kind, Spells
from engine.sql.arguments import ConnectionArguments
from engine.sql.parameters import bind_value
from engine.sql.predicate import ViewerContext, filter_predicate, is_before_today
from kit.db.expressions import Expression
from kit.db.summary_table import SummaryTable
from kit.db.table_aliases import alias_of


class SummaryMatch(NamedTuple):
    """The cells that answer a query; `corrected` are derived columns with values for the viewer."""

    summary: SummaryTable
    way: KeyJoin
    corrected: frozenset[str] = frozenset()


def match_summary(
    kind: Kind,
    join: KeyJoin,
    arguments: ConnectionArguments,
    parts: Sequence[Expression],
    asker: ViewerContext,
    *,
    filtered: bool = False,
) -> SummaryMatch | None:
    """Return the summary, and the join that leads to its cells.

    None where the viewer sees rows by what the summary doesn't hold, and for what is filtered:
    unless `filtered`, when it may be by what the summary holds. `parts` are what is grouped by, and
    what is joined for that, said over the kind's own table.
    """
    if filtered:
        if arguments.filter:
            parts = [*parts, filter_predicate(kind, kind.table, arguments.filter, asker)]
        matches = (
            try_summary(table, kind, join, arguments, parts, asker)
            for table in kind.summaries_for(asker)
        )
        return next((match for match in matches if match), None)
    summary = kind.summary_for(asker)
    if summary is None:
        return None
    compared = filtered_columns(kind, arguments, asker)
    return (
        None
        if compared is None
        else try_summary(summary, kind, join, arguments, parts, asker, compared)
    )


def try_summary(
    summary: SummaryTable,
    kind: Kind,
    join: KeyJoin,
    arguments: ConnectionArguments,
    parts: Sequence[Expression],
    asker: ViewerContext,
    compared: Set[str] = frozenset(),
) -> SummaryMatch | None:
    """Match one summary. `compared` are columns that it needs besides those in `parts`."""
    if summary.dated if arguments.filter else is_single_day(kind, arguments) and not summary.dated:
        return None
    # No cell holds values derived for one viewer: some can be corrected, in one summary.
    derived = set(kind.derived) if kind.basis(asker) is DerivationBasis.VISIBLE else set[str]()
    corrected = kind.corrections.keys() if summary is kind.summary else set[str]()
    available = set(summary.keys) - (derived - corrected)
    source, joins = join.join_source(kind.table, asker)
    needed = (
        referenced_column_names(kind.table, [kind.visible(asker.viewer, kind.table), *parts])
        | compared
    )
    if summary.above and covers_subtree(join, summary.above):
        assert summary.above.tree_rollup
        key = summary.above.tree_rollup.key
        if needed <= available - {key} and key not in derived:
            return SummaryMatch(summary.above, ForeignKeyJoin(key), frozenset(derived & needed))
    needed |= referenced_column_names(kind.table, [source, *(on for _, on in joins)])
    return SummaryMatch(summary, join, frozenset(derived & needed)) if needed <= available else None


def summary_cells(
    kind: Kind, summary: SummaryTable, asker: ViewerContext, corrected: frozenset[str]
) -> tuple[FromClause, ColumnElement[bool]]:
    """Return the cells for the viewer, and the condition of the visible ones."""
    cells = alias_of(summary.table)
    visible = kind.visible(asker.viewer, cells)
    if not corrected:
        return cells, visible
    [column] = corrected
    changes, spread = kind.corrections[column](asker), summary.tree_rollup
    names = [*summary.keys, *summary.added]
    added = select(*(changes.c[name] for name in names))
    if spread:
        pairs = alias_of(spread.pairs)
        above_key = pairs.c[spread.above].label(spread.key)
        added = select(*(above_key if name == spread.key else changes.c[name] for name in names))
        added = added.join(pairs, pairs.c[spread.below] == changes.c[spread.key])
    own = select(*(cells.c[name] for name in names)).where(visible)
    return union_all(own, added).subquery(), true()


def filtered_columns(
    kind: Kind, arguments: ConnectionArguments, asker: ViewerContext
) -> set[str] | None:
    """Return the columns that the filter compares, if cells can decide it; else None.

    An index decides for viewers whose derived columns are the public ones or follow from all facts.
    """
    if not arguments.filter:
        return set()
    if not kind.corrections or kind.basis(asker) is not DerivationBasis.VISIBLE:
        return None
    words: set[str] = set()
    for name, value in arguments.filter:
        words |= {*value} if name == "is_null" else {name}
    if not words <= kind.filters.keys():
        return None
    return {kind.filters[name].column for name in words}


def covers_subtree(join: KeyJoin, summary: SummaryTable) -> bool:
    """Whether the way leads from each member of the tree to the rows in it and below it."""
    spread = summary.tree_rollup
    return (
        spread is not None
        and isinstance(join, AssociationJoin)
        and join.table is spread.pairs
        and (join.source_column, join.far, join.by) == (spread.above, spread.below, spread.key)
    )


def referenced_column_names(rows: FromClause, expressions: Sequence[Expression]) -> set[str]:
    elements = (part for expression in expressions for part in iterate(expression))
    return {part.key for part in elements if isinstance(part, ColumnClause) and part.table is rows}


def is_single_day(kind: Kind, arguments: ConnectionArguments) -> bool:
    """Return whether the arguments select the spells of one day."""
    if kind.spell is None:
        return False
    return arguments.on is not None or (arguments.spells or kind.spell.default) is Spells.CURRENT


def cell_total(kind: Kind, rows: FromClause, arguments: ConnectionArguments) -> ColumnElement[int]:
    """How many rows of the kind the cells hold together; none, where there are no cells."""
    total = func.sum(cell_count(kind, rows, arguments))
    return func.coalesce(total, literal_column("0", Integer()))


def cell_count(kind: Kind, rows: FromClause, arguments: ConnectionArguments) -> ColumnElement[int]:
    """Return what one cell adds to the count."""
    assert kind.summary is not None
    if not kind.summary.dated:
        return rows.c.number
    return rows.c.begun - rows.c.ended if is_single_day(kind, arguments) else rows.c.begun


def summary_predicate(
    kind: Kind,
    rows: FromClause,
    arguments: ConnectionArguments,
    asker: ViewerContext,
    visible: ColumnElement[bool],
) -> ColumnElement[bool]:
    """Return the condition for cells, like `about` for rows; an empty cell is no group."""
    assert kind.summary is not None
    visible = (
        and_(visible, filter_predicate(kind, rows, arguments.filter, asker))
        if arguments.filter
        else visible
    )
    if not kind.summary.dated:
        return and_(visible, rows.c.number != 0)
    if not is_single_day(kind, arguments):
        return visible
    day = asker.today if arguments.on is None else arguments.on
    dated = not_(rows.c.undated) if is_before_today(arguments, asker.today) else true()
    return and_(visible, dated, on_or_before(rows, day))


def undated_summary_predicate(
    kind: Kind, rows: FromClause, arguments: ConnectionArguments, asker: ViewerContext
) -> ColumnElement[bool]:
    """Return the condition for cells of spells whose validity on the day is unknown."""
    visible = kind.visible(asker.viewer, rows)
    return and_(visible, rows.c.undated, on_or_before(rows, arguments.on))


def on_or_before(rows: FromClause, day: object) -> ColumnElement[bool]:
    return or_(rows.c.day.is_(None), rows.c.day <= bind_value(day, Date()))
