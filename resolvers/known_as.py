"""By what names an organisation is found: its own, those it had, and those of its predecessors.

Whoever sees an organisation finds it by all of these, or by none: a name counts if everybody may
see it, or if it is shown to exactly those to whom its organisation is. So a filter needs to know
no viewer, and what is hidden is neither found nor told by what is found.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, and_, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.database import among
from kit.rows import rows_of
from models import Organisation, OrganisationFormerName, OrganisationSuccession
from models.history import stored
from models.row import Audience
from resolvers.recording import AT_ONCE

ORGANISATIONS = stored(Organisation)
FORMER, SUCCESSIONS = stored(OrganisationFormerName), stored(OrganisationSuccession)


def known_as(rows: FromClause, name: Any) -> ColumnElement[bool]:
    """Whether an organisation is found by exactly that name."""
    former, holder = rows_of(FORMER), rows_of(ORGANISATIONS)
    own = (
        select(former.c.organisation_id)
        .join(holder, holder.c.id == former.c.organisation_id)
        .where(former.c.name == name, or_(public(former), alike(former, holder)))
    )
    inherited = select(heirs(name).c.successor_id)
    return rows.c.id.in_(union(bearers(name), own, inherited))


def bearers(name: Any) -> Select[Any]:
    """Those of that name today. A union of keys, for PostgreSQL reads all rows for an `or`."""
    organisation = rows_of(ORGANISATIONS)
    return select(organisation.c.id).where(organisation.c.name == name)


def heirs(name: Any) -> Any:
    """Those that took the place of an organisation of that name, or of one that had."""
    former, holder, step = rows_of(FORMER), rows_of(ORGANISATIONS), rows_of(SUCCESSIONS)
    bore = select(former.c.organisation_id).where(former.c.name == name, public(former))
    first = (
        select(step.c.successor_id)
        .join(holder, holder.c.id == step.c.organisation_id)
        .where(public(step), public(holder), holder.c.id.in_(union(bearers(name), bore)))
        .cte(recursive=True)
    )
    further, between = rows_of(SUCCESSIONS), rows_of(ORGANISATIONS)
    return first.union(
        select(further.c.successor_id)
        .join(first, first.c.successor_id == further.c.organisation_id)
        .join(between, between.c.id == further.c.organisation_id)
        .where(public(further), public(between))
    )


def public(rows: FromClause) -> ColumnElement[bool]:
    return rows.c.audience == Audience.PUBLIC


def alike(part: FromClause, whole: FromClause) -> ColumnElement[bool]:
    """Shown to the same: a part lies where its organisation does."""
    owner = part.c.owner_id.is_not_distinct_from(whole.c.owner_id)
    return and_(part.c.audience == whole.c.audience, owner)


class Known(NamedTuple):
    """What else a record is found by."""

    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    def with_(self, other: "Known") -> "Known":
        names = dict.fromkeys((*self.names, *other.names))
        return Known(tuple(names), tuple(dict.fromkeys((*self.codes, *other.codes))))


NOTHING = Known()


async def known_organisations(
    connection: AsyncConnection, keys: Collection[str] | None = None
) -> Mapping[str, Known]:
    """What these are found by besides their own names and codes, or all that have such names."""
    pairs = await predecessors(connection, keys)
    above = {one for ones in pairs.values() for one in ones}
    wanted = None if keys is None else {*keys, *above}
    former = await former_names(connection, wanted)
    holder = {
        row.id: (row.name, row.code)
        for row in await read(
            connection, select(ORGANISATIONS).where(public(ORGANISATIONS)), "id", above
        )
    }
    found: dict[str, Known] = {key: Known(own) for (key, _), own in former.items() if own}
    everybodys = {key: own for (key, all_), own in former.items() if all_}
    for key, before in pairs.items():
        for one in before:
            if one in holder:
                name, code = holder[one]
                more = Known((name, *everybodys.get(one, ())), (code, one))
                found[key] = found.get(key, NOTHING).with_(more)
    return found


async def predecessors(
    connection: AsyncConnection, keys: Collection[str] | None
) -> dict[str, list[str]]:
    """Of each all before it, the nearest first, as far as everybody may see the way there."""
    holder = rows_of(ORGANISATIONS)
    steps = (
        select(SUCCESSIONS.c.organisation_id, SUCCESSIONS.c.successor_id)
        .join(holder, holder.c.id == SUCCESSIONS.c.organisation_id)
        .where(public(SUCCESSIONS), public(holder))
        .order_by(SUCCESSIONS.c.id)
    )
    before: dict[str, list[str]] = {}
    for one, successor in await connection.execute(steps):
        before.setdefault(successor, []).append(one)
    found = {}
    for key in before if keys is None else before.keys() & set(keys):
        line = list(before[key])
        for one in line:
            line += [further for further in before.get(one, ()) if further not in line]
        found[key] = line
    return found


async def heirs_of(connection: AsyncConnection, keys: Iterable[str]) -> set[str]:
    """Whoever took the place of one of these, and of those in turn."""
    after: dict[str, list[str]] = {}
    steps = select(SUCCESSIONS.c.organisation_id, SUCCESSIONS.c.successor_id)
    for one, successor in await connection.execute(steps):
        after.setdefault(one, []).append(successor)
    line = list(dict.fromkeys(one for key in keys for one in after.get(key, ())))
    for one in line:
        line += [further for further in after.get(one, ()) if further not in line]
    return set(line)


async def former_names(
    connection: AsyncConnection, keys: Collection[str] | None
) -> dict[tuple[str, bool], tuple[str, ...]]:
    """By organisation: what whoever sees it finds it by, and (True) what everybody may see."""
    holder = rows_of(ORGANISATIONS)
    named = (
        select(FORMER.c.organisation_id, FORMER.c.name, public(FORMER).label("everybodys"))
        .join(holder, holder.c.id == FORMER.c.organisation_id)
        .where(or_(public(FORMER), alike(FORMER, holder)))
        .order_by(FORMER.c.id)
    )
    found: dict[tuple[str, bool], tuple[str, ...]] = {}
    for row in await read(connection, named, "organisation_id", keys, FORMER):
        for everybodys in {False, bool(row.everybodys)}:
            place = row.organisation_id, everybodys
            found[place] = (*found.get(place, ()), row.name)
    return found


async def read(
    connection: AsyncConnection,
    statement: Select[Any],
    column: str,
    keys: Collection[str] | None,
    of: FromClause = ORGANISATIONS,
) -> list[Any]:
    if keys is None:
        return list(await connection.execute(statement))
    wanted, found = sorted(keys), list[Any]()
    for start in range(0, len(wanted), AT_ONCE):
        there = among(of.c[column], wanted[start : start + AT_ONCE], connection.dialect.name)
        found += await connection.execute(statement.where(there))
    return found
