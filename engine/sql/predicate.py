"""WHERE predicates of a list: visibility, validity of spells, and filters."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    and_,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from engine.catalog.kind import Kind, Link, Spells, public_column
from engine.catalog.link import ToList, ToMany, ToOne, ToOneBacklink, ToOneUnion
from engine.sql.arguments import ConnectionArguments, FilterExpr
from engine.sql.parameters import QueryShape, bind_value
from kit.db.expressions import SelectStatement
from kit.db.session_role import SessionRole
from kit.db.table_aliases import alias_of
from kit.i18n import Language
from kit.request_limits import DEFAULT_LIMITS, RequestLimits
from kit.runtime.time_slices import yield_to_loop

LIST_OPERATORS = frozenset({"and", "or"})


class ViewerContext(NamedTuple):
    """Who asks, and which day today is: fixed once for a request.

    `wall` is as whom the database lets the request read; `language` and `limits` are for what is
    worked out in Python. A tuple: it is made for each request, four times as fast as a dataclass.
    """

    viewer: Any
    today: date
    wall: SessionRole | None = None
    language: Language = Language.ENGLISH
    limits: RequestLimits = DEFAULT_LIMITS


def validity_predicate(
    kind: Kind, rows: FromClause, arguments: ConnectionArguments, today: date
) -> ColumnElement[bool]:
    """Return the spells of a day, of today, or all.

    A spell whose start isn't known counts as begun while it hasn't ended; for a day in the past it
    is left out, and `undated_predicate` counts it.
    """
    spell = kind.spell
    if spell is None or (
        arguments.on is None and (arguments.spells or spell.default) is Spells.ALL
    ):
        return true()
    day = today if arguments.on is None else arguments.on
    begun: ColumnElement[bool] = rows.c[spell.begins] <= bind_value(day, Date())
    if not is_before_today(arguments, today):
        begun = or_(begun, rows.c[spell.begins].is_(None))
    return and_(begun, not_ended(kind, rows, day))


def undated_predicate(
    kind: Kind, rows: FromClause, arguments: ConnectionArguments, today: date
) -> ColumnElement[bool]:
    """Select spells that may be valid on that day, but have no known start."""
    if kind.spell is None or arguments.on is None or not is_before_today(arguments, today):
        return false()
    return and_(rows.c[kind.spell.begins].is_(None), not_ended(kind, rows, arguments.on))


def is_before_today(arguments: ConnectionArguments, today: date) -> bool:
    """Return whether the day is before today; the query shape has this flag, not the day."""
    if isinstance(arguments, QueryShape):
        return arguments.before_today
    return arguments.on is not None and arguments.on < today


def not_ended(kind: Kind, rows: FromClause, day: object) -> ColumnElement[bool]:
    assert kind.spell
    ends = rows.c[kind.spell.ends]
    return or_(ends.is_(None), ends > bind_value(day, Date()))


def filter_predicate(
    kind: Kind, rows: FromClause, conditions: FilterExpr, asker: ViewerContext
) -> ColumnElement[bool]:
    """Return the predicate of a filter; its fields are joined by and.

    With `not_withdrawn` it is the whole filter: withdrawn rows match only if a condition names
    them.
    """
    if not conditions:
        return true()
    if kind.withdrawn and mentions_column(conditions, kind.withdrawn[0]):
        return withdrawn_filter_predicate(kind, rows, conditions, asker)
    return and_(
        true(), *(condition_predicate(kind, rows, name, value, asker) for name, value in conditions)
    )


def withdrawn_filter_predicate(
    kind: Kind, rows: FromClause, conditions: FilterExpr, asker: ViewerContext
) -> ColumnElement[bool]:
    """Return whether a filter names the column of retraction.

    An object that names it counts for all its fields. Each filter in an `and` or `or` counts for
    itself, so that `and: [f, g]` selects a subset of `f`.
    """
    assert kind.withdrawn
    if any(field == kind.withdrawn[0] for field, _ in conditions):
        return and_(
            true(),
            *(condition_predicate(kind, rows, name, value, asker) for name, value in conditions),
        )
    terms: list[ColumnElement[bool]] = []
    for name, value in conditions:
        if name in LIST_OPERATORS:
            filters = [standalone_filter_predicate(kind, rows, filter, asker) for filter in value]
            terms.append(and_(true(), *filters) if name == "and" else or_(false(), *filters))
        else:
            terms.append(condition_predicate(kind, rows, name, value, asker))
    return and_(true(), *terms)


def standalone_filter_predicate(
    kind: Kind, rows: FromClause, conditions: FilterExpr, asker: ViewerContext
) -> ColumnElement[bool]:
    return and_(
        not_withdrawn(kind, rows, conditions), filter_predicate(kind, rows, conditions, asker)
    )


def condition_predicate(
    kind: Kind, rows: FromClause, name: str, value: Any, asker: ViewerContext
) -> ColumnElement[bool]:
    if name == "and":
        return and_(
            true(), *(filter_predicate(kind, rows, conditions, asker) for conditions in value)
        )
    if name == "or":
        return or_(
            false(), *(filter_predicate(kind, rows, conditions, asker) for conditions in value)
        )
    if name == "not":
        # An unknown match is no match, so that each row is in either a filter or its `not`.
        return not_(func.coalesce(filter_predicate(kind, rows, value, asker), false()))
    if name == "is_null":
        return and_(true(), *(is_null_predicate(kind, rows, field, asker) for field in value))
    if name in kind.filters:
        filter = kind.filters[name]
        if filter.is_key and kind.renamed is not None:
            return key_predicate(kind, rows, value, asker)
        type_ = Boolean() if filter.asks else kind.table.c[filter.column].type
        value = bind_value(value, type_)
        ways = None if filter.asks else equality_disjuncts(kind, rows, filter.column, value, asker)
        return filter.holds(rows, value) if ways is None else or_(*ways)
    return exists_linked(kind.links[name], rows, value, asker)


def equality_disjuncts(
    kind: Kind, rows: FromClause, column: str, value: Any, asker: ViewerContext
) -> Sequence[ColumnElement[bool]] | None:
    """Return the indexed alternatives for a derived column, if it isn't computed."""
    derived = kind.derived.get(column)
    if derived is None or derived.equals is None or public_column(column) not in rows.c:
        return None
    return derived.equals(asker, rows.c.id, rows.c[public_column(column)], value)


