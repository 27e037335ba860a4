from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToListThrough, ToMany, ToOne, ToOneUnion
from engine.sql.composed_join import ComposedJoin
from models.academy import Academy
from models.alliance import Alliance, AllianceMembership, AllianceSupport
from models.organisation import Organisation
from models.region import Region
from models.studio import Studio
from resolvers.academy import ACADEMY
from resolvers.core.declare import (
    CURRENT_SPELLS,
    declare_fact,
    declare_thing,
    dimension,
    region_dimensions,
    subtree_join,
)
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import sources_link
from resolvers.studio import STUDIO

ALLIANCE = declare_thing(
    Alliance,
    "alliance_kind",
    "level",
    orders={"FOUNDED": "founded"},
    dimensions={
        "KIND": dimension(column="alliance_kind"),
        "LEVEL": dimension(column="level"),
        "INDUSTRY": dimension("convenor", "industry"),
        "YEAR": dimension(column="founded", digits=4),
        **region_dimensions("region"),
    },
    description="联盟",
    place=130,
)
ALLIANCE_MEMBERSHIP = declare_fact(
    AllianceMembership,
    "role",
    "left_reason",
    orders={"JOINED": "joined"},
    dimensions={
        "ALLIANCE": dimension("alliance"),
        "ROLE": dimension(column="role"),
        "LEFT_REASON": dimension(column="left_reason"),
        "YEAR": dimension(column="joined", digits=4),
        **region_dimensions("member", "region"),
    },
    spell=CURRENT_SPELLS,
    description="联盟成员关系",
    place=140,
)
ALLIANCE_SUPPORT = declare_fact(
    AllianceSupport,
    "role",
    dimensions={"ROLE": dimension(column="role"), **region_dimensions("organisation", "region")},
    description="联盟支持关系",
    place=150,
)

region = ToOne(ALLIANCE, "region", Region, "region_id")
convenor = ToOne(ALLIANCE, "convenor", Organisation, "convenor_id")
parent = ToOne(ALLIANCE, "parent", Alliance, "parent_id")
memberships = ToMany(ALLIANCE, "memberships", AllianceMembership, ForeignKeyJoin("alliance_id"))
supports = ToMany(ALLIANCE, "supports", AllianceSupport, ForeignKeyJoin("alliance_id"))
supporters = ToMany(
    ALLIANCE,
    "supporters",
    Organisation,
    ComposedJoin(supports, "organisation"),
)
sub_alliances = ToMany(ALLIANCE, "sub_alliances", Alliance, ForeignKeyJoin("parent_id"))
alliances_of_region = ToMany(REGION, "alliances", Alliance, subtree_join(), description="联盟")
convened_alliances = ToMany(
    ORGANISATION,
    "convened_alliances",
    Alliance,
    ForeignKeyJoin("convenor_id"),
    description="Alliances that this organisation leads. 牵头的联盟",
    place=141,
)

alliance_of_membership = ToOne(ALLIANCE_MEMBERSHIP, "alliance", Alliance, "alliance_id")
member = ToOneUnion(
    ALLIANCE_MEMBERSHIP,
    "member",
    {Organisation: "organisation_id", Studio: "studio_id", Academy: "academy_id"},
)
memberships_of_organisation = ToMany(
    ORGANISATION,
    "memberships",
    AllianceMembership,
    ForeignKeyJoin("organisation_id"),
    description="Memberships in alliances. 联盟成员关系",
)
memberships_of_studio = ToMany(
    STUDIO, "memberships", AllianceMembership, ForeignKeyJoin("studio_id")
)
memberships_of_academy = ToMany(
    ACADEMY, "memberships", AllianceMembership, ForeignKeyJoin("academy_id")
)
provinces = ToListThrough(
    ALLIANCE, "provinces", Region, memberships, ("member", "region", "province")
)
sources_of_membership = sources_link(ALLIANCE_MEMBERSHIP)

alliance_of_support = ToOne(ALLIANCE_SUPPORT, "alliance", Alliance, "alliance_id")
supports_of_organisation = ToMany(
    ORGANISATION,
    "supports",
    AllianceSupport,
    ForeignKeyJoin("organisation_id"),
    description="Support of alliances by this organisation. 支持关系",
    place=281,
)
organisation_of_support = ToOne(ALLIANCE_SUPPORT, "organisation", Organisation, "organisation_id")
sources_of_support = sources_link(ALLIANCE_SUPPORT)
