from typing import ClassVar

from kit.values.partial_date import PartialDate
from models.row import (
    LONG_YEARS_AHEAD,
    Fact,
    Spell,
    Thing,
    optional_prose,
    optional_reference,
    optional_text,
    partial_date_column,
    reference,
    spell_order_check,
)


class ServiceTeam(Thing, table=True):
    """A team of craftsmen who help others. A detachment is a service team with a parent."""

    __tablename__ = "service_team"

    parent_id: str | None = optional_reference("service_team")
    region_id: str | None = optional_reference("region")
    organiser_id: str | None = optional_reference("organisation")
    field: str | None = optional_text()
    activity: str | None = optional_prose()
    founded: PartialDate | None = partial_date_column()


class ServiceTeamMembership(Fact, Spell, table=True):
    __tablename__ = "service_team_membership"
    __table_args__ = (spell_order_check(),)
    bounds: ClassVar[tuple[str, str]] = ("joined", "left")
    pair: ClassVar[tuple[str, ...]] = ("service_team_id", "worker_id")

    service_team_id: str = reference("service_team")
    worker_id: str = reference("worker")
    role: str | None = optional_text()
    joined: PartialDate | None = partial_date_column()
    left: PartialDate | None = partial_date_column(LONG_YEARS_AHEAD)
