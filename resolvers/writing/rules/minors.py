"""Minors: people who are or may be under 18, visible only to the owner of their record.

A student of a school below a college may be a minor, unless the registry knows their age.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import ROWS_PER_STATEMENT, in_keys
from models.history import model_table
from models.organisation import Organisation, is_below_college
from models.personal import PersonalSubject
from models.row import Audience, FactStatus, Row
from models.training import Enrolment, TrainingClass
from models.vocabulary import Major, is_secondary_major
from models.worker import ERASED_NAME, Worker
from resolvers.writing.proposal import Problems
from resolvers.writing.record import RowValues
from resolvers.writing.rules.publication import RowsAfterWrite

AGE_OF_MAJORITY, CHILD_AGE_LIMIT = 18, 14  # years of age: civil code art. 17, PIPL art. 28
SCHOOL_ENTRY_AGE = 6  # no one starts earlier: compulsory education law art. 11
# OWNER already hides a record from all others; for a minor it becomes PROTECTED.
OWNER_ONLY_AUDIENCES = {Audience.OWNER, Audience.PROTECTED}
IS_A_MINOR = "is a minor until {day}: only its owner may see a worker under 18."
MAY_BE_A_MINOR = (
    "is {said}, but the worker is named as a student of a school below a college and may be under "
    "18: leave it empty, or say otherwise first (of_age or a birth date, `personal import`)."
)
SUBJECTS, WORKERS = model_table(PersonalSubject), model_table(Worker)


def birthday(age: int, born: date) -> date:
    """Return the day on which a person reaches an age; for 29 February, 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def protected_until(age: int, born: date, today: date) -> date | None:
    """Return the end of the year in which a person reaches an age; None if they have."""
    return None if birthday(age, born) <= today else date(born.year + age, 12, 31)


async def protect_minors(
    connection: AsyncConnection, after: RowsAfterWrite, today: date, problems: Problems
) -> Mapping[str, RowValues]:
    """Protect entered workers who are or may be minors; return stored ones to be protected."""
    entered = after.entered(Worker)
    on_record = [id for id, worker in entered.items() if worker.live]
    trainees = await affected_trainees(after)
    minority_ends = await read_minority_ends(connection, {*on_record, *trainees}, today)
    pupils = await find_pupils(after, {*on_record, *trainees} - minority_ends.keys(), today)
    reasons = {id: IS_A_MINOR.format(day=day) for id, day in minority_ends.items() if day}
    for id, entry in entered.items():
        said = entry.row["audience"]
        if said == Audience.PROTECTED or (id not in reasons and id not in pupils):
            continue
        if "audience" in entry.proposal.values and said not in OWNER_ONLY_AUDIENCES:
            reason = reasons.get(id, MAY_BE_A_MINOR.format(said=said.value))
            problems.add(entry.proposal, "audience", reason)
        else:
            entry.row["audience"] = Audience.PROTECTED
    others = (reasons.keys() | pupils) - entered.keys()
    people = await after.by_id(Worker, others)
    return {id: row for id, row in people.items() if row["audience"] != Audience.PROTECTED}


async def read_minority_ends(
    connection: AsyncConnection, workers: Iterable[str], today: date
) -> dict[str, date | None]:
    """Return workers whose age is known, with their last day as a minor, if any."""
    keys = sorted(workers)
    last_days: dict[str, date | None] = {}
    has_age = or_(SUBJECTS.c.of_age, SUBJECTS.c.minor_until.is_not(None))
    for start in range(0, len(keys), ROWS_PER_STATEMENT):
        here = in_keys(
            SUBJECTS.c.worker_id,
            keys[start : start + ROWS_PER_STATEMENT],
            connection.dialect.name,
        )
        rows = await connection.execute(
            select(SUBJECTS.c.worker_id, SUBJECTS.c.minor_until).where(here, has_age)
        )
        for id, day in rows:
            last_days[id] = day if day and day >= today else None
    return last_days


