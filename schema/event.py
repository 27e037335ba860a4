import strawberry

import resolvers.event
import resolvers.figure
from kit.values.partial_date import PartialDate
from models.event import EventKind
from schema.types.link_fields import link_field
from schema.types.node import Record


@strawberry.type(description="An event: a ceremony, congress, exhibition or theme day. 活动")
class Event(Record):
    event_kind: EventKind = strawberry.field(description="类别")
    held_on: PartialDate | None = strawberry.field(description="举办日期")
    held_as_published: str | None = strawberry.field(
        description="Date, as published, if no full date is published. 公布的日期"
    )
    yearly: bool | None = strawberry.field(
        description="True if the event is held every year. 每年举办"
    )
    organiser = link_field(resolvers.event.organiser, "组织单位")
    region = link_field(resolvers.event.region, "地区")
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.event.EVENT], "公布数")
