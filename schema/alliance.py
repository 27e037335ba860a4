import strawberry

import resolvers.alliance
import resolvers.figure
import resolvers.subsidy
from kit.partial_date import PartialDate
from models.alliance import AllianceKind, LeftReason
from models.row import Level
from schema.alliance_coverage import CANDIDATES_FIELD, GAPS_FIELD, WITHOUT_FIELD
from schema.linked import link_field
from schema.node import Fact, Quantity, Record


@strawberry.type(description="Studios, academies or organisations that work together. 联盟")
class Alliance(Record):
    alliance_kind: AllianceKind = strawberry.field(description="类别")
    level: Level | None = strawberry.field(description="级别")
    founded: PartialDate | None = strawberry.field(description="成立")
    published_member_count: Quantity | None = strawberry.field(
        description="What has been published about its size; `memberships` are those on record. "
        "公布的成员数"
    )
    region = link_field(resolvers.alliance.region, "Null for one that lies in no region. 所在地区")
    convenor = link_field(resolvers.alliance.convenor, "Who called it together. 牵头单位")
    parent = link_field(resolvers.alliance.parent, "上级联盟")
    sub_alliances = link_field(resolvers.alliance.sub_alliances, "下属联盟")
    supporters = link_field(
        resolvers.alliance.supporters, "Planners and patrons: no members. 支持单位"
    )
    supports = link_field(resolvers.alliance.supports, "What each supporter does. 支持关系")
    memberships = link_field(resolvers.alliance.memberships, "成员关系")
    provinces = link_field(
        resolvers.alliance.provinces, "Where the members on record come from. 成员所在省份"
    )
    grants = link_field(resolvers.subsidy.grants_of_alliance, "获得的补助")
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.alliance.ALLIANCE], "公布数")
    gaps = GAPS_FIELD
    candidates = CANDIDATES_FIELD
    without = WITHOUT_FIELD


@strawberry.type(
    description="One spell of a member in an alliance; who leaves and rejoins has two. 联盟成员关系"
)
class AllianceMembership(Fact):
    role: str | None = strawberry.field(description="As published. 角色")
    joined: PartialDate | None = strawberry.field(description="加入")
    left: PartialDate | None = strawberry.field(description="离开")
    left_reason: LeftReason | None = strawberry.field(description="离开原因")
    alliance = link_field(resolvers.alliance.alliance_of_membership, "联盟")
    member = link_field(resolvers.alliance.member, "A studio, academy or organisation. 成员")


@strawberry.type(description="Help to an alliance from outside it. 支持关系")
class AllianceSupport(Fact):
    role: str | None = strawberry.field(description="As published: planner, patron … 角色")
    alliance = link_field(resolvers.alliance.alliance_of_support, "联盟")
    organisation = link_field(resolvers.alliance.organisation_of_support, "单位")