async def affected_trainees(after: RowsAfterWrite) -> set[str]:
    """Return trainees whose schooling this load affects: enrolment, school, class or major."""
    schools, majors = changed_keys(after, Organisation), changed_keys(after, Major)
    classes = changed_keys(after, TrainingClass)
    classes |= {
        row["id"] for row in await after.unentered_rows(TrainingClass, "college_id", schools)
    }
    rows = [entry.row for entry in after.entered(Enrolment).values()]
    for column, keys in (
        ("college_id", schools),
        ("training_class_id", classes),
        ("major_id", majors),
    ):
        rows += await after.unentered_rows(Enrolment, column, keys)
    return {row["trainee_id"] for row in rows} - {None}


def changed_keys(after: RowsAfterWrite, model: type[Row]) -> set[str]:
    return {id for id, entry in after.entered(model).items() if entry.live and entry.has_changes()}


async def find_pupils(after: RowsAfterWrite, workers: Collection[str], today: date) -> set[str]:
    rows = [
        row
        for row in await after.of(Enrolment, "trainee_id", {*workers})
        if may_be_minor(row, today)
    ]
    classes = await after.by_id(TrainingClass, (row["training_class_id"] for row in rows))
    majors = await after.by_id(Major, (row["major_id"] for row in rows))
    where = {
        row["id"]: {row["college_id"]}
        | ({classes[key]["college_id"]} if (key := row["training_class_id"]) in classes else set())
        for row in rows
    }
    colleges = await after.by_id(Organisation, {id for ids in where.values() for id in ids})
    return {
        row["trainee_id"]
        for row in rows
        if any(is_below_college(colleges[id]) for id in where[row["id"]] & colleges.keys())
        or (row["major_id"] in majors and is_secondary_major(majors[row["major_id"]]))
    }


def may_be_minor(enrolment: RowValues, today: date) -> bool:
    """Return whether a pupil in the earliest year stated may be under 18 today."""
    stated = [int(text[:4]) for name in ("started", "ended") if (text := enrolment[name])]
    years = [year for year in (enrolment["cohort"], *stated) if year]
    return not years or today.year <= min(years) + AGE_OF_MAJORITY - SCHOOL_ENTRY_AGE


async def find_unprotected_minors(connection: AsyncConnection, today: date) -> set[str]:
    """Return stored workers who are or may be minors and are visible to others."""
    shown = WORKERS.c.audience != Audience.PROTECTED, WORKERS.c.name != ERASED_NAME
    has_age = or_(SUBJECTS.c.of_age, SUBJECTS.c.minor_until.is_not(None))
    minors = select(WORKERS.c.id).join(SUBJECTS, SUBJECTS.c.worker_id == WORKERS.c.id)
    unprotected = {*await connection.scalars(minors.where(*shown, SUBJECTS.c.minor_until >= today))}
    enrolment, major = model_table(Enrolment), model_table(Major)
    college, group = model_table(Organisation), model_table(TrainingClass)
    holder = college.c.id.in_([enrolment.c.college_id, group.c.college_id])
    enrolled = (
        select(
            enrolment.c.trainee_id,
            enrolment.c.cohort,
            enrolment.c.started,
            enrolment.c.ended,
            college.c.organisation_kind,
            college.c.name,
            major.c.scheme,
        )
        .select_from(enrolment)
        .join(WORKERS, WORKERS.c.id == enrolment.c.trainee_id)
        .outerjoin(group, group.c.id == enrolment.c.training_class_id)
        .outerjoin(college, holder)
        .outerjoin(major, major.c.id == enrolment.c.major_id)
        .where(*shown, enrolment.c.status != FactStatus.RETRACTED)
        .where(WORKERS.c.id.not_in(select(SUBJECTS.c.worker_id).where(has_age)))
    )
    for row in map(dict, (await connection.execute(enrolled)).mappings()):
        below = (row["name"] and is_below_college(row)) or (
            row["scheme"] and is_secondary_major(row)
        )
        if below and may_be_minor(row, today):
            unprotected.add(row["trainee_id"])
    return unprotected
