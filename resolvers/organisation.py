from engine.catalog.join import ForeignKeyJoin
from engine.catalog.kind import FilterField
from engine.catalog.link import ToList, ToMany, ToOne
from engine.sql.composed_join import ComposedJoin
from models.organisation import Organisation, OrganisationFormerName, OrganisationSuccession
from models.region import Region
from models.vocabulary import Industry
from resolvers.core.declare import (
    declare_part,
    declare_thing,
    dimension,
    region_dimensions,
    subtree_join,
)
from resolvers.core.organisation_names import has_organisation_name
from resolvers.region import REGION
from resolvers.vocabulary import INDUSTRY

ORGANISATION = declare_thing(
    Organisation,
    "organisation_kind",
    "credit_code",
    "industry_as_published",
    rules={
        "name": FilterField(
            "name",
            has_organisation_name,
            "Current or former name, or the name of a predecessor. 名称或曾用名",
        )
    },
    dimensions={
        "KIND": dimension(column="organisation_kind"),
        "INDUSTRY": dimension("industry"),
        **region_dimensions("region"),
    },
    description="单位",
    place=40,
)
ORGANISATION_FORMER_NAME = declare_part(
    OrganisationFormerName,
    "name",
    orders={"STARTED": "started"},
    dimensions=region_dimensions("organisation", "region"),
    description="单位曾用名",
    place=50,
)
ORGANISATION_SUCCESSION = declare_part(
    OrganisationSuccession,
    "decree",
    orders={"SINCE": "since"},
    dimensions={
        "YEAR": dimension(column="since", digits=4),
        **region_dimensions("successor", "region"),
    },
    description="单位承继",
    place=60,
)

region = ToOne(ORGANISATION, "region", Region, "region_id")
industry = ToOne(ORGANISATION, "industry", Industry, "industry_id")
parent = ToOne(ORGANISATION, "parent", Organisation, "parent_id")
subsidiaries = ToMany(ORGANISATION, "subsidiaries", Organisation, ForeignKeyJoin("parent_id"))
organisations_of_industry = ToMany(
    INDUSTRY, "organisations", Organisation, ForeignKeyJoin("industry_id")
)
organisations_of_region = ToMany(
    REGION, "organisations", Organisation, subtree_join(), description="单位"
)

former_names = ToList(
    ORGANISATION,
    "former_names",
    OrganisationFormerName,
    ForeignKeyJoin("organisation_id"),
    order=("started",),
)
organisation_of_former_name = ToOne(
    ORGANISATION_FORMER_NAME, "organisation", Organisation, "organisation_id"
)
organisation_of_succession = ToOne(
    ORGANISATION_SUCCESSION, "organisation", Organisation, "organisation_id"
)
successor_of_organisation = ToOne(
    ORGANISATION_SUCCESSION, "successor", Organisation, "successor_id"
)
successions = ToList(
    ORGANISATION,
    "successions",
    OrganisationSuccession,
    ForeignKeyJoin("organisation_id"),
    order=("since",),
)
successions_into = ToList(
    ORGANISATION,
    "successions_into",
    OrganisationSuccession,
    ForeignKeyJoin("successor_id"),
    order=("since",),
)
successors = ToList(
    ORGANISATION, "successors", Organisation, ComposedJoin(successions, "successor")
)
predecessors = ToList(
    ORGANISATION, "predecessors", Organisation, ComposedJoin(successions_into, "organisation")
)
