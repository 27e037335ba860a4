"""Grades by certificates that aren't public, where they are above what everybody is told.

Workers are alike in this who have the same region and the same grades by certificates of the same
owners, shown to the same audiences. Such workers have one set, and are counted by it: so a partner
is told from cells what follows from the certificates that it sees
(docs/decisions/0026-partners-grades-from-cells.md).

All of it follows from workers and their certificates: resolvers/unpublished.py.
"""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from kit.summary import Part, Summary
from models.history import stored
from models.row import Audience, key, maybe_words, words
from models.summary import cells
from models.worker import Grade

COUNTED_BY = ("set_id", "region_id", "grade", "audience", "owner_id")


class UnpublishedGrade(SQLModel, table=True):
    """One of a set: the highest grade by the certificates of one owner for one audience.

    `region_id` is that of the workers who have the set.
    """

    __tablename__ = "unpublished_grade"
    __table_args__ = (
        Index(None, "owner_id", "audience", "set_id", "grade"),
        Index(None, "region_id", "audience", "set_id", "grade"),
    )

    set_id: str = key(primary_key=True)
    number: int = Field(primary_key=True)
    region_id: str | None = key(default=None, nullable=True)
    owner_id: str | None = key(default=None, nullable=True)
    audience: Audience = words(Audience)
    grade: Grade = words(Grade)


class WorkerUnpublished(SQLModel, table=True):
    """A worker who has a set; `grade` is what everybody is told."""

    __tablename__ = "worker_unpublished"

    worker_id: str = key(foreign_key="worker.id", primary_key=True, ondelete="CASCADE")
    set_id: str = key(index=True)
    region_id: str | None = key(default=None, nullable=True)
    grade: Grade | None = maybe_words(Grade)
    audience: Audience = words(Audience)
    owner_id: str | None = key(default=None, nullable=True)


def make_unpublished_summary() -> Summary:
    """How many workers have a set, by what decides who sees them."""
    rows = stored(WorkerUnpublished)
    keys = {name: f"{{0}}.{name}" for name in COUNTED_BY}
    # Who sees all that is public is told of it whoever owns it.
    keys["owner_id"] = f"CASE WHEN {{0}}.audience <> '{Audience.PUBLIC}' THEN {{0}}.owner_id END"
    table = cells("worker_summary_unpublished", rows, COUNTED_BY, (), dated=False)
    Index(None, table.c.set_id)
    return Summary(rows, table, [Part(keys, {"number": "1"}, "true")], dated=False)
