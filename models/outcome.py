from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from sqlmodel import Field

from kit.values.composite import Composite
from kit.values.labelled_enum import LabelledEnum
from kit.values.quantity import Qualifier, quantity_columns
from models.row import (
    Fact,
    ShareRule,
    complete_quantity,
    decimal_column,
    enum_column,
    exactly_one,
    optional_enum,
    optional_reference,
    optional_text,
    page_index,
    range_check,
    reference,
    year_check,
)


class OutcomeKind(LabelledEnum, description="Type of outcome. 成果类别"):
    INVENTION_PATENT = "INVENTION_PATENT", "发明专利"
    UTILITY_MODEL = "UTILITY_MODEL", "实用新型专利", "Utility model patent"
    INNOVATION = "INNOVATION", "创新成果"
    FIVE_SMALLS = (
        "FIVE_SMALLS",
        "五小成果",
        "Small invention, renovation, design or suggestion",
    )
    BENEFIT = "BENEFIT", "经济效益", "Economic benefit"
    OTHER = "OTHER", "其他"


class Outcome(Fact, table=True):
    """An outcome of a studio: its number, and its value. `region_id` is the studio's region.

    An outcome of several studios is one row, of the leading studio. All participants have
    contributions.
    """

    __table_args__ = (
        complete_quantity("quantity"),
        complete_quantity("value"),
        year_check(),
        page_index("year", "id"),
    )
    derived: ClassVar[frozenset[str]] = frozenset({"region_id", "lies_in_id"})
    from_all: ClassVar[Mapping[str, str]] = {"region_id": "lies_in_id"}
    summary_columns: ClassVar[tuple[str, ...]] = ("region_id", "outcome_kind")
    summary_measures: ClassVar[tuple[str, ...]] = ("quantity", "value")
    quantity: ClassVar[Composite] = quantity_columns("quantity")
    value: ClassVar[Composite] = quantity_columns("value")

    studio_id: str = reference("studio")
    outcome_kind: OutcomeKind = enum_column(OutcomeKind)
    title: str | None = optional_text()
    quantity_value: Decimal | None = decimal_column()
    quantity_unit: str | None = optional_text()
    quantity_qualifier: Qualifier | None = optional_enum(Qualifier)
    value_value: Decimal | None = decimal_column()
    value_unit: str | None = optional_text()
    value_qualifier: Qualifier | None = optional_enum(Qualifier)
    period_as_published: str | None = optional_text()
    year: int | None = Field(default=None)
    region_id: str | None = optional_reference("region")
    lies_in_id: str | None = optional_reference("region")


class Contribution(Fact, table=True):
    """The part of one contributor, also of the leading studio. `share` is in percent."""

    __table_args__ = (
        exactly_one("one_contributor", "worker_id", "organisation_id", "studio_id"),
        range_check("share", 0, 100, decimal=True),
    )
    parts: ClassVar[ShareRule] = ShareRule(
        whole="outcome_id", holders=("worker_id", "organisation_id", "studio_id"), share="share"
    )

    outcome_id: str = reference("outcome")
    worker_id: str | None = optional_reference("worker")
    organisation_id: str | None = optional_reference("organisation")
    studio_id: str | None = optional_reference("studio")
    share: Decimal | None = decimal_column()
