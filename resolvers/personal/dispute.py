"""Disputes: a worker says that a record is wrong; its owner or the steward answers."""

from datetime import UTC, datetime
from secrets import randbits
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, false, func, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.catalog.kind import Kind
from engine.sql.arguments import ConnectionArguments
from kit.db.engine import checked_write_transaction
from kit.errors import MutationError
from kit.i18n import Message
from kit.relay.global_id import to_global_id
from kit.text.identity_numbers import fold_to_ascii
from models.dispute import Dispute, DisputeOutcome, DisputeStatus
from models.history import model_table
from models.partner import Scope
from resolvers.core.access import Viewer
from resolvers.core.context import Info, field_path
from resolvers.core.newest_first import NewestFirst
from resolvers.core.records import parse_global_id
from resolvers.personal.access_log import NO_NAMES_OR_NUMBERS, NUMBER_PATTERN
from resolvers.personal.dispute_outcome import confirm_outcome
from resolvers.worker import WORKER

DISPUTES = model_table(Dispute)
MAX_DISPUTE_LENGTH = 1000  # characters of a text
MAX_OPEN_DISPUTES = 20
WORKER_TOKEN_REQUIRED = Message("This requires a worker's own token.", "须使用职工本人的令牌。")
RECORD_NOT_FOUND = Message(
    "The record doesn't exist, or isn't about you.", "没有该记录，或该记录与您无关。",
)  # fmt: skip
DISPUTE_LENGTH = Message(
    f"Describe the error in 1 to {MAX_DISPUTE_LENGTH} characters.",
    f"请用 1 至 {MAX_DISPUTE_LENGTH} 个字符说明错误所在。",
)
TOO_MANY_DISPUTES = Message(
    f"You have {MAX_OPEN_DISPUTES} open disputes; wait until one is settled.",
    f"您已有 {MAX_OPEN_DISPUTES} 项异议待处理，请等待处理。",
)
DISPUTE_NOT_FOUND = Message(
    "The dispute doesn't exist, or you may not see it.", "没有该异议，或与您无关。"
)
ALREADY_SETTLED = Message("The dispute is already settled.", "该异议已处理。")


async def open_dispute(info: Info, record: str, text: str) -> Any:
    """Open a dispute. Raises MutationError."""
    worker = info.context.asker.viewer.worker
    if worker is None:
        raise MutationError("FORBIDDEN", *WORKER_TOKEN_REQUIRED)
    said = check_dispute_text(text, "text")
    kind, key = parse_global_id(record)

    async def owner_if_few(connection: AsyncConnection) -> str | None:
        owner = await read_record_owner(connection, kind, key, worker)
        await require_few_open(connection, worker)
        return owner

    async with checked_write_transaction(info.context.engine, owner_if_few) as (connection, owner):
        row = {
            "number": random_number(),
            "worker_id": worker,
            "record_type": kind.name,
            "record_id": key,
            "owner_id": owner,
            "text": said,
            "dispute_status": DisputeStatus.OPEN,
            "opened_at": datetime.now(UTC),
        }
        await connection.execute(insert(DISPUTES), row)
        return await read_dispute(connection, DISPUTES.c.number == row["number"])


def check_dispute_text(text: str, field: str) -> str:
    said = text.strip()
    if not 1 <= len(said) <= MAX_DISPUTE_LENGTH or "\0" in said:
        raise MutationError("BAD_USER_INPUT", *DISPUTE_LENGTH, field)
    if NUMBER_PATTERN.search(fold_to_ascii(said)):
        raise MutationError("BAD_USER_INPUT", *NO_NAMES_OR_NUMBERS, field)
    return said


async def read_record_owner(
    connection: AsyncConnection, kind: Kind, key: str, worker: str
) -> str | None:
    """Return the owner of the worker's record, or of a fact about them. Raises MutationError."""
    table = kind.table
    about = [
        column
        for column in table.c
        if any(foreign.column.table is WORKER.table for foreign in column.foreign_keys)
    ]
    theirs = table.c.id == worker if kind is WORKER else or_(false(), *(c == worker for c in about))
    rows = await connection.execute(select(table.c.owner_id).where(table.c.id == key, theirs))
    if (row := rows.one_or_none()) is None:
        raise MutationError("NOT_FOUND", *RECORD_NOT_FOUND, "record")
    owner: str | None = row.owner_id
    return owner


