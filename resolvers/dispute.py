"""A worker says that a record is wrong; its owner or the steward answers."""

from datetime import UTC, datetime
from secrets import randbits
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, false, func, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.kind import Kind
from engine.page import Asked
from kit.database import writing_if
from kit.errors import UserError
from kit.global_id import global_id
from kit.identity import plain
from kit.language import Sentence
from models import Dispute
from models.dispute import DisputeOutcome, DisputeStatus
from models.history import stored
from models.partner import Scope
from resolvers.access import Viewer
from resolvers.access_log import A_NUMBER, NOBODY
from resolvers.answer import named_by
from resolvers.context import Info, place
from resolvers.newest import Newest
from resolvers.outcome_of_dispute import borne_out
from resolvers.worker import WORKER

DISPUTES = stored(Dispute)
LONGEST = 1000  # characters
MOST_OPEN = 20
NOT_A_WORKER = Sentence("This takes a worker's own token.", "须使用职工本人的令牌。")
NOT_YOURS = Sentence(
    "There is no such record, or it is none of yours.", "没有该记录，或该记录与您无关。",
)  # fmt: skip
HOW_LONG = Sentence(
    f"Say in 1 to {LONGEST} characters what is wrong.", f"请用 1 至 {LONGEST} 个字符说明错误所在。",
)  # fmt: skip
TOO_MANY = Sentence(
    f"You have {MOST_OPEN} open disputes; wait until one is settled.",
    f"您已有 {MOST_OPEN} 项异议待处理，请等待处理。",
)
UNKNOWN = Sentence("There is no such dispute, or none of yours.", "没有该异议，或与您无关。")
SETTLED = Sentence("It is settled already.", "该异议已处理。")


async def dispute(info: Info, record: str, text: str) -> Any:
    """Raises UserError."""
    worker = info.context.asker.viewer.worker
    if worker is None:
        raise UserError("FORBIDDEN", *NOT_A_WORKER)
    said = worded(text, "text")
    kind, key = named_by(record)

    async def owner_if_few(connection: AsyncConnection) -> str | None:
        owner = await owner_of(connection, kind, key, worker)
        await require_few(connection, worker)
        return owner

    async with writing_if(info.context.engine, owner_if_few) as (connection, owner):
        row = {
            "number": drawn_number(),
            "worker_id": worker,
            "record_type": kind.name,
            "record_id": key,
            "owner_id": owner,
            "text": said,
            "dispute_status": DisputeStatus.OPEN,
            "opened_at": datetime.now(UTC),
        }
        await connection.execute(insert(DISPUTES), row)
        return await read(connection, DISPUTES.c.number == row["number"])


def worded(text: str, field: str) -> str:
    said = text.strip()
    if not 1 <= len(said) <= LONGEST or "\0" in said:
        raise UserError("BAD_USER_INPUT", *HOW_LONG, field)
    if A_NUMBER.search(plain(said)):
        raise UserError("BAD_USER_INPUT", *NOBODY, field)
    return said


async def owner_of(connection: AsyncConnection, kind: Kind, key: str, worker: str) -> str | None:
    """Of the worker's own record, or of a fact about them."""
    table = kind.table
    about = [
        column
        for column in table.c
        if any(foreign.column.table is WORKER.table for foreign in column.foreign_keys)
    ]
    theirs = table.c.id == worker if kind is WORKER else or_(false(), *(c == worker for c in about))
    found = await connection.execute(select(table.c.owner_id).where(table.c.id == key, theirs))
    if (row := found.one_or_none()) is None:
        raise UserError("NOT_FOUND", *NOT_YOURS, "record")
    owner: str | None = row.owner_id
    return owner


async def require_few(connection: AsyncConnection, worker: str) -> None:
    theirs = and_(DISPUTES.c.worker_id == worker, DISPUTES.c.dispute_status == DisputeStatus.OPEN)
    counted = select(func.count()).select_from(DISPUTES).where(theirs)
    if (await connection.scalar(counted) or 0) >= MOST_OPEN:
        raise UserError("LIMIT_EXCEEDED", *TOO_MANY)


def drawn_number() -> int:
    """It tells nothing of others, and isn't used again when what it numbers goes with a person."""
    return 1 + randbits(59)


async def read(connection: AsyncConnection, which: ColumnElement[bool]) -> Any:
    return (await connection.execute(select(DISPUTES).where(which))).one_or_none()


def concerning(viewer: Viewer, table: Table = DISPUTES) -> ColumnElement[bool]:
    """The steward's are all; those on what an organisation owns are its; a worker's are its own."""
    if viewer.sees_all:
        return true()
    ways: list[ColumnElement[bool]] = [false()]
    if viewer.sees_own:
        ways.append(table.c.owner_id == viewer.organisation)
    if viewer.worker is not None:
        ways.append(table.c.worker_id == viewer.worker)
    return or_(*ways)


def disputes(info: Info, dispute_status: DisputeStatus | None = None, **page: Any) -> Newest:
    where = concerning(info.context.asker.viewer)
    if dispute_status is not None:
        where = and_(where, DISPUTES.c.dispute_status == dispute_status)
    order = ("opened_at", "number")
    return Newest("disputes", DISPUTES, where, order, lambda row: row, Asked(**page))


async def settle_dispute(
    info: Info, id: str, answer: str, outcome: DisputeOutcome | None = None
) -> Any:
    """Raises UserError, also for an outcome that didn't come about."""
    viewer = info.context.asker.viewer
    ours = and_(DISPUTES.c.number == as_number(id), concerning(viewer))
    said = worded(answer, "answer")

    async def check(connection: AsyncConnection) -> DisputeOutcome:
        found = await read(connection, ours)
        if found is None:
            raise UserError("NOT_FOUND", *UNKNOWN, "id")
        if not may_settle(viewer, found.owner_id):
            raise UserError("FORBIDDEN", *UNKNOWN, "id")
        if found.dispute_status is DisputeStatus.SETTLED:
            raise UserError("CONFLICT", *SETTLED, "id")
        return await borne_out(connection, found, outcome, said)

    if not may_see_any(viewer):
        raise UserError("NOT_FOUND", *UNKNOWN, "id")
    async with writing_if(info.context.engine, check) as (connection, came):
        settled = {
            "outcome": came,
            "dispute_status": DisputeStatus.SETTLED,
            "answer": said,
            "settled_by": viewer.organisation or viewer.name,
            "settled_at": datetime.now(UTC),
        }
        await connection.execute(update(DISPUTES).where(ours).values(settled))
        return await read(connection, ours)


def may_see_any(viewer: Viewer) -> bool:
    return viewer.sees_all or viewer.sees_own or viewer.worker is not None


def may_settle(viewer: Viewer, owner: str | None) -> bool:
    owns = owner is not None and owner == viewer.organisation
    return viewer.sees_all or (owns and Scope.WRITE_OWN in viewer.scopes)


def as_number(id: str) -> int:
    return int(id) if id.isascii() and id.isdecimal() and len(id) < 19 else 0


def id_of(row: Any) -> str:
    return str(row.number)


async def record_of(row: Any, info: Info) -> Any:
    """The record as the viewer sees it; None for one that is not to be seen."""
    kind, key = named_by(global_id(row.record_type, row.record_id))
    return await info.context.reader.record(place(info.path), kind, "id", key)
