import strawberry

import resolvers.academy
import resolvers.alliance
import resolvers.competition
import resolvers.figure
import resolvers.honour
import resolvers.organisation
import resolvers.source
import resolvers.studio
import resolvers.training
import resolvers.worker
from models.organisation import OrganisationKind
from schema.linked import linked
from schema.node import Record


@strawberry.type(description="A union, enterprise, college or other body. 单位")
class Organisation(Record):
    organisation_kind: OrganisationKind = strawberry.field(description="类别")
    credit_code: str | None = strawberry.field(description="统一社会信用代码 (GB 32100)")
    industry_as_published: str | None = strawberry.field(description="公布的行业")
    region = linked(resolvers.organisation.region, "所在地区")
    industry = linked(resolvers.organisation.industry, "行业 (GB/T 4754)")
    parent = linked(resolvers.organisation.parent, "上级单位")
    subsidiaries = linked(resolvers.organisation.subsidiaries, "下属单位")
    workers = linked(resolvers.worker.workers_of_organisation, "Employed there now. 职工")
    employments = linked(resolvers.worker.employments_of_organisation, "任职")
    studios = linked(resolvers.studio.studios_of_organisation, "Hosted studios. 工作室")
    academies = linked(resolvers.academy.academies_of_organisation, "Hosted. 工匠学院")
    teachings = linked(resolvers.academy.teachings_of_organisation, "Sent teachers. 任教")
    memberships = linked(
        resolvers.alliance.memberships_of_organisation, "In alliances. 联盟成员关系"
    )
    convened_alliances = linked(resolvers.alliance.convened_alliances, "牵头的联盟")
    hosted_competitions = linked(resolvers.competition.competitions_of_host, "承办的竞赛")
    results = linked(resolvers.competition.results_of_organisation, "竞赛成绩")
    granted_honours = linked(resolvers.honour.honours_of_grantor, "授予的荣誉")
    conferrals = linked(resolvers.honour.conferrals_of_organisation, "获得的荣誉")
    programmes = linked(resolvers.training.programmes_of_organisation, "培养项目")
    classes = linked(resolvers.training.classes_of_college, "培训班")
    enrolments = linked(
        resolvers.training.enrolments_of_college, "A college's own; never public. 学籍"
    )
    supports = linked(resolvers.alliance.supports_of_organisation, "Of alliances. 支持关系")
    operated_honours = linked(resolvers.honour.honours_of_operator, "运营的荣誉")
    operated_ladders = linked(resolvers.honour.ladders_of_operator, "运营的梯次")
    paid_prize_rules = linked(resolvers.competition.rules_of_payer, "出资的奖励规则")
    asserted_sources = linked(resolvers.source.sources_of_organisation, "陈述的来源")
    targets = linked(resolvers.figure.targets_of_organisation, "Set by it. 制定的目标")
    figures = linked(resolvers.figure.figures_of_organisation, "Of it or about it. 公布数")
