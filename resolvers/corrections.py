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

from engine.predicate import ViewerContext
from kit.rows import alias_of
from models import UNPUBLISHED_SUMMARY, UnpublishedGrade, Worker, WorkerUnpublished
from models.history import model_table
from resolvers.access import nonpublic_conditions, visible
from resolvers.unpublished import grade_of_rank, grade_rank

UNPUBLISHED_GRADES, WORKER_GRADE_SETS = (
    model_table(UnpublishedGrade),
    model_table(WorkerUnpublished),
)


def corrected_cells(asker: ViewerContext) -> FromClause:
    """Cells by grade for who is told more than everybody: from what those hold, to what is seen.

    A worker moves from the cell where everybody counts them to that of the grade which follows
    from the certificates that the asker sees.
    """
    cells, seen = alias_of(UNPUBLISHED_SUMMARY.table), visible_grade_sets(asker)
    signs = union_all(
        select(literal_column("1", Integer()).label("sign")),
        select(literal_column("-1", Integer())),
    ).subquery()
    grade = case((signs.c.sign > 0, grade_of_rank(seen.c.place)), else_=cells.c.grade)
    columns = [cells.c[name] for name in ("region_id", "audience", "owner_id")]
    return (
        select(*columns, grade.label("grade"), (cells.c.number * signs.c.sign).label("number"))
        .select_from(seen.join(cells, cells.c.set_id == seen.c.set_id).join(signs, true()))
        .where(visible(Worker)(asker.viewer, cells))
        .subquery()
    )


def grade_conditions(
    asker: ViewerContext, worker: ColumnElement[Any], common: ColumnElement[Any], grade: Any
) -> Sequence[ColumnElement[bool]] | None:
    """Whether the asker is told this grade of a worker, or none.

    Every grade of a set is above what everybody is told. A person sees their own certificates,
    of which sets know nothing.
    """
    if asker.viewer.worker is not None:
        return None
    having, grades = alias_of(WORKER_GRADE_SETS), alias_of(UNPUBLISHED_GRADES)
    higher = (
        exists(having.c.worker_id)
        .select_from(having.join(grades, grades.c.set_id == having.c.set_id))
        .where(having.c.worker_id == worker)
        .where(or_(*nonpublic_conditions(UnpublishedGrade, asker.viewer, grades)))
    )
    if grade is None:
        return [and_(common.is_(None), not_(higher))]
    mine, seen = alias_of(WORKER_GRADE_SETS), visible_grade_sets(asker)
    of_set = select(mine.c.worker_id).join(seen, seen.c.set_id == mine.c.set_id)
    moved = worker.in_(of_set.where(seen.c.place == grade_rank(grade)))
    return [and_(common == grade, not_(higher)), moved]


def visible_grade_sets(asker: ViewerContext) -> FromClause:
    """Sets of which the asker sees a grade, and the highest that it sees: each way by its index."""

    def part(way: int) -> Select[Any]:
        rows = alias_of(UNPUBLISHED_GRADES)
        there = nonpublic_conditions(UnpublishedGrade, asker.viewer, rows)[way]
        return select(rows.c.set_id, grade_rank(rows.c.grade).label("place")).where(there)

    ways = len(nonpublic_conditions(UnpublishedGrade, asker.viewer, alias_of(UNPUBLISHED_GRADES)))
    all_ = union_all(*map(part, range(ways))).subquery()
    highest = func.max(all_.c.place).label("place")
    return select(all_.c.set_id, highest).group_by(all_.c.set_id).subquery()
