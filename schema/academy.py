import strawberry

import resolvers.academy
import resolvers.alliance
import resolvers.competition
import resolvers.figure
import resolvers.training
from kit.values.partial_date import PartialDate
from models.row import Level
from schema.types.link_fields import link_field
from schema.types.node import Fact, Record


@strawberry.type(description="A craftsman academy, where skilled workers teach. 工匠学院")
class Academy(Record):
    level: Level | None = strawberry.field(description="级别")
    opened: PartialDate | None = strawberry.field(description="挂牌")
    industry = link_field(resolvers.academy.industry, "行业 (GB/T 4754)")
    host = link_field(resolvers.academy.host, "依托单位")
    region = link_field(resolvers.academy.region, "所在地区")
    teachings = link_field(
        resolvers.academy.teachings, "Teachers of this academy and their periods of teaching. 任教"
    )
    programmes = link_field(resolvers.training.programmes_of_academy, "培养项目")
    classes = link_field(resolvers.training.classes, "培训班")
    hosted_competitions = link_field(resolvers.competition.competitions_of_academy, "承办的竞赛")
    memberships = link_field(
        resolvers.alliance.memberships_of_academy, "Memberships in alliances. 联盟成员关系"
    )
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.academy.ACADEMY], "公布数")


@strawberry.type(
    description="One period of teaching by a worker, or by persons whom an organisation sends. 任教"
)
class Teaching(Fact):
    role: str | None = strawberry.field(description="Role, as published. 角色")
    started: PartialDate | None = strawberry.field(description="开始")
    ended: PartialDate | None = strawberry.field(description="结束")
    academy = link_field(
        resolvers.academy.academy_of_teaching, "The academy. Null if none is named. 工匠学院"
    )
    worker = link_field(resolvers.academy.worker_of_teaching, "职工")
    organisation = link_field(resolvers.academy.organisation_of_teaching, "派出单位")
