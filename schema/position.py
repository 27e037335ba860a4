import strawberry

import resolvers.position
from kit.partial_date import PartialDate
from models.position import PositionKind
from schema.linked import link_field
from schema.node import Fact


@strawberry.type(
    description="An office held beside one's work: delegate, deputy, union office. 任职兼职"
)
class Position(Fact):
    position_kind: PositionKind = strawberry.field(description="类别")
    post: str | None = strawberry.field(description="As published. 职务")
    term: str | None = strawberry.field(description="As published: 第一届 … 届次")
    started: PartialDate | None = strawberry.field(description="开始")
    ended: PartialDate | None = strawberry.field(description="结束")
    worker = link_field(resolvers.position.worker, "职工")
    organisation = link_field(resolvers.position.organisation, "Where it is held. 单位")
