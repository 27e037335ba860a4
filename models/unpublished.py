"""Grades by certificates that aren't public, if they are above the public grade.

Workers with the same region, and with the same grades by certificates of the same owners and
audiences, share a set. They are counted by set, so a partner's counts by the certificates that it
sees are sums of cells (docs/decisions/0026-partners-grades-from-cells.md).

All of it is derived from workers and their certificates in resolvers/writing/unpublished_grades.py.
"""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from kit.db.summary_table import CellRule, SummaryTable
from models.history import model_table
from models.row import Audience, enum_column, identifier, optional_enum
from models.summary import make_cell_table
from models.worker import Grade

UNPUBLISHED_COLUMNS = ("set_id", "region_id", "grade", "audience", "owner_id")


class UnpublishedGrade(SQLModel, table=True):
    """A member of a set: the highest grade by the certificates of one owner and audience.

    `region_id` is the region of the set's workers.
    """

    __tablename__ = "unpublished_grade"
    __table_args__ = (
        Index(None, "owner_id", "audience", "set_id", "grade"),
        Index(None, "region_id", "audience", "set_id", "grade"),
    )

    set_id: str = identifier(primary_key=True)
    number: int = Field(primary_key=True)
    region_id: str | None = identifier(default=None, nullable=True)
    owner_id: str | None = identifier(default=None, nullable=True)
    audience: Audience = enum_column(Audience)
    grade: Grade = enum_column(Grade)


class WorkerUnpublished(SQLModel, table=True):
    """A worker with a set. `grade` is the public grade."""

    __tablename__ = "worker_unpublished"

    worker_id: str = identifier(foreign_key="worker.id", primary_key=True, ondelete="CASCADE")
    set_id: str = identifier(index=True)
    region_id: str | None = identifier(default=None, nullable=True)
    grade: Grade | None = optional_enum(Grade)
    audience: Audience = enum_column(Audience)
    owner_id: str | None = identifier(default=None, nullable=True)


def make_unpublished_summary() -> SummaryTable:
    """Return the summary of workers by set, with the columns that decide who may see them."""
    rows = model_table(WorkerUnpublished)
    keys = {name: f"{{0}}.{name}" for name in UNPUBLISHED_COLUMNS}
    # Public workers are counted without an owner, as all viewers see them.
    keys["owner_id"] = f"CASE WHEN {{0}}.audience <> '{Audience.PUBLIC}' THEN {{0}}.owner_id END"
    table = make_cell_table(
        "worker_summary_unpublished", rows, UNPUBLISHED_COLUMNS, (), dated=False
    )
    Index(None, table.c.set_id)
    return SummaryTable(rows, table, [CellRule(keys, {"number": "1"}, "true")], dated=False)
