from decimal import Decimal
from typing import ClassVar

from kit.values.composite import Composite
from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import PartialDate
from kit.values.quantity import Qualifier, quantity_columns
from models.row import (
    LONG_YEARS_AHEAD,
    DuplicateRule,
    Fact,
    Thing,
    complete_quantity,
    decimal_column,
    enum_column,
    exactly_one,
    optional_enum,
    optional_reference,
    optional_text,
    partial_date_column,
    reference,
)


class ChallengeStatus(LabelledEnum, description="Status of a challenge. 揭榜课题状态"):
    OPEN = "OPEN", "发榜", "Open for bids"
    CLAIMED = "CLAIMED", "揭榜", "A bid has won"
    SOLVED = "SOLVED", "验收", "The solution was accepted"
    WITHDRAWN = "WITHDRAWN", "撤榜", "The organisation that posted it withdrew it"


class BidStatus(LabelledEnum, description="Status of a bid. 申报状态"):
    SUBMITTED = "SUBMITTED", "已申报", "Handed in, not decided"
    WON = "WON", "揭榜", "The bidder got the challenge"
    LOST = "LOST", "未中榜", "Another bidder got the challenge"
    WITHDRAWN = "WITHDRAWN", "撤回申报", "The bidder withdrew it"


class Challenge(Thing, table=True):
    """A need that a poster publishes for others to solve. `outcome_id` is the resulting outcome."""

    __table_args__ = (complete_quantity("reward"),)
    reward: ClassVar[Composite] = quantity_columns("reward")
    in_turn: ClassVar[tuple[tuple[str, str], ...]] = (("posted", "deadline"),)

    challenge_status: ChallengeStatus = enum_column(ChallengeStatus)
    field: str | None = optional_text()
    poster_id: str | None = optional_reference("organisation")
    region_id: str | None = optional_reference("region")
    industry_id: str | None = optional_reference("industry")
    occupation_id: str | None = optional_reference("occupation")
    posted: PartialDate | None = partial_date_column()
    deadline: PartialDate | None = partial_date_column(LONG_YEARS_AHEAD)
    reward_value: Decimal | None = decimal_column()
    reward_unit: str | None = optional_text()
    reward_qualifier: Qualifier | None = optional_enum(Qualifier)
    outcome_id: str | None = optional_reference("outcome")


class Bid(Fact, table=True):
    """An offer to solve a challenge. Several bids may win together."""

    __table_args__ = (exactly_one("one_bidder", "worker_id", "organisation_id", "studio_id"),)
    sameness: ClassVar[DuplicateRule | None] = DuplicateRule(
        about=("worker_id", "organisation_id", "studio_id", "challenge_id"), details=("submitted",)
    )

    challenge_id: str = reference("challenge")
    worker_id: str | None = optional_reference("worker")
    organisation_id: str | None = optional_reference("organisation")
    studio_id: str | None = optional_reference("studio")
    bid_status: BidStatus = enum_column(BidStatus, default=BidStatus.SUBMITTED)
    submitted: PartialDate | None = partial_date_column()
