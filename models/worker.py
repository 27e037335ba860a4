from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from kit.text.normalization import normalize_personal_name
from kit.values.labelled_enum import LabelledEnum
from models.row import (
    UNRESTRICTED_COLUMN,
    VISIBILITY_COLUMNS,
    Audience,
    DatedSpell,
    Fact,
    Thing,
    enum_column,
    optional_enum,
    optional_reference,
    optional_text,
    page_index,
    reference,
    spell_order_check,
    text_column,
)

ERASED_NAME = "（已删除）"  # the name of an erased person's stub


class Grade(
    LabelledEnum,
    description="The eight skill grades, from the lowest to the highest. 新八级工技能等级",
):
    """新八级工, from the lowest grade to the highest."""

    APPRENTICE = "APPRENTICE", "学徒工"
    JUNIOR = "JUNIOR", "初级工"
    INTERMEDIATE = "INTERMEDIATE", "中级工"
    SENIOR = "SENIOR", "高级工"
    TECHNICIAN = "TECHNICIAN", "技师"
    SENIOR_TECHNICIAN = "SENIOR_TECHNICIAN", "高级技师"
    SPECIAL_GRADE_TECHNICIAN = "SPECIAL_GRADE_TECHNICIAN", "特级技师"
    CHIEF_TECHNICIAN = "CHIEF_TECHNICIAN", "首席技师"


class Worker(Thing, table=True):
    """A worker, craftsman or trainee.

    `employer_id` is derived from the current employment and `grade` from the highest certificate,
    as far as the public may see them; `employer_all_id` and `grade_all` from all facts.

    A worker may be public only if something about them has been published: see
    resolvers/writing/rules/publication.py.
    """

    __table_args__ = (
        page_index("employer_id", "name_key", "code", counted=VISIBILITY_COLUMNS),
        # Counts of a region's workers, also by grade, read this index alone.
        Index(None, "region_id", "grade", "audience"),
        page_index("employer_all_id", "name_key", "code"),
        Index(None, "region_id", "grade_all"),
    )
    derived: ClassVar[frozenset[str]] = frozenset(
        {"employer_id", "employer_all_id", "grade", "grade_all"}
    )
    from_all: ClassVar[Mapping[str, str]] = {"employer_id": "employer_all_id", "grade": "grade_all"}
    summary_columns: ClassVar[tuple[str, ...]] = ("region_id", "grade")
    extra_summary_columns: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "employer": ("region_id", "employer_id")
    }

    name: str = text_column(normalize_personal_name)
    audience: Audience = enum_column(Audience, default=Audience.OWNER)
    occupation_id: str | None = optional_reference("occupation")
    occupation_as_published: str | None = optional_text()
    grade: Grade | None = optional_enum(Grade)
    region_id: str | None = optional_reference("region", index=False)
    employer_id: str | None = optional_reference("organisation", index=False)
    grade_all: Grade | None = optional_enum(Grade, **UNRESTRICTED_COLUMN)
    employer_all_id: str | None = optional_reference(
        "organisation", index=False, **UNRESTRICTED_COLUMN
    )
    frontline: bool | None = Field(default=None)


class Employment(Fact, DatedSpell, table=True):
    __table_args__ = (
        spell_order_check(),
        page_index("organisation_id", "started", "id"),
        page_index("started", "id"),
    )
    pair: ClassVar[tuple[str, ...]] = ("worker_id", "organisation_id")

    worker_id: str = reference("worker")
    organisation_id: str = reference("organisation", index=False)
    post: str | None = optional_text()
