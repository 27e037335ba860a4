from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from kit.values.composite import Composite
from kit.values.labelled_enum import LabelledEnum
from kit.values.quantity import Qualifier, quantity_columns
from models.row import (
    LISTING_COLUMNS,
    DuplicateRule,
    Fact,
    Level,
    Part,
    Thing,
    complete_quantity,
    decimal_column,
    exactly_one,
    optional_enum,
    optional_prose,
    optional_reference,
    optional_text,
    page_index,
    range_check,
    reference,
    text_column,
    year_check,
)


class RecipientKind(LabelledEnum, description="Type of recipient of an honour. 授予对象"):
    WORKER = "WORKER", "个人", "A person"
    STUDENT = "STUDENT", "学生"
    ORGANISATION = "ORGANISATION", "单位"
    TEAM = "TEAM", "班组或团队", "A team or group"
    REGION = "REGION", "地区"
    PRACTICE = "PRACTICE", "做法", "A way of working"


class Honour(Thing, table=True):
    __table_args__ = (complete_quantity("prize"),)
    prize: ClassVar[Composite] = quantity_columns("prize")

    level: Level | None = optional_enum(Level)
    recipient_kind: RecipientKind | None = optional_enum(RecipientKind)
    grantor_id: str | None = optional_reference("organisation")
    operator_id: str | None = optional_reference("organisation")
    region_id: str | None = optional_reference("region")
    prize_value: Decimal | None = decimal_column()
    prize_unit: str | None = optional_text()
    prize_qualifier: Qualifier | None = optional_enum(Qualifier)
    eligibility: str | None = optional_prose()


class Ladder(Thing, table=True):
    region_id: str | None = optional_reference("region")
    operator_id: str | None = optional_reference("organisation")


class Rung(Part, table=True):
    """A step of a ladder; rank 1 is the lowest.

    Two titles may share a rank. An honour is on one rung only.
    """

    __table_args__ = (range_check("rank", 1),)

    ladder_id: str = reference("ladder")
    rank: int = Field()
    name: str = text_column()
    honour_id: str | None = optional_reference("honour", unique=True)


class SelectionStage(Part, table=True):
    __tablename__ = "selection_stage"
    __table_args__ = (UniqueConstraint("ladder_id", "order"),)

    ladder_id: str = reference("ladder")
    order: int = Field()
    name: str = text_column()


class Criterion(Part, table=True):
    __table_args__ = (UniqueConstraint("ladder_id", "order"),)

    ladder_id: str = reference("ladder")
    order: int = Field()
    name: str = text_column()


class Conferral(Fact, table=True):
    """An honour for one recipient.

    `recipient_as_published` is set only if the recipient isn't on record. The round is set if it is
    known: what was published about a round concerns its conferrals.
    """

    __table_args__ = (
        year_check(),
        exactly_one(
            "one_recipient",
            "worker_id",
            "organisation_id",
            "studio_id",
            "recipient_region_id",
            "recipient_as_published",
        ),
        page_index("honour_id", "year", "id", counted=LISTING_COLUMNS),
        page_index("year", "id"),
    )
    derived: ClassVar[frozenset[str]] = frozenset({"region_id", "lies_in_id"})
    from_all: ClassVar[Mapping[str, str]] = {"region_id": "lies_in_id"}
    summary_columns: ClassVar[tuple[str, ...]] = ("region_id", "honour_id", "year")
    sameness: ClassVar[DuplicateRule | None] = DuplicateRule(
        about=(
            "worker_id", "organisation_id", "studio_id", "recipient_region_id",
            "recipient_as_published", "honour_id",
        ),
        details=("year",),
        only_likely="recipient_as_published",
    )  # fmt: skip

    honour_id: str = reference("honour", index=False)
    worker_id: str | None = optional_reference("worker")
    organisation_id: str | None = optional_reference("organisation")
    studio_id: str | None = optional_reference("studio")
    recipient_region_id: str | None = optional_reference("region")
    recipient_as_published: str | None = optional_text()
    year: int | None = Field(default=None)
    selection_round_id: str | None = optional_reference("selection_round")
    based_on_id: str | None = optional_reference("result")
    region_id: str | None = optional_reference("region")
    lies_in_id: str | None = optional_reference("region")
