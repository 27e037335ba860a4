"""Which rows a question is about: the spells that hold, and what a filter says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Select,
    and_,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from engine.kind import Kind, Spells, common
from engine.link import Closed, Link, Many, One, OneBack, OneOf
from engine.page import Asked, Wanted
from engine.shape import Shape, bound
from kit.language import Language
from kit.limits import LIMITS, Limits
from kit.pieces import pause
from kit.rows import rows_of
from kit.walls import Wall

LISTS = frozenset({"and", "or"})


@dataclass(frozen=True)
class Asker:
    """Who asks, and which day today is: fixed once for a request.

    `wall` is as whom the database lets the request read; `language` and `limits` are for what is
    worked out in Python.
    """

    viewer: Any
    today: date
    wall: Wall | None = None
    language: Language = Language.ENGLISH
    limits: Limits = LIMITS


def holds(kind: Kind, rows: FromClause, asked: Asked, today: date) -> ColumnElement[bool]:
    """The spells of a day, of today, or all.

    A spell whose start isn't known counts as begun while it hasn't ended; for a day in the past it
    is left out, and `undated` counts it.
    """
    spell = kind.spell
    if spell is None or (asked.on is None and (asked.spells or spell.default) is Spells.ALL):
        return true()
    day = today if asked.on is None else asked.on
    begun: ColumnElement[bool] = rows.c[spell.begins] <= bound(day, Date())
    if not past(asked, today):
        begun = or_(begun, rows.c[spell.begins].is_(None))
    return and_(begun, not_ended(kind, rows, day))


def undated(kind: Kind, rows: FromClause, asked: Asked, today: date) -> ColumnElement[bool]:
    """Spells that may have held on the day asked, but nobody knows when they began."""
    if kind.spell is None or asked.on is None or not past(asked, today):
        return false()
    return and_(rows.c[kind.spell.begins].is_(None), not_ended(kind, rows, asked.on))


def past(asked: Asked, today: date) -> bool:
    """Whether the day asked lies before today; the shape of a question knows it without the day."""
    if isinstance(asked, Shape):
        return asked.past
    return asked.on is not None and asked.on < today


def not_ended(kind: Kind, rows: FromClause, day: Any) -> ColumnElement[bool]:
    assert kind.spell
    ends = rows.c[kind.spell.ends]
    return or_(ends.is_(None), ends > bound(day, Date()))


def matches(kind: Kind, rows: FromClause, wanted: Wanted, asker: Asker) -> ColumnElement[bool]:
    """A filter as one predicate; its fields are joined by and.

    With `standing` it is the whole filter: withdrawn rows match only where a condition names them.
    """
    if not wanted:
        return true()
    if kind.withdrawn and names(wanted, kind.withdrawn[0]):
        return naming(kind, rows, wanted, asker)
    return and_(true(), *(term(kind, rows, name, value, asker) for name, value in wanted))


def naming(kind: Kind, rows: FromClause, wanted: Wanted, asker: Asker) -> ColumnElement[bool]:
    """A filter that names the column of what was withdrawn.

    An object that names it speaks for all its fields. Each filter in an `and` or `or` speaks for
    itself, so that `and: [f, g]` lies within `f`.
    """
    assert kind.withdrawn
    if any(word == kind.withdrawn[0] for word, _ in wanted):
        return and_(true(), *(term(kind, rows, name, value, asker) for name, value in wanted))
    terms: list[ColumnElement[bool]] = []
    for name, value in wanted:
        if name in LISTS:
            filters = [whole(kind, rows, filter, asker) for filter in value]
            terms.append(and_(true(), *filters) if name == "and" else or_(false(), *filters))
        else:
            terms.append(term(kind, rows, name, value, asker))
    return and_(true(), *terms)


def whole(kind: Kind, rows: FromClause, wanted: Wanted, asker: Asker) -> ColumnElement[bool]:
    return and_(standing(kind, rows, wanted), matches(kind, rows, wanted, asker))


def term(kind: Kind, rows: FromClause, name: str, value: Any, asker: Asker) -> ColumnElement[bool]:
    if name == "and":
        return and_(true(), *(matches(kind, rows, one, asker) for one in value))
    if name == "or":
        return or_(false(), *(matches(kind, rows, one, asker) for one in value))
    if name == "not":
        # What is not known to match doesn't match, so that a filter and its `not` share all rows.
        return not_(func.coalesce(matches(kind, rows, value, asker), false()))
    if name == "is_null":
        return and_(true(), *(missing(kind, rows, word, asker) for word in value))
    if name in kind.filters:
        filter = kind.filters[name]
        if filter.of_key and kind.renamed is not None:
            return goes_by(kind, rows, value, asker)
        of = Boolean() if filter.asks else kind.table.c[filter.column].type
        value = bound(value, of)
        ways = None if filter.asks else equal(kind, rows, filter.column, value, asker)
        return filter.holds(rows, value) if ways is None else or_(*ways)
    return leads_to(kind.links[name], rows, value, asker)


def equal(
    kind: Kind, rows: FromClause, column: str, value: Any, asker: Asker
) -> Sequence[ColumnElement[bool]] | None:
    """The ways in which a derived column of such rows is a value, if it needn't be worked out."""
    derived = kind.derived.get(column)
    if derived is None or derived.equals is None or common(column) not in rows.c:
        return None
    return derived.equals(asker, rows.c.id, rows.c[common(column)], value)


