"""Reports that were made: for whom, of which version, and kept as they were.

What is decided, and why, is docs/decisions/0024-reports.md.
"""

import hashlib
import json
import re
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.database import reading, writing
from kit.errors import BadInput, Forbidden, LimitExceeded, Unauthenticated
from kit.readable import text_of
from models import Report
from models.history import stored
from models.partner import Scope
from resolvers.access import SEEING, Viewer

REPORTS = stored(Report)
MOST_KEPT = 1000  # of one organisation
AT_ONCE = 20
# The second is how versions were told before, by a number of the registry's: those are kept too.
VERSION = re.compile(r"([0-9]{8})\.[0-9a-f]{16}|[0-9]{1,18}\.([0-9]{8})", re.ASCII)
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`question` is what was asked, as JSON with its keys in order."""

    name: str
    form: str
    question: str


@dataclass(frozen=True, slots=True)
class Kept:
    made_at: datetime
    digest: str
    content: bytes
    version: str


def read_version(text: str) -> str:
    """Raises BadInput."""
    found = VERSION.fullmatch(text)
    try:
        if found is not None:
            date.fromisoformat(found[1] or found[2])
            return text
    except ValueError:
        pass
    raise BadInput(
        "`version` is as a report gave it: 20260131.9f2c41d07a83b6e1.",
        "`version` 应为报表中给出的数据版本，如 20260131.9f2c41d07a83b6e1。",
    )


def version_of(answer: Any, day: date) -> str:
    """Of what the viewer is told, and of the day in China, on which depends what holds today.

    Nothing else goes into it: a change of what the viewer may not see makes no other version.
    """
    said = json.dumps(answer, sort_keys=True, ensure_ascii=False)
    return f"{day:%Y%m%d}.{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def allow(viewer: Viewer) -> None:
    """Reports are made for partners that may see what is theirs. Raises Unauthenticated or
    Forbidden."""
    if viewer.sees_all or viewer.reads_own:
        return
    raise (Forbidden if viewer.organisation or viewer.worker else Unauthenticated)(
        "Reports are made for partners: send a key or token with the scope read:own.",
        "报表仅供合作方使用：请发送带有 read:own 权限的密钥或令牌。",
    )


def made_for(viewer: Viewer) -> list[Any]:
    """Who differs in any of this may be shown something else."""
    seeing = sorted(viewer.scopes & (SEEING | {Scope.AGGREGATE_REGION}))
    role = viewer.role and viewer.role.value
    return [viewer.organisation or OPERATOR, role, viewer.region, [one.value for one in seeing]]


def key_of(wanted: Wanted, viewer: Viewer, version: str) -> str:
    whole = [wanted.name, wanted.form, wanted.question, made_for(viewer), version]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


async def find(engine: AsyncEngine, wanted: Wanted, viewer: Viewer, version: str) -> Kept | None:
    """As it was made; None where none was, or none for this viewer."""
    async with reading(engine, viewer.wall) as connection:
        return await found(connection, key_of(wanted, viewer, version))


async def found(connection: AsyncConnection, id: str) -> Kept | None:
    row = (await connection.execute(select(REPORTS).where(REPORTS.c.id == id))).first()
    if row is None:
        return None
    return Kept(row.made_at, row.digest, b64decode(row.content), row.version)


async def keep(
    engine: AsyncEngine,
    wanted: Wanted,
    viewer: Viewer,
    version: str,
    made_at: datetime,
    content: bytes,
) -> Kept:
    """The first that is made stays: who comes second is given that one. Raises LimitExceeded."""
    id, digest = key_of(wanted, viewer, version), hashlib.sha256(content).hexdigest()
    ours = REPORTS.c.owner_id == viewer.organisation
    async with writing(engine) as connection:
        before = await found(connection, id)
        if before is not None:
            return before
        there_are = await connection.scalar(select(func.count()).select_from(REPORTS).where(ours))
        if (there_are or 0) >= MOST_KEPT:
            raise LimitExceeded(
                f"{MOST_KEPT} reports are kept for one partner: ask the steward to drop old ones.",
                f"每个合作方最多保存 {MOST_KEPT} 份报表：请联系登记管理方清理旧报表。",
            )
        row = {
            "id": id,
            "name": wanted.name,
            "form": wanted.form,
            "question": wanted.question,
            "version": version,
            "owner_id": viewer.organisation,
            "wall": viewer.wall.role,
            "region_id": viewer.region if viewer.sees_region and not viewer.sees_all else None,
            "made_at": made_at,
            "digest": digest,
            "content": b64encode(content).decode(),
        }
        await connection.execute(insert(REPORTS), row)
    return Kept(made_at, digest, content, version)


def now() -> datetime:
    """To the second, as a report says it."""
    return datetime.now(UTC).replace(microsecond=0)


async def each(connection: AsyncConnection) -> AsyncIterator[tuple[Any, bytes]]:
    """All that are kept, a few at a time, with their bytes."""
    after = ""
    while rows := (
        await connection.execute(
            select(REPORTS).where(REPORTS.c.id > after).order_by(REPORTS.c.id).limit(AT_ONCE)
        )
    ).all():
        for row in rows:
            yield row, b64decode(row.content)
        after = rows[-1].id


async def listed(connection: AsyncConnection) -> Sequence[Any]:
    columns = [column for column in REPORTS.c if column.key != "content"]
    return (await connection.execute(select(*columns).order_by(REPORTS.c.made_at))).all()


async def verify(connection: AsyncConnection) -> tuple[int, list[str]]:
    """How many there are, and the digests of those that aren't what was stored."""
    number, wrong = 0, []
    async for row, content in each(connection):
        number += 1
        if hashlib.sha256(content).hexdigest() != row.digest:
            wrong.append(row.digest)
    return number, wrong


async def drop_before(connection: AsyncConnection, day: date) -> int:
    """In a writing transaction; how many are gone."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return (await connection.execute(delete(REPORTS).where(REPORTS.c.made_at < moment))).rowcount


def said_in(row: Any, content: bytes) -> str:
    """What was asked, and what the report tells."""
    return f"{row.question}\n{text_of(content)}"


async def drop(connection: AsyncConnection, ids: Sequence[str]) -> None:
    """In a writing transaction."""
    for id in ids:
        await connection.execute(delete(REPORTS).where(REPORTS.c.id == id))
