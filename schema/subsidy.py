import strawberry

import resolvers.subsidy
from kit.values.partial_date import PartialDate
from models.subsidy import SubsidyKind
from schema.types.link_fields import link_field
from schema.types.node import Fact, Quantity


@strawberry.type(
    description="A rule about a subsidy: who receives how much, under which policy. 补助规则"
)
class SubsidyRule(Fact):
    subsidy_kind: SubsidyKind = strawberry.field(description="类别")
    label: str = strawberry.field(description="Name, as published. 名称")
    amount: Quantity | None = strawberry.field(
        description="Amount, with its unit. Null if it is not published. 金额"
    )
    per: str | None = strawberry.field(description="Unit for which the amount is paid. 计发单位")
    beneficiaries: str | None = strawberry.field(description="Beneficiaries, as published. 对象")
    clause: str | None = strawberry.field(description="Clause of the policy. 条款")
    started: PartialDate | None = strawberry.field(description="施行")
    ended: PartialDate | None = strawberry.field(description="停止")
    payer = link_field(
        resolvers.subsidy.payer, "The organisation that pays. Null if it is not published. 出资单位"
    )
    region = link_field(resolvers.subsidy.region, "Region where the rule applies. 适用地区")
    policy = link_field(
        resolvers.subsidy.policy, "The policy document that contains the rule. 政策文件"
    )
    grants = link_field(resolvers.subsidy.grants, "Payments under this rule. 发放的补助")


@strawberry.type(description="A payment: a subsidy, prize or allowance. 补助奖金")
class Grant(Fact):
    amount: Quantity | None = strawberry.field(description="Amount in yuan. Never null. 金额")
    year: int | None = strawberry.field(description="年份")
    purpose: str | None = strawberry.field(description="用途")
    recipient = link_field(
        resolvers.subsidy.recipient,
        "The recipient: a worker, an organisation, a studio or an alliance. 受补助者",
    )
    payer = link_field(resolvers.subsidy.payer_of_grant, "出资单位")
    prize_rule = link_field(
        resolvers.subsidy.prize_rule, "The prize rule, if the payment is a prize. 奖励规则"
    )
    subsidy_rule = link_field(
        resolvers.subsidy.subsidy_rule, "The subsidy rule, if the payment is a subsidy. 补助规则"
    )
    based_on = link_field(
        resolvers.subsidy.based_on, "The competition result on which it is based. 依据"
    )
    region = link_field(
        resolvers.subsidy.region_of_grant, "Region of the recipient. 受补助者所在地区"
    )
