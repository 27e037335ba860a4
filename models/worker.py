from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from kit.words import Labelled
from kit.written import personal_name
from models.row import (
    FROM_ALL,
    SEEN,
    Audience,
    Fact,
    Lasting,
    Thing,
    in_order,
    may_refer_to,
    maybe_text,
    maybe_words,
    paged,
    refers_to,
    text,
    words,
)

ERASED = "（已删除）"  # the name of whoever was erased


class Grade(Labelled):
    """新八级工, from the lowest to the highest."""

    APPRENTICE = "APPRENTICE", "学徒工"
    JUNIOR = "JUNIOR", "初级工"
    INTERMEDIATE = "INTERMEDIATE", "中级工"
    SENIOR = "SENIOR", "高级工"
    TECHNICIAN = "TECHNICIAN", "技师"
    SENIOR_TECHNICIAN = "SENIOR_TECHNICIAN", "高级技师"
    SPECIAL_GRADE_TECHNICIAN = "SPECIAL_GRADE_TECHNICIAN", "特级技师"
    CHIEF_TECHNICIAN = "CHIEF_TECHNICIAN", "首席技师"


class Worker(Thing, table=True):
    """`employer_id` and `grade` are the current employment's and the highest certificate's.

    As they follow from what everybody sees, and beside them as they follow from all there is.

    Public only once something of theirs has been published: see resolvers/publication.py.
    """

    __table_args__ = (
        paged("employer_id", "name_key", "code", counted=SEEN),
        # A region's workers are counted, and grouped by grade, from this index alone.
        Index(None, "region_id", "grade", "audience"),
        paged("employer_all_id", "name_key", "code"),
        Index(None, "region_id", "grade_all"),
    )
    derived: ClassVar[frozenset[str]] = frozenset(
        {"employer_id", "employer_all_id", "grade", "grade_all"}
    )
    from_all: ClassVar[Mapping[str, str]] = {"employer_id": "employer_all_id", "grade": "grade_all"}
    summed_by: ClassVar[tuple[str, ...]] = ("region_id", "grade")
    summed_also: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "employer": ("region_id", "employer_id")
    }

    name: str = text(personal_name)
    audience: Audience = words(Audience, default=Audience.OWNER)
    occupation_id: str | None = may_refer_to("occupation")
    occupation_as_published: str | None = maybe_text()
    grade: Grade | None = maybe_words(Grade)
    region_id: str | None = may_refer_to("region", index=False)
    employer_id: str | None = may_refer_to("organisation", index=False)
    grade_all: Grade | None = maybe_words(Grade, **FROM_ALL)
    employer_all_id: str | None = may_refer_to("organisation", index=False, **FROM_ALL)
    frontline: bool | None = Field(default=None)


class Employment(Fact, Lasting, table=True):
    __table_args__ = (in_order(), paged("organisation_id", "started", "id"), paged("started", "id"))
    pair: ClassVar[tuple[str, ...]] = ("worker_id", "organisation_id")

    worker_id: str = refers_to("worker")
    organisation_id: str = refers_to("organisation", index=False)
    post: str | None = maybe_text()
