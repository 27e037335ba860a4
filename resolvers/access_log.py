"""The access log: an entry is added in the transaction of what it tells of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import FromClause, func, insert, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.page import Asked
from kit.chain import BEGINNING, Linked, Walk, hash_of
from kit.errors import UserError
from kit.identity import plain
from kit.language import Sentence
from models import AccessEntry, PersonalSubject
from models.access_log import AccessAction
from models.history import stored
from models.personal import PersonalField
from resolvers.answer import named_by
from resolvers.context import Info, place
from resolvers.newest import Newest
from resolvers.organisation import ORGANISATION
from resolvers.worker import WORKER

LOG, SUBJECTS = stored(AccessEntry), stored(PersonalSubject)
COVERED = (
    "at", "access_action", "reader", "pseudonym", "fields", "purpose", "legal_basis_id",
)  # fmt: skip
AT_ONCE = 1000
WORDS = PersonalField.__members__
SHORTEST, LONGEST = 4, 200
HOW_LONG = Sentence(
    f"Say in {SHORTEST} to {LONGEST} characters what for.",
    f"请用 {SHORTEST} 至 {LONGEST} 个字符说明用途。",
)
NOBODY = Sentence(
    "Leave out names and numbers of people: what stands here is kept when they are erased.",
    "请勿写入姓名和号码：个人信息删除后，此处文字仍会保留。",
)
A_NUMBER = re.compile(r"[A-Za-z]?(\d[\s-]?){7,}")


def stated(purpose: str, names: Iterable[str | None], field: str = "purpose") -> str:
    """Raises UserError: what is written stays for ever, so it may tell nothing of the person."""
    text = " ".join(purpose.split())
    if not SHORTEST <= len(text) <= LONGEST or not text.isprintable():
        raise UserError("BAD_USER_INPUT", *HOW_LONG, field)
    if A_NUMBER.search(plain(text)) or any(name and name in text for name in names):
        raise UserError("BAD_USER_INPUT", *NOBODY, field)
    return text


async def append(
    connection: AsyncConnection,
    action: AccessAction,
    reader: str,
    pseudonym: str,
    fields: Iterable[PersonalField],
    purpose: str,
    legal_basis_id: str | None = None,
) -> None:
    """In a writing transaction (kit/database.py), whose rows are given only once it is through."""
    last = (
        await connection.execute(
            select(LOG.c.number, LOG.c.hash).order_by(LOG.c.number.desc()).limit(1)
        )
    ).one_or_none()
    number, previous = (last.number + 1, last.hash) if last else (1, BEGINNING)
    entry = {
        "at": datetime.now(UTC),
        "access_action": action,
        "reader": reader,
        "pseudonym": pseudonym,
        "fields": ",".join(sorted({field.value for field in fields})),
        "purpose": purpose,
        "legal_basis_id": legal_basis_id,
    }
    sealed = hash_of(number, [entry[name] for name in COVERED], previous)
    await connection.execute(
        insert(LOG), {"number": number, "previous": previous, "hash": sealed, **entry}
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    entries: int
    head: str
    wrong: str | None


async def verify(connection: AsyncConnection, pinned: tuple[int, str] | None = None) -> Verdict:
    """Walks all entries, and stops at the first that is wrong."""
    walk, after = Walk(), -(2**63)
    while rows := (
        await connection.execute(
            select(LOG).where(LOG.c.number > after).order_by(LOG.c.number).limit(AT_ONCE)
        )
    ).all():
        for row in rows:
            values = [getattr(row, name) for name in COVERED]
            linked = Linked(row.number, values, row.previous, row.hash)
            if not walk.take(linked, pinned and pinned[0]):
                return Verdict(walk.number, walk.hash, walk.wrong)
        after = rows[-1].number
    return Verdict(walk.number, walk.hash, wrong_at(walk, pinned))


def wrong_at(walk: Walk, pinned: tuple[int, str] | None) -> str | None:
    if pinned is None or walk.passed.get(pinned[0]) == pinned[1]:
        return None
    number = pinned[0]
    if walk.number < number:
        return f"entry {walk.number + 1} is missing: the log was cut off before entry {number}."
    return f"entry {number} is another than the one that was noted: the log was written anew."


@dataclass(frozen=True, slots=True)
class LogEntry:
    """`number` is its place among those about the person: the log's own would count all others."""

    number: int
    at: datetime
    access_action: AccessAction
    reader: str
    fields: list[PersonalField]
    purpose: str


def entry_of(row: Any) -> LogEntry:
    fields = [WORDS[word] for word in row.fields.split(",") if word]
    return LogEntry(row.number, row.at, row.access_action, row.reader, fields, row.purpose)


async def organisation(entry: LogEntry, info: Info) -> Any:
    return await info.context.reader.record(place(info.path), ORGANISATION, "id", entry.reader)


def access_log(info: Info, worker: str, **page: Any) -> Newest | None:
    """What concerns one person: for that person and the steward; None for everybody else."""
    viewer = info.context.asker.viewer
    kind, key = named_by(worker)
    if kind is not WORKER or not (viewer.sees_all or viewer.worker == key):
        return None
    name = f"accessLog.{key}"
    return Newest(name, about_the_person(key), true(), ("number",), entry_of, Asked(**page))


def about_the_person(worker: str) -> FromClause:
    """Numbered from the oldest, so that a number stays right while entries come."""
    subject = select(SUBJECTS.c.pseudonym).where(SUBJECTS.c.worker_id == worker)
    place = func.row_number().over(order_by=LOG.c.number).label("number")
    rest = [column for column in LOG.c if column.key != "number"]
    return select(place, *rest).where(LOG.c.pseudonym.in_(subject)).subquery()
