"""Stored reports: for whom each was made, of which version, and its unchanged content.

For the decisions and their reasons see docs/decisions/0024-reports.md.
"""

import hashlib
import json
import re
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.db.engine import checked_write_transaction, read_transaction, write_transaction
from kit.db.write_lock import translate_timeouts
from kit.errors import BadInput, Forbidden, LimitExceeded, Unauthenticated
from kit.text.extraction import extract_text
from models.history import model_table
from models.partner import Scope
from models.report import Report
from resolvers.core.access import VISIBILITY_SCOPES, Viewer

REPORTS = model_table(Report)
MAX_REPORTS_PER_OWNER = 1000  # pinned ones of one organisation, and as many others
MAX_VERSIONS = 10  # of one report that isn't pinned: see KEEP_REPORTS
REPORTS_PER_BATCH = 20
# The second alternative is an older form, with a number of the registry; such reports are still
# stored.
VERSION_PATTERN = re.compile(r"([0-9]{8})\.[0-9a-f]{16}|[0-9]{1,18}\.([0-9]{8})", re.ASCII)
OPERATOR_NAME = "operator"


@dataclass(frozen=True, slots=True)
class ReportKey:
    """A report requested; `question` is its arguments as JSON with sorted keys."""

    name: str
    form: str
    question: str


@dataclass(frozen=True, slots=True)
class StoredReport:
    made_at: datetime
    digest: str
    content: bytes
    version: str
    is_kept: bool  # pinned by request


def parse_version(text: str) -> str:
    """Return a valid version. Raises BadInput."""
    match = VERSION_PATTERN.fullmatch(text)
    try:
        if match is not None:
            date.fromisoformat(match[1] or match[2])
            return text
    except ValueError:
        pass
    raise BadInput(
        "`version` must be one that a report returned, such as 20260131.9f2c41d07a83b6e1.",
        "`version` 应为报表中给出的数据版本，如 20260131.9f2c41d07a83b6e1。",
    )


def report_version(answer: Any, day: date) -> str:
    """Return the version: the day in China, and a hash of the answer.

    Facts are current by that day. Nothing else is part of it, so changes that the viewer can't see
    make no new version.
    """
    said = json.dumps(answer, sort_keys=True, ensure_ascii=False)
    return f"{day:%Y%m%d}.{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def require_report_access(viewer: Viewer) -> None:
    """Raise Unauthenticated or Forbidden unless the viewer may see records of its own.

    Reports are made for partners and the operator.
    """
    if viewer.sees_all or viewer.reads_own:
        return
    raise (Forbidden if viewer.organisation or viewer.worker else Unauthenticated)(
        "Reports are for partners only: send a key or token with the scope read:own.",
        "报表仅供合作方使用：请发送带有 read:own 权限的密钥或令牌。",
    )


def viewer_key(viewer: Viewer) -> list[Any]:
    """Return all attributes of a viewer on which the content depends."""
    seeing = sorted(viewer.scopes & (VISIBILITY_SCOPES | {Scope.AGGREGATE_REGION}))
    role = viewer.role and viewer.role.value
    return [
        viewer.organisation or OPERATOR_NAME,
        role,
        viewer.region,
        [scope.value for scope in seeing],
    ]


def report_hash(report: ReportKey, viewer: Viewer, *version: str) -> str:
    """Return a hash of report and viewer, for one version or for all."""
    content = [report.name, report.form, report.question, viewer_key(viewer), *version]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


async def find_report(
    engine: AsyncEngine, report: ReportKey, viewer: Viewer, version: str
) -> StoredReport | None:
    """Return the report as it was made; None if there is none for this viewer."""
    async with read_transaction(engine, viewer.wall) as connection:
        return await read_newest_report(
            connection, REPORTS.c.id == report_hash(report, viewer, version)
        )


async def find_same_report(
    engine: AsyncEngine, report: ReportKey, viewer: Viewer, version: str
) -> StoredReport | None:
    """Return the newest report with the same content, whatever its day."""
    async with read_transaction(engine, viewer.wall) as connection:
        return await read_newest_report(connection, has_same_content(report, viewer, version))


def has_same_content(report: ReportKey, viewer: Viewer, version: str) -> ColumnElement[bool]:
    """Return the condition for reports with the same content.

    Older reports have no `asked`: they match only if the version is the same.
    """
    _, _, said = version.rpartition(".")
    ours = REPORTS.c.asked == report_hash(report, viewer)
    alike = and_(ours, REPORTS.c.version.like(f"%.{said}"))
    return or_(alike, REPORTS.c.id == report_hash(report, viewer, version))


async def read_newest_report(
    connection: AsyncConnection, which: ColumnElement[bool]
) -> StoredReport | None:
    newest = select(REPORTS).where(which).order_by(REPORTS.c.made_at.desc(), REPORTS.c.id).limit(1)
    row = (await connection.execute(newest)).first()
    if row is None:
        return None
    content = b64decode(row.content)
    return StoredReport(row.made_at, row.digest, content, row.version, row.kept_at is not None)


