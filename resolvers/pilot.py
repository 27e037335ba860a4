from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne
from models.organisation import Organisation
from models.pilot import Pilot
from models.region import Region
from resolvers.core.declare import (
    date_filter,
    declare_thing,
    dimension,
    region_dimensions,
    subtree_join,
)
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION

PILOT = declare_thing(
    Pilot,
    "pilot_kind",
    orders={"STARTED": "started"},
    rules={"started": date_filter("started")},
    dimensions={
        "KIND": dimension(column="pilot_kind"),
        "ORGANISATION": dimension("organisation"),
        "YEAR": dimension(column="started", digits=4),
        **region_dimensions("region"),
    },
    description="试点",
)

region = ToOne(PILOT, "region", Region, "region_id")
organisation = ToOne(PILOT, "organisation", Organisation, "organisation_id")
pilots_of_region = ToMany(REGION, "pilots", Pilot, subtree_join(), description="试点")
pilots_of_organisation = ToMany(
    ORGANISATION,
    "pilots",
    Pilot,
    ForeignKeyJoin("organisation_id"),
    description="Pilots in which this organisation takes part. 参加的试点",
)
