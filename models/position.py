from typing import ClassVar

from kit.values.labelled_enum import LabelledEnum
from models.row import (
    DatedSpell,
    Fact,
    enum_column,
    optional_reference,
    optional_text,
    reference,
    spell_order_check,
)


class PositionKind(LabelledEnum, description="Type of position. 任职类别"):
    """Kinds of positions; the first three are 两代表一委员."""

    PARTY_DELEGATE = "PARTY_DELEGATE", "党代表", "Delegate to a party congress"
    CONGRESS_DEPUTY = "CONGRESS_DEPUTY", "人大代表", "Deputy to a people's congress"
    CONFERENCE_MEMBER = (
        "CONFERENCE_MEMBER",
        "政协委员",
        "Member of a people's political consultative conference",
    )
    UNION_OFFICE = "UNION_OFFICE", "工会任职", "Office in a trade union"
    PART_TIME = "PART_TIME", "兼职", "Part-time office"
    SECONDMENT = "SECONDMENT", "挂职", "Temporary post at another body"
    ASSOCIATION_OFFICE = "ASSOCIATION_OFFICE", "协会任职", "Office in an association"
    OTHER = "OTHER", "其他"


class Position(Fact, DatedSpell, table=True):
    """An office beside a person's work, which is an employment."""

    __table_args__ = (spell_order_check(),)
    pair: ClassVar[tuple[str, ...]] = ("worker_id", "organisation_id", "post")

    worker_id: str = reference("worker")
    organisation_id: str | None = optional_reference("organisation")
    position_kind: PositionKind = enum_column(PositionKind)
    post: str | None = optional_text()
    term: str | None = optional_text()  # 届, as published
