"""Training: programmes, classes, enrolments, mentorships, qualifications."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import PartialDate
from models.row import (
    LISTING_COLUMNS,
    Audience,
    DatedSpell,
    DuplicateRule,
    Fact,
    Thing,
    YearRule,
    decimal_column,
    enum_column,
    optional_enum,
    optional_reference,
    optional_text,
    page_index,
    partial_date_column,
    range_check,
    reference,
    spell_order_check,
    year_check,
)
from models.worker import Grade


class EnrolmentStatus(LabelledEnum, description="Status of an enrolment. 学籍状态"):
    ENROLLED = "ENROLLED", "在籍", "Studying"
    SUSPENDED = "SUSPENDED", "休学", "Studies are interrupted"
    TRANSFERRED = "TRANSFERRED", "转学", "Moved to another college"
    GRADUATED = "GRADUATED", "毕业"
    COMPLETED = "COMPLETED", "结业", "Completed without a diploma"
    WITHDRAWN = "WITHDRAWN", "退学", "Left before the end"
    EXPELLED = "EXPELLED", "开除学籍"


class QualificationBasis(
    LabelledEnum, description="Basis on which a certificate was issued. 取证依据"
):
    EXAM = "EXAM", "鉴定考试", "Examination"
    COMPETITION = "COMPETITION", "竞赛晋级", "Place in a competition"
    SELF_ASSESSMENT = "SELF_ASSESSMENT", "企业自主评价", "Assessment by the employer"
    OTHER = "OTHER", "其他"


class Programme(Thing, table=True):
    mode: str | None = optional_text()  # 工学一体, 双元三地, 订单式 …
    region_id: str | None = optional_reference("region")
    organisation_id: str | None = optional_reference("organisation")
    academy_id: str | None = optional_reference("academy")
    # A competition whose standards the programme adopted.
    standard_id: str | None = optional_reference("competition")


class TrainingClass(Thing, DatedSpell, table=True):
    __tablename__ = "training_class"
    __table_args__ = (spell_order_check(),)

    programme_id: str | None = optional_reference("programme")
    academy_id: str | None = optional_reference("academy")
    college_id: str | None = optional_reference("organisation")


class Enrolment(Fact, DatedSpell, table=True):
    """A trainee's enrolment: never public, and by default visible to the college only."""

    __table_args__ = (
        spell_order_check(),
        year_check("cohort"),
        range_check("score", 0, 100, decimal=True),
        page_index("college_id", "cohort", "id", counted=LISTING_COLUMNS),
        page_index("training_class_id", "cohort", "id", counted=LISTING_COLUMNS),
        page_index("cohort", "id"),
        CheckConstraint("audience <> 'PUBLIC'", name="never_public"),
    )
    pair: ClassVar[tuple[str, ...]] = ("trainee_id", "college_id", "training_class_id")
    # A change of class or college keeps the year of entry.
    years: ClassVar[tuple[YearRule, ...]] = (YearRule("cohort", ("started",), or_earlier=True),)
    in_turn: ClassVar[tuple[tuple[str, str], ...]] = (("cohort", "ended"),)
    summary_columns: ClassVar[tuple[str, ...]] = ("college_id", "cohort", "enrolment_status")

    audience: Audience = enum_column(Audience, default=Audience.OWNER)
    college_id: str | None = optional_reference("organisation", index=False)
    training_class_id: str | None = optional_reference("training_class", index=False)
    trainee_id: str = reference("worker")
    major_id: str | None = optional_reference("major")
    cohort: int | None = Field(default=None)
    enrolment_status: EnrolmentStatus | None = optional_enum(EnrolmentStatus)
    score: Decimal | None = decimal_column()

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if values.get("audience") == Audience.PUBLIC:
            yield "audience", "is PUBLIC; an enrolment never is. Leave it OWNER or SHARED."


class Mentorship(Fact, DatedSpell, table=True):
    """A mentor with an apprentice. A trainee's is never public.

    resolvers/writing/rules/publication.py holds that rule.
    """

    __table_args__ = (
        spell_order_check(),
        CheckConstraint("mentor_id <> apprentice_id", name="two_people"),
        page_index("started", "id"),
    )
    pair: ClassVar[tuple[str, ...]] = ("mentor_id", "apprentice_id")

    audience: Audience = enum_column(Audience, default=Audience.OWNER)
    mentor_id: str = reference("worker")
    apprentice_id: str = reference("worker")

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if values.get("mentor_id") == values.get("apprentice_id"):
            yield "apprentice_id", "is the mentor of this mentorship."


class Qualification(Fact, table=True):
    __table_args__ = (page_index("issued_on", "id"),)
    summary_columns: ClassVar[tuple[str, ...]] = ("grade", "basis")
    sameness: ClassVar[DuplicateRule | None] = DuplicateRule(
        about=("worker_id", "grade"),
        details=("occupation_id", "occupation_as_published", "issued_on", "issuer_id"),
    )

    audience: Audience = enum_column(Audience, default=Audience.OWNER)
    worker_id: str = reference("worker")
    grade: Grade | None = optional_enum(Grade)
    occupation_id: str | None = optional_reference("occupation")
    occupation_as_published: str | None = optional_text()
    issued_on: PartialDate | None = partial_date_column()
    basis: QualificationBasis | None = optional_enum(QualificationBasis)
    issuer_id: str | None = optional_reference("organisation")
    based_on_id: str | None = optional_reference("result")
