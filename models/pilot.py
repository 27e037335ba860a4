from typing import ClassVar

from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import PartialDate
from models.row import (
    LONG_YEARS_AHEAD,
    Thing,
    enum_column,
    optional_reference,
    partial_date_column,
)


class PilotKind(LabelledEnum, description="Subject of a pilot. 试点类别"):
    REFORM = "REFORM", "产业工人队伍建设改革", "Reform of the industrial workforce"
    INTEGRATION = "INTEGRATION", "产教融合", "Integration of industry and education"
    LADDER = "LADDER", "梯次培育", "Ladder of skills and titles"
    OTHER = "OTHER", "其他"


class Pilot(Thing, table=True):
    """A region, or one organisation in it, that tries something before others follow."""

    in_turn: ClassVar[tuple[tuple[str, str], ...]] = (("started", "ended"),)

    pilot_kind: PilotKind = enum_column(PilotKind)
    region_id: str | None = optional_reference("region")
    organisation_id: str | None = optional_reference("organisation")
    started: PartialDate | None = partial_date_column()
    ended: PartialDate | None = partial_date_column(LONG_YEARS_AHEAD)
