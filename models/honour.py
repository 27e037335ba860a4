from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from kit.composite import Composite
from kit.quantity import Qualifier, quantity_of
from kit.words import Labelled
from models.row import (
    STANDING,
    Fact,
    Level,
    Part,
    Sameness,
    Thing,
    a_year,
    exactly_one,
    may_refer_to,
    maybe_prose,
    maybe_text,
    maybe_words,
    number,
    paged,
    refers_to,
    text,
    whole,
    within,
)


class RecipientKind(Labelled):
    WORKER = "WORKER", "个人"
    STUDENT = "STUDENT", "学生"
    ORGANISATION = "ORGANISATION", "单位"
    TEAM = "TEAM", "班组或团队"
    REGION = "REGION", "地区"
    PRACTICE = "PRACTICE", "做法"


class Honour(Thing, table=True):
    __table_args__ = (whole("prize"),)
    prize: ClassVar[Composite] = quantity_of("prize")

    level: Level | None = maybe_words(Level)
    recipient_kind: RecipientKind | None = maybe_words(RecipientKind)
    grantor_id: str | None = may_refer_to("organisation")
    operator_id: str | None = may_refer_to("organisation")
    region_id: str | None = may_refer_to("region")
    prize_value: Decimal | None = number()
    prize_unit: str | None = maybe_text()
    prize_qualifier: Qualifier | None = maybe_words(Qualifier)
    eligibility: str | None = maybe_prose()


class Ladder(Thing, table=True):
    region_id: str | None = may_refer_to("region")
    operator_id: str | None = may_refer_to("organisation")


class Rung(Part, table=True):
    """Rank 1 is the lowest; two titles may share a rung, and an honour stands on one rung only."""

    __table_args__ = (within("rank", 1),)

    ladder_id: str = refers_to("ladder")
    rank: int = Field()
    name: str = text()
    honour_id: str | None = may_refer_to("honour", unique=True)


class SelectionStage(Part, table=True):
    __tablename__ = "selection_stage"
    __table_args__ = (UniqueConstraint("ladder_id", "order"),)

    ladder_id: str = refers_to("ladder")
    order: int = Field()
    name: str = text()


class Criterion(Part, table=True):
    __table_args__ = (UniqueConstraint("ladder_id", "order"),)

    ladder_id: str = refers_to("ladder")
    order: int = Field()
    name: str = text()


class Conferral(Fact, table=True):
    """To one recipient; as text only where it is none of the registry's things.

    In which round, where that is known: what was published of a batch is about its conferrals.
    """

    __table_args__ = (
        a_year(),
        exactly_one(
            "one_recipient",
            "worker_id",
            "organisation_id",
            "studio_id",
            "recipient_region_id",
            "recipient_as_published",
        ),
        paged("honour_id", "year", "id", counted=STANDING),
        paged("year", "id"),
    )
    derived: ClassVar[frozenset[str]] = frozenset({"region_id", "lies_in_id"})
    from_all: ClassVar[Mapping[str, str]] = {"region_id": "lies_in_id"}
    summed_by: ClassVar[tuple[str, ...]] = ("region_id", "honour_id", "year")
    sameness: ClassVar[Sameness | None] = Sameness(
        about=(
            "worker_id", "organisation_id", "studio_id", "recipient_region_id",
            "recipient_as_published", "honour_id",
        ),
        details=("year",),
        only_likely="recipient_as_published",
    )  # fmt: skip

    honour_id: str = refers_to("honour", index=False)
    worker_id: str | None = may_refer_to("worker")
    organisation_id: str | None = may_refer_to("organisation")
    studio_id: str | None = may_refer_to("studio")
    recipient_region_id: str | None = may_refer_to("region")
    recipient_as_published: str | None = maybe_text()
    year: int | None = Field(default=None)
    selection_round_id: str | None = may_refer_to("selection_round")
    based_on_id: str | None = may_refer_to("result")
    region_id: str | None = may_refer_to("region")
    lies_in_id: str | None = may_refer_to("region")
