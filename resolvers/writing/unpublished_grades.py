"""Grades by certificates that aren't public, stored by worker and verified.

For their use see docs/decisions/0026-partners-grades-from-cells.md.
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

from kit.db.column_types import Text
from kit.db.engine import ROWS_PER_STATEMENT, in_keys
from kit.db.summary_table import QUOTE_FUNCTIONS
from models.history import model_table
from models.row import Audience, FactStatus
from models.training import Qualification
from models.unpublished import UnpublishedGrade, WorkerUnpublished
from models.worker import Worker
from resolvers.core.grade_ranks import grade_of_rank, grade_rank

UNPUBLISHED_GRADES, WORKER_GRADE_SETS = (
    model_table(UnpublishedGrade),
    model_table(WorkerUnpublished),
)
WORKERS, QUALIFICATIONS = model_table(Worker), model_table(Qualification)
WORKER_COLUMNS = ("region_id", "grade", "audience", "owner_id")


def hidden_grades(workers: Sequence[str] | None, dialect: str) -> Subquery:
    """Select the highest grade by worker, owner and audience, if it is above the public grade."""
    highest = func.max(grade_rank(QUALIFICATIONS.c.grade))
    keys = (WORKERS.c.id, WORKERS.c.region_id, QUALIFICATIONS.c.owner_id, QUALIFICATIONS.c.audience)
    return (
        select(
            WORKERS.c.id.label("worker_id"),
            *keys[1:],
            highest.label("place"),
        )
        .join(QUALIFICATIONS, QUALIFICATIONS.c.worker_id == WORKERS.c.id)
        .where(
            QUALIFICATIONS.c.audience != Audience.PUBLIC,
            QUALIFICATIONS.c.status != FactStatus.RETRACTED,
            grade_rank(QUALIFICATIONS.c.grade) > func.coalesce(grade_rank(WORKERS.c.grade), -1),
            true() if workers is None else in_keys(WORKERS.c.id, workers, dialect),
        )
        .group_by(*keys)
        .order_by(WORKERS.c.id, QUALIFICATIONS.c.owner_id, QUALIFICATIONS.c.audience)
        .subquery()
    )


def grade_sets(grades: Subquery, dialect: str) -> Subquery:
    """Select each worker's set, identified by a hash of its content."""
    columns, comma = grades.c, literal_column("','", Text())

    def quoted(column: ColumnElement[Any]) -> ColumnElement[str]:
        """Quote a value, so that two sets have the same hash only if all values are the same."""
        quote: ColumnElement[str] = getattr(func, QUOTE_FUNCTIONS[dialect])(column, type_=Text())
        return quote

    words = type_coerce(columns.audience, Text()), columns.place.cast(Text())
    line = quoted(columns.owner_id).concat(words[0]).concat(words[1])
    if dialect == "postgresql":
        joined = func.string_agg(
            line, aggregate_order_by(comma, columns.owner_id, columns.audience)
        )
    else:
        joined = func.group_concat(line, comma)
    digest = func.md5(quoted(columns.region_id).concat(joined), type_=Text())
    keyed = select(columns.worker_id, digest.label("set_id"))
    return keyed.group_by(columns.worker_id, columns.region_id).subquery()


def refresh_statements(workers: Sequence[str] | None, dialect: str) -> Iterator[Executable]:
    """Yield the statements that update the sets of these workers; of all, if `workers` is None."""
    yield delete_unshared_sets(workers, dialect)
    yield delete_worker_sets(workers, dialect)
    yield insert_worker_sets(workers, dialect)
    yield insert_grade_sets(workers, dialect)


async def refresh_unpublished_grades(connection: AsyncConnection, workers: Sequence[str]) -> None:
    """Update the sets of workers, after their public grade."""
    dialect = connection.dialect.name
    for start in range(0, len(workers), ROWS_PER_STATEMENT):
        for statement in refresh_statements(workers[start : start + ROWS_PER_STATEMENT], dialect):
            await connection.execute(statement)


async def workers_of_owner(connection: AsyncConnection, owner: str) -> list[str]:
    """Return the workers whose set or cell has that owner."""
    owned = or_(WORKER_GRADE_SETS.c.owner_id == owner, UNPUBLISHED_GRADES.c.owner_id == owner)
    query = select(WORKER_GRADE_SETS.c.worker_id).join(
        UNPUBLISHED_GRADES, UNPUBLISHED_GRADES.c.set_id == WORKER_GRADE_SETS.c.set_id
    )
    return sorted(await connection.scalars(query.where(owned).distinct()))


