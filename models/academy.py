from typing import ClassVar

from kit.values.partial_date import PartialDate
from models.row import (
    DatedSpell,
    Fact,
    Level,
    Thing,
    exactly_one,
    optional_enum,
    optional_reference,
    optional_text,
    partial_date_column,
    spell_order_check,
)


class Academy(Thing, table=True):
    level: Level | None = optional_enum(Level)
    industry_id: str | None = optional_reference("industry")
    host_id: str | None = optional_reference("organisation")
    region_id: str | None = optional_reference("region")
    opened: PartialDate | None = partial_date_column()


class Teaching(Fact, DatedSpell, table=True):
    """Teaching by a worker, or by an organisation that sends teachers.

    `academy_id` is empty if the academy isn't published.
    """

    __table_args__ = (
        spell_order_check(),
        exactly_one("one_teacher", "worker_id", "organisation_id"),
    )
    pair: ClassVar[tuple[str, ...]] = ("academy_id", "worker_id", "organisation_id")

    academy_id: str | None = optional_reference("academy")
    worker_id: str | None = optional_reference("worker")
    organisation_id: str | None = optional_reference("organisation")
    role: str | None = optional_text()
