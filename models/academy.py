from typing import ClassVar

from kit.partial_date import PartialDate
from models.row import (
    Fact,
    Lasting,
    Level,
    Thing,
    exactly_one,
    in_order,
    may_refer_to,
    maybe_text,
    maybe_words,
    partial_date,
)


class Academy(Thing, table=True):
    level: Level | None = maybe_words(Level)
    industry_id: str | None = may_refer_to("industry")
    host_id: str | None = may_refer_to("organisation")
    region_id: str | None = may_refer_to("region")
    opened: PartialDate | None = partial_date()


class Teaching(Fact, Lasting, table=True):
    """A worker's, or an organisation's that sends teachers; not every academy is published."""

    __table_args__ = (in_order(), exactly_one("one_teacher", "worker_id", "organisation_id"))
    pair: ClassVar[tuple[str, ...]] = ("academy_id", "worker_id", "organisation_id")

    academy_id: str | None = may_refer_to("academy")
    worker_id: str | None = may_refer_to("worker")
    organisation_id: str | None = may_refer_to("organisation")
    role: str | None = maybe_text()
