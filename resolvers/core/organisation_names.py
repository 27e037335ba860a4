"""Names by which an organisation is found: its own, former ones, and those of predecessors.

All viewers of an organisation find it by the same names: a name counts if it is public, or visible
to exactly those who see the organisation. So a filter is independent of the viewer, and reveals
nothing hidden.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, and_, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import ROWS_PER_STATEMENT, in_keys
from kit.db.table_aliases import alias_of
from models.history import model_table
from models.organisation import Organisation, OrganisationFormerName, OrganisationSuccession
from models.row import Audience

ORGANISATIONS = model_table(Organisation)
FORMER_NAMES, SUCCESSIONS = model_table(OrganisationFormerName), model_table(OrganisationSuccession)


def has_organisation_name(rows: FromClause, name: Any) -> ColumnElement[bool]:
    """Return whether an organisation has exactly that name, now or before."""
    former, holder = alias_of(FORMER_NAMES), alias_of(ORGANISATIONS)
    own = (
        select(former.c.organisation_id)
        .join(holder, holder.c.id == former.c.organisation_id)
        .where(former.c.name == name, or_(is_public_row(former), has_same_audience(former, holder)))
    )
    inherited = select(successors_of_name(name).c.successor_id)
    return rows.c.id.in_(union(organisations_named(name), own, inherited))


def organisations_named(name: Any) -> Select[Any]:
    """Select organisations with that current name, for a union: PostgreSQL scans for an OR."""
    organisation = alias_of(ORGANISATIONS)
    return select(organisation.c.id).where(organisation.c.name == name)


def successors_of_name(name: Any) -> Any:
    """Select all successors of an organisation that has or had that name."""
    former, holder, step = alias_of(FORMER_NAMES), alias_of(ORGANISATIONS), alias_of(SUCCESSIONS)
    bore = select(former.c.organisation_id).where(former.c.name == name, is_public_row(former))
    first = (
        select(step.c.successor_id)
        .join(holder, holder.c.id == step.c.organisation_id)
        .where(
            is_public_row(step),
            is_public_row(holder),
            holder.c.id.in_(union(organisations_named(name), bore)),
        )
        .cte(recursive=True)
    )
    further, between = alias_of(SUCCESSIONS), alias_of(ORGANISATIONS)
    return first.union(
        select(further.c.successor_id)
        .join(first, first.c.successor_id == further.c.organisation_id)
        .join(between, between.c.id == further.c.organisation_id)
        .where(is_public_row(further), is_public_row(between))
    )


def is_public_row(rows: FromClause) -> ColumnElement[bool]:
    return rows.c.audience == Audience.PUBLIC


def has_same_audience(part: FromClause, organisation: FromClause) -> ColumnElement[bool]:
    """Return whether the same viewers see both: a part is in its organisation's region."""
    owner = part.c.owner_id.is_not_distinct_from(organisation.c.owner_id)
    return and_(part.c.audience == organisation.c.audience, owner)


class AlternativeNames(NamedTuple):
    """Further names and codes by which a record is found."""

    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    def merged_with(self, other: "AlternativeNames") -> "AlternativeNames":
        names = dict.fromkeys((*self.names, *other.names))
        return AlternativeNames(tuple(names), tuple(dict.fromkeys((*self.codes, *other.codes))))


NO_ALTERNATIVE_NAMES = AlternativeNames()


