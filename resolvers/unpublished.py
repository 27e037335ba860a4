"""Which workers have which grades by certificates that aren't public: kept, and compared.

docs/decisions/0026-partners-grades-from-cells.md says what that is for.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Executable,
    Insert,
    Subquery,
    case,
    delete,
    except_,
    exists,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.columns import Text, Words
from kit.database import among
from kit.summary import QUOTED
from models import Qualification, UnpublishedGrade, Worker, WorkerUnpublished
from models.history import stored
from models.row import Audience, FactStatus
from models.worker import Grade
from resolvers.recording import AT_ONCE

GRADES, HAVING = stored(UnpublishedGrade), stored(WorkerUnpublished)
WORKERS, CERTIFICATES = stored(Worker), stored(Qualification)
LOWEST_FIRST = {grade.value: place for place, grade in enumerate(Grade)}
BY_PLACE = {place: grade for grade, place in LOWEST_FIRST.items()}
OF_A_WORKER = ("region_id", "grade", "audience", "owner_id")


def place(grade: Any) -> Any:
    """Higher grades have higher places."""
    return case(LOWEST_FIRST, value=grade)


def grade_at(place: Any) -> Any:
    return case(BY_PLACE, value=place, else_=None).cast(Words(Grade))


def held(workers: Sequence[str] | None, dialect: str) -> Subquery:
    """Of each worker, of each owner and audience the highest: above what everybody is told."""
    highest = func.max(place(CERTIFICATES.c.grade))
    by = (WORKERS.c.id, WORKERS.c.region_id, CERTIFICATES.c.owner_id, CERTIFICATES.c.audience)
    return (
        select(
            WORKERS.c.id.label("worker_id"),
            *by[1:],
            highest.label("place"),
        )
        .join(CERTIFICATES, CERTIFICATES.c.worker_id == WORKERS.c.id)
        .where(
            CERTIFICATES.c.audience != Audience.PUBLIC,
            CERTIFICATES.c.status != FactStatus.RETRACTED,
            place(CERTIFICATES.c.grade) > func.coalesce(place(WORKERS.c.grade), -1),
            true() if workers is None else among(WORKERS.c.id, workers, dialect),
        )
        .group_by(*by)
        .order_by(WORKERS.c.id, CERTIFICATES.c.owner_id, CERTIFICATES.c.audience)
        .subquery()
    )


def sets(grades: Subquery, dialect: str) -> Subquery:
    """The set of each worker, by a hash of all that it holds."""
    found, comma = grades.c, literal_column("','", Text())

    def quoted(column: ColumnElement[Any]) -> ColumnElement[str]:
        """So that no two sets differ in nothing but where one value ends."""
        made: ColumnElement[str] = getattr(func, QUOTED[dialect])(column, type_=Text())
        return made

    words = type_coerce(found.audience, Text()), found.place.cast(Text())
    one = quoted(found.owner_id).concat(words[0]).concat(words[1])
    if dialect == "postgresql":
        joined = func.string_agg(one, aggregate_order_by(comma, found.owner_id, found.audience))
    else:
        joined = func.group_concat(one, comma)
    whole = func.md5(quoted(found.region_id).concat(joined), type_=Text())
    keyed = select(found.worker_id, whole.label("set_id"))
    return keyed.group_by(found.worker_id, found.region_id).subquery()


def renewing(workers: Sequence[str] | None, dialect: str) -> Iterator[Executable]:
    """The statements that bring up to date what these workers have; without `workers`, all."""
    yield given_up(workers, dialect)
    yield gone(workers, dialect)
    yield of_workers(workers, dialect)
    yield of_new_sets(workers, dialect)


async def renew(connection: AsyncConnection, workers: Sequence[str]) -> None:
    """After the grade that everybody is told."""
    dialect = connection.dialect.name
    for start in range(0, len(workers), AT_ONCE):
        for statement in renewing(workers[start : start + AT_ONCE], dialect):
            await connection.execute(statement)


async def of_owner(connection: AsyncConnection, owner: str) -> list[str]:
    """The workers of whose set or cell an owner is part."""
    owned = or_(HAVING.c.owner_id == owner, GRADES.c.owner_id == owner)
    found = select(HAVING.c.worker_id).join(GRADES, GRADES.c.set_id == HAVING.c.set_id)
    return sorted(await connection.scalars(found.where(owned).distinct()))


def given_up(workers: Sequence[str] | None, dialect: str) -> Delete:
    """Sets that nobody else has."""
    if workers is None:
        return delete(GRADES)
    theirs, other = HAVING.alias(), HAVING.alias()
    had = select(theirs.c.set_id).where(among(theirs.c.worker_id, workers, dialect))
    kept = exists(other.c.set_id).where(
        other.c.set_id == GRADES.c.set_id, not_(among(other.c.worker_id, workers, dialect))
    )
    return delete(GRADES).where(GRADES.c.set_id.in_(had), not_(kept))


def gone(workers: Sequence[str] | None, dialect: str) -> Delete:
    every = delete(HAVING)
    return every if workers is None else every.where(among(HAVING.c.worker_id, workers, dialect))


def of_workers(workers: Sequence[str] | None, dialect: str) -> Insert:
    keyed = sets(held(workers, dialect), dialect)
    columns = [WORKERS.c[name] for name in OF_A_WORKER]
    found = select(keyed.c.worker_id, keyed.c.set_id, *columns)
    found = found.join(WORKERS, WORKERS.c.id == keyed.c.worker_id)
    return insert(HAVING).from_select(["worker_id", "set_id", *OF_A_WORKER], found)


def of_new_sets(workers: Sequence[str] | None, dialect: str) -> Insert:
    """As the first worker has them who has the set."""
    known = exists(GRADES.c.set_id).where(GRADES.c.set_id == HAVING.c.set_id)
    first = select(HAVING.c.set_id, func.min(HAVING.c.worker_id).label("worker_id"))
    if workers is not None:
        first = first.where(among(HAVING.c.worker_id, workers, dialect))
    new = first.where(not_(known)).group_by(HAVING.c.set_id).subquery()
    grades = held(workers, dialect)
    number = func.row_number().over(
        partition_by=new.c.set_id, order_by=(grades.c.owner_id, grades.c.audience)
    )
    found = select(
        new.c.set_id, number, grades.c.region_id, grades.c.owner_id, grades.c.audience,
        grade_at(grades.c.place),
    ).join(grades, grades.c.worker_id == new.c.worker_id)  # fmt: skip
    names = ["set_id", "number", "region_id", "owner_id", "audience", "grade"]
    return insert(GRADES).from_select(names, found)


def unused() -> Delete:
    """Sets of workers who are gone."""
    had = exists(HAVING.c.set_id).where(HAVING.c.set_id == GRADES.c.set_id)
    return delete(GRADES).where(not_(had))


def wrong(connection: Connection) -> int:
    """How many workers have something else than follows from their certificates."""
    grades = held(None, connection.dialect.name)
    joined = GRADES.c.set_id == HAVING.c.set_id
    wanted = select(
        grades.c.worker_id,
        *(WORKERS.c[name] for name in OF_A_WORKER),
        WORKERS.c.region_id.label("lies_in"),
        grades.c.owner_id.label("whose"),
        grades.c.audience.label("shown_to"),
        grades.c.place,
    ).join(WORKERS, WORKERS.c.id == grades.c.worker_id)
    there = select(
        HAVING.c.worker_id,
        *(HAVING.c[name] for name in OF_A_WORKER),
        GRADES.c.region_id,
        GRADES.c.owner_id,
        GRADES.c.audience,
        place(GRADES.c.grade),
    ).outerjoin(GRADES, joined)
    both = (wanted, there), (there, wanted)
    differing = [except_(*pair).subquery() for pair in both]
    found = [set(connection.scalars(select(one.c.worker_id))) for one in differing]
    return len(found[0] | found[1])
