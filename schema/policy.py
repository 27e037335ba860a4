import strawberry

import resolvers.figure
import resolvers.policy
import resolvers.promotion
import resolvers.subsidy
from kit.values.partial_date import PartialDate
from models.policy import PolicyKind
from schema.types.link_fields import link_field
from schema.types.node import Record


@strawberry.type(description="A policy document that contains rules. 政策文件")
class Policy(Record):
    policy_kind: PolicyKind = strawberry.field(description="类别")
    document_number: str | None = strawberry.field(description="文号")
    issued_on: PartialDate | None = strawberry.field(description="发布日期")
    content: str | None = strawberry.field(description="Main points, summarised by a curator. 要点")
    issuer = link_field(
        resolvers.policy.issuer,
        "The organisation that issued it. Null if it is not published. 发布单位",
    )
    region = link_field(resolvers.policy.region, "Region where the policy applies. 适用地区")
    prize_rules = link_field(resolvers.policy.prize_rules, "奖励规则")
    promotion_rules = link_field(resolvers.promotion.promotion_rules_of_policy, "晋级规则")
    subsidy_rules = link_field(resolvers.subsidy.subsidy_rules_of_policy, "补助规则")
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.policy.POLICY], "公布数")