def split_disjuncts(
    kind: Kind, rows: FromClause, conditions: FilterExpr, asker: ViewerContext
) -> tuple[Sequence[ColumnElement[bool]], FilterExpr]:
    """Return the alternatives of the first such comparison, and the rest of the filter."""
    for name, value in conditions:
        if name in kind.filters:
            column = kind.filters[name].column
            value = bind_value(value, kind.table.c[column].type)
            if ways := equality_disjuncts(kind, rows, column, value, asker):
                return ways, tuple(condition for condition in conditions if condition[0] != name)
    return (), conditions


def key_predicate(
    kind: Kind, rows: FromClause, value: object, asker: ViewerContext
) -> ColumnElement[bool]:
    """By its key, or by one that it had before, where nothing that may be seen has that now."""
    assert kind.renamed is not None
    yield_to_loop()
    live = alias_of(kind.table)
    key = bind_value(value, kind.table.c[kind.key].type)
    condition = and_(live.c[kind.key] == key, kind.visible(asker.viewer, live))
    now = select(live.c[kind.key]).where(condition).scalar_subquery()
    before = kind.renamed(asker, key).scalar_subquery()
    return rows.c[kind.key] == func.coalesce(now, before)


def nullable_fields(kind: Kind) -> list[str]:
    """List the fields for `isNull`: nullable columns, and links that may lead to no record."""
    columns = [
        name
        for name, filter in kind.filters.items()
        if name == filter.column and kind.table.c[filter.column].nullable
    ]
    links = [
        name
        for name, link in kind.links.items()
        if isinstance(link, ToOneUnion)
        or (isinstance(link, ToOne) and kind.table.c[link.by].nullable)
    ]
    return columns + links


