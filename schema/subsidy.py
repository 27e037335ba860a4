import strawberry

import resolvers.subsidy
from kit.partial_date import PartialDate
from models.subsidy import SubsidyKind
from schema.linked import link_field
from schema.node import Fact, Quantity


@strawberry.type(description="What is paid to whom, by whose rule. 补助规则")
class SubsidyRule(Fact):
    subsidy_kind: SubsidyKind = strawberry.field(description="类别")
    label: str = strawberry.field(description="As published. 名称")
    amount: Quantity | None = strawberry.field(description="Null where it isn't published. 金额")
    per: str | None = strawberry.field(description="For what the amount is paid. 计发单位")
    beneficiaries: str | None = strawberry.field(description="For whom, as published. 对象")
    clause: str | None = strawberry.field(description="Of the policy. 条款")
    started: PartialDate | None = strawberry.field(description="施行")
    ended: PartialDate | None = strawberry.field(description="停止")
    payer = link_field(resolvers.subsidy.payer, "Null where it isn't published. 出资单位")
    region = link_field(resolvers.subsidy.region, "Where the rule holds. 适用地区")
    policy = link_field(resolvers.subsidy.policy, "The document it comes from. 政策文件")
    grants = link_field(resolvers.subsidy.grants, "Paid under it. 发放的补助")


@strawberry.type(description="Money paid: a subsidy, prize or allowance. 补助奖金")
class Grant(Fact):
    amount: Quantity | None = strawberry.field(description="Never null; in yuan. 金额")
    year: int | None = strawberry.field(description="年份")
    purpose: str | None = strawberry.field(description="用途")
    recipient = link_field(
        resolvers.subsidy.recipient, "A worker, organisation, studio or alliance. 受补助者"
    )
    payer = link_field(resolvers.subsidy.payer_of_grant, "出资单位")
    prize_rule = link_field(resolvers.subsidy.prize_rule, "If it is a prize. 奖励规则")
    subsidy_rule = link_field(resolvers.subsidy.subsidy_rule, "If it is a subsidy. 补助规则")
    based_on = link_field(resolvers.subsidy.based_on, "The result that led to it. 依据")
    region = link_field(resolvers.subsidy.region_of_grant, "The recipient's. 受补助者所在地区")
