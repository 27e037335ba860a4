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
from schema.linked import link_field
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
    parent = link_field(resolvers.region.parent, "What it lies in. 上级")
    path = link_field(
        resolvers.region.path,
        "From the country to the region itself; to one that was taken over by way of its "
        "successor. 层级路径",
    )
    province = link_field(resolvers.region.province, "Itself where it is one. 省")
    city = link_field(resolvers.region.city, "Itself where it is one; null above. 市")
    district = link_field(resolvers.region.district, "District or county. 区县")
    current = link_field(
        resolvers.region.current,
        "What counts its records today: itself, its successor, or what all its successors lie in. "
        "现行行政区划",
    )
    children = link_field(resolvers.region.children, "Those of today, one level down. 下级")
    former_names = link_field(resolvers.region.former_names, "Names under the same code. 曾用名")
    successors = link_field(
        resolvers.region.successors,
        "What took over its land when its code ended; several where it was divided. 继任行政区划",
    )
    predecessors = link_field(
        resolvers.region.predecessors,
        "Those whose land it took over, or some of it. Records entered under the code of one that "
        "it alone took over are in its lists. 前身行政区划",
    )
    successions = link_field(
        resolvers.region.successions, "To its successors, with the decree. 区划承继（至继任者）"
    )
    successions_into = link_field(
        resolvers.region.successions_into, "From its predecessors. 区划承继（自前身）"
    )
    organisations = link_field(resolvers.organisation.organisations_of_region, "单位")
    workers = link_field(resolvers.worker.workers_of_region, "职工")
    studios = link_field(resolvers.studio.studios_of_region, "工作室")
    academies = link_field(resolvers.academy.academies_of_region, "工匠学院")
    alliances = link_field(resolvers.alliance.alliances_of_region, "联盟")
    competitions = link_field(resolvers.competition.competitions_of_region, "竞赛")
    competition_series = link_field(resolvers.competition.series_of_region, "系列竞赛")
    results = link_field(resolvers.competition.results_of_region, "Of recipients in it. 竞赛成绩")
    applicable_prize_rules = link_field(
        resolvers.competition.prize_rules_of_region, "That hold in it. 奖励规则"
    )
    honours = link_field(resolvers.honour.honours_of_region, "荣誉称号")
    ladders = link_field(resolvers.honour.ladders_of_region, "梯次")
    conferrals = link_field(resolvers.honour.conferrals_of_region, "To recipients in it. 授予")
    programmes = link_field(resolvers.training.programmes_of_region, "培养项目")
    outcomes = link_field(resolvers.outcome.outcomes_of_region, "Of studios in it. 创新成果")
    challenges = link_field(resolvers.challenge.challenges_of_region, "揭榜课题")
    service_teams = link_field(resolvers.service_team.service_teams_of_region, "服务队")
    policies = link_field(resolvers.policy.policies_of_region, "That hold in it. 政策文件")
    applicable_subsidy_rules = link_field(
        resolvers.subsidy.subsidy_rules_of_region, "That hold in it. 补助规则"
    )
    applicable_promotion_rules = link_field(
        resolvers.promotion.promotion_rules_of_region, "That hold in it. 晋级规则"
    )
    grants = link_field(resolvers.subsidy.grants_of_region, "To recipients in it. 补助奖金")
    benefits = link_field(resolvers.benefit.benefits_of_region, "礼遇")
    facilities = link_field(resolvers.facility.facilities_of_region, "平台场所")
    events = link_field(resolvers.event.events_of_region, "活动")
    figures = link_field(
        resolvers.figure.figures_of_region,
        "Published about the region itself, unless the subtree is asked for: figures don't add "
        "up across levels. 公布数",
    )
    targets = link_field(resolvers.figure.targets_of_region, "目标")


@strawberry.type(description="A name that a region had before. 曾用名")
class FormerName(Node):
    name: str = strawberry.field(description="名称")
    started: PartialDate | None = strawberry.field(description="启用")
    ended: PartialDate | None = strawberry.field(description="停用")
    region = link_field(resolvers.region.region_of_former_name, "行政区划")


@strawberry.type(
    description="What became of a region that was renumbered, merged or divided. 区划承继"
)
class RegionSuccession(Node):
    since: PartialDate | None = strawberry.field(description="Since when. 自何时起")
    decree: str | None = strawberry.field(
        description="The document that says so, with its number and date. 批复文件"
    )
    region = link_field(resolvers.region.region_of_succession, "The one that ended. 原行政区划")
    successor = link_field(
        resolvers.region.successor_of_region, "The one that took over. 继任行政区划"
    )
