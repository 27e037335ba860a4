"""Consequences of renaming an organisation, or narrowing its audience.

The old name is stored with the audience of the organisation. A viewer who can't see an organisation
sees neither its former names nor its successions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.table_aliases import alias_of
from kit.text.search_key import fold_for_search
from models.history import model_table
from models.organisation import Organisation, OrganisationFormerName, OrganisationSuccession
from models.row import Audience, Row
from resolvers.writing.audiences import audience_rank
from resolvers.writing.proposal import Origin, Proposal
from resolvers.writing.record import ChangeRecorder, Entry, RowValues
from resolvers.writing.rules.publication import RowsAfterWrite

Entries = dict[type[Row], dict[str, Entry]]

# (records about organisations, their columns)
ORGANISATION_COLUMNS: dict[type[Row], tuple[str, ...]] = {
    OrganisationFormerName: ("organisation_id",),
    OrganisationSuccession: ("organisation_id", "successor_id"),
}
AUDIENCE_RANKS = {audience.value: rank for rank, audience in enumerate(Audience)}


async def former_name_entries(after: RowsAfterWrite) -> Entries:
    """Return a former name for each renamed organisation, unless it is stored or entered."""
    renamed = {
        id: entry
        for id, entry in after.entered(Organisation).items()
        if entry.live
        and fold_for_search(entry.live["name"]) != fold_for_search(entry.row["name"] or "")
    }
    names = {
        (row["organisation_id"], row["name"])
        for row in await after.unentered_rows(
            OrganisationFormerName, "organisation_id", set(renamed)
        )
    }
    entered = after.entered(OrganisationFormerName).values()
    names |= {
        (name_entry.row.get("organisation_id"), name_entry.row.get("name"))
        for name_entry in entered
    }
    entries = {}
    for id, entry in renamed.items():
        assert entry.live
        if (id, entry.live["name"]) not in names:
            former_name = former_name_entry(entry, entry.live)
            entries[former_name.row["id"]] = former_name
    return {OrganisationFormerName: entries} if entries else {}


def former_name_entry(entry: Entry, live: RowValues) -> Entry:
    """Return the entry of a former name, without dates: only the date of recording is known."""
    digest = sha256(f"{live['id']} {live['name']}".encode()).hexdigest()
    key = f"name_{digest[:16]}"
    row: RowValues = {column.key: None for column in model_table(OrganisationFormerName).columns}
    same = {name: live[name] for name in ("name", "audience", "owner_id")}
    row |= {"id": key, "organisation_id": live["id"], **same}
    return Entry(Proposal(OrganisationFormerName, key, {}, entry.proposal.origin), row, None)


async def narrow_to_organisations(after: RowsAfterWrite) -> Entries:
    """Narrow entered rows; return entries for stored ones that have to follow."""
    narrowed = {
        id
        for id, entry in after.entered(Organisation).items()
        if entry.live
        and any(entry.live[name] != entry.row[name] for name in ("audience", "owner_id"))
    }
    changed: Entries = defaultdict(dict)
    for model, columns in ORGANISATION_COLUMNS.items():
        entries = dict(after.entered(model))
        for column in columns:
            for row in await after.unentered_rows(model, column, narrowed):
                proposal = Proposal(model, row["id"], {}, Origin("", 0))
                entries.setdefault(row["id"], Entry(proposal, dict(row), row))
        named = {entry.row.get(column) for entry in entries.values() for column in columns}
        organisations = await after.by_id(Organisation, named)
        for id, entry in entries.items():
            holders = [organisations.get(str(entry.row.get(column))) for column in columns]
            entry.row |= narrowed_to(
                entry.row, [organisation for organisation in holders if organisation is not None]
            )
            if id not in after.entered(model) and entry.has_changes():
                changed[model][id] = entry
    return dict(changed)


def narrowed_to(row: RowValues, organisations: Iterable[RowValues]) -> RowValues:
    """Return audience and owner so that only viewers of all the organisations see the row."""
    audience: Audience = row["audience"]
    hidden = [
        organisation
        for organisation in organisations
        if organisation["audience"] != Audience.PUBLIC
    ]
    for organisation in hidden:
        audience = audience.narrowed(organisation["audience"])
    owners = {organisation["owner_id"] for organisation in hidden}
    if len(owners) > 1:
        return {"audience": Audience.PROTECTED, "owner_id": None}
    return {"audience": audience, "owner_id": owners.pop() if owners else row["owner_id"]}


def select_wider_than_organisation(model: type[Row], column: str) -> Any:
    """Select rows that are wider than the organisation in that column, joined with it."""
    rows, holder = model_table(model), alias_of(model_table(Organisation))
    another = and_(
        holder.c.audience != Audience.PUBLIC,
        rows.c.owner_id.is_not(None),
        rows.c.owner_id.is_distinct_from(holder.c.owner_id),
    )
    return (
        select(rows.c.id)
        .join(holder, holder.c.id == rows.c[column])
        .where(or_(audience_rank(rows) < audience_rank(holder), another))
    )


async def verify_former_names(connection: AsyncConnection) -> list[str]:
    """Return messages for the operator."""
    messages = []
    for model, columns in ORGANISATION_COLUMNS.items():
        for column in columns:
            counted = select_wider_than_organisation(model, column).with_only_columns(func.count())
            if number := await connection.scalar(counted):
                table = model_table(model).name
                messages.append(f"{table}: {number} are shown to more people than their {column}.")
    return messages


async def narrow_former_names(connection: AsyncConnection, typed_by: str) -> Mapping[str, int]:
    """Narrow all that `verify_former_names` reports; return numbers by kind."""
    written: dict[str, int] = {}
    recorder = await ChangeRecorder.begin(connection, typed_by, datetime.now(UTC))
    organisations = {
        row["id"]: dict(row)
        for row in (await connection.execute(select(model_table(Organisation)))).mappings()
    }
    for model, columns in ORGANISATION_COLUMNS.items():
        table, entries = model_table(model), []
        wide = [select_wider_than_organisation(model, column) for column in columns]
        rows = select(table).where(or_(*(table.c.id.in_(query) for query in wide)))
        for row in (await connection.execute(rows)).mappings():
            live = dict(row)
            holders = [organisations[live[column]] for column in columns]
            proposal = Proposal(model, live["id"], {}, Origin("", 0))
            entries.append(Entry(proposal, {**live, **narrowed_to(live, holders)}, live))
        if entries:
            await recorder.record(model, entries)
            written[model.__name__] = len(entries)
    return written
