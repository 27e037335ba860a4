import strawberry

import resolvers.figure
import resolvers.service_team
from kit.values.partial_date import PartialDate
from schema.types.link_fields import link_field
from schema.types.node import Fact, Record


@strawberry.type(
    description="A team of craftsmen who help enterprises, schools and communities. 劳模工匠服务队"
)
class ServiceTeam(Record):
    field: str | None = strawberry.field(description="Field of work, as published. 领域")
    activity: str | None = strawberry.field(description="Activities, as published. 活动")
    founded: PartialDate | None = strawberry.field(description="成立")
    parent = link_field(
        resolvers.service_team.parent, "The main team of which this is a branch. 所属总队"
    )
    branches = link_field(resolvers.service_team.branches, "Branches of this team. 支队")
    region = link_field(resolvers.service_team.region, "地区")
    organiser = link_field(resolvers.service_team.organiser, "组织单位")
    members = link_field(
        resolvers.service_team.members, "Members of this team, without its branches. 队员"
    )
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.service_team.SERVICE_TEAM], "公布数")


@strawberry.type(
    description="One period of membership of a worker in a service team. 服务队成员关系"
)
class ServiceTeamMembership(Fact):
    role: str | None = strawberry.field(description="Role, as published. 角色")
    joined: PartialDate | None = strawberry.field(description="加入")
    left: PartialDate | None = strawberry.field(description="离开")
    service_team = link_field(resolvers.service_team.service_team, "服务队")
    worker = link_field(resolvers.service_team.worker, "职工")
