"""Retention of personal data: some years after a person's last spell has ended."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, case, delete, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import in_keys
from kit.db.secure_delete import enable_secure_delete
from models.access_log import AccessAction
from models.history import model_table
from models.personal import FieldGroup, PersonalField
from models.row import Fact, FactStatus, Spell
from models.training import Enrolment, EnrolmentStatus
from models.worker import Worker
from resolvers.core.context import CHINA_TIME_ZONE
from resolvers.personal.access_log import append_log_entry
from resolvers.personal.erasure import referring_columns
from resolvers.personal.masked import PERSONAL_VALUES, ensure_subject
from resolvers.writing.rules.minors import birthday

PERIOD_ENDED = "The time for which it is kept has passed."
STUDYING_STATUSES = [EnrolmentStatus.ENROLLED, EnrolmentStatus.SUSPENDED]
PEOPLE_PER_BATCH = 1000


async def delete_expired_values(
    connection: AsyncConnection, years: Mapping[FieldGroup, int], today: date, typed_by: str
) -> Counter[str]:
    """Delete values that are due, with a log entry for each person, in a write transaction."""
    await enable_secure_delete(connection)
    removed: Counter[str] = Counter()
    people = list(await connection.scalars(select(PERSONAL_VALUES.c.worker_id).distinct()))
    for start in range(0, len(people), PEOPLE_PER_BATCH):
        batch = sorted(people)[start : start + PEOPLE_PER_BATCH]
        ended = await read_last_spell_days(connection, batch)
        due: defaultdict[str, list[Any]] = defaultdict(list)
        here = in_keys(PERSONAL_VALUES.c.worker_id, batch, connection.dialect.name)
        for row in await connection.execute(select(PERSONAL_VALUES).where(here)):
            if is_due(row, ended.get(row.worker_id), years[row.field.group], today):
                due[row.worker_id].append(row)
        for worker, rows in due.items():
            await delete_values(connection, worker, rows, typed_by)
            removed["PersonalValue"] += len(rows)
    return removed


def is_due(row: Any, ended: date | None, years: int, today: date) -> bool:
    """Return whether a value is due, counted from the last day or from its entry if later."""
    entered: date = row.recorded_at.astimezone(CHINA_TIME_ZONE).date()
    last = max(entered, ended or entered)
    return last.year + years <= date.max.year and birthday(years, last) <= today


async def read_last_spell_days(
    connection: AsyncConnection, workers: Sequence[str]
) -> dict[str, date]:
    """Return the last day of each person's spells; `date.max` while one hasn't ended."""
    last_days: dict[str, date] = {}
    for model, columns in referring_columns(Worker):
        if not (issubclass(model, Fact) and issubclass(model, Spell)):
            continue
        table = model_table(model)
        for name in columns:
            rows = await connection.execute(
                select(table.c[name].label("worker"), func.max(spell_end(model)).label("last"))
                .where(
                    in_keys(table.c[name], workers, connection.dialect.name),
                    table.c.status != FactStatus.RETRACTED,
                )
                .group_by(table.c[name])
            )
            for row in rows:
                last_days[row.worker] = max(row.last, last_days.get(row.worker, date.min))
    return last_days


def spell_end(model: Any) -> Any:
    """Return the end of a spell; of a finished enrolment without an end, the day of its entry."""
    table = model_table(model)
    never: Any = literal(date.max, Date)
    if model is Enrolment:
        studying = table.c.enrolment_status.in_(STUDYING_STATUSES) | table.c.enrolment_status.is_(
            None
        )
        never = case((studying, never), else_=func.date(table.c.recorded_at, type_=Date))
    return func.coalesce(table.c.ends, never, type_=Date)


async def delete_values(
    connection: AsyncConnection, worker: str, rows: Sequence[Any], typed_by: str
) -> None:
    fields: set[PersonalField] = {row.field for row in rows}
    for row in rows:
        this = [
            PERSONAL_VALUES.c[name] == getattr(row, name)
            for name in ("worker_id", "field", "fact_id")
        ]
        await connection.execute(delete(PERSONAL_VALUES).where(*this))
    subject = await ensure_subject(connection, worker)
    await append_log_entry(
        connection, AccessAction.EXPIRED, typed_by, subject.pseudonym, fields, PERIOD_ENDED
    )
