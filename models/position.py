from typing import ClassVar

from kit.words import Labelled
from models.row import Fact, Lasting, in_order, may_refer_to, maybe_text, refers_to, words


class PositionKind(Labelled):
    """两代表一委员 are the first three."""

    PARTY_DELEGATE = "PARTY_DELEGATE", "党代表"
    CONGRESS_DEPUTY = "CONGRESS_DEPUTY", "人大代表"
    CONFERENCE_MEMBER = "CONFERENCE_MEMBER", "政协委员"
    UNION_OFFICE = "UNION_OFFICE", "工会任职"
    PART_TIME = "PART_TIME", "兼职"
    SECONDMENT = "SECONDMENT", "挂职"
    ASSOCIATION_OFFICE = "ASSOCIATION_OFFICE", "协会任职"
    OTHER = "OTHER", "其他"


class Position(Fact, Lasting, table=True):
    """An office beside one's work: work itself is an employment."""

    __table_args__ = (in_order(),)
    pair: ClassVar[tuple[str, ...]] = ("worker_id", "organisation_id", "post")

    worker_id: str = refers_to("worker")
    organisation_id: str | None = may_refer_to("organisation")
    position_kind: PositionKind = words(PositionKind)
    post: str | None = maybe_text()
    term: str | None = maybe_text()  # 届, as published