def is_null_predicate(
    kind: Kind, rows: FromClause, field: str, asker: ViewerContext
) -> ColumnElement[bool]:
    """Return the predicate of a null link. A link to a hidden record is null too."""
    if field in kind.filters:
        column = kind.filters[field].column
        ways = equality_disjuncts(kind, rows, column, None, asker)
        return rows.c[column].is_(None) if ways is None else or_(*ways)
    return not_(func.coalesce(exists_linked(kind.links[field], rows, (), asker), false()))


def exists_linked(
    link: Link, rows: FromClause, conditions: Any, asker: ViewerContext
) -> ColumnElement[bool]:
    """Whether the link leads to a record that the viewer may see and that matches."""
    if isinstance(link, ToOneUnion):
        return exists_linked_union(link, rows, conditions, asker)
    if isinstance(link, ToOne) and link.among is not None:
        return exists_linked(link.among, rows, conditions, asker)
    if isinstance(link, ToOne):
        return rows.c[link.by].in_(select_matching(link.to, conditions, asker, "id"))
    if isinstance(link, ToOneBacklink):
        return rows.c.id.in_(select_matching(link.to, conditions, asker, link.by))
    assert isinstance(link, ToMany | ToList)
    target = link.to.rows(asker)
    source, joins = link.way.join_source(target, asker)
    reached = select(source).where(source.is_not(None)).select_from(target)
    for between, on in joins:
        reached = reached.join(between, on)
    spells = link.spells if isinstance(link, ToList) else None
    arguments = ConnectionArguments(filter=conditions, spells=spells)
    return rows.c.id.in_(reached.where(list_predicate(link.to, target, arguments, asker)))


def exists_linked_union(
    link: ToOneUnion, rows: FromClause, conditions: Any, asker: ViewerContext
) -> ColumnElement[bool]:
    """By kind where there are several; an empty filter asks that there is one at all."""
    choices = dict(link.choices)
    if len(choices) == 1:
        [(kind, column)] = choices.values()
        return rows.c[column].in_(select_matching(kind, conditions, asker, "id"))
    if not conditions:
        conditions = [(choice, ()) for choice in choices]
        return or_(
            *(exists_linked_union(link, rows, [condition], asker) for condition in conditions)
        )
    return and_(
        *(
            rows.c[choices[name][1]].in_(select_matching(choices[name][0], value, asker, "id"))
            for name, value in conditions
        )
    )


def select_matching(
    kind: Kind, conditions: FilterExpr, asker: ViewerContext, column: str
) -> SelectStatement:
    rows = kind.rows(asker)
    condition = and_(
        kind.visible(asker.viewer, rows),
        not_withdrawn(kind, rows, conditions),
        filter_predicate(kind, rows, conditions, asker),
    )
    return select(rows.c[column]).where(condition, rows.c[column].is_not(None))


def not_withdrawn(kind: Kind, rows: FromClause, conditions: FilterExpr) -> ColumnElement[bool]:
    """Leaves out withdrawn records, unless the filter names their column.

    For a filter that names it, see `withdrawn_filter_predicate`.
    """
    if kind.withdrawn is None or mentions_column(conditions, kind.withdrawn[0]):
        return true()
    column, value = kind.withdrawn
    stands: ColumnElement[bool] = rows.c[column] != value
    return stands


def mentions_column(conditions: FilterExpr, column: str) -> bool:
    """Whether a condition compares the column; to exclude a value with `not` names nothing."""
    return any(
        field == column
        or (field in LIST_OPERATORS and any(mentions_column(filter, column) for filter in value))
        for field, value in conditions
    )


def list_predicate(
    kind: Kind, rows: FromClause, arguments: ConnectionArguments, asker: ViewerContext
) -> ColumnElement[bool]:
    """Return the predicate of a list: visible, valid, matching rows. All else uses this one."""
    return and_(
        kind.visible(asker.viewer, rows),
        not_withdrawn(kind, rows, arguments.filter),
        validity_predicate(kind, rows, arguments, asker.today),
        filter_predicate(kind, rows, arguments.filter, asker),
    )
