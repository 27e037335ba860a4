"""Published figures, targets, and declarations of completeness."""

from decimal import Decimal
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from kit.values.composite import Composite
from kit.values.labelled_enum import LabelledEnum
from kit.values.quantity import Qualifier, quantity_columns
from models.row import (
    LONG_YEARS_AHEAD,
    Fact,
    at_most_one,
    decimal_column,
    enum_column,
    identifier,
    optional_prose,
    optional_reference,
    optional_text,
    reference,
    text_column,
    year_check,
)

FIGURE_SUBJECTS = (
    "worker", "subject_organisation", "studio", "academy", "alliance", "competition", "series",
    "honour", "ladder", "programme", "service_team", "event", "policy",
)  # fmt: skip


class FigurePeriod(LabelledEnum, description="Type of period that a number covers. 统计期间"):
    """The time to which a figure refers; for SINCE, `sinceYear` is the first year."""

    POINT = "POINT", "时点", "On a date"
    CUMULATIVE = "CUMULATIVE", "累计", "From the beginning to a date"
    PER_YEAR = "PER_YEAR", "每年", "Average or usual number in a year"
    SINCE = "SINCE", "自某年以来", "From the year `sinceYear` on"
    ONE_YEAR = "ONE_YEAR", "一年", "Within one year"
    THREE_YEARS = "THREE_YEARS", "三年", "Within three years"
    TARGET = "TARGET", "目标", "Number to be reached"


class Figure(Fact, table=True):
    """A published number of one region or organisation. Figures don't add up across levels."""

    __table_args__ = (
        year_check(ahead=LONG_YEARS_AHEAD),  # a figure may be a target
        year_check("since_year"),
        at_most_one("one_subject", *(f"{subject}_id" for subject in FIGURE_SUBJECTS)),
    )
    quantity: ClassVar[Composite] = quantity_columns("quantity")
    in_turn: ClassVar[tuple[tuple[str, str], ...]] = (("since_year", "year"),)

    metric: str = identifier()
    label: str = text_column()
    quantity_value: Decimal = decimal_column(required=True)
    quantity_unit: str = text_column()
    quantity_qualifier: Qualifier = enum_column(Qualifier)
    period: FigurePeriod = enum_column(FigurePeriod, default=FigurePeriod.POINT)
    since_year: int | None = Field(default=None)
    year: int | None = Field(default=None)
    region_id: str | None = optional_reference("region")
    organisation_id: str | None = optional_reference("organisation")
    about: str | None = optional_text()
    worker_id: str | None = optional_reference("worker")
    subject_organisation_id: str | None = optional_reference("organisation")
    studio_id: str | None = optional_reference("studio")
    academy_id: str | None = optional_reference("academy")
    alliance_id: str | None = optional_reference("alliance")
    competition_id: str | None = optional_reference("competition")
    series_id: str | None = optional_reference("competition_series")
    honour_id: str | None = optional_reference("honour")
    ladder_id: str | None = optional_reference("ladder")
    programme_id: str | None = optional_reference("programme")
    service_team_id: str | None = optional_reference("service_team")
    event_id: str | None = optional_reference("event")
    policy_id: str | None = optional_reference("policy")


class Target(Fact, table=True):
    """An intended number, by a year or in each year (`yearly`)."""

    __table_args__ = (year_check(ahead=LONG_YEARS_AHEAD),)
    quantity: ClassVar[Composite] = quantity_columns("quantity")

    metric: str = identifier()
    label: str = text_column()
    quantity_value: Decimal = decimal_column(required=True)
    quantity_unit: str = text_column()
    quantity_qualifier: Qualifier = enum_column(Qualifier)
    year: int | None = Field(default=None)
    yearly: bool | None = Field(default=None)
    region_id: str | None = optional_reference("region")
    organisation_id: str | None = optional_reference("organisation")
    condition: str | None = optional_prose()


class Completeness(Fact, table=True):
    """A declaration that the registry holds every record that a metric counts in a region."""

    __table_args__ = (UniqueConstraint("metric", "region_id"),)

    metric: str = identifier()
    region_id: str = reference("region")
