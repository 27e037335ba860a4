"""Cells by grade, corrected for viewers who see certificates that aren't public.

For how, and why it is exact, see docs/decisions/0026-partners-grades-from-cells.md.
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

from engine.sql.predicate import ViewerContext
from kit.db.table_aliases import alias_of
from models import UNPUBLISHED_SUMMARY
from models.history import model_table
from models.unpublished import UnpublishedGrade, WorkerUnpublished
from models.worker import Worker
from resolvers.core.access import nonpublic_conditions, visible
from resolvers.core.grade_ranks import grade_of_rank, grade_rank

UNPUBLISHED_GRADES, WORKER_GRADE_SETS = (
    model_table(UnpublishedGrade),
    model_table(WorkerUnpublished),
)


def corrected_cells(asker: ViewerContext) -> FromClause:
    """Select corrections of cells by grade for a viewer who sees more than the public.

    A worker is subtracted from the cell of their public grade, and added to that of the grade which
    follows from the certificates that the viewer sees.
    """
    cells, sets = alias_of(UNPUBLISHED_SUMMARY.table), visible_grade_sets(asker)
    signs = union_all(
        select(literal_column("1", Integer()).label("sign")),
        select(literal_column("-1", Integer())),
    ).subquery()
    grade = case((signs.c.sign > 0, grade_of_rank(sets.c.place)), else_=cells.c.grade)
    columns = [cells.c[name] for name in ("region_id", "audience", "owner_id")]
    return (
        select(*columns, grade.label("grade"), (cells.c.number * signs.c.sign).label("number"))
        .select_from(sets.join(cells, cells.c.set_id == sets.c.set_id).join(signs, true()))
        .where(visible(Worker)(asker.viewer, cells))
        .subquery()
    )


def grade_conditions(
    asker: ViewerContext, worker: ColumnElement[Any], common: ColumnElement[Any], grade: Any
) -> Sequence[ColumnElement[bool]] | None:
    """Return conditions for workers who have this grade, or none, to the viewer.

    Every grade in a set is above the public one. None for a person, who sees their own
    certificates: sets don't have them.
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
    mine, sets = alias_of(WORKER_GRADE_SETS), visible_grade_sets(asker)
    of_set = select(mine.c.worker_id).join(sets, sets.c.set_id == mine.c.set_id)
    moved = worker.in_(of_set.where(sets.c.place == grade_rank(grade)))
    return [and_(common == grade, not_(higher)), moved]


def visible_grade_sets(asker: ViewerContext) -> FromClause:
    """Select sets with the highest grade that the viewer sees, one index per condition."""

    def part(index: int) -> Select[Any]:
        rows = alias_of(UNPUBLISHED_GRADES)
        condition = nonpublic_conditions(UnpublishedGrade, asker.viewer, rows)[index]
        return select(rows.c.set_id, grade_rank(rows.c.grade).label("place")).where(condition)

    ways = len(nonpublic_conditions(UnpublishedGrade, asker.viewer, alias_of(UNPUBLISHED_GRADES)))
    all_ = union_all(*map(part, range(ways))).subquery()
    highest = func.max(all_.c.place).label("place")
    return select(all_.c.set_id, highest).group_by(all_.c.set_id).subquery()
