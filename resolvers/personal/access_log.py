"""The access log: an entry is added in the transaction of the access that it records."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import FromClause, func, insert, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.sql.arguments import ConnectionArguments
from kit.errors import MutationError
from kit.i18n import Message
from kit.security.hash_chain import GENESIS_HASH, ChainEntry, ChainVerifier, entry_hash
from kit.text.identity_numbers import fold_to_ascii
from models.access_log import AccessAction, AccessEntry
from models.history import model_table
from models.personal import PersonalField, PersonalSubject
from resolvers.core.context import Info, field_path
from resolvers.core.newest_first import NewestFirst
from resolvers.core.records import parse_global_id
from resolvers.organisation import ORGANISATION
from resolvers.worker import WORKER

ACCESS_LOG, PERSONAL_SUBJECTS = model_table(AccessEntry), model_table(PersonalSubject)
HASHED_COLUMNS = (
    "at", "access_action", "reader", "pseudonym", "fields", "purpose", "legal_basis_id",
)  # fmt: skip
ENTRIES_PER_BATCH = 1000
FIELDS_BY_NAME = PersonalField.__members__
MIN_PURPOSE_LENGTH, MAX_PURPOSE_LENGTH = 4, 200
PURPOSE_LENGTH = Message(
    f"State the purpose in {MIN_PURPOSE_LENGTH} to {MAX_PURPOSE_LENGTH} characters.",
    f"请用 {MIN_PURPOSE_LENGTH} 至 {MAX_PURPOSE_LENGTH} 个字符说明用途。",
)
NO_NAMES_OR_NUMBERS = Message(
    "Leave out names and numbers of people: this text is kept when their data is erased.",
    "请勿写入姓名和号码：个人信息删除后，此处文字仍会保留。",
)
NUMBER_PATTERN = re.compile(r"[A-Za-z]?(\d[\s-]?){7,}")


def check_purpose(purpose: str, names: Iterable[str | None], field: str = "purpose") -> str:
    """Return a valid purpose. It is stored permanently, so it may not name the person.

    Raises MutationError otherwise.
    """
    text = " ".join(purpose.split())
    if not MIN_PURPOSE_LENGTH <= len(text) <= MAX_PURPOSE_LENGTH or not text.isprintable():
        raise MutationError("BAD_USER_INPUT", *PURPOSE_LENGTH, field)
    if NUMBER_PATTERN.search(fold_to_ascii(text)) or any(name and name in text for name in names):
        raise MutationError("BAD_USER_INPUT", *NO_NAMES_OR_NUMBERS, field)
    return text


async def append_log_entry(
    connection: AsyncConnection,
    action: AccessAction,
    reader: str,
    pseudonym: str,
    fields: Iterable[PersonalField],
    purpose: str,
    legal_basis_id: str | None = None,
) -> None:
    """Append an entry, in a write transaction (kit/db/engine.py).

    Callers return personal data only after its commit.
    """
    last = (
        await connection.execute(
            select(ACCESS_LOG.c.number, ACCESS_LOG.c.hash)
            .order_by(ACCESS_LOG.c.number.desc())
            .limit(1)
        )
    ).one_or_none()
    number, previous = (last.number + 1, last.hash) if last else (1, GENESIS_HASH)
    entry = {
        "at": datetime.now(UTC),
        "access_action": action,
        "reader": reader,
        "pseudonym": pseudonym,
        "fields": ",".join(sorted({field.value for field in fields})),
        "purpose": purpose,
        "legal_basis_id": legal_basis_id,
    }
    sealed = entry_hash(number, [entry[name] for name in HASHED_COLUMNS], previous)
    await connection.execute(
        insert(ACCESS_LOG), {"number": number, "previous": previous, "hash": sealed, **entry}
    )


@dataclass(frozen=True, slots=True)
class LogVerification:
    entries: int
    head: str
    wrong: str | None


async def verify_log(
    connection: AsyncConnection, pinned: tuple[int, str] | None = None
) -> LogVerification:
    """Verify all entries, up to the first that is wrong."""
    walk, after = ChainVerifier(), -(2**63)
    while rows := (
        await connection.execute(
            select(ACCESS_LOG)
            .where(ACCESS_LOG.c.number > after)
            .order_by(ACCESS_LOG.c.number)
            .limit(ENTRIES_PER_BATCH)
        )
    ).all():
        for row in rows:
            values = [getattr(row, name) for name in HASHED_COLUMNS]
            linked = ChainEntry(row.number, values, row.previous, row.hash)
            if not walk.take(linked, pinned and pinned[0]):
                return LogVerification(walk.number, walk.hash, walk.wrong)
        after = rows[-1].number
    return LogVerification(walk.number, walk.hash, pinned_fault(walk, pinned))


def pinned_fault(walk: ChainVerifier, pinned: tuple[int, str] | None) -> str | None:
    if pinned is None or walk.pinned_hashes.get(pinned[0]) == pinned[1]:
        return None
    number = pinned[0]
    if walk.number < number:
        return f"entry {walk.number + 1} is missing: the log was cut off before entry {number}."
    return f"entry {number} differs from the one that was noted: the log was rewritten."


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry; `number` counts those about the person, as the log's own would count all others."""

    number: int
    at: datetime
    access_action: AccessAction
    reader: str
    fields: list[PersonalField]
    purpose: str


def as_log_entry(row: Any) -> LogEntry:
    fields = [FIELDS_BY_NAME[name] for name in row.fields.split(",") if name]
    return LogEntry(row.number, row.at, row.access_action, row.reader, fields, row.purpose)


async def resolve_reader(entry: LogEntry, info: Info) -> Any:
    return await info.context.reader.record(field_path(info.path), ORGANISATION, "id", entry.reader)


def resolve_access_log(info: Info, worker: str, **page: Any) -> NewestFirst | None:
    """Return the entries about one person; None except for that person and the steward."""
    viewer = info.context.asker.viewer
    kind, key = parse_global_id(worker)
    if kind is not WORKER or not (viewer.sees_all or viewer.worker == key):
        return None
    name = f"accessLog.{key}"
    return NewestFirst(
        name, select_person_log(key), true(), ("number",), as_log_entry, ConnectionArguments(**page)
    )


def select_person_log(worker: str) -> FromClause:
    """Select a person's entries, numbered from the oldest, so that a number stays the same."""
    subject = select(PERSONAL_SUBJECTS.c.pseudonym).where(PERSONAL_SUBJECTS.c.worker_id == worker)
    position = func.row_number().over(order_by=ACCESS_LOG.c.number).label("number")
    rest = [column for column in ACCESS_LOG.c if column.key != "number"]
    return select(position, *rest).where(ACCESS_LOG.c.pseudonym.in_(subject)).subquery()
