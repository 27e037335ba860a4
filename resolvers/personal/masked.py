"""Personal data, masked, and who may see that it exists; in full: resolvers/personal/reveal.py."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, false, insert, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.loaders import BatchLoad, RequestLoaders
from kit.db.engine import in_keys
from kit.db.table_aliases import alias_of
from kit.errors import Unavailable
from kit.i18n import Message
from kit.relay.global_id import to_global_id
from kit.security.encryption import AssociatedData, DecryptionError, EncryptionKeys
from models.history import model_table
from models.personal import PersonalField, PersonalSubject, PersonalValue
from models.row import Row
from models.training import Enrolment, Qualification
from models.worker import Worker
from resolvers.core.access import Viewer, region_conditions
from resolvers.core.context import Info, field_path
from resolvers.personal.document_numbers import mask_value
from resolvers.worker import WORKER

MISSING_KEYS = Message(
    "Personal data can't be read or written: this service has no keys for it. The operator must "
    "set PERSONAL_KEYS and PERSONAL_INDEX_KEYS.",
    "本服务未配置个人信息密钥，无法读写。请运行方设置 PERSONAL_KEYS 与 PERSONAL_INDEX_KEYS。",
)
DECRYPTION_FAILED = Message(
    "A value can't be decrypted: this service lacks its key, or the value was changed in the "
    "database. Report this to the operator.",
    "有一项个人信息无法解密：本服务没有其密钥，或其在数据库中被改动。请告知登记簿的运行方。",
)
# The fact that a number belongs to, and its column of the person.
NUMBERED_FACTS: dict[PersonalField, tuple[type[Row], str]] = {
    PersonalField.STUDENT_NUMBER: (Enrolment, "trainee_id"),
    PersonalField.CERTIFICATE_NUMBER: (Qualification, "worker_id"),
}

PERSONAL_VALUES, PERSONAL_SUBJECTS = model_table(PersonalValue), model_table(PersonalSubject)


@dataclass(frozen=True, slots=True)
class DisclosedValue:
    """A value as returned: masked, or in full."""

    field: PersonalField
    value: str
    fact: str | None


@dataclass(frozen=True, slots=True)
class PersonalData:
    values: list[DisclosedValue]


def require_seals(seals: EncryptionKeys | None) -> EncryptionKeys:
    """Return the keys. Raises Unavailable if the service has none."""
    if seals is None:
        raise Unavailable(*MISSING_KEYS)
    return seals


def associated_data(worker: str, field: PersonalField, fact: str) -> AssociatedData:
    return AssociatedData(
        PERSONAL_VALUES.name, PERSONAL_VALUES.c.sealed.key, f"{worker}/{field.value}/{fact}"
    )


def decrypt_value(seals: EncryptionKeys, row: Any) -> str:
    """Return a value in full. Raises Unavailable if it can't be decrypted."""
    try:
        return seals.ring.open(row.sealed, associated_data(row.worker_id, row.field, row.fact_id))
    except DecryptionError as error:
        raise Unavailable(*DECRYPTION_FAILED) from error


def number_mark_text(field: PersonalField, value: str) -> str:
    """Return the text for the blind index: equal numbers of two kinds differ."""
    return f"{field.value}:{value}"


def fact_global_id(row: Any) -> str | None:
    return to_global_id(NUMBERED_FACTS[row.field][0].__name__, row.fact_id) if row.fact_id else None


def has_personal_access(viewer: Viewer, worker: FromClause) -> ColumnElement[bool]:
    """Return whether the viewer may see more of a person than the public profile.

    An enrolment with a college isn't enough: a college could enter one to gain access.
    """
    if viewer.sees_all:
        return true()
    ways: list[ColumnElement[bool]] = [false()]
    if viewer.sees_own:
        ways.append(worker.c.owner_id == viewer.organisation)
    if viewer.sees_region:
        ways += region_conditions(Worker, worker, viewer)
    if viewer.worker is not None:
        ways.append(worker.c.id == viewer.worker)
    return or_(*ways)