def ways_of(
    kind: Kind, rows: FromClause, wanted: Wanted, asker: Asker
) -> tuple[Sequence[ColumnElement[bool]], Wanted]:
    """The ways in which the first such comparison of a filter holds, and the rest of the filter."""
    for name, value in wanted:
        if name in kind.filters:
            column = kind.filters[name].column
            value = bound(value, kind.table.c[column].type)
            if ways := equal(kind, rows, column, value, asker):
                return ways, tuple(one for one in wanted if one[0] != name)
    return (), wanted


def goes_by(kind: Kind, rows: FromClause, value: Any, asker: Asker) -> ColumnElement[bool]:
    """By its key, or by one that it had before, where nothing that may be seen has that now."""
    assert kind.renamed is not None
    pause()
    live = rows_of(kind.table)
    key = bound(value, kind.table.c[kind.key].type)
    seen = and_(live.c[kind.key] == key, kind.visible(asker.viewer, live))
    now = select(live.c[kind.key]).where(seen).scalar_subquery()
    before = kind.renamed(asker, key).scalar_subquery()
    return rows.c[kind.key] == func.coalesce(now, before)


def nullable(kind: Kind) -> list[str]:
    """What `isNull` can ask for: columns that may be empty, links to one that may lead nowhere."""
    columns = [
        name
        for name, filter in kind.filters.items()
        if name == filter.column and kind.table.c[filter.column].nullable
    ]
    links = [
        name
        for name, link in kind.links.items()
        if isinstance(link, OneOf) or (isinstance(link, One) and kind.table.c[link.by].nullable)
    ]
    return columns + links


def missing(kind: Kind, rows: FromClause, word: str, asker: Asker) -> ColumnElement[bool]:
    """A link to what the asker may not see leads nowhere."""
    if word in kind.filters:
        column = kind.filters[word].column
        ways = equal(kind, rows, column, None, asker)
        return rows.c[column].is_(None) if ways is None else or_(*ways)
    return not_(func.coalesce(leads_to(kind.links[word], rows, (), asker), false()))


def leads_to(link: Link, rows: FromClause, wanted: Any, asker: Asker) -> ColumnElement[bool]:
    """Whether the link leads to a record that the viewer may see and that matches."""
    if isinstance(link, OneOf):
        return leads_to_one_of(link, rows, wanted, asker)
    if isinstance(link, One) and link.among is not None:
        return leads_to(link.among, rows, wanted, asker)
    if isinstance(link, One):
        return rows.c[link.by].in_(matching(link.to, wanted, asker, "id"))
    if isinstance(link, OneBack):
        return rows.c.id.in_(matching(link.to, wanted, asker, link.by))
    assert isinstance(link, Many | Closed)
    target = link.to.rows(asker)
    source, joins = link.way.reach(target, asker)
    reached = select(source).where(source.is_not(None)).select_from(target)
    for between, on in joins:
        reached = reached.join(between, on)
    spells = link.spells if isinstance(link, Closed) else None
    asked = Asked(filter=wanted, spells=spells)
    return rows.c.id.in_(reached.where(about(link.to, target, asked, asker)))


def leads_to_one_of(
    link: OneOf, rows: FromClause, wanted: Any, asker: Asker
) -> ColumnElement[bool]:
    """By kind where there are several; an empty filter asks that there is one at all."""
    choices = dict(link.choices)
    if len(choices) == 1:
        [(kind, column)] = choices.values()
        return rows.c[column].in_(matching(kind, wanted, asker, "id"))
    if not wanted:
        wanted = [(word, ()) for word in choices]
        return or_(*(leads_to_one_of(link, rows, [one], asker) for one in wanted))
    return and_(
        *(
            rows.c[choices[name][1]].in_(matching(choices[name][0], value, asker, "id"))
            for name, value in wanted
        )
    )


def matching(kind: Kind, wanted: Wanted, asker: Asker, column: str) -> Select[Any]:
    rows = kind.rows(asker)
    seen = and_(
        kind.visible(asker.viewer, rows),
        standing(kind, rows, wanted),
        matches(kind, rows, wanted, asker),
    )
    return select(rows.c[column]).where(seen, rows.c[column].is_not(None))


def standing(kind: Kind, rows: FromClause, wanted: Wanted) -> ColumnElement[bool]:
    """Without what was withdrawn, unless the filter names its column: then see `naming`."""
    if kind.withdrawn is None or names(wanted, kind.withdrawn[0]):
        return true()
    column, value = kind.withdrawn
    stands: ColumnElement[bool] = rows.c[column] != value
    return stands


def names(wanted: Wanted, column: str) -> bool:
    """Whether a condition compares the column; to exclude a value with `not` names nothing."""
    return any(
        word == column or (word in LISTS and any(names(filter, column) for filter in value))
        for word, value in wanted
    )


def about(kind: Kind, rows: FromClause, asked: Asked, asker: Asker) -> ColumnElement[bool]:
    """The rows that a list is about: seen, holding, matching. All else follows from this one."""
    return and_(
        kind.visible(asker.viewer, rows),
        standing(kind, rows, asked.filter),
        holds(kind, rows, asked, asker.today),
        matches(kind, rows, asked.filter, asker),
    )
