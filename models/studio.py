from collections.abc import Mapping
from typing import ClassVar

from kit.partial_date import PartialDate
from kit.words import Labelled
from models.row import (
    FAR,
    FROM_ALL,
    Fact,
    Level,
    Spell,
    Thing,
    in_order,
    may_refer_to,
    maybe_text,
    maybe_words,
    paged,
    partial_date,
    refers_to,
    words,
)


class StudioKind(Labelled):
    MODEL_WORKER = "MODEL_WORKER", "劳模创新工作室"
    CRAFTSMAN = "CRAFTSMAN", "工匠创新工作室"
    SKILL_MASTER = "SKILL_MASTER", "技能大师工作室"
    INNOVATION_TEAM = "INNOVATION_TEAM", "创新团队"
    OTHER = "OTHER", "其他"


class StudioRole(Labelled):
    LEADER = "LEADER", "领衔人"
    MEMBER = "MEMBER", "成员"


class Studio(Thing, table=True):
    """`leader_id` is the current leader's, if one is the first: as `Worker.employer_id` is."""

    derived: ClassVar[frozenset[str]] = frozenset({"leader_id", "leader_all_id"})
    from_all: ClassVar[Mapping[str, str]] = {"leader_id": "leader_all_id"}
    summed_by: ClassVar[tuple[str, ...]] = ("region_id", "level", "studio_kind")

    studio_kind: StudioKind = words(StudioKind)
    level: Level | None = maybe_words(Level)
    field: str | None = maybe_text()
    industry_id: str | None = may_refer_to("industry")
    region_id: str | None = may_refer_to("region")
    host_id: str | None = may_refer_to("organisation")
    leader_id: str | None = may_refer_to("worker")
    leader_all_id: str | None = may_refer_to("worker", **FROM_ALL)
    founded: PartialDate | None = partial_date()


class StudioMembership(Fact, Spell, table=True):
    __tablename__ = "studio_membership"
    __table_args__ = (in_order(), paged("joined", "id"))
    bounds: ClassVar[tuple[str, str]] = ("joined", "left")
    pair: ClassVar[tuple[str, ...]] = ("studio_id", "worker_id")

    studio_id: str = refers_to("studio")
    worker_id: str = refers_to("worker")
    studio_role: StudioRole = words(StudioRole, default=StudioRole.MEMBER)
    joined: PartialDate | None = partial_date()
    left: PartialDate | None = partial_date(FAR)
