from typing import Any

import strawberry

import resolvers.academy
import resolvers.challenge
import resolvers.competition
import resolvers.figure
import resolvers.honour
import resolvers.outcome
import resolvers.personal.masked
import resolvers.position
import resolvers.selection
import resolvers.service_team
import resolvers.studio
import resolvers.subsidy
import resolvers.training
import resolvers.worker
from kit.values.partial_date import PartialDate
from models.worker import Grade
from resolvers.core.context import Info
from schema.personal import Personal
from schema.types.link_fields import link_field
from schema.types.node import Fact, Record


async def personal_resolver(row: strawberry.Parent[Any], info: Info) -> Any:
    return await resolvers.personal.masked.resolve_personal(row, info)


@strawberry.type(description="A worker, craftsman or trainee. 职工 / 工匠 / 学员")
class Worker(Record):
    occupation_as_published: str | None = strawberry.field(description="公布的工种")
    grade: Grade | None = strawberry.field(
        description="Highest grade among the `qualifications` that the viewer may see. 技能等级"
    )
    frontline: bool | None = strawberry.field(
        description="True if the worker works on the front line. 一线"
    )
    occupation = link_field(
        resolvers.worker.occupation, "Occupation of the national classification. 工种"
    )
    region = link_field(resolvers.worker.region, "所在地区")
    employer = link_field(
        resolvers.worker.employer,
        "Current employer. If several are visible, the one that began last, then the one "
        "in the newest source; null if there is no clear first. 所在单位",
    )
    employments = link_field(resolvers.worker.employments, "任职")
    conferrals = link_field(resolvers.honour.conferrals_of_worker, "获得的荣誉")
    results = link_field(resolvers.competition.results_of_worker, "竞赛成绩")
    led_studios = link_field(
        resolvers.studio.led_studios, "Studios that the worker leads today. 领衔的工作室"
    )
    studio_memberships = link_field(resolvers.studio.studio_memberships, "工作室成员关系")
    teachings = link_field(resolvers.academy.teachings_of_worker, "任教")
    mentorships_given = link_field(
        resolvers.training.mentorships_given, "Mentorships in which the worker is the mentor. 带徒"
    )
    mentorships_received = link_field(
        resolvers.training.mentorships_received,
        "Mentorships in which the worker is the apprentice. 拜师",
    )
    enrolments = link_field(
        resolvers.training.enrolments_of_trainee, "Enrolments. Never public. 学籍"
    )
    qualifications = link_field(resolvers.training.qualifications, "技能等级证书")
    positions = link_field(resolvers.position.positions, "Positions besides the job. 任职兼职")
    contributions = link_field(resolvers.outcome.contributions_of_worker, "成果贡献")
    bids = link_field(resolvers.challenge.bids_of_worker, "揭榜申报")
    service_team_memberships = link_field(
        resolvers.service_team.service_team_memberships, "服务队成员关系"
    )
    nominations = link_field(resolvers.selection.nominations_of_worker, "被推荐")
    grants = link_field(resolvers.subsidy.grants_of_worker, "获得的补助奖金")
    personal: Personal | None = strawberry.field(
        resolver=personal_resolver,
        description="Personal data, masked. Visible to the owner of the record, the union of the "
        "region, the registry's steward and the worker; null for others. 个人信息",
    )
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.worker.WORKER], "公布数")


@strawberry.type(description="One period of employment at an organisation. 任职")
class Employment(Fact):
    post: str | None = strawberry.field(description="Post, as published. 岗位")
    started: PartialDate | None = strawberry.field(description="开始")
    ended: PartialDate | None = strawberry.field(description="结束")
    worker = link_field(resolvers.worker.worker_of_employment, "职工")
    organisation = link_field(resolvers.worker.organisation_of_employment, "单位")
