import strawberry

import resolvers.promotion
from kit.values.partial_date import PartialDate
from models.row import Level
from models.worker import Grade
from schema.types.link_fields import link_field
from schema.types.node import Fact


@strawberry.type(
    description="A rule about which ranks in which competitions lead to which skill grade. "
    "竞赛晋级规则"
)
class PromotionRule(Fact):
    level: Level | None = strawberry.field(description="Level of the competition. 竞赛级别")
    competition_class: str | None = strawberry.field(description="一类, 二类 …")
    division: str | None = strawberry.field(
        description="Division of contestants, such as 职工组 or 学生组. 组别"
    )
    rank_to: int | None = strawberry.field(description="Last rank that counts. 截止名次")
    share_to: float | None = strawberry.field(
        description="Top share of the entrants that counts, in percent. An alternative to "
        "`rankTo`. 截止比例"
    )
    from_grade: Grade | None = strawberry.field(
        description="Grade that the worker must hold. Null: any lower grade, or none. 原等级"
    )
    grade: Grade | None = strawberry.field(
        description="Grade that the rule grants. Never null. 晋升等级"
    )
    yearly_limit: int | None = strawberry.field(
        description="Maximum number of promotions of one person in a year. 每人每年次数"
    )
    clause: str | None = strawberry.field(description="Clause of the policy. 条款")
    started: PartialDate | None = strawberry.field(description="施行")
    ended: PartialDate | None = strawberry.field(description="停止")
    region = link_field(resolvers.promotion.region, "Region where the rule applies. 适用地区")
    policy = link_field(
        resolvers.promotion.policy, "The policy document that contains the rule. 政策文件"
    )
