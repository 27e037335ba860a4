import strawberry

import resolvers.alliance
import resolvers.challenge
import resolvers.competition
import resolvers.figure
import resolvers.honour
import resolvers.outcome
import resolvers.selection
import resolvers.studio
import resolvers.subsidy
from kit.values.partial_date import PartialDate
from models.row import Level
from models.studio import StudioKind, StudioRole
from schema.collaborator import COLLABORATORS_FIELD
from schema.types.link_fields import link_field
from schema.types.node import Fact, Record


@strawberry.type(
    description="A studio or innovation team of skilled workers. "
    "劳模(工匠)创新工作室 / 技能大师工作室 / 创新团队"
)
class Studio(Record):
    studio_kind: StudioKind = strawberry.field(description="类别")
    level: Level | None = strawberry.field(description="级别")
    field: str | None = strawberry.field(description="Field of work, as published. 领域")
    founded: PartialDate | None = strawberry.field(description="成立")
    industry = link_field(resolvers.studio.industry, "行业 (GB/T 4754)")
    region = link_field(resolvers.studio.region, "所在地区")
    host = link_field(resolvers.studio.host, "依托单位")
    leader = link_field(
        resolvers.studio.leader,
        "The leader today. If there are several, the one who joined last, then the one in the "
        "newest source; null if there is no clear first. A filter by this field matches any of "
        "`leaders`. 领衔人",
    )
    leaders = link_field(
        resolvers.studio.leaders, "All leaders today that the viewer may see. 全部领衔人"
    )
    members = link_field(resolvers.studio.members, "成员")
    outcomes = link_field(
        resolvers.outcome.outcomes,
        "Outcomes that the studio led or to which it contributed. A shared outcome is in the "
        "list of each studio, but counts once in a total over several studios. 创新成果",
    )
    contributions = link_field(resolvers.outcome.contributions_of_studio, "成果贡献")
    bids = link_field(resolvers.challenge.bids_of_studio, "揭榜申报")
    nominations = link_field(resolvers.selection.nominations_of_studio, "被推荐")
    grants = link_field(resolvers.subsidy.grants_of_studio, "获得的补助奖金")
    memberships = link_field(
        resolvers.alliance.memberships_of_studio, "Memberships in alliances. 联盟成员关系"
    )
    results = link_field(resolvers.competition.results_of_studio, "竞赛成绩")
    conferrals = link_field(resolvers.honour.conferrals_of_studio, "获得的荣誉")
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.studio.STUDIO], "公布数")
    collaborators = COLLABORATORS_FIELD


@strawberry.type(description="One period of membership of a worker in a studio. 工作室成员关系")
class StudioMembership(Fact):
    studio_role: StudioRole = strawberry.field(description="角色")
    joined: PartialDate | None = strawberry.field(description="加入")
    left: PartialDate | None = strawberry.field(description="离开")
    studio = link_field(resolvers.studio.studio_of_membership, "工作室")
    worker = link_field(resolvers.studio.worker_of_membership, "职工")
