import strawberry

import resolvers.promotion
from kit.partial_date import PartialDate
from models.row import Level
from models.worker import Grade
from schema.linked import link_field
from schema.node import Fact


@strawberry.type(description="Which places in which contests give which skill grade. 竞赛晋级规则")
class PromotionRule(Fact):
    level: Level | None = strawberry.field(description="Of the competition. 竞赛级别")
    competition_class: str | None = strawberry.field(description="一类, 二类 …")
    division: str | None = strawberry.field(description="职工组, 学生组 … 组别")
    rank_to: int | None = strawberry.field(description="The last place that counts. 截止名次")
    share_to: float | None = strawberry.field(
        description="Or the best share of the entrants, in percent. 截止比例"
    )
    from_grade: Grade | None = strawberry.field(
        description="The grade that has to be held; null: any lower one, or none. 原等级"
    )
    grade: Grade | None = strawberry.field(description="The grade given; never null. 晋升等级")
    yearly_limit: int | None = strawberry.field(
        description="Promotions that one person may have in a year. 每人每年次数"
    )
    clause: str | None = strawberry.field(description="Of the policy. 条款")
    started: PartialDate | None = strawberry.field(description="施行")
    ended: PartialDate | None = strawberry.field(description="停止")
    region = link_field(resolvers.promotion.region, "Where the rule holds. 适用地区")
    policy = link_field(resolvers.promotion.policy, "The document it comes from. 政策文件")
