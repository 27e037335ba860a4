"""Grades by certificates that aren't public, where they are above what everybody is told.

Workers are alike in this who have the same region and the same grades by certificates of the same
owners, shown to the same audiences. Such workers have one set, and are counted by it: so a partner
is told from cells what follows from the certificates that it sees
(docs/decisions/0026-partners-grades-from-cells.md).

All of it follows from workers and their certificates: resolvers/unpublished.py.
"""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from kit.summary import CellRule, SummaryTable
from models.history import model_table
from models.row import Audience, enum_column, identifier, optional_enum
from models.summary import make_cell_table
from models.worker import Grade

UNPUBLISHED_COLUMNS = ("set_id", "region_id", "grade", "audience", "owner_id")


class UnpublishedGrade(SQLModel, table=True):
    """One of a set: the highest grade by the certificates of one owner for one audience.

    `region_id` is that of the workers who have the set.
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
    """A worker who has a set; `grade` is what everybody is told."""

    __tablename__ = "worker_unpublished"

    worker_id: str = identifier(foreign_key="worker.id", primary_key=True, ondelete="CASCADE")
    set_id: str = identifier(index=True)
    region_id: str | None = identifier(default=None, nullable=True)
    grade: Grade | None = optional_enum(Grade)
    audience: Audience = enum_column(Audience)
    owner_id: str | None = identifier(default=None, nullable=True)


def make_unpublished_summary() -> SummaryTable:
    """How many workers have a set, by what decides who sees them."""
    rows = model_table(WorkerUnpublished)
    keys = {name: f"{{0}}.{name}" for name in UNPUBLISHED_COLUMNS}
    # Who sees all that is public is told of it whoever owns it.
    keys["owner_id"] = f"CASE WHEN {{0}}.audience <> '{Audience.PUBLIC}' THEN {{0}}.owner_id END"
    table = make_cell_table(
        "worker_summary_unpublished", rows, UNPUBLISHED_COLUMNS, (), dated=False
    )
    Index(None, table.c.set_id)
    return SummaryTable(rows, table, [CellRule(keys, {"number": "1"}, "true")], dated=False)