async def require_few_open(connection: AsyncConnection, worker: str) -> None:
    theirs = and_(DISPUTES.c.worker_id == worker, DISPUTES.c.dispute_status == DisputeStatus.OPEN)
    counted = select(func.count()).select_from(DISPUTES).where(theirs)
    if (await connection.scalar(counted) or 0) >= MAX_OPEN_DISPUTES:
        raise MutationError("LIMIT_EXCEEDED", *TOO_MANY_DISPUTES)


def random_number() -> int:
    """Return a random number: it reveals no count, and isn't reused when a person is erased."""
    return 1 + randbits(59)


async def read_dispute(connection: AsyncConnection, which: ColumnElement[bool]) -> Any:
    return (await connection.execute(select(DISPUTES).where(which))).one_or_none()


def concerns_viewer(viewer: Viewer, table: Table = DISPUTES) -> ColumnElement[bool]:
    """Return the condition for a viewer's disputes.

    The steward sees all, an organisation those on records that it owns, a worker their own.
    """
    if viewer.sees_all:
        return true()
    ways: list[ColumnElement[bool]] = [false()]
    if viewer.sees_own:
        ways.append(table.c.owner_id == viewer.organisation)
    if viewer.worker is not None:
        ways.append(table.c.worker_id == viewer.worker)
    return or_(*ways)


def resolve_disputes(
    info: Info, dispute_status: DisputeStatus | None = None, **page: Any
) -> NewestFirst:
    where = concerns_viewer(info.context.asker.viewer)
    if dispute_status is not None:
        where = and_(where, DISPUTES.c.dispute_status == dispute_status)
    order = ("opened_at", "number")
    return NewestFirst(
        "disputes", DISPUTES, where, order, lambda row: row, ConnectionArguments(**page)
    )


async def settle_dispute(
    info: Info, id: str, answer: str, outcome: DisputeOutcome | None = None
) -> Any:
    """Settle a dispute. Raises MutationError, also for an outcome that the record contradicts."""
    viewer = info.context.asker.viewer
    ours = and_(DISPUTES.c.number == parse_number(id), concerns_viewer(viewer))
    said = check_dispute_text(answer, "answer")

    async def check(connection: AsyncConnection) -> DisputeOutcome:
        dispute = await read_dispute(connection, ours)
        if dispute is None:
            raise MutationError("NOT_FOUND", *DISPUTE_NOT_FOUND, "id")
        if not may_settle(viewer, dispute.owner_id):
            raise MutationError("FORBIDDEN", *DISPUTE_NOT_FOUND, "id")
        if dispute.dispute_status is DisputeStatus.SETTLED:
            raise MutationError("CONFLICT", *ALREADY_SETTLED, "id")
        return await confirm_outcome(connection, dispute, outcome, said)

    if not may_see_any(viewer):
        raise MutationError("NOT_FOUND", *DISPUTE_NOT_FOUND, "id")
    async with checked_write_transaction(info.context.engine, check) as (connection, came):
        settled = {
            "outcome": came,
            "dispute_status": DisputeStatus.SETTLED,
            "answer": said,
            "settled_by": viewer.organisation or viewer.name,
            "settled_at": datetime.now(UTC),
        }
        await connection.execute(update(DISPUTES).where(ours).values(settled))
        return await read_dispute(connection, ours)


def may_see_any(viewer: Viewer) -> bool:
    return viewer.sees_all or viewer.sees_own or viewer.worker is not None


def may_settle(viewer: Viewer, owner: str | None) -> bool:
    owns = owner is not None and owner == viewer.organisation
    return viewer.sees_all or (owns and Scope.WRITE_OWN in viewer.scopes)


def parse_number(id: str) -> int:
    return int(id) if id.isascii() and id.isdecimal() and len(id) < 19 else 0


def dispute_id(row: Any) -> str:
    return str(row.number)


async def resolve_disputed_record(row: Any, info: Info) -> Any:
    """Return the record as the viewer sees it; None if it isn't visible."""
    kind, key = parse_global_id(to_global_id(row.record_type, row.record_id))
    return await info.context.reader.record(field_path(info.path), kind, "id", key)
