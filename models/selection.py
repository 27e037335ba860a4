"""Who was put up for an honour, and how far each came."""

from typing import ClassVar

from sqlmodel import Field

from kit.partial_date import PartialDate
from kit.words import Labelled
from models.row import (
    FAR,
    Audience,
    Fact,
    Sameness,
    Thing,
    YearOf,
    a_year,
    exactly_one,
    may_refer_to,
    partial_date,
    refers_to,
    within,
    words,
)


class NominationStatus(Labelled):
    NOMINATED = "NOMINATED", "已推荐"
    SELECTED = "SELECTED", "入选"
    NOT_SELECTED = "NOT_SELECTED", "未入选"
    WITHDRAWN = "WITHDRAWN", "撤回"


class SelectionRound(Thing, table=True):
    """One time that an honour is awarded: the batch 批 or edition 届 of that number."""

    __tablename__ = "selection_round"
    __table_args__ = (a_year(), within("number", 1))
    years: ClassVar[tuple[YearOf, ...]] = (YearOf("year", ("opened", "closed")),)
    in_turn: ClassVar[tuple[tuple[str, str], ...]] = (("opened", "closed"),)

    honour_id: str = refers_to("honour")
    number: int | None = Field(default=None)
    year: int | None = Field(default=None)
    opened: PartialDate | None = partial_date()
    closed: PartialDate | None = partial_date(FAR)
    organiser_id: str | None = may_refer_to("organisation")


class Nomination(Fact, table=True):
    """Shown to who put it up alone unless they say otherwise: not to be chosen is nobody's news.

    `stage_id` is the last stage that was passed, `conferral_id` what it led to.
    """

    __table_args__ = (exactly_one("one_nominee", "worker_id", "organisation_id", "studio_id"),)
    sameness: ClassVar[Sameness | None] = Sameness(
        about=("worker_id", "organisation_id", "studio_id", "selection_round_id")
    )

    audience: Audience = words(Audience, default=Audience.OWNER)
    selection_round_id: str = refers_to("selection_round")
    worker_id: str | None = may_refer_to("worker")
    organisation_id: str | None = may_refer_to("organisation")
    studio_id: str | None = may_refer_to("studio")
    nominator_id: str | None = may_refer_to("organisation")
    nomination_status: NominationStatus = words(
        NominationStatus, default=NominationStatus.NOMINATED
    )
    stage_id: str | None = may_refer_to("selection_stage")
    conferral_id: str | None = may_refer_to("conferral")
