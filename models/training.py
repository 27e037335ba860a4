"""How people learn: programmes, classes, enrolments, mentors, certificates."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from kit.partial_date import PartialDate
from kit.words import Labelled
from models.row import (
    STANDING,
    Audience,
    Fact,
    Lasting,
    Sameness,
    Thing,
    YearOf,
    a_year,
    in_order,
    may_refer_to,
    maybe_text,
    maybe_words,
    number,
    paged,
    partial_date,
    refers_to,
    within,
    words,
)
from models.worker import Grade


class EnrolmentStatus(Labelled):
    ENROLLED = "ENROLLED", "在籍"
    SUSPENDED = "SUSPENDED", "休学"
    TRANSFERRED = "TRANSFERRED", "转学"
    GRADUATED = "GRADUATED", "毕业"
    COMPLETED = "COMPLETED", "结业"
    WITHDRAWN = "WITHDRAWN", "退学"
    EXPELLED = "EXPELLED", "开除学籍"


class QualificationBasis(Labelled):
    EXAM = "EXAM", "鉴定考试"
    COMPETITION = "COMPETITION", "竞赛晋级"
    SELF_ASSESSMENT = "SELF_ASSESSMENT", "企业自主评价"
    OTHER = "OTHER", "其他"


class Programme(Thing, table=True):
    mode: str | None = maybe_text()  # 工学一体, 双元三地, 订单式 …
    region_id: str | None = may_refer_to("region")
    organisation_id: str | None = may_refer_to("organisation")
    academy_id: str | None = may_refer_to("academy")
    # The competition whose standards became those of the programme.
    standard_id: str | None = may_refer_to("competition")


class TrainingClass(Thing, Lasting, table=True):
    __tablename__ = "training_class"
    __table_args__ = (in_order(),)

    programme_id: str | None = may_refer_to("programme")
    academy_id: str | None = may_refer_to("academy")
    college_id: str | None = may_refer_to("organisation")


class Enrolment(Fact, Lasting, table=True):
    """Never public: shown to its college alone unless the college says otherwise."""

    __table_args__ = (
        in_order(),
        a_year("cohort"),
        within("score", 0, 100, decimal=True),
        paged("college_id", "cohort", "id", counted=STANDING),
        paged("training_class_id", "cohort", "id", counted=STANDING),
        paged("cohort", "id"),
        CheckConstraint("audience <> 'PUBLIC'", name="never_public"),
    )
    pair: ClassVar[tuple[str, ...]] = ("trainee_id", "college_id", "training_class_id")
    # Who changes class or college later keeps the year of entry.
    years: ClassVar[tuple[YearOf, ...]] = (YearOf("cohort", ("started",), or_earlier=True),)
    in_turn: ClassVar[tuple[tuple[str, str], ...]] = (("cohort", "ended"),)
    summed_by: ClassVar[tuple[str, ...]] = ("college_id", "cohort", "enrolment_status")

    audience: Audience = words(Audience, default=Audience.OWNER)
    college_id: str | None = may_refer_to("organisation", index=False)
    training_class_id: str | None = may_refer_to("training_class", index=False)
    trainee_id: str = refers_to("worker")
    major_id: str | None = may_refer_to("major")
    cohort: int | None = Field(default=None)
    enrolment_status: EnrolmentStatus | None = maybe_words(EnrolmentStatus)
    score: Decimal | None = number()

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if values.get("audience") == Audience.PUBLIC:
            yield "audience", "is PUBLIC; an enrolment never is. Leave it OWNER or SHARED."


class Mentorship(Fact, Lasting, table=True):
    """A trainee's is never public: see resolvers/publication.py."""

    __table_args__ = (
        in_order(),
        CheckConstraint("mentor_id <> apprentice_id", name="two_people"),
        paged("started", "id"),
    )
    pair: ClassVar[tuple[str, ...]] = ("mentor_id", "apprentice_id")

    audience: Audience = words(Audience, default=Audience.OWNER)
    mentor_id: str = refers_to("worker")
    apprentice_id: str = refers_to("worker")

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if values.get("mentor_id") == values.get("apprentice_id"):
            yield "apprentice_id", "is the mentor; nobody is an apprentice of their own."


class Qualification(Fact, table=True):
    __table_args__ = (paged("issued_on", "id"),)
    summed_by: ClassVar[tuple[str, ...]] = ("grade", "basis")
    sameness: ClassVar[Sameness | None] = Sameness(
        about=("worker_id", "grade"),
        details=("occupation_id", "occupation_as_published", "issued_on", "issuer_id"),
    )

    audience: Audience = words(Audience, default=Audience.OWNER)
    worker_id: str = refers_to("worker")
    grade: Grade | None = maybe_words(Grade)
    occupation_id: str | None = may_refer_to("occupation")
    occupation_as_published: str | None = maybe_text()
    issued_on: PartialDate | None = partial_date()
    basis: QualificationBasis | None = maybe_words(QualificationBasis)
    issuer_id: str | None = may_refer_to("organisation")
    based_on_id: str | None = may_refer_to("result")
