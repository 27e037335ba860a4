from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from kit.values.composite import Composite
from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import PartialDate
from kit.values.quantity import Qualifier, quantity_columns
from models.award import AwardClass
from models.row import (
    LISTING_COLUMNS,
    DuplicateRule,
    Fact,
    Level,
    Thing,
    YearRule,
    at_most_one,
    complete_quantity,
    decimal_column,
    enum_column,
    exactly_one,
    optional_enum,
    optional_prose,
    optional_reference,
    optional_text,
    page_index,
    partial_date_column,
    range_check,
    reference,
    text_column,
    year_check,
)


class CompetitionKind(LabelledEnum, description="Type of competition. 竞赛类别"):
    LABOUR = "LABOUR", "劳动竞赛", "Labour competition"
    SKILL = "SKILL", "技能竞赛", "Skills competition"
    INNOVATION = "INNOVATION", "创新创效竞赛", "Competition for innovation and efficiency"
    ENTREPRENEURSHIP = "ENTREPRENEURSHIP", "创业竞赛", "Start-up competition"


class CompetitionSeries(Thing, table=True):
    """A recurring contest; each edition is a competition."""

    __tablename__ = "competition_series"

    competition_kind: CompetitionKind | None = optional_enum(CompetitionKind)
    level: Level | None = optional_enum(Level)
    region_id: str | None = optional_reference("region")


class Competition(Thing, table=True):
    """One edition (届) of a series. `edition` is empty if no number was published."""

    __table_args__ = (range_check("edition", 1), year_check())
    years: ClassVar[tuple[YearRule, ...]] = (YearRule("year", ("held_on",)),)
    summary_columns: ClassVar[tuple[str, ...]] = ("region_id", "level", "year", "competition_kind")

    series_id: str | None = optional_reference("competition_series")
    edition: int | None = Field(default=None)
    competition_kind: CompetitionKind | None = optional_enum(CompetitionKind)
    level: Level | None = optional_enum(Level)
    competition_class: str | None = optional_text()  # 一类, 二类
    year: int | None = Field(default=None)
    held_on: PartialDate | None = partial_date_column()
    occupation_id: str | None = optional_reference("occupation")
    occupation_as_published: str | None = optional_text()
    host_id: str | None = optional_reference("organisation")
    academy_id: str | None = optional_reference("academy")
    region_id: str | None = optional_reference("region")


class Result(Fact, table=True):
    """A placing in a competition. Several recipients may share a rank.

    `region_id` is the recipient's region, if the public may see the recipient. `lies_in_id` is that
    region in any case, and decides who may see the row.
    """

    __table_args__ = (
        range_check("rank", 1),
        exactly_one(
            "one_recipient", "worker_id", "organisation_id", "studio_id", "recipient_region_id"
        ),
        page_index("competition_id", "rank", "id", counted=LISTING_COLUMNS),
        page_index("rank", "id"),
    )
    derived: ClassVar[frozenset[str]] = frozenset({"region_id", "lies_in_id"})
    from_all: ClassVar[Mapping[str, str]] = {"region_id": "lies_in_id"}
    summary_columns: ClassVar[tuple[str, ...]] = ("region_id", "award", "division")
    sameness: ClassVar[DuplicateRule | None] = DuplicateRule(
        about=(
            "worker_id", "organisation_id", "studio_id", "recipient_region_id", "competition_id",
        ),
        details=("division",),
        places=("rank", "award"),
    )  # fmt: skip

    competition_id: str = reference("competition", index=False)
    worker_id: str | None = optional_reference("worker")
    organisation_id: str | None = optional_reference("organisation")
    studio_id: str | None = optional_reference("studio")
    recipient_region_id: str | None = optional_reference("region")
    rank: int | None = Field(default=None)
    award: str | None = optional_text()
    award_class: AwardClass | None = optional_enum(AwardClass)  # derived from `award`
    division: str | None = optional_text()  # 职工组, 学生组 …
    score: Decimal | None = decimal_column()
    region_id: str | None = optional_reference("region")
    lies_in_id: str | None = optional_reference("region")


class PrizeRule(Fact, table=True):
    """The prize for ranks in a series, or for a title. Empty ranks: it doesn't depend on a rank."""

    __tablename__ = "prize_rule"
    __table_args__ = (
        range_check("rank_from", 1),
        range_check("rank_to", 1),
        CheckConstraint("rank_from <= rank_to", name="ranks_in_order"),
        complete_quantity("amount"),
        at_most_one("one_occasion", "series_id", "honour_id"),
    )
    amount: ClassVar[Composite] = quantity_columns("amount")

    series_id: str | None = optional_reference("competition_series")
    honour_id: str | None = optional_reference("honour")
    region_id: str | None = optional_reference("region")
    track: str | None = optional_text()
    rank_from: int | None = Field(default=None)
    rank_to: int | None = Field(default=None)
    amount_value: Decimal = decimal_column(required=True)
    amount_unit: str = text_column()
    amount_qualifier: Qualifier = enum_column(Qualifier)
    condition: str | None = optional_prose()
    payer_id: str | None = optional_reference("organisation")
    policy_id: str | None = optional_reference("policy")
    clause: str | None = optional_text()

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        first, last = values.get("rank_from"), values.get("rank_to")
        if first is not None and last is not None and first > last:
            yield "rank_to", "comes before the first rank that is paid."
