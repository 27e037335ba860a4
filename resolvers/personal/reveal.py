"""Disclosure of personal data in full: with purpose, legal basis and log entry, or not at all."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import checked_write_transaction
from kit.db.table_aliases import alias_of
from kit.errors import MutationError
from kit.i18n import Message
from models.access_log import AccessAction
from models.history import model_table
from models.partner import Scope
from models.personal import FieldGroup, PersonalField
from models.worker import Worker
from resolvers.core.access import Viewer
from resolvers.core.context import Info
from resolvers.core.records import parse_global_id
from resolvers.personal.access_log import append_log_entry, check_purpose
from resolvers.personal.legal_basis import (
    bases_in_force,
    groups_without_basis,
    missing_basis_message,
)
from resolvers.personal.masked import (
    PERSONAL_VALUES,
    DisclosedValue,
    can_read_value,
    can_see_person,
    decrypt_value,
    ensure_subject,
    fact_global_id,
    has_personal_access,
    require_seals,
)
from resolvers.worker import WORKER

WORKER_NOT_FOUND = Message(
    "The worker doesn't exist, or you may not see the record.", "没有该职工，或您无权查看。"
)
MISSING_FIELDS = Message("Name the fields that you need.", "请指明所需字段。")
SCOPE_REQUIRED = Message(
    f"This requires a partner's key with {Scope.PERSONAL_READ}.",
    f"需要合作方的密钥，且具有 {Scope.PERSONAL_READ} 权限。",
)


async def reveal_values(
    info: Info, worker: str, fields: Sequence[PersonalField], purpose: str
) -> list[DisclosedValue]:
    """Return values in full. Raises MutationError with what is missing; then nothing is logged.

    Values are returned only after the log entry is committed.
    """
    viewer = info.context.asker.viewer
    partner, seals = require_personal_read(viewer), require_seals(info.context.seals)
    field_set = set(fields)
    if not field_set:
        raise MutationError("BAD_USER_INPUT", *MISSING_FIELDS, "fields")
    kind, key = parse_global_id(worker)
    groups = {field.group for field in field_set}

    async def check(connection: AsyncConnection) -> tuple[Any, str, dict[FieldGroup, str]]:
        person = await find_visible_person(connection, viewer, key if kind is WORKER else "")
        said = check_purpose(purpose, [person.name, person.name_en, person.code])
        bases = await bases_in_force(connection, partner, groups, info.context.asker.today)
        if lacking := groups_without_basis(groups, bases):
            raise MutationError("FORBIDDEN", *missing_basis_message(lacking), "fields")
        return person, said, bases

    async with checked_write_transaction(info.context.engine, check) as (
        connection,
        (person, said, bases),
    ):
        rows = await read_personal_values(connection, viewer, person.id, field_set)
        values = [
            DisclosedValue(row.field, decrypt_value(seals, row), fact_global_id(row))
            for row in rows
        ]
        subject = await ensure_subject(connection, person.id)
        await append_log_entry(
            connection,
            AccessAction.REVEALED,
            partner,
            subject.pseudonym,
            field_set,
            said,
            ",".join(sorted(set(bases.values()))),
        )
    return values


def require_personal_read(viewer: Viewer) -> str:
    """Return the partner. Raises MutationError for a viewer without access to personal data."""
    if viewer.organisation is None or Scope.PERSONAL_READ not in viewer.scopes:
        raise MutationError("FORBIDDEN", *SCOPE_REQUIRED)
    return viewer.organisation


async def find_visible_person(connection: AsyncConnection, viewer: Viewer, key: str) -> Any:
    rows, value = alias_of(model_table(Worker)), alias_of(PERSONAL_VALUES)
    holders = select(value.c.worker_id).where(can_read_value(viewer, rows, value)).correlate(rows)
    query = select(rows.c.id, rows.c.code, rows.c.name, rows.c.name_en).where(
        rows.c.id == key,
        can_see_person(viewer, rows),
        has_personal_access(viewer, rows) | rows.c.id.in_(holders),
    )
    person = (await connection.execute(query)).one_or_none()
    if person is None:
        raise MutationError("NOT_FOUND", *WORKER_NOT_FOUND, "worker")
    return person


async def read_personal_values(
    connection: AsyncConnection, viewer: Viewer, worker: str, fields: Collection[PersonalField]
) -> Sequence[Any]:
    rows, value = alias_of(model_table(Worker)), alias_of(PERSONAL_VALUES)
    query = (
        select(value)
        .join(rows, rows.c.id == value.c.worker_id)
        .where(rows.c.id == worker, value.c.field.in_(fields), can_read_value(viewer, rows, value))
        .order_by(value.c.field, value.c.fact_id)
    )
    return (await connection.execute(query)).all()
