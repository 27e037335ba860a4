from engine.along import Along
from engine.kind import Filter, Spells
from engine.link import Closed, One
from engine.way import HeldBy, Through
from models import FormerName, Region, RegionAncestor, RegionSuccession
from models.history import stored
from resolvers.declare import CURRENT, by, part, places, subtree, thing

REGION = thing(
    Region,
    "level",
    orders={"LEVEL": "level"},
    rules={
        "code": Filter(
            "code",
            lambda rows, code: rows.c.id.in_(subtree(code)),
            "The region of that code and all that lies in it. 本地区及下辖地区",
        )
    },
    dimensions={"LEVEL": by(column="level"), **places()},
    spell=CURRENT,
)
FORMER_NAME = part(
    FormerName,
    "name",
    orders={"STARTED": "started"},
    dimensions=places("region"),
)
SUCCESSION = part(
    RegionSuccession,
    "decree",
    orders={"SINCE": "since"},
    dimensions={"YEAR": by(column="since", digits=4), **places("successor")},
)

parent = One(REGION, "parent", Region, "parent_id")
province = One(REGION, "province", Region, "province_id")
city = One(REGION, "city", Region, "city_id")
district = One(REGION, "district", Region, "district_id")
current = One(REGION, "current", Region, "current_id")
children = Closed(REGION, "children", Region, HeldBy("parent_id"))
path = Closed(
    REGION,
    "path",
    Region,
    Through(stored(RegionAncestor), near="region_id", far="ancestor_id", farthest_first="distance"),
    spells=Spells.ALL,
)
former_names = Closed(REGION, "former_names", FormerName, HeldBy("region_id"), order=("started",))
region_of_former_name = One(FORMER_NAME, "region", Region, "region_id")

region_of_succession = One(SUCCESSION, "region", Region, "region_id")
successor_of_region = One(SUCCESSION, "successor", Region, "successor_id")
successions = Closed(REGION, "successions", RegionSuccession, HeldBy("region_id"), order=("since",))
successions_into = Closed(
    REGION, "successions_into", RegionSuccession, HeldBy("successor_id"), order=("since",)
)
successors = Closed(
    REGION, "successors", Region, Along(successions, "successor"), spells=Spells.ALL
)
predecessors = Closed(
    REGION, "predecessors", Region, Along(successions_into, "region"), spells=Spells.ALL
)
