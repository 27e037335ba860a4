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
from kit.values.partial_date import PartialDate
from models.row import Level
from schema.types.link_fields import link_field
from schema.types.node import Node, Record


@strawberry.type(
    description="行政区划 / 功能区: an administrative division with a GB/T 2260 code, or a special "
    "zone inside one. Its lists include the records of all regions below it."
)
class Region(Record):
    level: Level | None = strawberry.field(description="级别")
    started: PartialDate | None = strawberry.field(
        description="Date from which the code is valid. 启用"
    )
    ended: PartialDate | None = strawberry.field(
        description="Date from which the code is no longer valid. Null for a current region. 停用"
    )
    parent = link_field(resolvers.region.parent, "The region one level above. 上级")
    path = link_field(
        resolvers.region.path,
        "All regions from the country down to this one. For a region that was replaced, by way "
        "of its successor. 层级路径",
    )
    province = link_field(
        resolvers.region.province, "The province. The region itself if it is a province. 省"
    )
    city = link_field(
        resolvers.region.city,
        "The city. The region itself if it is a city; null above that level. 市",
    )
    district = link_field(resolvers.region.district, "The district or county. 区县")
    current = link_field(
        resolvers.region.current,
        "The region that counts its records today: itself, its successor, or the region that "
        "contains all its successors. 现行行政区划",
    )
    children = link_field(resolvers.region.children, "Regions of today one level below. 下级")
    former_names = link_field(
        resolvers.region.former_names, "Former names under the same code. 曾用名"
    )
    successors = link_field(
        resolvers.region.successors,
        "Regions that took over its area when its code ended; several after a division. "
        "继任行政区划",
    )
    predecessors = link_field(
        resolvers.region.predecessors,
        "Regions whose area this one took over, fully or partly. Records under the code of a "
        "predecessor that only this region replaced are in its lists. 前身行政区划",
    )
    successions = link_field(
        resolvers.region.successions,
        "Successions from this region to its successors, with the official document. "
        "区划承继（至继任者）",
    )
    successions_into = link_field(
        resolvers.region.successions_into,
        "Successions from its predecessors to this region. 区划承继（自前身）",
    )
    organisations = link_field(resolvers.organisation.organisations_of_region, "单位")
    workers = link_field(resolvers.worker.workers_of_region, "职工")
    studios = link_field(resolvers.studio.studios_of_region, "工作室")
    academies = link_field(resolvers.academy.academies_of_region, "工匠学院")
    alliances = link_field(resolvers.alliance.alliances_of_region, "联盟")
    competitions = link_field(resolvers.competition.competitions_of_region, "竞赛")
    competition_series = link_field(resolvers.competition.series_of_region, "系列竞赛")
    results = link_field(
        resolvers.competition.results_of_region,
        "Results of recipients in this region and all regions below it. 竞赛成绩",
    )
    applicable_prize_rules = link_field(
        resolvers.competition.prize_rules_of_region,
        "Prize rules that apply in this region. 奖励规则",
    )
    honours = link_field(resolvers.honour.honours_of_region, "荣誉称号")
    ladders = link_field(resolvers.honour.ladders_of_region, "梯次")
    conferrals = link_field(
        resolvers.honour.conferrals_of_region,
        "Honours awarded to recipients in this region and all regions below it. 授予",
    )
    programmes = link_field(resolvers.training.programmes_of_region, "培养项目")
    outcomes = link_field(
        resolvers.outcome.outcomes_of_region,
        "Outcomes of studios in this region and all regions below it. 创新成果",
    )
    challenges = link_field(resolvers.challenge.challenges_of_region, "揭榜课题")
    service_teams = link_field(resolvers.service_team.service_teams_of_region, "服务队")
    policies = link_field(
        resolvers.policy.policies_of_region, "Policies that apply in this region. 政策文件"
    )
    applicable_subsidy_rules = link_field(
        resolvers.subsidy.subsidy_rules_of_region,
        "Subsidy rules that apply in this region. 补助规则",
    )
    applicable_promotion_rules = link_field(
        resolvers.promotion.promotion_rules_of_region,
        "Promotion rules that apply in this region. 晋级规则",
    )
    grants = link_field(
        resolvers.subsidy.grants_of_region,
        "Payments to recipients in this region and all regions below it. 补助奖金",
    )
    benefits = link_field(resolvers.benefit.benefits_of_region, "礼遇")
    facilities = link_field(resolvers.facility.facilities_of_region, "平台场所")
    events = link_field(resolvers.event.events_of_region, "活动")
    figures = link_field(
        resolvers.figure.figures_of_region,
        "Published numbers about the region itself. With scope SUBTREE also about the regions "
        "below it: do not add them up, because levels overlap. 公布数",
    )
    targets = link_field(resolvers.figure.targets_of_region, "目标")


@strawberry.type(description="A former name of a region. 曾用名")
class FormerName(Node):
    name: str = strawberry.field(description="名称")
    started: PartialDate | None = strawberry.field(description="启用")
    ended: PartialDate | None = strawberry.field(description="停用")
    region = link_field(resolvers.region.region_of_former_name, "行政区划")


@strawberry.type(
    description="The replacement of a region by another after renumbering, merger or division. "
    "区划承继"
)
class RegionSuccession(Node):
    since: PartialDate | None = strawberry.field(description="Date of the succession. 自何时起")
    decree: str | None = strawberry.field(
        description="The official document, with its number and date. 批复文件"
    )
    region = link_field(resolvers.region.region_of_succession, "The region that ended. 原行政区划")
    successor = link_field(
        resolvers.region.successor_of_region, "The region that took over. 继任行政区划"
    )
