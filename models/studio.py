from collections.abc import Mapping
from typing import ClassVar

from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import PartialDate
from models.row import (
    LONG_YEARS_AHEAD,
    UNRESTRICTED_COLUMN,
    Fact,
    Level,
    Spell,
    Thing,
    enum_column,
    optional_enum,
    optional_reference,
    optional_text,
    page_index,
    partial_date_column,
    reference,
    spell_order_check,
)


class StudioKind(LabelledEnum, description="Type of studio or team. 工作室类别"):
    MODEL_WORKER = "MODEL_WORKER", "劳模创新工作室", "Innovation studio of a model worker"
    CRAFTSMAN = "CRAFTSMAN", "工匠创新工作室", "Innovation studio of a craftsman"
    SKILL_MASTER = "SKILL_MASTER", "技能大师工作室", "Studio of a master of skills"
    INNOVATION_TEAM = "INNOVATION_TEAM", "创新团队"
    OTHER = "OTHER", "其他"


class StudioRole(LabelledEnum, description="Role of a worker in a studio. 工作室角色"):
    LEADER = "LEADER", "领衔人", "Leads the studio"
    MEMBER = "MEMBER", "成员", "Works in the studio"


class Studio(Thing, table=True):
    """A studio. `leader_id` is derived from current leaderships; null if they are ambiguous.

    As with `Worker.employer_id`, it follows from public facts, `leader_all_id` from all facts.
    """

    derived: ClassVar[frozenset[str]] = frozenset({"leader_id", "leader_all_id"})
    from_all: ClassVar[Mapping[str, str]] = {"leader_id": "leader_all_id"}
    summary_columns: ClassVar[tuple[str, ...]] = ("region_id", "level", "studio_kind")

    studio_kind: StudioKind = enum_column(StudioKind)
    level: Level | None = optional_enum(Level)
    field: str | None = optional_text()
    industry_id: str | None = optional_reference("industry")
    region_id: str | None = optional_reference("region")
    host_id: str | None = optional_reference("organisation")
    leader_id: str | None = optional_reference("worker")
    leader_all_id: str | None = optional_reference("worker", **UNRESTRICTED_COLUMN)
    founded: PartialDate | None = partial_date_column()


class StudioMembership(Fact, Spell, table=True):
    __tablename__ = "studio_membership"
    __table_args__ = (spell_order_check(), page_index("joined", "id"))
    bounds: ClassVar[tuple[str, str]] = ("joined", "left")
    pair: ClassVar[tuple[str, ...]] = ("studio_id", "worker_id")

    studio_id: str = reference("studio")
    worker_id: str = reference("worker")
    studio_role: StudioRole = enum_column(StudioRole, default=StudioRole.MEMBER)
    joined: PartialDate | None = partial_date_column()
    left: PartialDate | None = partial_date_column(LONG_YEARS_AHEAD)
