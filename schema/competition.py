import strawberry

import resolvers.competition
import resolvers.figure
import resolvers.policy
import resolvers.subsidy
import resolvers.training
from kit.values.partial_date import PartialDate
from models.award import AwardClass
from models.competition import CompetitionKind
from models.row import Level
from schema.types.link_fields import link_field
from schema.types.node import Fact, Quantity, Record


@strawberry.type(description="A competition that is held repeatedly. 系列竞赛")
class CompetitionSeries(Record):
    competition_kind: CompetitionKind | None = strawberry.field(description="类别")
    level: Level | None = strawberry.field(description="级别")
    region = link_field(resolvers.competition.region_of_series, "地区")
    editions = link_field(resolvers.competition.editions, "历届竞赛")
    prize_rules = link_field(resolvers.competition.prize_rules_of_series, "奖励规则")
    figures = link_field(
        resolvers.figure.FIGURES_OF[resolvers.competition.COMPETITION_SERIES], "公布数"
    )


@strawberry.type(description="One edition of a competition series, or a single competition. 竞赛")
class Competition(Record):
    edition: int | None = strawberry.field(
        description="Number of the edition. Null if it is not published. 届次"
    )
    competition_kind: CompetitionKind | None = strawberry.field(description="类别")
    competition_class: str | None = strawberry.field(description="一类, 二类 …")
    level: Level | None = strawberry.field(description="级别")
    year: int | None = strawberry.field(description="年份")
    held_on: PartialDate | None = strawberry.field(description="举办日期")
    occupation_as_published: str | None = strawberry.field(description="公布的工种")
    series = link_field(resolvers.competition.series, "系列")
    occupation = link_field(resolvers.competition.occupation, "竞赛工种")
    host = link_field(resolvers.competition.host, "主办单位")
    academy = link_field(
        resolvers.competition.academy, "The academy that organised the competition. 承办工匠学院"
    )
    region = link_field(resolvers.competition.region, "举办地区")
    prize_rules = link_field(
        resolvers.competition.prize_rules, "Prize rules of the series. 奖励规则"
    )
    results = link_field(resolvers.competition.results, "成绩")
    standard_programmes = link_field(
        resolvers.training.standard_programmes,
        "Training programmes whose standard is based on this competition. 由竞赛标准转化的培养项目",
    )
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.competition.COMPETITION], "公布数")


@strawberry.type(description="A result in a competition. 竞赛成绩")
class Result(Fact):
    rank: int | None = strawberry.field(
        description="Rank. Several recipients can share one rank. 名次"
    )
    award: str | None = strawberry.field(description="Award, as published. 奖项")
    award_class: AwardClass | None = strawberry.field(
        description="Class of the award, derived from its text. Null if the registry does not "
        "know the text. 奖项等级"
    )
    division: str | None = strawberry.field(
        description="Division of contestants, such as 职工组 or 学生组. 组别"
    )
    score: float | None = strawberry.field(description="成绩分数")
    competition = link_field(resolvers.competition.competition_of_result, "竞赛")
    recipient = link_field(
        resolvers.competition.recipient,
        "The recipient: a worker, an organisation, a studio or a region. 获奖者",
    )
    region = link_field(
        resolvers.competition.region_of_result, "Region of the recipient. 获奖者所在地区"
    )
    consequences = link_field(
        resolvers.training.consequences,
        "Consequences of this result: first honours, then certificates, then payments. "
        "由此获得的荣誉、证书与奖金",
    )


@strawberry.type(
    description="The prize for a rank in a competition series, or for a title. 奖励规则"
)
class PrizeRule(Fact):
    track: str | None = strawberry.field(description="赛道")
    rank_from: int | None = strawberry.field(
        description="Best rank that receives the prize. 起始名次"
    )
    rank_to: int | None = strawberry.field(
        description="Last rank that receives the prize. 截止名次"
    )
    amount: Quantity | None = strawberry.field(
        description="Amount for each recipient, in yuan. 奖励金额"
    )
    condition: str | None = strawberry.field(description="Condition, as published. 条件")
    series = link_field(resolvers.competition.series_of_prize_rule, "系列竞赛")
    honour = link_field(resolvers.competition.honour_of_prize_rule, "荣誉称号")
    region = link_field(
        resolvers.competition.region_of_prize_rule, "Region where the rule applies. 适用地区"
    )
    payer = link_field(
        resolvers.competition.payer_of_prize_rule,
        "The organisation that pays. Null if it is not published. 出资单位",
    )
    clause: str | None = strawberry.field(description="Clause of the policy. 条款")
    policy = link_field(
        resolvers.policy.policy_of_prize_rule,
        "The policy document that contains the rule. 政策文件",
    )
    grants = link_field(
        resolvers.subsidy.grants_of_prize_rule, "Payments under this rule. 发放的奖金"
    )
