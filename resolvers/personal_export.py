"""All that is held about a person, for that person: PIPL art. 45.

Not by which number the registry counts its changes: that would count what is about others.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Select, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.sealed import Seals
from models import TWINS, AccessEntry, Change, Worker
from models.access_log import AccessAction
from models.history import stored
from models.row import Row
from resolvers.access_log import append, entry_of, stated
from resolvers.dispute import DISPUTES
from resolvers.erasing import REQUESTS, about, person_named
from resolvers.legal_basis import BASES
from resolvers.personal import VALUES, opened, subject_of

LOG, CHANGES = stored(AccessEntry), stored(Change)


async def whole(
    connection: AsyncConnection, seals: Seals, code: str, purpose: str, typed_by: str
) -> dict[str, Any]:
    """In a writing transaction: its entry in the log is told too, and is committed first."""
    person = await person_named(connection, code)
    purpose = stated(purpose, [person.name, person.name_en, person.code])
    rows = (await connection.execute(select(VALUES).where(VALUES.c.worker_id == person.id))).all()
    subject = await subject_of(connection, person.id)
    fields = [row.field for row in rows]
    await append(connection, AccessAction.EXPORTED, typed_by, subject.pseudonym, fields, purpose)
    owners = sorted({row.owner_id for row in rows})
    return {
        "worker": plain(person._mapping),
        "personal": [value(seals, row) for row in rows],
        "minor": plain(subject._mapping),
        "bases": await listed(connection, select(BASES).where(BASES.c.partner_id.in_(owners))),
        "records": await records(connection, person.id),
        "history": await images(connection, person.id),
        "changes": await listed(
            connection,
            without(CHANGES, CHANGES.c.id).where(
                CHANGES.c.subject_type == Worker.__name__, CHANGES.c.subject_id == person.id
            ),
        ),
        "disputes": await listed(
            connection, select(DISPUTES).where(DISPUTES.c.worker_id == person.id)
        ),
        "erasureRequests": await listed(
            connection, select(REQUESTS).where(REQUESTS.c.worker_id == person.id)
        ),
        "accessLog": await log(connection, subject.pseudonym),
    }


def value(seals: Seals, row: Any) -> dict[str, Any]:
    known = {"field": row.field, "value": opened(seals, row), "fact": row.fact_id or None}
    return plain({**known, "owner": row.owner_id, "recorded_at": row.recorded_at})


async def records(connection: AsyncConnection, worker: str) -> dict[str, Any]:
    found = {}
    for model, columns in about(Worker):
        table = stored(model)
        ours = or_(*(table.c[name] == worker for name in columns))
        found[model.__name__] = await listed(connection, select(table).where(ours))
    return {kind: rows for kind, rows in found.items() if rows}


async def images(connection: AsyncConnection, worker: str) -> dict[str, Any]:
    found = {}
    itself: list[tuple[type[Row], list[str]]] = [(Worker, ["id"])]
    for model, columns in [*about(Worker), *itself]:
        twin = TWINS[model]
        ours = or_(*(twin.c[name] == worker for name in columns))
        query = without(twin, twin.c.replaced_by).where(ours)
        found[model.__name__] = await listed(connection, query)
    return {kind: rows for kind, rows in found.items() if rows}


def without(table: Table, number: Column[Any]) -> Select[Any]:
    """In the order of a number that isn't told."""
    return select(*(one for one in table.c if one is not number)).order_by(number)


async def log(connection: AsyncConnection, pseudonym: str) -> list[Any]:
    ours = select(LOG).where(LOG.c.pseudonym == pseudonym).order_by(LOG.c.number)
    entries = map(entry_of, await connection.execute(ours))
    return [
        plain(
            {
                "at": entry.at,
                "action": entry.access_action,
                "reader": entry.reader,
                "fields": entry.fields,
                "purpose": entry.purpose,
            }
        )
        for entry in entries
    ]


async def listed(connection: AsyncConnection, query: Any) -> list[Any]:
    return [plain(row) for row in (await connection.execute(query)).mappings()]


def plain(row: Any) -> dict[str, Any]:
    """As JSON takes it; what is empty is left out."""
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in row.items()
        if value is not None
    }
