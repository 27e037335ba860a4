"""Numbers that were published, numbers that were aimed at, and which records are complete."""

from decimal import Decimal
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from kit.composite import Composite
from kit.quantity import Qualifier, quantity_of
from kit.words import Labelled
from models.row import (
    FAR,
    Fact,
    a_year,
    at_most_one,
    key,
    may_refer_to,
    maybe_prose,
    maybe_text,
    number,
    refers_to,
    text,
    words,
)

SUBJECTS = (
    "worker", "subject_organisation", "studio", "academy", "alliance", "competition", "series",
    "honour", "ladder", "programme", "service_team", "event", "policy",
)  # fmt: skip


class FigurePeriod(Labelled):
    """What stretch of time a number is about; `sinceYear` says since when."""

    POINT = "POINT", "时点"
    CUMULATIVE = "CUMULATIVE", "累计"
    PER_YEAR = "PER_YEAR", "每年"
    SINCE = "SINCE", "自某年以来"
    ONE_YEAR = "ONE_YEAR", "一年"
    THREE_YEARS = "THREE_YEARS", "三年"
    TARGET = "TARGET", "目标"


class Figure(Fact, table=True):
    """Of one region or organisation itself; figures don't add up across levels."""

    __table_args__ = (
        a_year(ahead=FAR),  # what is aimed at is a figure too
        a_year("since_year"),
        at_most_one("one_subject", *(f"{subject}_id" for subject in SUBJECTS)),
    )
    quantity: ClassVar[Composite] = quantity_of("quantity")
    in_turn: ClassVar[tuple[tuple[str, str], ...]] = (("since_year", "year"),)

    metric: str = key()
    label: str = text()
    quantity_value: Decimal = number(required=True)
    quantity_unit: str = text()
    quantity_qualifier: Qualifier = words(Qualifier)
    period: FigurePeriod = words(FigurePeriod, default=FigurePeriod.POINT)
    since_year: int | None = Field(default=None)
    year: int | None = Field(default=None)
    region_id: str | None = may_refer_to("region")
    organisation_id: str | None = may_refer_to("organisation")
    about: str | None = maybe_text()
    worker_id: str | None = may_refer_to("worker")
    subject_organisation_id: str | None = may_refer_to("organisation")
    studio_id: str | None = may_refer_to("studio")
    academy_id: str | None = may_refer_to("academy")
    alliance_id: str | None = may_refer_to("alliance")
    competition_id: str | None = may_refer_to("competition")
    series_id: str | None = may_refer_to("competition_series")
    honour_id: str | None = may_refer_to("honour")
    ladder_id: str | None = may_refer_to("ladder")
    programme_id: str | None = may_refer_to("programme")
    service_team_id: str | None = may_refer_to("service_team")
    event_id: str | None = may_refer_to("event")
    policy_id: str | None = may_refer_to("policy")


class Target(Fact, table=True):
    """What somebody means to reach: by a year, or every year (`yearly`)."""

    __table_args__ = (a_year(ahead=FAR),)
    quantity: ClassVar[Composite] = quantity_of("quantity")

    metric: str = key()
    label: str = text()
    quantity_value: Decimal = number(required=True)
    quantity_unit: str = text()
    quantity_qualifier: Qualifier = words(Qualifier)
    year: int | None = Field(default=None)
    yearly: bool | None = Field(default=None)
    region_id: str | None = may_refer_to("region")
    organisation_id: str | None = may_refer_to("organisation")
    condition: str | None = maybe_prose()


class Completeness(Fact, table=True):
    """A declaration that the registry holds every record that a metric counts in a region."""

    __table_args__ = (UniqueConstraint("metric", "region_id"),)

    metric: str = key()
    region_id: str = refers_to("region")
