import strawberry

import resolvers.benefit
from models.benefit import BenefitKind
from schema.types.link_fields import link_field
from schema.types.node import Record


@strawberry.type(description="A benefit to which honoured workers are entitled. 礼遇")
class Benefit(Record):
    benefit_kind: BenefitKind = strawberry.field(description="类别")
    beneficiaries: str | None = strawberry.field(description="Beneficiaries, as published. 对象")
    content: str | None = strawberry.field(description="Content, summarised by a curator. 内容")
    provider = link_field(resolvers.benefit.provider, "提供单位")
    region = link_field(resolvers.benefit.region, "地区")
    honour = link_field(
        resolvers.benefit.honour,
        "The honour whose holders are entitled. Null if there is none. 荣誉称号",
    )
