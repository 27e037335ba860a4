"""How long personal data is kept: some years after the last spell of a person has ended."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, case, delete, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.database import among
from kit.scrub import overwrite_deleted
from models import Enrolment, Worker
from models.access_log import AccessAction
from models.history import stored
from models.personal import FieldGroup, PersonalField
from models.row import Fact, FactStatus, Spell
from models.training import EnrolmentStatus
from resolvers.access_log import append
from resolvers.context import CHINA
from resolvers.erasing import about
from resolvers.minors import reaches
from resolvers.personal import VALUES, subject_of

OVER = "The time for which it is kept has passed."
STUDYING = [EnrolmentStatus.ENROLLED, EnrolmentStatus.SUSPENDED]
AT_ONCE = 1000


async def expire(
    connection: AsyncConnection, years: Mapping[FieldGroup, int], today: date, typed_by: str
) -> Counter[str]:
    """Takes away what is due, with an entry for each person. In a writing transaction."""
    await overwrite_deleted(connection)
    removed: Counter[str] = Counter()
    people = list(await connection.scalars(select(VALUES.c.worker_id).distinct()))
    for start in range(0, len(people), AT_ONCE):
        some = sorted(people)[start : start + AT_ONCE]
        ended = await last_days(connection, some)
        due: defaultdict[str, list[Any]] = defaultdict(list)
        here = among(VALUES.c.worker_id, some, connection.dialect.name)
        for row in await connection.execute(select(VALUES).where(here)):
            if is_due(row, ended.get(row.worker_id), years[row.field.group], today):
                due[row.worker_id].append(row)
        for worker, rows in due.items():
            await take_away(connection, worker, rows, typed_by)
            removed["PersonalValue"] += len(rows)
    return removed


def is_due(row: Any, ended: date | None, years: int, today: date) -> bool:
    """Counted from the last day, or from when it was entered where that was later."""
    entered: date = row.recorded_at.astimezone(CHINA).date()
    last = max(entered, ended or entered)
    return last.year + years <= date.max.year and reaches(years, last) <= today


async def last_days(connection: AsyncConnection, workers: Sequence[str]) -> dict[str, date]:
    """The last day of each one's spells; the end of time while one hasn't ended."""
    found: dict[str, date] = {}
    for model, columns in about(Worker):
        if not (issubclass(model, Fact) and issubclass(model, Spell)):
            continue
        table = stored(model)
        for name in columns:
            rows = await connection.execute(
                select(table.c[name].label("worker"), func.max(end_of(model)).label("last"))
                .where(
                    among(table.c[name], workers, connection.dialect.name),
                    table.c.status != FactStatus.RETRACTED,
                )
                .group_by(table.c[name])
            )
            for row in rows:
                found[row.worker] = max(row.last, found.get(row.worker, date.min))
    return found


def end_of(model: Any) -> Any:
    """An enrolment that is over but has no end on record ended when that was entered."""
    table = stored(model)
    never: Any = literal(date.max, Date)
    if model is Enrolment:
        studying = table.c.enrolment_status.in_(STUDYING) | table.c.enrolment_status.is_(None)
        never = case((studying, never), else_=func.date(table.c.recorded_at, type_=Date))
    return func.coalesce(table.c.ends, never, type_=Date)


async def take_away(
    connection: AsyncConnection, worker: str, rows: Sequence[Any], typed_by: str
) -> None:
    fields: set[PersonalField] = {row.field for row in rows}
    for row in rows:
        this = [VALUES.c[name] == getattr(row, name) for name in ("worker_id", "field", "fact_id")]
        await connection.execute(delete(VALUES).where(*this))
    subject = await subject_of(connection, worker)
    await append(connection, AccessAction.EXPIRED, typed_by, subject.pseudonym, fields, OVER)
