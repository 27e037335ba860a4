import strawberry

import resolvers.facility
from kit.values.partial_date import PartialDate
from models.facility import FacilityKind
from schema.types.link_fields import link_field
from schema.types.node import Record


@strawberry.type(description="A place for training, meetings or services. 平台场所")
class Facility(Record):
    facility_kind: FacilityKind = strawberry.field(description="类别")
    opened: PartialDate | None = strawberry.field(description="启用")
    operator = link_field(resolvers.facility.operator, "运营单位")
    region = link_field(resolvers.facility.region, "所在地区")