async def read_alternative_names(
    connection: AsyncConnection, keys: Collection[str] | None = None
) -> Mapping[str, AlternativeNames]:
    """Return alternative names by organisation; of all that have any, if `keys` is None."""
    pairs = await read_predecessors(connection, keys)
    above = {predecessor for ones in pairs.values() for predecessor in ones}
    holders = None if keys is None else {*keys, *above}
    former = await read_former_names(connection, holders)
    holder = {
        row.id: (row.name, row.code)
        for row in await read_key_batches(
            connection, select(ORGANISATIONS).where(is_public_row(ORGANISATIONS)), "id", above
        )
    }
    names: dict[str, AlternativeNames] = {
        key: AlternativeNames(own) for (key, _), own in former.items() if own
    }
    everybodys = {key: own for (key, all_), own in former.items() if all_}
    for key, before in pairs.items():
        for predecessor in before:
            if predecessor in holder:
                name, code = holder[predecessor]
                inherited = AlternativeNames(
                    (name, *everybodys.get(predecessor, ())), (code, predecessor)
                )
                names[key] = names.get(key, NO_ALTERNATIVE_NAMES).merged_with(inherited)
    return names


async def read_predecessors(
    connection: AsyncConnection, keys: Collection[str] | None
) -> dict[str, list[str]]:
    """Return predecessors by organisation, nearest first, along public successions."""
    holder = alias_of(ORGANISATIONS)
    steps = (
        select(SUCCESSIONS.c.organisation_id, SUCCESSIONS.c.successor_id)
        .join(holder, holder.c.id == SUCCESSIONS.c.organisation_id)
        .where(is_public_row(SUCCESSIONS), is_public_row(holder))
        .order_by(SUCCESSIONS.c.id)
    )
    before: dict[str, list[str]] = {}
    for organisation, successor in await connection.execute(steps):
        before.setdefault(successor, []).append(organisation)
    predecessors = {}
    for key in before if keys is None else before.keys() & set(keys):
        line = list(before[key])
        for organisation in line:
            line += [further for further in before.get(organisation, ()) if further not in line]
        predecessors[key] = line
    return predecessors


async def read_successors(connection: AsyncConnection, keys: Iterable[str]) -> set[str]:
    """Return all successors of these organisations, direct and indirect."""
    after: dict[str, list[str]] = {}
    steps = select(SUCCESSIONS.c.organisation_id, SUCCESSIONS.c.successor_id)
    for organisation, successor in await connection.execute(steps):
        after.setdefault(organisation, []).append(successor)
    line = list(dict.fromkeys(organisation for key in keys for organisation in after.get(key, ())))
    for organisation in line:
        line += [further for further in after.get(organisation, ()) if further not in line]
    return set(line)


async def read_former_names(
    connection: AsyncConnection, keys: Collection[str] | None
) -> dict[tuple[str, bool], tuple[str, ...]]:
    """Return former names by organisation: for its own viewers, and (True) public ones."""
    holder = alias_of(ORGANISATIONS)
    named = (
        select(
            FORMER_NAMES.c.organisation_id,
            FORMER_NAMES.c.name,
            is_public_row(FORMER_NAMES).label("everybodys"),
        )
        .join(holder, holder.c.id == FORMER_NAMES.c.organisation_id)
        .where(or_(is_public_row(FORMER_NAMES), has_same_audience(FORMER_NAMES, holder)))
        .order_by(FORMER_NAMES.c.id)
    )
    names: dict[tuple[str, bool], tuple[str, ...]] = {}
    for row in await read_key_batches(connection, named, "organisation_id", keys, FORMER_NAMES):
        for everybodys in {False, bool(row.everybodys)}:
            key = row.organisation_id, everybodys
            names[key] = (*names.get(key, ()), row.name)
    return names


async def read_key_batches(
    connection: AsyncConnection,
    statement: Select[Any],
    column: str,
    keys: Collection[str] | None,
    table: FromClause = ORGANISATIONS,
) -> list[Any]:
    if keys is None:
        return list(await connection.execute(statement))
    sorted_keys, rows = sorted(keys), list[Any]()
    for start in range(0, len(sorted_keys), ROWS_PER_STATEMENT):
        condition = in_keys(
            table.c[column],
            sorted_keys[start : start + ROWS_PER_STATEMENT],
            connection.dialect.name,
        )
        rows += await connection.execute(statement.where(condition))
    return rows
