import strawberry

import resolvers.alliance
import resolvers.figure
import resolvers.subsidy
from kit.values.partial_date import PartialDate
from models.alliance import AllianceKind, LeftReason
from models.row import Level
from schema.alliance_coverage import CANDIDATES_FIELD, GAPS_FIELD, WITHOUT_FIELD
from schema.types.link_fields import link_field
from schema.types.node import Fact, Quantity, Record


@strawberry.type(
    description="A group of studios, academies or organisations that work together. 联盟"
)
class Alliance(Record):
    alliance_kind: AllianceKind = strawberry.field(description="类别")
    level: Level | None = strawberry.field(description="级别")
    founded: PartialDate | None = strawberry.field(description="成立")
    published_member_count: Quantity | None = strawberry.field(
        description="Number of members, as published. The members on record are in "
        "`memberships`. 公布的成员数"
    )
    region = link_field(
        resolvers.alliance.region,
        "Region of the alliance. Null if it belongs to no single region. 所在地区",
    )
    convenor = link_field(
        resolvers.alliance.convenor, "The organisation that leads the alliance. 牵头单位"
    )
    parent = link_field(resolvers.alliance.parent, "上级联盟")
    sub_alliances = link_field(resolvers.alliance.sub_alliances, "下属联盟")
    supporters = link_field(
        resolvers.alliance.supporters,
        "Organisations that plan for or sponsor the alliance. They are not members. 支持单位",
    )
    supports = link_field(resolvers.alliance.supports, "Supporters with their roles. 支持关系")
    memberships = link_field(resolvers.alliance.memberships, "成员关系")
    provinces = link_field(
        resolvers.alliance.provinces, "Provinces of the members on record. 成员所在省份"
    )
    grants = link_field(resolvers.subsidy.grants_of_alliance, "获得的补助")
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.alliance.ALLIANCE], "公布数")
    gaps = GAPS_FIELD
    candidates = CANDIDATES_FIELD
    without = WITHOUT_FIELD


@strawberry.type(
    description="One period of membership in an alliance. A member that leaves and rejoins has "
    "two records. 联盟成员关系"
)
class AllianceMembership(Fact):
    role: str | None = strawberry.field(description="Role, as published. 角色")
    joined: PartialDate | None = strawberry.field(description="加入")
    left: PartialDate | None = strawberry.field(description="离开")
    left_reason: LeftReason | None = strawberry.field(description="离开原因")
    alliance = link_field(resolvers.alliance.alliance_of_membership, "联盟")
    member = link_field(
        resolvers.alliance.member, "The member: a studio, an academy or an organisation. 成员"
    )


@strawberry.type(
    description="Support of an alliance by an organisation that is not a member. 支持关系"
)
class AllianceSupport(Fact):
    role: str | None = strawberry.field(
        description="Role, as published, such as planner or sponsor. 角色"
    )
    alliance = link_field(resolvers.alliance.alliance_of_support, "联盟")
    organisation = link_field(resolvers.alliance.organisation_of_support, "单位")
