from decimal import Decimal
from typing import ClassVar

from kit.composite import Composite
from kit.partial_date import PartialDate
from kit.quantity import Qualifier, quantity_of
from kit.words import Labelled
from models.row import (
    FAR,
    Fact,
    Sameness,
    Thing,
    exactly_one,
    may_refer_to,
    maybe_text,
    maybe_words,
    number,
    partial_date,
    refers_to,
    whole,
    words,
)


class ChallengeStatus(Labelled):
    OPEN = "OPEN", "发榜"
    CLAIMED = "CLAIMED", "揭榜"
    SOLVED = "SOLVED", "验收"
    WITHDRAWN = "WITHDRAWN", "撤榜"


class BidStatus(Labelled):
    SUBMITTED = "SUBMITTED", "已申报"
    WON = "WON", "揭榜"
    LOST = "LOST", "未中榜"
    WITHDRAWN = "WITHDRAWN", "撤回申报"


class Challenge(Thing, table=True):
    """A need that its poster publishes for others to solve; `outcome_id` is what came of it."""

    __table_args__ = (whole("reward"),)
    reward: ClassVar[Composite] = quantity_of("reward")
    in_turn: ClassVar[tuple[tuple[str, str], ...]] = (("posted", "deadline"),)

    challenge_status: ChallengeStatus = words(ChallengeStatus)
    field: str | None = maybe_text()
    poster_id: str | None = may_refer_to("organisation")
    region_id: str | None = may_refer_to("region")
    industry_id: str | None = may_refer_to("industry")
    occupation_id: str | None = may_refer_to("occupation")
    posted: PartialDate | None = partial_date()
    deadline: PartialDate | None = partial_date(FAR)
    reward_value: Decimal | None = number()
    reward_unit: str | None = maybe_text()
    reward_qualifier: Qualifier | None = maybe_words(Qualifier)
    outcome_id: str | None = may_refer_to("outcome")


class Bid(Fact, table=True):
    """An offer to solve a challenge. Several may win one together."""

    __table_args__ = (exactly_one("one_bidder", "worker_id", "organisation_id", "studio_id"),)
    sameness: ClassVar[Sameness | None] = Sameness(
        about=("worker_id", "organisation_id", "studio_id", "challenge_id"), details=("submitted",)
    )

    challenge_id: str = refers_to("challenge")
    worker_id: str | None = may_refer_to("worker")
    organisation_id: str | None = may_refer_to("organisation")
    studio_id: str | None = may_refer_to("studio")
    bid_status: BidStatus = words(BidStatus, default=BidStatus.SUBMITTED)
    submitted: PartialDate | None = partial_date()
