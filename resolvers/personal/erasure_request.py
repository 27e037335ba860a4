"""Erasure requests: a worker asks to be erased; the record's owner or the steward answers.

Approval erases nothing: that takes the command `personal erase`, which can't be undone.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.sql.arguments import ConnectionArguments
from kit.db.engine import read_transaction, write_transaction
from kit.errors import MutationError
from kit.i18n import Message
from models.access_log import AccessAction
from models.erasure import ErasureRequest, ErasureStatus
from models.history import model_table
from models.partner import Scope
from models.worker import Worker
from resolvers.core.access import Viewer
from resolvers.core.context import Info, field_path
from resolvers.core.newest_first import NewestFirst
from resolvers.personal.access_log import append_log_entry, check_purpose
from resolvers.personal.dispute import (
    WORKER_TOKEN_REQUIRED,
    concerns_viewer,
    may_settle,
    parse_number,
    random_number,
)
from resolvers.personal.masked import ensure_subject
from resolvers.personal.name_pattern import read_name_pattern
from resolvers.worker import WORKER

ERASURE_REQUESTS, WORKERS = model_table(ErasureRequest), model_table(Worker)
OPEN_STATUSES = [ErasureStatus.REQUESTED, ErasureStatus.APPROVED]
ALREADY_REQUESTED = Message("You have already sent this request.", "您已提出过申请。")
NOT_OWNER_OR_STEWARD = Message(
    "Only the owner of the worker's record, with the scope write:own, and the steward can do this.",
    "仅限职工记录的所有者（须有 write:own 权限）和登记管理方。",
)
REQUEST_NOT_FOUND = Message(
    "The request doesn't exist, or you may not see it.", "没有该申请，或与您无关。"
)
ALREADY_CLOSED = Message("The request is already answered.", "该申请已答复。")


async def request_erasure(info: Info, reason: str) -> Any:
    """Open a request. Raises MutationError; the viewer is checked before reading or locking."""
    worker = info.context.asker.viewer.worker
    if worker is None:
        raise MutationError("FORBIDDEN", *WORKER_TOKEN_REQUIRED)
    check_purpose(reason, [], "reason")
    async with write_transaction(info.context.engine) as connection:
        theirs = select(WORKERS.c.owner_id).where(WORKERS.c.id == worker)
        record = (await connection.execute(theirs)).one_or_none()
        if record is None:  # erased since the token was checked
            raise MutationError("FORBIDDEN", *WORKER_TOKEN_REQUIRED)
        said = await check_reason(connection, worker, reason, "reason")
        await require_no_open_request(connection, worker)
        row = {
            "number": random_number(),
            "worker_id": worker,
            "owner_id": record.owner_id,
            "reason": said,
            "erasure_status": ErasureStatus.REQUESTED,
            "requested_at": datetime.now(UTC),
        }
        await connection.execute(insert(ERASURE_REQUESTS), row)
        subject = await ensure_subject(connection, worker)
        # The person asks: the log names them by the pseudonym, both as reader and as subject.
        asker = subject.pseudonym
        action = AccessAction.ERASURE_REQUESTED
        await append_log_entry(connection, action, asker, subject.pseudonym, [], said)
        return await read_erasure_request(connection, ERASURE_REQUESTS.c.number == row["number"])


async def check_reason(connection: AsyncConnection, worker: str, text: str, field: str) -> str:
    """Return a valid reason, which the access log stores permanently.

    Raises MutationError if it names the person.
    """
    naming = await read_name_pattern(connection, worker)
    named = [text] if naming.stand_in(text) else []
    return check_purpose(text, named, field)


async def require_no_open_request(connection: AsyncConnection, worker: str) -> None:
    theirs = and_(
        ERASURE_REQUESTS.c.worker_id == worker, ERASURE_REQUESTS.c.erasure_status.in_(OPEN_STATUSES)
    )
    if await connection.scalar(select(exists().where(theirs))):
        raise MutationError("CONFLICT", *ALREADY_REQUESTED)


async def read_erasure_request(connection: AsyncConnection, which: ColumnElement[bool]) -> Any:
    return (await connection.execute(select(ERASURE_REQUESTS).where(which))).one_or_none()


def resolve_erasure_requests(
    info: Info, erasure_status: ErasureStatus | None = None, **page: Any
) -> NewestFirst:
    where = concerns_viewer(info.context.asker.viewer, ERASURE_REQUESTS)
    if erasure_status is not None:
        where = and_(where, ERASURE_REQUESTS.c.erasure_status == erasure_status)
    order = ("requested_at", "number")
    return NewestFirst(
        "erasureRequests",
        ERASURE_REQUESTS,
        where,
        order,
        lambda row: row,
        ConnectionArguments(**page),
    )


async def answer_erasure_request(info: Info, id: str, approve: bool, answer: str) -> Any:
    """Answer a request. Raises MutationError; the viewer is checked before waiting for the lock."""
    viewer = info.context.asker.viewer
    if not (viewer.sees_all or (viewer.sees_own and Scope.WRITE_OWN in viewer.scopes)):
        raise MutationError("FORBIDDEN", *NOT_OWNER_OR_STEWARD)
    ours = and_(
        ERASURE_REQUESTS.c.number == parse_number(id), concerns_viewer(viewer, ERASURE_REQUESTS)
    )
    check_purpose(answer, [], "answer")
    async with read_transaction(info.context.engine, viewer.wall) as connection:
        require_open_request(viewer, await read_erasure_request(connection, ours))
    async with write_transaction(info.context.engine) as connection:
        request = require_open_request(viewer, await read_erasure_request(connection, ours))
        said = await check_reason(connection, request.worker_id, answer, "answer")
        who = viewer.organisation or viewer.name
        answered = {
            "erasure_status": ErasureStatus.APPROVED if approve else ErasureStatus.DECLINED,
            "answer": said,
            "answered_by": who,
            "answered_at": datetime.now(UTC),
        }
        await connection.execute(update(ERASURE_REQUESTS).where(ours).values(answered))
        subject = await ensure_subject(connection, request.worker_id)
        action = AccessAction.ERASURE_ANSWERED
        await append_log_entry(connection, action, who, subject.pseudonym, [], said)
        return await read_erasure_request(connection, ours)


def require_open_request(viewer: Viewer, request: Any) -> Any:
    """Return an open request that the viewer may answer. Raises MutationError."""
    if request is None or not may_settle(viewer, request.owner_id):
        raise MutationError("NOT_FOUND", *REQUEST_NOT_FOUND, "id")
    if request.erasure_status is not ErasureStatus.REQUESTED:
        raise MutationError("CONFLICT", *ALREADY_CLOSED, "id")
    return request


def erasure_request_id(row: Any) -> str:
    return str(row.number)


async def resolve_requesting_worker(row: Any, info: Info) -> Any:
    """Return the worker as the viewer sees them."""
    return await info.context.reader.record(field_path(info.path), WORKER, "id", row.worker_id)


async def read_open_requests(connection: AsyncConnection) -> list[Any]:
    """Return requests that wait for an answer or the command, oldest first, with workers' codes."""
    joined = ERASURE_REQUESTS.join(WORKERS, WORKERS.c.id == ERASURE_REQUESTS.c.worker_id)
    query = select(ERASURE_REQUESTS, WORKERS.c.code).select_from(joined)
    waiting = query.where(ERASURE_REQUESTS.c.erasure_status.in_(OPEN_STATUSES))
    in_time = waiting.order_by(ERASURE_REQUESTS.c.requested_at, ERASURE_REQUESTS.c.number)
    return list(await connection.execute(in_time))
