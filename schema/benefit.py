import strawberry

import resolvers.benefit
from models.benefit import BenefitKind
from schema.linked import link_field
from schema.node import Record


@strawberry.type(description="What honoured workers are entitled to. 礼遇")
class Benefit(Record):
    benefit_kind: BenefitKind = strawberry.field(description="类别")
    beneficiaries: str | None = strawberry.field(description="For whom, as published. 对象")
    content: str | None = strawberry.field(description="In a curator's words. 内容")
    provider = link_field(resolvers.benefit.provider, "提供单位")
    region = link_field(resolvers.benefit.region, "地区")
    honour = link_field(resolvers.benefit.honour, "Whose holders are entitled, if any. 荣誉称号")
