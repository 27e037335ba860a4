"""Nobody under 18 is public."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.database import among
from models import PersonalSubject, Worker
from models.history import stored
from models.row import Audience, Row
from resolvers.proposal import Problems
from resolvers.recording import AT_ONCE, Entry

MAJORITY, CHILDHOOD = 18, 14  # years of age: civil code art. 17, PIPL art. 28
STILL_A_MINOR = "is a minor until {day}: only its owner may see a worker under 18."
SUBJECTS = stored(PersonalSubject)


def reaches(age: int, born: date) -> date:
    """The day from which somebody is of an age; who was born on 29 February, on 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def until(age: int, born: date, today: date) -> date | None:
    """The last day of the year in which somebody reaches an age; None for who has reached it."""
    return None if reaches(age, born) <= today else date(born.year + age, 12, 31)


async def check_minors(
    connection: AsyncConnection,
    entries: Mapping[type[Row], Mapping[str, Entry]],
    today: date,
    problems: Problems,
) -> None:
    """Of workers on record whose audience would be another; of a new one nothing is known yet."""
    widened = {
        id: entry
        for id, entry in entries.get(Worker, {}).items()
        if entry.live
        and entry.row["audience"] != Audience.OWNER
        and entry.live["audience"] != entry.row["audience"]
    }
    for id, day in (await minors_among(connection, widened, today)).items():
        problems.add(widened[id].proposal, "audience", STILL_A_MINOR.format(day=day))


async def minors_among(
    connection: AsyncConnection, workers: Iterable[str], today: date
) -> dict[str, Any]:
    """The day until which each of them is taken for a minor."""
    wanted = sorted(workers)
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), AT_ONCE):
        here = among(SUBJECTS.c.worker_id, wanted[start : start + AT_ONCE], connection.dialect.name)
        rows = await connection.execute(
            select(SUBJECTS.c.worker_id, SUBJECTS.c.minor_until).where(
                here, SUBJECTS.c.minor_until >= today
            )
        )
        found |= {row.worker_id: row.minor_until for row in rows}
    return found
