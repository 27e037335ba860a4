import strawberry

import resolvers.pilot
from kit.values.partial_date import PartialDate
from models.pilot import PilotKind
from schema.types.link_fields import link_field
from schema.types.node import Record


@strawberry.type(
    description="A region, or an organisation in it, that tries a reform before others follow. 试点"
)
class Pilot(Record):
    pilot_kind: PilotKind = strawberry.field(description="类别")
    started: PartialDate | None = strawberry.field(description="开始")
    ended: PartialDate | None = strawberry.field(description="End date, if it is known. 结束")
    region = link_field(resolvers.pilot.region, "所在地区")
    organisation = link_field(
        resolvers.pilot.organisation,
        "The organisation that takes part. Null if the whole region does. 试点单位",
    )
