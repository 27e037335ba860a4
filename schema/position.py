import strawberry

import resolvers.position
from kit.values.partial_date import PartialDate
from models.position import PositionKind
from schema.types.link_fields import link_field
from schema.types.node import Fact


@strawberry.type(
    description="A position besides the job, such as delegate or union officer. 任职兼职"
)
class Position(Fact):
    position_kind: PositionKind = strawberry.field(description="类别")
    post: str | None = strawberry.field(description="Post, as published. 职务")
    term: str | None = strawberry.field(
        description="Term, as published, such as 第一届 (first term). 届次"
    )
    started: PartialDate | None = strawberry.field(description="开始")
    ended: PartialDate | None = strawberry.field(description="结束")
    worker = link_field(resolvers.position.worker, "职工")
    organisation = link_field(
        resolvers.position.organisation, "The organisation in which the position is held. 单位"
    )
