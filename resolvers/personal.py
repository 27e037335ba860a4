"""What is held of a person, masked, and who may know of it; in full: resolvers/reveal.py."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, false, insert, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.reader import Load, Reader
from kit.database import among
from kit.errors import Unavailable
from kit.global_id import global_id
from kit.language import Sentence
from kit.rows import rows_of
from kit.sealed import Place, Seals, Unopened
from models import Enrolment, PersonalSubject, PersonalValue, Qualification, Worker
from models.history import stored
from models.personal import PersonalField
from models.row import Row
from resolvers.access import Viewer, within
from resolvers.context import Info, place
from resolvers.personal_numbers import masked
from resolvers.worker import WORKER

NO_KEYS = Sentence(
    "Personal data can't be read or written: this service has no keys for it. Whoever runs it sets "
    "PERSONAL_KEYS and PERSONAL_INDEX_KEYS.",
    "本服务未配置个人信息密钥，无法读写。请运行方设置 PERSONAL_KEYS 与 PERSONAL_INDEX_KEYS。",
)
NOT_OPENED = Sentence(
    "A value can't be opened: its key is not among those of this service, or it was changed in the "
    "database. Tell whoever runs the registry.",
    "有一项个人信息无法解密：本服务没有其密钥，或其在数据库中被改动。请告知登记簿的运行方。",
)
# Of which fact a number is, and which column of the fact holds the person.
FACTS: dict[PersonalField, tuple[type[Row], str]] = {
    PersonalField.STUDENT_NUMBER: (Enrolment, "trainee_id"),
    PersonalField.CERTIFICATE_NUMBER: (Qualification, "worker_id"),
}

VALUES, SUBJECTS = stored(PersonalValue), stored(PersonalSubject)


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as it is given: masked, or in full."""

    field: PersonalField
    value: str
    fact: str | None


@dataclass(frozen=True, slots=True)
class Personal:
    values: list[Shown]


def required(seals: Seals | None) -> Seals:
    """Raises Unavailable where the service was given no keys."""
    if seals is None:
        raise Unavailable(*NO_KEYS)
    return seals


def place_of(worker: str, field: PersonalField, fact: str) -> Place:
    return Place(VALUES.name, VALUES.c.sealed.key, f"{worker}/{field.value}/{fact}")


def opened(seals: Seals, row: Any) -> str:
    """Raises Unavailable for what doesn't open."""
    try:
        return seals.ring.open(row.sealed, place_of(row.worker_id, row.field, row.fact_id))
    except Unopened as error:
        raise Unavailable(*NOT_OPENED) from error


def mark_of(field: PersonalField, value: str) -> str:
    """What the blind index is made from: a number of one kind is none of another."""
    return f"{field.value}:{value}"


def fact_id(row: Any) -> str | None:
    return global_id(FACTS[row.field][0].__name__, row.fact_id) if row.fact_id else None


def near(viewer: Viewer, worker: FromClause) -> ColumnElement[bool]:
    """Whether the viewer knows a person as more than a public profile.

    An enrolment with a college doesn't suffice: whoever may enter one would give itself the right.
    """
    if viewer.sees_all:
        return true()
    ways: list[ColumnElement[bool]] = [false()]
    if viewer.sees_own:
        ways.append(worker.c.owner_id == viewer.organisation)
    if viewer.sees_region:
        ways += within(Worker, worker, viewer)
    if viewer.worker is not None:
        ways.append(worker.c.id == viewer.worker)
    return or_(*ways)


def readable(viewer: Viewer, worker: FromClause, value: FromClause) -> ColumnElement[bool]:
    """What one brought oneself, one knows already."""
    if not viewer.sees_own:
        return near(viewer, worker)
    return or_(near(viewer, worker), value.c.owner_id == viewer.organisation)


def exists_for(viewer: Viewer, worker: FromClause) -> ColumnElement[bool]:
    return or_(WORKER.visible(viewer, worker), near(viewer, worker))


async def personal(row: Any, info: Info) -> Personal | None:
    """Masked; None for whom the person is a public profile."""
    reader = info.context.reader
    viewer = reader.asker.viewer
    if not (viewer.sees_all or viewer.sees_own or viewer.sees_region or viewer.worker):
        return None
    loader = reader.loader(
        place(info.path), "personal", load_masked, reader, viewer, info.context.seals
    )
    found: Personal | None = await loader.load(row.id)
    return found


def load_masked(reader: Reader, viewer: Viewer, seals: Seals | None) -> Load:
    worker, value = rows_of(stored(Worker)), rows_of(VALUES)

    async def load(keys: list[str]) -> list[Personal | None]:
        asked = (
            select(worker.c.id, near(viewer, worker).label("is_near"), *value.c)
            .select_from(worker)
            .outerjoin(
                value, and_(value.c.worker_id == worker.c.id, readable(viewer, worker, value))
            )
            .where(among(worker.c.id, keys, reader.write.dialect))
            .order_by(worker.c.id, value.c.field, value.c.fact_id)
        )
        found: defaultdict[str, list[Shown]] = defaultdict(list)
        for row in await reader.all(asked):
            if row.is_near or row.field is not None:
                found[row.id] += [shown(row, required(seals))] if row.field is not None else []
        return [Personal(found[key]) if key in found else None for key in keys]

    return load


def shown(row: Any, seals: Seals) -> Shown:
    return Shown(row.field, masked(row.field, opened(seals, row)), fact_id(row))


async def holders(
    connection: AsyncConnection, seals: Seals, numbers: Sequence[tuple[PersonalField, str]]
) -> dict[tuple[PersonalField, str], set[str]]:
    """Whose numbers these are, by the blind index: canonical numbers, and the workers' ids."""
    wanted = {
        mark: (field, value)
        for field, value in numbers
        for mark in seals.index.marks(mark_of(field, value))
    }
    found: dict[tuple[PersonalField, str], set[str]] = {number: set() for number in numbers}
    if wanted:
        here = among(VALUES.c.mark, list(wanted), connection.dialect.name)
        for row in await connection.execute(select(VALUES.c.mark, VALUES.c.worker_id).where(here)):
            found[wanted[row.mark]].add(row.worker_id)
    return found


async def subject_of(connection: AsyncConnection, worker: str) -> Any:
    """The person as the log knows it; made when first something is held or asked."""
    ours = select(SUBJECTS).where(SUBJECTS.c.worker_id == worker)
    found = (await connection.execute(ours)).one_or_none()
    if found is None:
        new = {"worker_id": worker, "pseudonym": f"p_{token_hex(12)}", "guardian_agreed": False}
        await connection.execute(insert(SUBJECTS), new)
        found = (await connection.execute(ours)).one()
    return found
