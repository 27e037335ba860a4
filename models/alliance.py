from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint

from kit.composite import Composite
from kit.partial_date import PartialDate
from kit.quantity import Qualifier, quantity_of
from kit.words import Labelled
from models.row import (
    FAR,
    Fact,
    Level,
    Sameness,
    Spell,
    Thing,
    exactly_one,
    in_order,
    may_refer_to,
    maybe_text,
    maybe_words,
    number,
    paged,
    partial_date,
    refers_to,
    whole,
    words,
)


class AllianceKind(Labelled):
    STUDIO = "STUDIO", "工作室联盟"
    ACADEMY = "ACADEMY", "工匠学院联盟"
    INDUSTRY_EDUCATION = "INDUSTRY_EDUCATION", "产教联盟"
    CROSS_SECTOR = "CROSS_SECTOR", "跨界联盟"
    OTHER = "OTHER", "其他"


class LeftReason(Labelled):
    WITHDRAWN = "WITHDRAWN", "退出"
    DELISTED = "DELISTED", "摘牌"
    DISSOLVED = "DISSOLVED", "解散"


class Alliance(Thing, table=True):
    __table_args__ = (whole("member_count"),)
    published_member_count: ClassVar[Composite] = quantity_of("member_count")

    alliance_kind: AllianceKind = words(AllianceKind)
    level: Level | None = maybe_words(Level)
    region_id: str | None = may_refer_to("region")
    convenor_id: str | None = may_refer_to("organisation")
    parent_id: str | None = may_refer_to("alliance")
    founded: PartialDate | None = partial_date()
    member_count_value: Decimal | None = number()
    member_count_unit: str | None = maybe_text()
    member_count_qualifier: Qualifier | None = maybe_words(Qualifier)


class AllianceSupport(Fact, table=True):
    """A planner or patron: no member."""

    __tablename__ = "alliance_support"
    sameness: ClassVar[Sameness | None] = Sameness(
        about=("alliance_id", "organisation_id"), details=("role",)
    )

    alliance_id: str = refers_to("alliance")
    organisation_id: str = refers_to("organisation")
    role: str | None = maybe_text()


class AllianceMembership(Fact, Spell, table=True):
    """A member that leaves and rejoins has two."""

    __tablename__ = "alliance_membership"
    __table_args__ = (
        in_order(),
        CheckConstraint('left_reason IS NULL OR "left" IS NOT NULL', name="reason_of_leaving"),
        exactly_one("one_member", "organisation_id", "studio_id", "academy_id"),
        paged("alliance_id", "joined", "id"),
        paged("joined", "id"),
    )
    bounds: ClassVar[tuple[str, str]] = ("joined", "left")
    pair: ClassVar[tuple[str, ...]] = ("alliance_id", "organisation_id", "studio_id", "academy_id")

    alliance_id: str = refers_to("alliance", index=False)
    organisation_id: str | None = may_refer_to("organisation")
    studio_id: str | None = may_refer_to("studio")
    academy_id: str | None = may_refer_to("academy")
    role: str | None = maybe_text()
    joined: PartialDate | None = partial_date()
    left: PartialDate | None = partial_date(FAR)
    left_reason: LeftReason | None = maybe_words(LeftReason)

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if values.get("left_reason") is not None and values.get("left") is None:
            yield "left", "may not be empty where there is a reason for leaving."
