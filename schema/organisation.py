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
import resolvers.position
import resolvers.selection
import resolvers.service_team
import resolvers.source
import resolvers.studio
import resolvers.subsidy
import resolvers.training
import resolvers.worker
from kit.values.partial_date import PartialDate
from models.organisation import OrganisationKind
from schema.types.link_fields import link_field
from schema.types.node import Node, Record


@strawberry.type(description="A trade union, enterprise, college or other organisation. 单位")
class Organisation(Record):
    organisation_kind: OrganisationKind = strawberry.field(description="类别")
    credit_code: str | None = strawberry.field(
        description="Unified social credit code. 统一社会信用代码 (GB 32100)"
    )
    industry_as_published: str | None = strawberry.field(description="公布的行业")
    region = link_field(resolvers.organisation.region, "所在地区")
    industry = link_field(resolvers.organisation.industry, "行业 (GB/T 4754)")
    parent = link_field(resolvers.organisation.parent, "上级单位")
    subsidiaries = link_field(resolvers.organisation.subsidiaries, "下属单位")
    former_names = link_field(
        resolvers.organisation.former_names,
        "Former names. Searches and filters by name use them too. 曾用名",
    )
    successors = link_field(
        resolvers.organisation.successors,
        "Organisations that replaced this one after a merger or division. Facts remain with this "
        "organisation. 继任单位",
    )
    predecessors = link_field(
        resolvers.organisation.predecessors,
        "Organisations that this one replaced. It can be found by their names and codes. 前身单位",
    )
    successions = link_field(
        resolvers.organisation.successions,
        "Successions from this organisation to its successors. 单位承继（至继任者）",
    )
    successions_into = link_field(
        resolvers.organisation.successions_into,
        "Successions from its predecessors to this organisation. 单位承继（自前身）",
    )
    workers = link_field(
        resolvers.worker.workers_of_organisation, "Workers employed there today. 职工"
    )
    employments = link_field(resolvers.worker.employments_of_organisation, "任职")
    studios = link_field(
        resolvers.studio.studios_of_organisation, "Studios that the organisation hosts. 工作室"
    )
    academies = link_field(
        resolvers.academy.academies_of_organisation,
        "Academies that the organisation hosts. 工匠学院",
    )
    teachings = link_field(
        resolvers.academy.teachings_of_organisation,
        "Teaching by persons whom the organisation sent. 任教",
    )
    memberships = link_field(
        resolvers.alliance.memberships_of_organisation, "Memberships in alliances. 联盟成员关系"
    )
    convened_alliances = link_field(resolvers.alliance.convened_alliances, "牵头的联盟")
    hosted_competitions = link_field(resolvers.competition.competitions_of_host, "承办的竞赛")
    results = link_field(resolvers.competition.results_of_organisation, "竞赛成绩")
    granted_honours = link_field(resolvers.honour.honours_of_grantor, "授予的荣誉")
    conferrals = link_field(resolvers.honour.conferrals_of_organisation, "获得的荣誉")
    programmes = link_field(resolvers.training.programmes_of_organisation, "培养项目")
    classes = link_field(resolvers.training.classes_of_college, "培训班")
    enrolments = link_field(
        resolvers.training.enrolments_of_college, "Enrolments at this college. Never public. 学籍"
    )
    supports = link_field(
        resolvers.alliance.supports_of_organisation,
        "Support of alliances by this organisation. 支持关系",
    )
    operated_honours = link_field(resolvers.honour.honours_of_operator, "运营的荣誉")
    operated_ladders = link_field(resolvers.honour.ladders_of_operator, "运营的梯次")
    paid_prize_rules = link_field(resolvers.competition.prize_rules_of_payer, "出资的奖励规则")
    posted_challenges = link_field(resolvers.challenge.posted_challenges, "发布的揭榜课题")
    bids = link_field(resolvers.challenge.bids_of_organisation, "揭榜申报")
    contributions = link_field(resolvers.outcome.contributions_of_organisation, "成果贡献")
    service_teams = link_field(resolvers.service_team.service_teams_of_organisation, "组织的服务队")
    positions = link_field(
        resolvers.position.positions_of_organisation,
        "Positions of workers in this organisation. 职工任职兼职",
    )
    issued_qualifications = link_field(
        resolvers.training.issued_qualifications,
        "Skill certificates that this organisation issued. 颁发的技能等级证书",
    )
    issued_policies = link_field(resolvers.policy.issued_policies, "发布的政策")
    paid_subsidy_rules = link_field(resolvers.subsidy.paid_subsidy_rules, "出资的补助规则")
    grants = link_field(
        resolvers.subsidy.grants_of_organisation,
        "Payments that the organisation received. 获得的补助奖金",
    )
    paid_grants = link_field(resolvers.subsidy.paid_grants, "发放的补助奖金")
    nominations = link_field(
        resolvers.selection.nominations_of_organisation,
        "Nominations of this organisation as the candidate. 被推荐",
    )
    made_nominations = link_field(resolvers.selection.made_nominations, "推荐的人选")
    organised_selection_rounds = link_field(
        resolvers.selection.organised_selection_rounds, "组织的评选"
    )
    operated_facilities = link_field(resolvers.facility.operated_facilities, "运营的场所")
    organised_events = link_field(resolvers.event.organised_events, "组织的活动")
    provided_benefits = link_field(resolvers.benefit.provided_benefits, "提供的礼遇")
    asserted_sources = link_field(resolvers.source.sources_of_organisation, "陈述的来源")
    targets = link_field(
        resolvers.figure.targets_of_organisation, "Targets that this organisation set. 制定的目标"
    )
    figures = link_field(
        resolvers.figure.figures_of_organisation,
        "Published numbers by or about this organisation. 公布数",
    )


@strawberry.type(description="A former name of an organisation. 单位曾用名")
class OrganisationFormerName(Node):
    name: str = strawberry.field(description="名称")
    started: PartialDate | None = strawberry.field(description="启用")
    ended: PartialDate | None = strawberry.field(description="停用")
    organisation = link_field(resolvers.organisation.organisation_of_former_name, "单位")


@strawberry.type(
    description="The replacement of an organisation by a successor after a merger or division. "
    "单位承继"
)
class OrganisationSuccession(Node):
    since: PartialDate | None = strawberry.field(description="Date of the succession. 自何时起")
    decree: str | None = strawberry.field(
        description="The official document, with its number and date. 批复文件"
    )
    organisation = link_field(
        resolvers.organisation.organisation_of_succession,
        "The organisation that was replaced. 原单位",
    )
    successor = link_field(
        resolvers.organisation.successor_of_organisation,
        "The organisation that replaced it. 继任单位",
    )
