"""What follows when an organisation is renamed, or shown to fewer people.

Its old name is kept, as narrow as it was shown. Nobody learns the name, or what became of it, of an
organisation that they don't see.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.rows import rows_of
from kit.spelling import spelt
from models import Organisation, OrganisationFormerName, OrganisationSuccession
from models.history import stored
from models.row import Audience, Row
from resolvers.proposal import Origin, Proposal
from resolvers.publication import Standing
from resolvers.recording import Entry, Recorder, Values

Entries = dict[type[Row], dict[str, Entry]]

# (what is told of organisations, the columns that name them)
TOLD: dict[type[Row], tuple[str, ...]] = {
    OrganisationFormerName: ("organisation_id",),
    OrganisationSuccession: ("organisation_id", "successor_id"),
}
REACH = {audience.value: place for place, audience in enumerate(Audience)}


async def kept_names(after: Standing) -> Entries:
    """A former name for each organisation that gets another name, unless it is on record."""
    renamed = {
        id: entry
        for id, entry in after.entered(Organisation).items()
        if entry.live and spelt(entry.live["name"]) != spelt(entry.row["name"] or "")
    }
    known = {
        (row["organisation_id"], row["name"])
        for row in await after.untouched(OrganisationFormerName, "organisation_id", set(renamed))
    }
    entered = after.entered(OrganisationFormerName).values()
    known |= {(one.row.get("organisation_id"), one.row.get("name")) for one in entered}
    found = {}
    for id, entry in renamed.items():
        assert entry.live
        if (id, entry.live["name"]) not in known:
            made = kept_name(entry, entry.live)
            found[made.row["id"]] = made
    return {OrganisationFormerName: found} if found else {}


def kept_name(entry: Entry, live: Values) -> Entry:
    """Nobody has said when it was renamed: what is known is when the registry was told."""
    told = sha256(f"{live['id']} {live['name']}".encode()).hexdigest()
    key = f"name_{told[:16]}"
    row: Values = {column.key: None for column in stored(OrganisationFormerName).columns}
    same = {name: live[name] for name in ("name", "audience", "owner_id")}
    row |= {"id": key, "organisation_id": live["id"], **same}
    return Entry(Proposal(OrganisationFormerName, key, {}, entry.proposal.origin), row, None)


async def follow_organisations(after: Standing) -> Entries:
    """Narrows what is entered; what must follow on record comes back, as entries of its own."""
    narrowed = {
        id
        for id, entry in after.entered(Organisation).items()
        if entry.live
        and any(entry.live[name] != entry.row[name] for name in ("audience", "owner_id"))
    }
    found: Entries = defaultdict(dict)
    for model, columns in TOLD.items():
        entries = dict(after.entered(model))
        for column in columns:
            for row in await after.untouched(model, column, narrowed):
                proposal = Proposal(model, row["id"], {}, Origin("", 0))
                entries.setdefault(row["id"], Entry(proposal, dict(row), row))
        named = {entry.row.get(column) for entry in entries.values() for column in columns}
        organisations = await after.by_id(Organisation, named)
        for id, entry in entries.items():
            of = [organisations.get(str(entry.row.get(column))) for column in columns]
            entry.row |= shown(entry.row, [one for one in of if one is not None])
            if id not in after.entered(model) and entry.differs():
                found[model][id] = entry
    return dict(found)


def shown(row: Values, organisations: Iterable[Values]) -> Values:
    """To whom it may be shown: to those alone who see all of the organisations."""
    audience: Audience = row["audience"]
    hidden = [one for one in organisations if one["audience"] != Audience.PUBLIC]
    for one in hidden:
        audience = audience.narrowed(one["audience"])
    owners = {one["owner_id"] for one in hidden}
    if len(owners) > 1:
        return {"audience": Audience.PROTECTED, "owner_id": None}
    return {"audience": audience, "owner_id": owners.pop() if owners else row["owner_id"]}


def reach(rows: FromClause) -> ColumnElement[int]:
    return case(REACH, value=rows.c.audience)


def wider(model: type[Row], column: str) -> Any:
    """The rows that are shown to more people than the organisation in that column, with these."""
    rows, holder = stored(model), rows_of(stored(Organisation))
    another = and_(
        holder.c.audience != Audience.PUBLIC,
        rows.c.owner_id.is_not(None),
        rows.c.owner_id.is_distinct_from(holder.c.owner_id),
    )
    return (
        select(rows.c.id)
        .join(holder, holder.c.id == rows.c[column])
        .where(or_(reach(rows) < reach(holder), another))
    )


async def too_wide_names(connection: AsyncConnection) -> list[str]:
    """Sentences for who runs the registry."""
    found = []
    for model, columns in TOLD.items():
        for column in columns:
            counted = wider(model, column).with_only_columns(func.count())
            if number := await connection.scalar(counted):
                table = stored(model).name
                found.append(f"{table}: {number} are shown to more people than their {column}.")
    return found


async def narrow_names(connection: AsyncConnection, typed_by: str) -> Mapping[str, int]:
    """What `too_wide_names` tells is no more: by kind, how many were narrowed."""
    written: dict[str, int] = {}
    recorder = await Recorder.begin(connection, typed_by, datetime.now(UTC))
    organisations = {
        row["id"]: dict(row)
        for row in (await connection.execute(select(stored(Organisation)))).mappings()
    }
    for model, columns in TOLD.items():
        table, entries = stored(model), []
        wide = [wider(model, column) for column in columns]
        rows = select(table).where(or_(*(table.c.id.in_(one) for one in wide)))
        for row in (await connection.execute(rows)).mappings():
            live = dict(row)
            of = [organisations[live[column]] for column in columns]
            proposal = Proposal(model, live["id"], {}, Origin("", 0))
            entries.append(Entry(proposal, {**live, **shown(live, of)}, live))
        if entries:
            await recorder.record(model, entries)
            written[model.__name__] = len(entries)
    return written