async def store_report(
    engine: AsyncEngine,
    report: ReportKey,
    viewer: Viewer,
    version: str,
    made_at: datetime,
    content: bytes,
    versions: int = MAX_VERSIONS,
) -> StoredReport:
    """Store a report, or return a stored one with the same content.

    Only the newest of the versions that aren't pinned are kept. Raises Unavailable.
    """
    digest = hashlib.sha256(content).hexdigest()
    async with translate_timeouts(engine), write_transaction(engine) as connection:
        before = await read_newest_report(connection, has_same_content(report, viewer, version))
        if before is not None:
            return before
        row = {
            "id": report_hash(report, viewer, version),
            "name": report.name,
            "form": report.form,
            "question": report.question,
            "version": version,
            "asked": report_hash(report, viewer),
            "owner_id": viewer.organisation,
            "wall": viewer.wall.role,
            "region_id": viewer.region if viewer.sees_region and not viewer.sees_all else None,
            "made_at": made_at,
            "digest": digest,
            "content": b64encode(content).decode(),
        }
        await connection.execute(insert(REPORTS), row)
        others = REPORTS.c.id != row["id"]
        await delete_oldest_reports(
            connection, and_(others, REPORTS.c.asked == row["asked"]), versions - 1
        )
        await delete_oldest_reports(
            connection, and_(others, is_owned_by(viewer)), MAX_REPORTS_PER_OWNER - 1
        )
    return StoredReport(made_at, digest, content, version, is_kept=False)


def is_owned_by(viewer: Viewer) -> ColumnElement[bool]:
    return REPORTS.c.owner_id == viewer.organisation


async def delete_oldest_reports(
    connection: AsyncConnection, which: ColumnElement[bool], number: int
) -> None:
    """Delete all but the newest reports that aren't pinned, in a write transaction."""
    theirs = select(REPORTS.c.id).where(which, REPORTS.c.kept_at.is_(None))
    newest_first = theirs.order_by(REPORTS.c.made_at.desc(), REPORTS.c.id)
    await delete_reports(connection, (await connection.scalars(newest_first)).all()[number:])


async def pin_report(
    engine: AsyncEngine, report: ReportKey, viewer: Viewer, version: str
) -> StoredReport | None:
    """Pin the version of a report: it stays until the steward deletes it.

    None if it isn't stored any more. Raises LimitExceeded, Unavailable.
    """
    this = REPORTS.c.id == report_hash(report, viewer, version)

    async def room(connection: AsyncConnection) -> StoredReport | None:
        stored = await read_newest_report(connection, this)
        if stored is None or stored.is_kept:
            return stored
        theirs = select(func.count()).where(is_owned_by(viewer), REPORTS.c.kept_at.is_not(None))
        if (await connection.scalar(theirs) or 0) >= MAX_REPORTS_PER_OWNER:
            raise LimitExceeded(
                f"{MAX_REPORTS_PER_OWNER} reports are kept for one partner: ask the steward to "
                "drop old ones.",
                f"每个合作方最多保留 {MAX_REPORTS_PER_OWNER} 份报表：请联系登记管理方清理旧报表。",
            )
        return stored

    async with checked_write_transaction(engine, room) as (connection, stored):
        if stored is None or stored.is_kept:
            return stored
        await connection.execute(update(REPORTS).where(this).values(kept_at=current_second()))
    return replace(stored, is_kept=True)


def current_second() -> datetime:
    """Return the current time to the second, as reports state it."""
    return datetime.now(UTC).replace(microsecond=0)


async def read_reports(connection: AsyncConnection) -> AsyncIterator[tuple[Any, bytes]]:
    """Yield all stored reports with their content, read in batches."""
    after = ""
    while rows := (
        await connection.execute(
            select(REPORTS)
            .where(REPORTS.c.id > after)
            .order_by(REPORTS.c.id)
            .limit(REPORTS_PER_BATCH)
        )
    ).all():
        for row in rows:
            yield row, b64decode(row.content)
        after = rows[-1].id


async def list_reports(connection: AsyncConnection) -> Sequence[Any]:
    columns = [column for column in REPORTS.c if column.key != "content"]
    return (await connection.execute(select(*columns).order_by(REPORTS.c.made_at))).all()


async def verify_reports(connection: AsyncConnection) -> tuple[int, list[str]]:
    """Return the number of reports, and the digests of those whose content has changed."""
    number, wrong = 0, []
    async for row, content in read_reports(connection):
        number += 1
        if hashlib.sha256(content).hexdigest() != row.digest:
            wrong.append(row.digest)
    return number, wrong


async def delete_reports_before(connection: AsyncConnection, day: date) -> int:
    """Delete reports in a write transaction; return how many."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return (await connection.execute(delete(REPORTS).where(REPORTS.c.made_at < moment))).rowcount


def report_text(row: Any, content: bytes) -> str:
    """Return the text of a report, arguments included."""
    return f"{row.question}\n{extract_text(content)}"


async def delete_reports(connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Delete reports in a write transaction."""
    for id in ids:
        await connection.execute(delete(REPORTS).where(REPORTS.c.id == id))
