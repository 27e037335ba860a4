from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne
from models.facility import Facility
from models.organisation import Organisation
from models.region import Region
from resolvers.core.declare import declare_thing, dimension, region_dimensions, subtree_join
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION

FACILITY = declare_thing(
    Facility,
    "facility_kind",
    orders={"OPENED": "opened"},
    dimensions={
        "KIND": dimension(column="facility_kind"),
        "OPERATOR": dimension("operator"),
        "YEAR": dimension(column="opened", digits=4),
        **region_dimensions("region"),
    },
    description="平台场所",
    place=440,
)

operator = ToOne(FACILITY, "operator", Organisation, "operator_id")
region = ToOne(FACILITY, "region", Region, "region_id")
facilities_of_region = ToMany(
    REGION, "facilities", Facility, subtree_join(), description="平台场所"
)
operated_facilities = ToMany(
    ORGANISATION,
    "operated_facilities",
    Facility,
    ForeignKeyJoin("operator_id"),
    description="Facilities that this organisation operates. 运营的场所",
)