def can_read_value(viewer: Viewer, worker: FromClause, value: FromClause) -> ColumnElement[bool]:
    """Return whether the viewer may read a value: a partner may also read what it entered."""
    if not viewer.sees_own:
        return has_personal_access(viewer, worker)
    return or_(has_personal_access(viewer, worker), value.c.owner_id == viewer.organisation)


def can_see_person(viewer: Viewer, worker: FromClause) -> ColumnElement[bool]:
    return or_(WORKER.visible(viewer, worker), has_personal_access(viewer, worker))


async def resolve_personal(row: Any, info: Info) -> PersonalData | None:
    """Return masked data; None for viewers of the public profile only."""
    reader = info.context.reader
    viewer = reader.asker.viewer
    if not (viewer.sees_all or viewer.sees_own or viewer.sees_region or viewer.worker):
        return None
    loader = reader.loader(
        field_path(info.path), "personal", load_masked, reader, viewer, info.context.seals
    )
    data: PersonalData | None = await loader.load(row.id)
    return data


def load_masked(reader: RequestLoaders, viewer: Viewer, seals: EncryptionKeys | None) -> BatchLoad:
    worker, value = alias_of(model_table(Worker)), alias_of(PERSONAL_VALUES)

    async def load(keys: list[str]) -> list[PersonalData | None]:
        query = (
            select(worker.c.id, has_personal_access(viewer, worker).label("is_near"), *value.c)
            .select_from(worker)
            .outerjoin(
                value, and_(value.c.worker_id == worker.c.id, can_read_value(viewer, worker, value))
            )
            .where(in_keys(worker.c.id, keys, reader.write.dialect))
            .order_by(worker.c.id, value.c.field, value.c.fact_id)
        )
        disclosed: defaultdict[str, list[DisclosedValue]] = defaultdict(list)
        for row in await reader.all(query):
            if row.is_near or row.field is not None:
                disclosed[row.id] += (
                    [masked_value(row, require_seals(seals))] if row.field is not None else []
                )
        return [PersonalData(disclosed[key]) if key in disclosed else None for key in keys]

    return load


def masked_value(row: Any, seals: EncryptionKeys) -> DisclosedValue:
    return DisclosedValue(
        row.field, mask_value(row.field, decrypt_value(seals, row)), fact_global_id(row)
    )


async def find_number_holders(
    connection: AsyncConnection, seals: EncryptionKeys, numbers: Sequence[tuple[PersonalField, str]]
) -> dict[tuple[PersonalField, str], set[str]]:
    """Return the ids of the workers who have these canonical numbers, by the blind index."""
    marks = {
        mark: (field, value)
        for field, value in numbers
        for mark in seals.index.marks(number_mark_text(field, value))
    }
    holders: dict[tuple[PersonalField, str], set[str]] = {number: set() for number in numbers}
    if marks:
        here = in_keys(PERSONAL_VALUES.c.mark, list(marks), connection.dialect.name)
        for row in await connection.execute(
            select(PERSONAL_VALUES.c.mark, PERSONAL_VALUES.c.worker_id).where(here)
        ):
            holders[marks[row.mark]].add(row.worker_id)
    return holders


async def ensure_subject(connection: AsyncConnection, worker: str) -> Any:
    """Return the person's subject in the log, created when data is first stored or requested."""
    ours = select(PERSONAL_SUBJECTS).where(PERSONAL_SUBJECTS.c.worker_id == worker)
    subject = (await connection.execute(ours)).one_or_none()
    if subject is None:
        new = {"worker_id": worker, "pseudonym": f"p_{token_hex(12)}", "guardian_agreed": False}
        await connection.execute(insert(PERSONAL_SUBJECTS), new)
        subject = (await connection.execute(ours)).one()
    return subject
