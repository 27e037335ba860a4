import strawberry

import resolvers.benefit
from models.benefit import BenefitKind
from schema.linked import linked
from schema.node import Record


@strawberry.type(description="What honoured workers are entitled to. 礼遇")
class Benefit(Record):
    benefit_kind: BenefitKind = strawberry.field(description="类别")
    beneficiaries: str | None = strawberry.field(description="For whom, as published. 对象")
    content: str | None = strawberry.field(description="In a curator's words. 内容")
    provider = linked(resolvers.benefit.provider, "提供单位")
    region = linked(resolvers.benefit.region, "地区")
    honour = linked(resolvers.benefit.honour, "Whose holders are entitled, if any. 荣誉称号")
