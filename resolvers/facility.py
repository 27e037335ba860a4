from engine.link import Many, One
from engine.way import HeldBy
from models import Facility, Organisation, Region
from resolvers.declare import by, lying_in, places, thing
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION

FACILITY = thing(
    Facility,
    "facility_kind",
    orders={"OPENED": "opened"},
    dimensions={
        "KIND": by(column="facility_kind"),
        "OPERATOR": by("operator"),
        "YEAR": by(column="opened", digits=4),
        **places("region"),
    },
)

operator = One(FACILITY, "operator", Organisation, "operator_id")
region = One(FACILITY, "region", Region, "region_id")
facilities_of_region = Many(REGION, "facilities", Facility, lying_in())
operated_facilities = Many(ORGANISATION, "operated_facilities", Facility, HeldBy("operator_id"))
