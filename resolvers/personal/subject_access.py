"""Export of all data about a person, for that person: PIPL art. 45.

The numbers of changes are left out, as they would count changes of other records.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Select, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.security.encryption import EncryptionKeys
from models import HISTORY_TABLES
from models.access_log import AccessAction, AccessEntry
from models.change import Change
from models.history import model_table
from models.row import Row
from models.worker import Worker
from resolvers.personal.access_log import append_log_entry, as_log_entry, check_purpose
from resolvers.personal.dispute import DISPUTES
from resolvers.personal.erasure import ERASURE_REQUESTS, find_worker, referring_columns
from resolvers.personal.legal_basis import LEGAL_BASES
from resolvers.personal.masked import PERSONAL_VALUES, decrypt_value, ensure_subject

LOG, CHANGES = model_table(AccessEntry), model_table(Change)


async def export_subject(
    connection: AsyncConnection, seals: EncryptionKeys, code: str, purpose: str, typed_by: str
) -> dict[str, Any]:
    """Return all data about a person, in a write transaction.

    The export includes its own entry in the log, and is delivered only after it is committed.
    """
    person = await find_worker(connection, code)
    purpose = check_purpose(purpose, [person.name, person.name_en, person.code])
    rows = (
        await connection.execute(
            select(PERSONAL_VALUES).where(PERSONAL_VALUES.c.worker_id == person.id)
        )
    ).all()
    subject = await ensure_subject(connection, person.id)
    fields = [row.field for row in rows]
    await append_log_entry(
        connection, AccessAction.EXPORTED, typed_by, subject.pseudonym, fields, purpose
    )
    owners = sorted({row.owner_id for row in rows})
    return {
        "worker": row_as_json(person._mapping),
        "personal": [value_as_json(seals, row) for row in rows],
        "minor": row_as_json(subject._mapping),
        "bases": await rows_as_json(
            connection, select(LEGAL_BASES).where(LEGAL_BASES.c.partner_id.in_(owners))
        ),
        "records": await read_fact_rows(connection, person.id),
        "history": await read_image_rows(connection, person.id),
        "changes": await rows_as_json(
            connection,
            select_without(CHANGES, CHANGES.c.id).where(
                CHANGES.c.subject_type == Worker.__name__, CHANGES.c.subject_id == person.id
            ),
        ),
        "disputes": await rows_as_json(
            connection, select(DISPUTES).where(DISPUTES.c.worker_id == person.id)
        ),
        "erasureRequests": await rows_as_json(
            connection, select(ERASURE_REQUESTS).where(ERASURE_REQUESTS.c.worker_id == person.id)
        ),
        "accessLog": await read_log_rows(connection, subject.pseudonym),
    }


def value_as_json(seals: EncryptionKeys, row: Any) -> dict[str, Any]:
    content = {"field": row.field, "value": decrypt_value(seals, row), "fact": row.fact_id or None}
    return row_as_json({**content, "owner": row.owner_id, "recorded_at": row.recorded_at})


async def read_fact_rows(connection: AsyncConnection, worker: str) -> dict[str, Any]:
    facts = {}
    for model, columns in referring_columns(Worker):
        table = model_table(model)
        ours = or_(*(table.c[name] == worker for name in columns))
        facts[model.__name__] = await rows_as_json(connection, select(table).where(ours))
    return {kind: rows for kind, rows in facts.items() if rows}


async def read_image_rows(connection: AsyncConnection, worker: str) -> dict[str, Any]:
    images = {}
    itself: list[tuple[type[Row], list[str]]] = [(Worker, ["id"])]
    for model, columns in [*referring_columns(Worker), *itself]:
        twin = HISTORY_TABLES[model]
        ours = or_(*(twin.c[name] == worker for name in columns))
        query = select_without(twin, twin.c.replaced_by).where(ours)
        images[model.__name__] = await rows_as_json(connection, query)
    return {kind: rows for kind, rows in images.items() if rows}


def select_without(table: Table, number: Column[Any]) -> Select[Any]:
    """Select a table without its number, but in that order."""
    return select(*(column for column in table.c if column is not number)).order_by(number)


async def read_log_rows(connection: AsyncConnection, pseudonym: str) -> list[Any]:
    ours = select(LOG).where(LOG.c.pseudonym == pseudonym).order_by(LOG.c.number)
    entries = map(as_log_entry, await connection.execute(ours))
    return [
        row_as_json(
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


async def rows_as_json(connection: AsyncConnection, query: Any) -> list[Any]:
    return [row_as_json(row) for row in (await connection.execute(query)).mappings()]


def row_as_json(row: Any) -> dict[str, Any]:
    """Return a row as JSON values, without nulls."""
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in row.items()
        if value is not None
    }