def delete_unshared_sets(workers: Sequence[str] | None, dialect: str) -> Delete:
    """Delete the sets that no other worker has."""
    if workers is None:
        return delete(UNPUBLISHED_GRADES)
    theirs, other = WORKER_GRADE_SETS.alias(), WORKER_GRADE_SETS.alias()
    had = select(theirs.c.set_id).where(in_keys(theirs.c.worker_id, workers, dialect))
    shared = exists(other.c.set_id).where(
        other.c.set_id == UNPUBLISHED_GRADES.c.set_id,
        not_(in_keys(other.c.worker_id, workers, dialect)),
    )
    return delete(UNPUBLISHED_GRADES).where(UNPUBLISHED_GRADES.c.set_id.in_(had), not_(shared))


def delete_worker_sets(workers: Sequence[str] | None, dialect: str) -> Delete:
    every = delete(WORKER_GRADE_SETS)
    return (
        every
        if workers is None
        else every.where(in_keys(WORKER_GRADE_SETS.c.worker_id, workers, dialect))
    )


def insert_worker_sets(workers: Sequence[str] | None, dialect: str) -> Insert:
    keyed = grade_sets(hidden_grades(workers, dialect), dialect)
    columns = [WORKERS.c[name] for name in WORKER_COLUMNS]
    query = select(keyed.c.worker_id, keyed.c.set_id, *columns)
    query = query.join(WORKERS, WORKERS.c.id == keyed.c.worker_id)
    return insert(WORKER_GRADE_SETS).from_select(["worker_id", "set_id", *WORKER_COLUMNS], query)


def insert_grade_sets(workers: Sequence[str] | None, dialect: str) -> Insert:
    """Insert missing sets, with the content of the first worker who has each."""
    stored = exists(UNPUBLISHED_GRADES.c.set_id).where(
        UNPUBLISHED_GRADES.c.set_id == WORKER_GRADE_SETS.c.set_id
    )
    first = select(
        WORKER_GRADE_SETS.c.set_id, func.min(WORKER_GRADE_SETS.c.worker_id).label("worker_id")
    )
    if workers is not None:
        first = first.where(in_keys(WORKER_GRADE_SETS.c.worker_id, workers, dialect))
    new = first.where(not_(stored)).group_by(WORKER_GRADE_SETS.c.set_id).subquery()
    grades = hidden_grades(workers, dialect)
    number = func.row_number().over(
        partition_by=new.c.set_id, order_by=(grades.c.owner_id, grades.c.audience)
    )
    query = select(
        new.c.set_id, number, grades.c.region_id, grades.c.owner_id, grades.c.audience,
        grade_of_rank(grades.c.place),
    ).join(grades, grades.c.worker_id == new.c.worker_id)  # fmt: skip
    names = ["set_id", "number", "region_id", "owner_id", "audience", "grade"]
    return insert(UNPUBLISHED_GRADES).from_select(names, query)


def delete_unused_sets() -> Delete:
    """Delete sets without workers."""
    had = exists(WORKER_GRADE_SETS.c.set_id).where(
        WORKER_GRADE_SETS.c.set_id == UNPUBLISHED_GRADES.c.set_id
    )
    return delete(UNPUBLISHED_GRADES).where(not_(had))


def count_wrong_sets(connection: Connection) -> int:
    """Return the number of workers whose set differs from what follows from their certificates."""
    grades = hidden_grades(None, connection.dialect.name)
    joined = UNPUBLISHED_GRADES.c.set_id == WORKER_GRADE_SETS.c.set_id
    right = select(
        grades.c.worker_id,
        *(WORKERS.c[name] for name in WORKER_COLUMNS),
        WORKERS.c.region_id.label("lies_in"),
        grades.c.owner_id.label("whose"),
        grades.c.audience.label("shown_to"),
        grades.c.place,
    ).join(WORKERS, WORKERS.c.id == grades.c.worker_id)
    stored = select(
        WORKER_GRADE_SETS.c.worker_id,
        *(WORKER_GRADE_SETS.c[name] for name in WORKER_COLUMNS),
        UNPUBLISHED_GRADES.c.region_id,
        UNPUBLISHED_GRADES.c.owner_id,
        UNPUBLISHED_GRADES.c.audience,
        grade_rank(UNPUBLISHED_GRADES.c.grade),
    ).outerjoin(UNPUBLISHED_GRADES, joined)
    both = (right, stored), (stored, right)
    differing = [except_(*pair).subquery() for pair in both]
    workers = [set(connection.scalars(select(difference.c.worker_id))) for difference in differing]
    return len(workers[0] | workers[1])
