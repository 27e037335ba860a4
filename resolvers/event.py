from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne
from models.event import Event
from models.organisation import Organisation
from models.region import Region
from resolvers.core.declare import declare_thing, dimension, region_dimensions, subtree_join
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION

EVENT = declare_thing(
    Event,
    "event_kind",
    "yearly",
    orders={"HELD_ON": "held_on"},
    dimensions={
        "KIND": dimension(column="event_kind"),
        "ORGANISER": dimension("organiser"),
        "YEARLY": dimension(column="yearly"),
        "YEAR": dimension(column="held_on", digits=4),
        **region_dimensions("region"),
    },
    description="活动",
    place=450,
)

organiser = ToOne(EVENT, "organiser", Organisation, "organiser_id")
region = ToOne(EVENT, "region", Region, "region_id")
events_of_region = ToMany(REGION, "events", Event, subtree_join(), description="活动")
organised_events = ToMany(
    ORGANISATION,
    "organised_events",
    Event,
    ForeignKeyJoin("organiser_id"),
    description="Events that this organisation organised. 组织的活动",
)
