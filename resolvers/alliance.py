from engine.along import Along
from engine.link import Chain, Many, One, OneOf
from engine.way import HeldBy
from models import (
    Academy,
    Alliance,
    AllianceMembership,
    AllianceSupport,
    Organisation,
    Region,
    Studio,
)
from resolvers.academy import ACADEMY
from resolvers.declare import CURRENT, by, fact, lying_in, places, thing
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import cited
from resolvers.studio import STUDIO

ALLIANCE = thing(
    Alliance,
    "alliance_kind",
    "level",
    orders={"FOUNDED": "founded"},
    dimensions={
        "KIND": by(column="alliance_kind"),
        "LEVEL": by(column="level"),
        "INDUSTRY": by("convenor", "industry"),
        "YEAR": by(column="founded", digits=4),
        **places("region"),
    },
)
MEMBERSHIP = fact(
    AllianceMembership,
    "role",
    "left_reason",
    orders={"JOINED": "joined"},
    dimensions={
        "ALLIANCE": by("alliance"),
        "ROLE": by(column="role"),
        "LEFT_REASON": by(column="left_reason"),
        "YEAR": by(column="joined", digits=4),
        **places("member", "region"),
    },
    spell=CURRENT,
)
SUPPORT = fact(
    AllianceSupport,
    "role",
    dimensions={"ROLE": by(column="role"), **places("organisation", "region")},
)

region = One(ALLIANCE, "region", Region, "region_id")
convenor = One(ALLIANCE, "convenor", Organisation, "convenor_id")
parent = One(ALLIANCE, "parent", Alliance, "parent_id")
memberships = Many(ALLIANCE, "memberships", AllianceMembership, HeldBy("alliance_id"))
supports = Many(ALLIANCE, "supports", AllianceSupport, HeldBy("alliance_id"))
supporters = Many(
    ALLIANCE,
    "supporters",
    Organisation,
    Along(supports, "organisation"),
)
sub_alliances = Many(ALLIANCE, "sub_alliances", Alliance, HeldBy("parent_id"))
alliances_of_region = Many(REGION, "alliances", Alliance, lying_in())
convened_alliances = Many(ORGANISATION, "convened_alliances", Alliance, HeldBy("convenor_id"))

alliance_of_membership = One(MEMBERSHIP, "alliance", Alliance, "alliance_id")
member = OneOf(
    MEMBERSHIP,
    "member",
    {Organisation: "organisation_id", Studio: "studio_id", Academy: "academy_id"},
)
memberships_of_organisation = Many(
    ORGANISATION, "memberships", AllianceMembership, HeldBy("organisation_id")
)
memberships_of_studio = Many(STUDIO, "memberships", AllianceMembership, HeldBy("studio_id"))
memberships_of_academy = Many(ACADEMY, "memberships", AllianceMembership, HeldBy("academy_id"))
provinces = Chain(ALLIANCE, "provinces", Region, memberships, ("member", "region", "province"))
sources_of_membership = cited(MEMBERSHIP)

alliance_of_support = One(SUPPORT, "alliance", Alliance, "alliance_id")
supports_of_organisation = Many(
    ORGANISATION, "supports", AllianceSupport, HeldBy("organisation_id")
)
organisation_of_support = One(SUPPORT, "organisation", Organisation, "organisation_id")
sources_of_support = cited(SUPPORT)
