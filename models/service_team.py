from typing import ClassVar

from kit.partial_date import PartialDate
from models.row import (
    FAR,
    Fact,
    Spell,
    Thing,
    in_order,
    may_refer_to,
    maybe_prose,
    maybe_text,
    partial_date,
    refers_to,
)


class ServiceTeam(Thing, table=True):
    """A force of craftsmen who help others; its detachments are service teams within it."""

    __tablename__ = "service_team"

    parent_id: str | None = may_refer_to("service_team")
    region_id: str | None = may_refer_to("region")
    organiser_id: str | None = may_refer_to("organisation")
    field: str | None = maybe_text()
    activity: str | None = maybe_prose()
    founded: PartialDate | None = partial_date()


class ServiceTeamMembership(Fact, Spell, table=True):
    __tablename__ = "service_team_membership"
    __table_args__ = (in_order(),)
    bounds: ClassVar[tuple[str, str]] = ("joined", "left")
    pair: ClassVar[tuple[str, ...]] = ("service_team_id", "worker_id")

    service_team_id: str = refers_to("service_team")
    worker_id: str = refers_to("worker")
    role: str | None = maybe_text()
    joined: PartialDate | None = partial_date()
    left: PartialDate | None = partial_date(FAR)
