import strawberry

import resolvers.academy
import resolvers.alliance
import resolvers.competition
import resolvers.figure
import resolvers.training
from kit.partial_date import PartialDate
from models.row import Level
from schema.linked import linked
from schema.node import Fact, Record


@strawberry.type(description="A craftsman academy. 工匠学院")
class Academy(Record):
    level: Level | None = strawberry.field(description="级别")
    opened: PartialDate | None = strawberry.field(description="挂牌")
    industry = linked(resolvers.academy.industry, "行业 (GB/T 4754)")
    host = linked(resolvers.academy.host, "依托单位")
    region = linked(resolvers.academy.region, "所在地区")
    teachings = linked(resolvers.academy.teachings, "Who teaches there. 任教")
    programmes = linked(resolvers.training.programmes_of_academy, "培养项目")
    classes = linked(resolvers.training.classes, "培训班")
    hosted_competitions = linked(resolvers.competition.hosted_competitions, "承办的竞赛")
    memberships = linked(resolvers.alliance.memberships_of_academy, "In alliances. 联盟成员关系")
    figures = linked(resolvers.figure.FIGURES_OF[resolvers.academy.ACADEMY], "公布数")


@strawberry.type(description="Teaching by a worker, or by those an organisation sends. 任教")
class Teaching(Fact):
    role: str | None = strawberry.field(description="As published. 角色")
    started: PartialDate | None = strawberry.field(description="开始")
    ended: PartialDate | None = strawberry.field(description="结束")
    academy = linked(resolvers.academy.academy_of_teaching, "Null where none is named. 工匠学院")
    worker = linked(resolvers.academy.worker_of_teaching, "职工")
    organisation = linked(resolvers.academy.organisation_of_teaching, "派出单位")
