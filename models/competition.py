from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from kit.composite import Composite
from kit.partial_date import PartialDate
from kit.quantity import Qualifier, quantity_of
from kit.words import Labelled
from models.award import AwardClass
from models.row import (
    STANDING,
    Fact,
    Level,
    Sameness,
    Thing,
    YearOf,
    a_year,
    at_most_one,
    exactly_one,
    may_refer_to,
    maybe_prose,
    maybe_text,
    maybe_words,
    number,
    paged,
    partial_date,
    refers_to,
    text,
    whole,
    within,
    words,
)


class CompetitionKind(Labelled):
    LABOUR = "LABOUR", "劳动竞赛"
    SKILL = "SKILL", "技能竞赛"
    INNOVATION = "INNOVATION", "创新创效竞赛"
    ENTREPRENEURSHIP = "ENTREPRENEURSHIP", "创业竞赛"


class CompetitionSeries(Thing, table=True):
    """What is held again and again; each time is a competition."""

    __tablename__ = "competition_series"

    competition_kind: CompetitionKind | None = maybe_words(CompetitionKind)
    level: Level | None = maybe_words(Level)
    region_id: str | None = may_refer_to("region")


class Competition(Thing, table=True):
    """One edition 届 of a series; its number is empty where nobody published it."""

    __table_args__ = (within("edition", 1), a_year())
    years: ClassVar[tuple[YearOf, ...]] = (YearOf("year", ("held_on",)),)
    summed_by: ClassVar[tuple[str, ...]] = ("region_id", "level", "year", "competition_kind")

    series_id: str | None = may_refer_to("competition_series")
    edition: int | None = Field(default=None)
    competition_kind: CompetitionKind | None = maybe_words(CompetitionKind)
    level: Level | None = maybe_words(Level)
    competition_class: str | None = maybe_text()  # 一类, 二类
    year: int | None = Field(default=None)
    held_on: PartialDate | None = partial_date()
    occupation_id: str | None = may_refer_to("occupation")
    occupation_as_published: str | None = maybe_text()
    host_id: str | None = may_refer_to("organisation")
    academy_id: str | None = may_refer_to("academy")
    region_id: str | None = may_refer_to("region")


class Result(Fact, table=True):
    """A placing. Several may share a rank; `region_id` is the recipient's, where
    everybody sees whose it is; `lies_in_id` is it in any case, and decides who sees the row.
    """

    __table_args__ = (
        within("rank", 1),
        exactly_one(
            "one_recipient", "worker_id", "organisation_id", "studio_id", "recipient_region_id"
        ),
        paged("competition_id", "rank", "id", counted=STANDING),
        paged("rank", "id"),
    )
    derived: ClassVar[frozenset[str]] = frozenset({"region_id", "lies_in_id"})
    from_all: ClassVar[Mapping[str, str]] = {"region_id": "lies_in_id"}
    summed_by: ClassVar[tuple[str, ...]] = ("region_id", "award", "division")
    sameness: ClassVar[Sameness | None] = Sameness(
        about=(
            "worker_id", "organisation_id", "studio_id", "recipient_region_id", "competition_id",
        ),
        details=("division",),
        places=("rank", "award"),
    )  # fmt: skip

    competition_id: str = refers_to("competition", index=False)
    worker_id: str | None = may_refer_to("worker")
    organisation_id: str | None = may_refer_to("organisation")
    studio_id: str | None = may_refer_to("studio")
    recipient_region_id: str | None = may_refer_to("region")
    rank: int | None = Field(default=None)
    award: str | None = maybe_text()
    award_class: AwardClass | None = maybe_words(AwardClass)  # follows from the award's own words
    division: str | None = maybe_text()  # 职工组, 学生组 …
    score: Decimal | None = number()
    region_id: str | None = may_refer_to("region")
    lies_in_id: str | None = may_refer_to("region")


class PrizeRule(Fact, table=True):
    """What a place in a series, or a title, is paid. Both ranks empty: no rank is asked for."""

    __tablename__ = "prize_rule"
    __table_args__ = (
        within("rank_from", 1),
        within("rank_to", 1),
        CheckConstraint("rank_from <= rank_to", name="ranks_in_order"),
        whole("amount"),
        at_most_one("one_occasion", "series_id", "honour_id"),
    )
    amount: ClassVar[Composite] = quantity_of("amount")

    series_id: str | None = may_refer_to("competition_series")
    honour_id: str | None = may_refer_to("honour")
    region_id: str | None = may_refer_to("region")
    track: str | None = maybe_text()
    rank_from: int | None = Field(default=None)
    rank_to: int | None = Field(default=None)
    amount_value: Decimal = number(required=True)
    amount_unit: str = text()
    amount_qualifier: Qualifier = words(Qualifier)
    condition: str | None = maybe_prose()
    payer_id: str | None = may_refer_to("organisation")
    policy_id: str | None = may_refer_to("policy")
    clause: str | None = maybe_text()

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        first, last = values.get("rank_from"), values.get("rank_to")
        if first is not None and last is not None and first > last:
            yield "rank_to", "comes before the first rank that is paid."
