from typing import Any

import strawberry

import resolvers.academy
import resolvers.challenge
import resolvers.competition
import resolvers.figure
import resolvers.honour
import resolvers.outcome
import resolvers.personal
import resolvers.position
import resolvers.selection
import resolvers.service_team
import resolvers.studio
import resolvers.subsidy
import resolvers.training
import resolvers.worker
from kit.partial_date import PartialDate
from models.worker import Grade
from resolvers.context import Info
from schema.linked import link_field
from schema.node import Fact, Record
from schema.personal import Personal


async def personal_resolver(row: strawberry.Parent[Any], info: Info) -> Any:
    return await resolvers.personal.resolve_personal(row, info)


@strawberry.type(description="A worker, craftsman or trainee. 职工 / 工匠 / 学员")
class Worker(Record):
    occupation_as_published: str | None = strawberry.field(description="公布的工种")
    grade: Grade | None = strawberry.field(
        description="The highest of the certificates that one may see, `qualifications`. 技能等级"
    )
    frontline: bool | None = strawberry.field(description="Whether on the front line. 一线")
    occupation = link_field(resolvers.worker.occupation, "Of the national classification. 工种")
    region = link_field(resolvers.worker.region, "所在地区")
    employer = link_field(
        resolvers.worker.employer,
        "Of the current employment: of several that one may see the one that began last, then "
        "that of the newest source; null where nothing puts one of them first. 所在单位",
    )
    employments = link_field(resolvers.worker.employments, "任职")
    conferrals = link_field(resolvers.honour.conferrals_of_worker, "获得的荣誉")
    results = link_field(resolvers.competition.results_of_worker, "竞赛成绩")
    led_studios = link_field(resolvers.studio.led_studios, "Led now. 领衔的工作室")
    studio_memberships = link_field(resolvers.studio.studio_memberships, "工作室成员关系")
    teachings = link_field(resolvers.academy.teachings_of_worker, "任教")
    mentorships_given = link_field(resolvers.training.mentorships_given, "As the mentor. 带徒")
    mentorships_received = link_field(
        resolvers.training.mentorships_received, "As the apprentice. 拜师"
    )
    enrolments = link_field(resolvers.training.enrolments_of_trainee, "Never public. 学籍")
    qualifications = link_field(resolvers.training.qualifications, "技能等级证书")
    positions = link_field(resolvers.position.positions, "Beside the work. 任职兼职")
    contributions = link_field(resolvers.outcome.contributions_of_worker, "成果贡献")
    bids = link_field(resolvers.challenge.bids_of_worker, "揭榜申报")
    service_team_memberships = link_field(
        resolvers.service_team.service_team_memberships, "服务队成员关系"
    )
    nominations = link_field(resolvers.selection.nominations_of_worker, "被推荐")
    grants = link_field(resolvers.subsidy.grants_of_worker, "获得的补助奖金")
    personal: Personal | None = strawberry.field(
        resolver=personal_resolver,
        description="Of one's own people and one's region; null for whom this is a public "
        "profile. 个人信息",
    )
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.worker.WORKER], "公布数")


@strawberry.type(description="A spell of work for an organisation. 任职")
class Employment(Fact):
    post: str | None = strawberry.field(description="As published. 岗位")
    started: PartialDate | None = strawberry.field(description="开始")
    ended: PartialDate | None = strawberry.field(description="结束")
    worker = link_field(resolvers.worker.worker_of_employment, "职工")
    organisation = link_field(resolvers.worker.organisation_of_employment, "单位")
