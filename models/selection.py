"""Selection rounds of honours, and the nominations in them."""

from typing import ClassVar

from sqlmodel import Field

from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import PartialDate
from models.row import (
    LONG_YEARS_AHEAD,
    Audience,
    DuplicateRule,
    Fact,
    Thing,
    YearRule,
    enum_column,
    exactly_one,
    optional_reference,
    partial_date_column,
    range_check,
    reference,
    year_check,
)


class NominationStatus(LabelledEnum, description="Status of a nomination. 评选结果"):
    NOMINATED = "NOMINATED", "已推荐", "Not decided"
    SELECTED = "SELECTED", "入选"
    NOT_SELECTED = "NOT_SELECTED", "未入选"
    WITHDRAWN = "WITHDRAWN", "撤回"


class SelectionRound(Thing, table=True):
    """One round in which an honour is awarded: a numbered batch (批) or edition (届)."""

    __tablename__ = "selection_round"
    __table_args__ = (year_check(), range_check("number", 1))
    years: ClassVar[tuple[YearRule, ...]] = (YearRule("year", ("opened", "closed")),)
    in_turn: ClassVar[tuple[tuple[str, str], ...]] = (("opened", "closed"),)

    honour_id: str = reference("honour")
    number: int | None = Field(default=None)
    year: int | None = Field(default=None)
    opened: PartialDate | None = partial_date_column()
    closed: PartialDate | None = partial_date_column(LONG_YEARS_AHEAD)
    organiser_id: str | None = optional_reference("organisation")


class Nomination(Fact, table=True):
    """A candidate in a round, by default visible to the owner only, as they may not be selected.

    `stage_id` is the last stage that was passed, `conferral_id` the resulting conferral.
    """

    __table_args__ = (exactly_one("one_nominee", "worker_id", "organisation_id", "studio_id"),)
    sameness: ClassVar[DuplicateRule | None] = DuplicateRule(
        about=("worker_id", "organisation_id", "studio_id", "selection_round_id")
    )

    audience: Audience = enum_column(Audience, default=Audience.OWNER)
    selection_round_id: str = reference("selection_round")
    worker_id: str | None = optional_reference("worker")
    organisation_id: str | None = optional_reference("organisation")
    studio_id: str | None = optional_reference("studio")
    nominator_id: str | None = optional_reference("organisation")
    nomination_status: NominationStatus = enum_column(
        NominationStatus, default=NominationStatus.NOMINATED
    )
    stage_id: str | None = optional_reference("selection_stage")
    conferral_id: str | None = optional_reference("conferral")
