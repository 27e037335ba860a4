import strawberry

import resolvers.competition
import resolvers.figure
import resolvers.policy
import resolvers.subsidy
import resolvers.training
from kit.partial_date import PartialDate
from models.award import AwardClass
from models.competition import CompetitionKind
from models.row import Level
from schema.linked import link_field
from schema.node import Fact, Quantity, Record


@strawberry.type(description="A competition that is held again and again. 系列竞赛")
class CompetitionSeries(Record):
    competition_kind: CompetitionKind | None = strawberry.field(description="类别")
    level: Level | None = strawberry.field(description="级别")
    region = link_field(resolvers.competition.region_of_series, "地区")
    editions = link_field(resolvers.competition.editions, "历届竞赛")
    prize_rules = link_field(resolvers.competition.prize_rules_of_series, "奖励规则")
    figures = link_field(
        resolvers.figure.FIGURES_OF[resolvers.competition.COMPETITION_SERIES], "公布数"
    )


@strawberry.type(description="One edition of a series, or a competition held once. 竞赛")
class Competition(Record):
    edition: int | None = strawberry.field(description="Null where nobody published it. 届次")
    competition_kind: CompetitionKind | None = strawberry.field(description="类别")
    competition_class: str | None = strawberry.field(description="一类, 二类 …")
    level: Level | None = strawberry.field(description="级别")
    year: int | None = strawberry.field(description="年份")
    held_on: PartialDate | None = strawberry.field(description="举办日期")
    occupation_as_published: str | None = strawberry.field(description="公布的工种")
    series = link_field(resolvers.competition.series, "系列")
    occupation = link_field(resolvers.competition.occupation, "竞赛工种")
    host = link_field(resolvers.competition.host, "主办单位")
    academy = link_field(resolvers.competition.academy, "The academy that ran it. 承办工匠学院")
    region = link_field(resolvers.competition.region, "举办地区")
    prize_rules = link_field(resolvers.competition.prize_rules, "The rules of its series. 奖励规则")
    results = link_field(resolvers.competition.results, "成绩")
    standard_programmes = link_field(
        resolvers.training.standard_programmes,
        "Whose standard comes from it. 由竞赛标准转化的培养项目",
    )
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.competition.COMPETITION], "公布数")


@strawberry.type(description="A placing. 竞赛成绩")
class Result(Fact):
    rank: int | None = strawberry.field(description="Several may share one. 名次")
    award: str | None = strawberry.field(description="As published. 奖项")
    award_class: AwardClass | None = strawberry.field(
        description="What class of prize the words of the award say; null where the registry's "
        "list doesn't know them. 奖项等级"
    )
    division: str | None = strawberry.field(description="职工组, 学生组 … 组别")
    score: float | None = strawberry.field(description="成绩分数")
    competition = link_field(resolvers.competition.competition_of_result, "竞赛")
    recipient = link_field(
        resolvers.competition.recipient, "A worker, organisation, studio or region. 获奖者"
    )
    region = link_field(resolvers.competition.region_of_result, "The recipient's. 获奖者所在地区")
    consequences = link_field(
        resolvers.training.consequences,
        "What followed from this place: conferrals, then qualifications, then grants. "
        "由此获得的荣誉、证书与奖金",
    )


@strawberry.type(description="What a place in a series, or a title, is paid. 奖励规则")
class PrizeRule(Fact):
    track: str | None = strawberry.field(description="赛道")
    rank_from: int | None = strawberry.field(description="The best rank paid. 起始名次")
    rank_to: int | None = strawberry.field(description="The last rank paid. 截止名次")
    amount: Quantity | None = strawberry.field(description="For each, in yuan. 奖励金额")
    condition: str | None = strawberry.field(description="As published. 条件")
    series = link_field(resolvers.competition.series_of_prize_rule, "系列竞赛")
    honour = link_field(resolvers.competition.honour_of_prize_rule, "荣誉称号")
    region = link_field(
        resolvers.competition.region_of_prize_rule, "Where the rule holds. 适用地区"
    )
    payer = link_field(
        resolvers.competition.payer_of_prize_rule, "Null where it isn't published. 出资单位"
    )
    clause: str | None = strawberry.field(description="Of the policy. 条款")
    policy = link_field(
        resolvers.policy.policy_of_prize_rule, "The document it comes from. 政策文件"
    )
    grants = link_field(resolvers.subsidy.grants_of_prize_rule, "Paid under it. 发放的奖金")
