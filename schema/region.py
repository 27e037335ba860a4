import strawberry

import resolvers.academy
import resolvers.alliance
import resolvers.benefit
import resolvers.challenge
import resolvers.competition
import resolvers.event
import resolvers.facility
import resolvers.figure
import resolvers.honour
import resolvers.organisation
import resolvers.outcome
import resolvers.policy
import resolvers.promotion
import resolvers.region
import resolvers.service_team
import resolvers.studio
import resolvers.subsidy
import resolvers.training
import resolvers.worker
from kit.partial_date import PartialDate
from models.row import Level
from schema.linked import linked
from schema.node import Node, Record


@strawberry.type(
    description="行政区划 / 功能区: a division by its GB/T 2260 code, or an overlay zone that lies "
    "in one. Its lists cover its whole subtree."
)
class Region(Record):
    level: Level | None = strawberry.field(description="级别")
    started: PartialDate | None = strawberry.field(
        description="Since when the code is in use. 启用"
    )
    ended: PartialDate | None = strawberry.field(
        description="Since when it no longer is; current where null. 停用"
    )
    parent = linked(resolvers.region.parent, "What it lies in. 上级")
    path = linked(
        resolvers.region.path,
        "From the country to the region itself; to one that was taken over by way of its "
        "successor. 层级路径",
    )
    province = linked(resolvers.region.province, "Itself where it is one. 省")
    city = linked(resolvers.region.city, "Itself where it is one; null above. 市")
    district = linked(resolvers.region.district, "District or county. 区县")
    current = linked(
        resolvers.region.current,
        "What counts its records today: itself, its successor, or what all its successors lie in. "
        "现行行政区划",
    )
    children = linked(resolvers.region.children, "Those of today, one level down. 下级")
    former_names = linked(resolvers.region.former_names, "Names under the same code. 曾用名")
    successors = linked(
        resolvers.region.successors,
        "What took over its land when its code ended; several where it was divided. 继任行政区划",
    )
    predecessors = linked(
        resolvers.region.predecessors,
        "Those whose land it took over, or some of it. Records entered under the code of one that "
        "it alone took over are in its lists. 前身行政区划",
    )
    successions = linked(
        resolvers.region.successions, "To its successors, with the decree. 区划承继（至继任者）"
    )
    successions_into = linked(
        resolvers.region.successions_into, "From its predecessors. 区划承继（自前身）"
    )
    organisations = linked(resolvers.organisation.organisations_of_region, "单位")
    workers = linked(resolvers.worker.workers_of_region, "职工")
    studios = linked(resolvers.studio.studios_of_region, "工作室")
    academies = linked(resolvers.academy.academies_of_region, "工匠学院")
    alliances = linked(resolvers.alliance.alliances_of_region, "联盟")
    competitions = linked(resolvers.competition.competitions_of_region, "竞赛")
    competition_series = linked(resolvers.competition.series_of_region, "系列竞赛")
    results = linked(resolvers.competition.results_of_region, "Of recipients in it. 竞赛成绩")
    applicable_prize_rules = linked(
        resolvers.competition.rules_of_region, "That hold in it. 奖励规则"
    )
    honours = linked(resolvers.honour.honours_of_region, "荣誉称号")
    ladders = linked(resolvers.honour.ladders_of_region, "梯次")
    conferrals = linked(resolvers.honour.conferrals_of_region, "To recipients in it. 授予")
    programmes = linked(resolvers.training.programmes_of_region, "培养项目")
    outcomes = linked(resolvers.outcome.outcomes_of_region, "Of studios in it. 创新成果")
    challenges = linked(resolvers.challenge.challenges_of_region, "揭榜课题")
    service_teams = linked(resolvers.service_team.service_teams_of_region, "服务队")
    policies = linked(resolvers.policy.policies_of_region, "That hold in it. 政策文件")
    applicable_subsidy_rules = linked(
        resolvers.subsidy.subsidy_rules_of_region, "That hold in it. 补助规则"
    )
    applicable_promotion_rules = linked(
        resolvers.promotion.promotion_rules_of_region, "That hold in it. 晋级规则"
    )
    grants = linked(resolvers.subsidy.grants_of_region, "To recipients in it. 补助奖金")
    benefits = linked(resolvers.benefit.benefits_of_region, "礼遇")
    facilities = linked(resolvers.facility.facilities_of_region, "平台场所")
    events = linked(resolvers.event.events_of_region, "活动")
    figures = linked(
        resolvers.figure.figures_of_region,
        "Published about the region itself, unless the subtree is asked for: figures don't add "
        "up across levels. 公布数",
    )
    targets = linked(resolvers.figure.targets_of_region, "目标")


@strawberry.type(description="A name that a region had before. 曾用名")
class FormerName(Node):
    name: str = strawberry.field(description="名称")
    started: PartialDate | None = strawberry.field(description="启用")
    ended: PartialDate | None = strawberry.field(description="停用")
    region = linked(resolvers.region.region_of_former_name, "行政区划")


@strawberry.type(
    description="What became of a region that was renumbered, merged or divided. 区划承继"
)
class RegionSuccession(Node):
    since: PartialDate | None = strawberry.field(description="Since when. 自何时起")
    decree: str | None = strawberry.field(
        description="The document that says so, with its number and date. 批复文件"
    )
    region = linked(resolvers.region.region_of_succession, "The one that ended. 原行政区划")
    successor = linked(resolvers.region.successor_of_region, "The one that took over. 继任行政区划")
