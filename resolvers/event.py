from engine.link import Many, One
from engine.way import HeldBy
from models import Event, Organisation, Region
from resolvers.declare import by, lying_in, places, thing
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION

EVENT = thing(
    Event,
    "event_kind",
    "yearly",
    orders={"HELD_ON": "held_on"},
    dimensions={
        "KIND": by(column="event_kind"),
        "ORGANISER": by("organiser"),
        "YEARLY": by(column="yearly"),
        "YEAR": by(column="held_on", digits=4),
        **places("region"),
    },
)

organiser = One(EVENT, "organiser", Organisation, "organiser_id")
region = One(EVENT, "region", Region, "region_id")
events_of_region = Many(REGION, "events", Event, lying_in())
organised_events = Many(ORGANISATION, "organised_events", Event, HeldBy("organiser_id"))
