"""A worker asks to be erased; the owner of the record or the steward answers.

Who approves erases nothing: that is done by the command `personal erase`, which has no way back.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.page import Asked
from kit.database import reading, writing
from kit.errors import UserError
from kit.language import Sentence
from models import ErasureRequest, Worker
from models.access_log import AccessAction
from models.erasure import ErasureStatus
from models.history import stored
from models.partner import Scope
from resolvers.access import Viewer
from resolvers.access_log import append, stated
from resolvers.context import Info, place
from resolvers.dispute import NOT_A_WORKER, as_number, concerning, drawn_number, may_settle
from resolvers.naming import naming_of
from resolvers.newest import Newest
from resolvers.personal import subject_of
from resolvers.worker import WORKER

REQUESTS, WORKERS = stored(ErasureRequest), stored(Worker)
OPEN = [ErasureStatus.REQUESTED, ErasureStatus.APPROVED]
ALREADY = Sentence("You have asked for it already.", "您已提出过申请。")
NOT_FOR_YOU = Sentence(
    "This is for the owner of the worker's record, with the scope write:own, and for the steward.",
    "仅限职工记录的所有者（须有 write:own 权限）和登记管理方。",
)
UNKNOWN = Sentence("There is no such request, or none of yours.", "没有该申请，或与您无关。")
ANSWERED = Sentence("It is answered already.", "该申请已答复。")


async def request_erasure(info: Info, reason: str) -> Any:
    """Raises UserError; who may ask at all is known before anything is read or locked."""
    worker = info.context.asker.viewer.worker
    if worker is None:
        raise UserError("FORBIDDEN", *NOT_A_WORKER)
    stated(reason, [], "reason")
    async with writing(info.context.engine) as connection:
        theirs = select(WORKERS.c.owner_id).where(WORKERS.c.id == worker)
        record = (await connection.execute(theirs)).one_or_none()
        if record is None:  # erased since the token was checked
            raise UserError("FORBIDDEN", *NOT_A_WORKER)
        said = await checked(connection, worker, reason, "reason")
        await require_none_open(connection, worker)
        row = {
            "number": drawn_number(),
            "worker_id": worker,
            "owner_id": record.owner_id,
            "reason": said,
            "erasure_status": ErasureStatus.REQUESTED,
            "requested_at": datetime.now(UTC),
        }
        await connection.execute(insert(REQUESTS), row)
        subject = await subject_of(connection, worker)
        # Who asks is the person: the log names them by the pseudonym, as it does whom it is about.
        asker = subject.pseudonym
        asked = AccessAction.ERASURE_REQUESTED
        await append(connection, asked, asker, subject.pseudonym, [], said)
        return await read(connection, REQUESTS.c.number == row["number"])


async def checked(connection: AsyncConnection, worker: str, text: str, field: str) -> str:
    """It stands in the access log for ever: raises UserError for what names the person."""
    naming = await naming_of(connection, worker)
    named = [text] if naming.stand_in(text) else []
    return stated(text, named, field)


async def require_none_open(connection: AsyncConnection, worker: str) -> None:
    theirs = and_(REQUESTS.c.worker_id == worker, REQUESTS.c.erasure_status.in_(OPEN))
    if await connection.scalar(select(exists().where(theirs))):
        raise UserError("CONFLICT", *ALREADY)


async def read(connection: AsyncConnection, which: ColumnElement[bool]) -> Any:
    return (await connection.execute(select(REQUESTS).where(which))).one_or_none()


def erasure_requests(
    info: Info, erasure_status: ErasureStatus | None = None, **page: Any
) -> Newest:
    where = concerning(info.context.asker.viewer, REQUESTS)
    if erasure_status is not None:
        where = and_(where, REQUESTS.c.erasure_status == erasure_status)
    order = ("requested_at", "number")
    return Newest("erasureRequests", REQUESTS, where, order, lambda row: row, Asked(**page))


async def answer_erasure_request(info: Info, id: str, approve: bool, answer: str) -> Any:
    """Raises UserError; nobody waits for the writer's lock who may answer nothing."""
    viewer = info.context.asker.viewer
    if not (viewer.sees_all or (viewer.sees_own and Scope.WRITE_OWN in viewer.scopes)):
        raise UserError("FORBIDDEN", *NOT_FOR_YOU)
    ours = and_(REQUESTS.c.number == as_number(id), concerning(viewer, REQUESTS))
    stated(answer, [], "answer")
    async with reading(info.context.engine, viewer.wall) as connection:
        require_open(viewer, await read(connection, ours))
    async with writing(info.context.engine) as connection:
        found = require_open(viewer, await read(connection, ours))
        said = await checked(connection, found.worker_id, answer, "answer")
        who = viewer.organisation or viewer.name
        answered = {
            "erasure_status": ErasureStatus.APPROVED if approve else ErasureStatus.DECLINED,
            "answer": said,
            "answered_by": who,
            "answered_at": datetime.now(UTC),
        }
        await connection.execute(update(REQUESTS).where(ours).values(answered))
        subject = await subject_of(connection, found.worker_id)
        action = AccessAction.ERASURE_ANSWERED
        await append(connection, action, who, subject.pseudonym, [], said)
        return await read(connection, ours)


def require_open(viewer: Viewer, found: Any) -> Any:
    """Raises UserError."""
    if found is None or not may_settle(viewer, found.owner_id):
        raise UserError("NOT_FOUND", *UNKNOWN, "id")
    if found.erasure_status is not ErasureStatus.REQUESTED:
        raise UserError("CONFLICT", *ANSWERED, "id")
    return found


def id_of(row: Any) -> str:
    return str(row.number)


async def worker_of(row: Any, info: Info) -> Any:
    """As the viewer sees them."""
    return await info.context.reader.record(place(info.path), WORKER, "id", row.worker_id)


async def open_requests(connection: AsyncConnection) -> list[Any]:
    """Those that wait for an answer or for the command, the oldest first, with codes of workers."""
    joined = REQUESTS.join(WORKERS, WORKERS.c.id == REQUESTS.c.worker_id)
    query = select(REQUESTS, WORKERS.c.code).select_from(joined)
    wanted = query.where(REQUESTS.c.erasure_status.in_(OPEN))
    in_time = wanted.order_by(REQUESTS.c.requested_at, REQUESTS.c.number)
    return list(await connection.execute(in_time))
