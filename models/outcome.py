from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from sqlmodel import Field

from kit.composite import Composite
from kit.quantity import Qualifier, quantity_of
from kit.words import Labelled
from models.row import (
    Fact,
    Parts,
    a_year,
    exactly_one,
    may_refer_to,
    maybe_text,
    maybe_words,
    number,
    paged,
    refers_to,
    whole,
    within,
    words,
)


class OutcomeKind(Labelled):
    INVENTION_PATENT = "INVENTION_PATENT", "发明专利"
    UTILITY_MODEL = "UTILITY_MODEL", "实用新型专利"
    INNOVATION = "INNOVATION", "创新成果"
    FIVE_SMALLS = "FIVE_SMALLS", "五小成果"
    BENEFIT = "BENEFIT", "经济效益"
    OTHER = "OTHER", "其他"


class Outcome(Fact, table=True):
    """What a studio brought about: how many of it, and what it was worth. `region_id` is its.

    One that several brought about is one outcome, of the studio that led the work; all who had a
    part in it are its contributions.
    """

    __table_args__ = (whole("quantity"), whole("value"), a_year(), paged("year", "id"))
    derived: ClassVar[frozenset[str]] = frozenset({"region_id", "lies_in_id"})
    from_all: ClassVar[Mapping[str, str]] = {"region_id": "lies_in_id"}
    summed_by: ClassVar[tuple[str, ...]] = ("region_id", "outcome_kind")
    summed: ClassVar[tuple[str, ...]] = ("quantity", "value")
    quantity: ClassVar[Composite] = quantity_of("quantity")
    value: ClassVar[Composite] = quantity_of("value")

    studio_id: str = refers_to("studio")
    outcome_kind: OutcomeKind = words(OutcomeKind)
    title: str | None = maybe_text()
    quantity_value: Decimal | None = number()
    quantity_unit: str | None = maybe_text()
    quantity_qualifier: Qualifier | None = maybe_words(Qualifier)
    value_value: Decimal | None = number()
    value_unit: str | None = maybe_text()
    value_qualifier: Qualifier | None = maybe_words(Qualifier)
    period_as_published: str | None = maybe_text()
    year: int | None = Field(default=None)
    region_id: str | None = may_refer_to("region")
    lies_in_id: str | None = may_refer_to("region")


class Contribution(Fact, table=True):
    """A part in an outcome, the leading studio's own included; `share` in percent."""

    __table_args__ = (
        exactly_one("one_contributor", "worker_id", "organisation_id", "studio_id"),
        within("share", 0, 100, decimal=True),
    )
    parts: ClassVar[Parts] = Parts(
        whole="outcome_id", holders=("worker_id", "organisation_id", "studio_id"), share="share"
    )

    outcome_id: str = refers_to("outcome")
    worker_id: str | None = may_refer_to("worker")
    organisation_id: str | None = may_refer_to("organisation")
    studio_id: str | None = may_refer_to("studio")
    share: Decimal | None = number()
