"""Personal data in full: for a purpose, on a legal basis, with an entry in the log, or not."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.database import writing_if
from kit.errors import UserError
from kit.language import Sentence
from kit.rows import rows_of
from models import Worker
from models.access_log import AccessAction
from models.history import stored
from models.partner import Scope
from models.personal import FieldGroup, PersonalField
from resolvers.access import Viewer
from resolvers.access_log import append, stated
from resolvers.answer import named_by
from resolvers.context import Info
from resolvers.legal_basis import bases_of, lacking_groups, no_basis
from resolvers.personal import (
    VALUES,
    Shown,
    exists_for,
    fact_id,
    near,
    opened,
    readable,
    required,
    subject_of,
)
from resolvers.worker import WORKER

UNKNOWN = Sentence(
    "There is no such worker, or none that you may see.", "没有该职工，或您无权查看。"
)
NO_FIELDS = Sentence("Name the fields that you need.", "请指明所需字段。")
NOT_MEANT = Sentence(
    f"This takes a partner's key with {Scope.PERSONAL_READ}.",
    f"需要合作方的密钥，且具有 {Scope.PERSONAL_READ} 权限。",
)


async def reveal_personal(
    info: Info, worker: str, fields: Sequence[PersonalField], purpose: str
) -> list[Shown]:
    """Raises UserError with what is lacking; then nothing is logged either.

    The values leave this function after the entry is committed, never before.
    """
    viewer = info.context.asker.viewer
    partner, seals = allowed(viewer), required(info.context.seals)
    wanted = set(fields)
    if not wanted:
        raise UserError("BAD_USER_INPUT", *NO_FIELDS, "fields")
    kind, key = named_by(worker)
    groups = {field.group for field in wanted}

    async def check(connection: AsyncConnection) -> tuple[Any, str, dict[FieldGroup, str]]:
        person = await visible_person(connection, viewer, key if kind is WORKER else "")
        said = stated(purpose, [person.name, person.name_en, person.code])
        bases = await bases_of(connection, partner, groups, info.context.asker.today)
        if lacking := lacking_groups(groups, bases):
            raise UserError("FORBIDDEN", *no_basis(lacking), "fields")
        return person, said, bases

    async with writing_if(info.context.engine, check) as (connection, (person, said, bases)):
        rows = await values_of(connection, viewer, person.id, wanted)
        given = [Shown(row.field, opened(seals, row), fact_id(row)) for row in rows]
        subject = await subject_of(connection, person.id)
        await append(
            connection,
            AccessAction.REVEALED,
            partner,
            subject.pseudonym,
            wanted,
            said,
            ",".join(sorted(set(bases.values()))),
        )
    return given


def allowed(viewer: Viewer) -> str:
    """The partner that asks. Raises UserError for whom personal data isn't meant."""
    if viewer.organisation is None or Scope.PERSONAL_READ not in viewer.scopes:
        raise UserError("FORBIDDEN", *NOT_MEANT)
    return viewer.organisation


async def visible_person(connection: AsyncConnection, viewer: Viewer, key: str) -> Any:
    rows, value = rows_of(stored(Worker)), rows_of(VALUES)
    held = select(value.c.worker_id).where(readable(viewer, rows, value)).correlate(rows)
    asked = select(rows.c.id, rows.c.code, rows.c.name, rows.c.name_en).where(
        rows.c.id == key,
        exists_for(viewer, rows),
        near(viewer, rows) | rows.c.id.in_(held),
    )
    found = (await connection.execute(asked)).one_or_none()
    if found is None:
        raise UserError("NOT_FOUND", *UNKNOWN, "worker")
    return found


async def values_of(
    connection: AsyncConnection, viewer: Viewer, worker: str, fields: Collection[PersonalField]
) -> Sequence[Any]:
    rows, value = rows_of(stored(Worker)), rows_of(VALUES)
    asked = (
        select(value)
        .join(rows, rows.c.id == value.c.worker_id)
        .where(rows.c.id == worker, value.c.field.in_(fields), readable(viewer, rows, value))
        .order_by(value.c.field, value.c.fact_id)
    )
    return (await connection.execute(asked)).all()
