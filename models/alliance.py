from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint

from kit.values.composite import Composite
from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import PartialDate
from kit.values.quantity import Qualifier, quantity_columns
from models.row import (
    LONG_YEARS_AHEAD,
    DuplicateRule,
    Fact,
    Level,
    Spell,
    Thing,
    complete_quantity,
    decimal_column,
    enum_column,
    exactly_one,
    optional_enum,
    optional_reference,
    optional_text,
    page_index,
    partial_date_column,
    reference,
    spell_order_check,
)


class AllianceKind(LabelledEnum, description="Type of alliance. 联盟类别"):
    STUDIO = "STUDIO", "工作室联盟", "Alliance of studios"
    ACADEMY = "ACADEMY", "工匠学院联盟", "Alliance of craftsman academies"
    INDUSTRY_EDUCATION = "INDUSTRY_EDUCATION", "产教联盟", "Alliance of industry and education"
    CROSS_SECTOR = "CROSS_SECTOR", "跨界联盟", "Alliance across sectors"
    OTHER = "OTHER", "其他"


class LeftReason(LabelledEnum, description="Reason why a membership ended. 退出原因"):
    WITHDRAWN = "WITHDRAWN", "退出", "The member left"
    DELISTED = "DELISTED", "摘牌", "The title was taken away"
    DISSOLVED = "DISSOLVED", "解散", "The member was dissolved"


class Alliance(Thing, table=True):
    __table_args__ = (complete_quantity("member_count"),)
    published_member_count: ClassVar[Composite] = quantity_columns("member_count")

    alliance_kind: AllianceKind = enum_column(AllianceKind)
    level: Level | None = optional_enum(Level)
    region_id: str | None = optional_reference("region")
    convenor_id: str | None = optional_reference("organisation")
    parent_id: str | None = optional_reference("alliance")
    founded: PartialDate | None = partial_date_column()
    member_count_value: Decimal | None = decimal_column()
    member_count_unit: str | None = optional_text()
    member_count_qualifier: Qualifier | None = optional_enum(Qualifier)


class AllianceSupport(Fact, table=True):
    """A planner or patron of an alliance, which isn't a member."""

    __tablename__ = "alliance_support"
    sameness: ClassVar[DuplicateRule | None] = DuplicateRule(
        about=("alliance_id", "organisation_id"), details=("role",)
    )

    alliance_id: str = reference("alliance")
    organisation_id: str = reference("organisation")
    role: str | None = optional_text()


class AllianceMembership(Fact, Spell, table=True):
    """One spell of a member. A member that leaves and returns has two."""

    __tablename__ = "alliance_membership"
    __table_args__ = (
        spell_order_check(),
        CheckConstraint('left_reason IS NULL OR "left" IS NOT NULL', name="reason_of_leaving"),
        exactly_one("one_member", "organisation_id", "studio_id", "academy_id"),
        page_index("alliance_id", "joined", "id"),
        page_index("joined", "id"),
    )
    bounds: ClassVar[tuple[str, str]] = ("joined", "left")
    pair: ClassVar[tuple[str, ...]] = ("alliance_id", "organisation_id", "studio_id", "academy_id")

    alliance_id: str = reference("alliance", index=False)
    organisation_id: str | None = optional_reference("organisation")
    studio_id: str | None = optional_reference("studio")
    academy_id: str | None = optional_reference("academy")
    role: str | None = optional_text()
    joined: PartialDate | None = partial_date_column()
    left: PartialDate | None = partial_date_column(LONG_YEARS_AHEAD)
    left_reason: LeftReason | None = optional_enum(LeftReason)

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if values.get("left_reason") is not None and values.get("left") is None:
            yield "left", "may not be empty where there is a reason for leaving."
