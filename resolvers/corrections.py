"""Cells by grade, as they are told to whoever sees certificates that aren't public.

docs/decisions/0026-partners-grades-from-cells.md says how, and why it is exact.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)

from engine.predicate import Asker
from kit.rows import rows_of
from models import UNPUBLISHED, UnpublishedGrade, Worker, WorkerUnpublished
from models.history import stored
from resolvers.access import further_ways, visible
from resolvers.unpublished import grade_at, place

GRADES, HAVING = stored(UnpublishedGrade), stored(WorkerUnpublished)


def by_grade(asker: Asker) -> FromClause:
    """Cells by grade for who is told more than everybody: from what those hold, to what is seen.

    A worker moves from the cell where everybody counts them to that of the grade which follows
    from the certificates that the asker sees.
    """
    cells, seen = rows_of(UNPUBLISHED.table), seen_sets(asker)
    signs = union_all(
        select(literal_column("1", Integer()).label("sign")),
        select(literal_column("-1", Integer())),
    ).subquery()
    grade = case((signs.c.sign > 0, grade_at(seen.c.place)), else_=cells.c.grade)
    columns = [cells.c[name] for name in ("region_id", "audience", "owner_id")]
    return (
        select(*columns, grade.label("grade"), (cells.c.number * signs.c.sign).label("number"))
        .select_from(seen.join(cells, cells.c.set_id == seen.c.set_id).join(signs, true()))
        .where(visible(Worker)(asker.viewer, cells))
        .subquery()
    )


def of_grade(
    asker: Asker, worker: ColumnElement[Any], common: ColumnElement[Any], grade: Any
) -> Sequence[ColumnElement[bool]] | None:
    """Whether the asker is told this grade of a worker, or none.

    Every grade of a set is above what everybody is told. A person sees their own certificates,
    of which sets know nothing.
    """
    if asker.viewer.worker is not None:
        return None
    having, grades = rows_of(HAVING), rows_of(GRADES)
    higher = (
        exists(having.c.worker_id)
        .select_from(having.join(grades, grades.c.set_id == having.c.set_id))
        .where(having.c.worker_id == worker)
        .where(or_(*further_ways(UnpublishedGrade, asker.viewer, grades)))
    )
    if grade is None:
        return [and_(common.is_(None), not_(higher))]
    mine, seen = rows_of(HAVING), seen_sets(asker)
    of_set = select(mine.c.worker_id).join(seen, seen.c.set_id == mine.c.set_id)
    moved = worker.in_(of_set.where(seen.c.place == place(grade)))
    return [and_(common == grade, not_(higher)), moved]


def seen_sets(asker: Asker) -> FromClause:
    """Sets of which the asker sees a grade, and the highest that it sees: each way by its index."""

    def part(way: int) -> Select[Any]:
        rows = rows_of(GRADES)
        there = further_ways(UnpublishedGrade, asker.viewer, rows)[way]
        return select(rows.c.set_id, place(rows.c.grade).label("place")).where(there)

    ways = len(further_ways(UnpublishedGrade, asker.viewer, rows_of(GRADES)))
    all_ = union_all(*map(part, range(ways))).subquery()
    highest = func.max(all_.c.place).label("place")
    return select(all_.c.set_id, highest).group_by(all_.c.set_id).subquery()
