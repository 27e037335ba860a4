from engine.catalog.join import AssociationJoin, ForeignKeyJoin
from engine.catalog.kind import FilterField, Spells
from engine.catalog.link import ToList, ToOne
from engine.sql.composed_join import ComposedJoin
from models.history import model_table
from models.region import FormerName, Region, RegionAncestor, RegionSuccession
from resolvers.core.declare import (
    CURRENT_SPELLS,
    declare_part,
    declare_thing,
    dimension,
    region_dimensions,
    subtree_ids,
)

REGION = declare_thing(
    Region,
    "level",
    orders={"LEVEL": "level"},
    rules={
        "code": FilterField(
            "code",
            lambda rows, code: rows.c.id.in_(subtree_ids(code)),
            "Code of a region. It matches this region and all regions below it. 本地区及下辖地区",
        )
    },
    dimensions={"LEVEL": dimension(column="level"), **region_dimensions()},
    spell=CURRENT_SPELLS,
    description="All regions, by default only those of today. 行政区划",
    place=10,
)
REGION_FORMER_NAME = declare_part(
    FormerName,
    "name",
    orders={"STARTED": "started"},
    dimensions=region_dimensions("region"),
    description="曾用名",
    place=20,
)
REGION_SUCCESSION = declare_part(
    RegionSuccession,
    "decree",
    orders={"SINCE": "since"},
    dimensions={"YEAR": dimension(column="since", digits=4), **region_dimensions("successor")},
    description="区划承继",
    place=30,
)

parent = ToOne(REGION, "parent", Region, "parent_id")
province = ToOne(REGION, "province", Region, "province_id")
city = ToOne(REGION, "city", Region, "city_id")
district = ToOne(REGION, "district", Region, "district_id")
current = ToOne(REGION, "current", Region, "current_id")
children = ToList(REGION, "children", Region, ForeignKeyJoin("parent_id"))
path = ToList(
    REGION,
    "path",
    Region,
    AssociationJoin(
        model_table(RegionAncestor),
        source_column="region_id",
        far="ancestor_id",
        farthest_first="distance",
    ),
    spells=Spells.ALL,
)
former_names = ToList(
    REGION, "former_names", FormerName, ForeignKeyJoin("region_id"), order=("started",)
)
region_of_former_name = ToOne(REGION_FORMER_NAME, "region", Region, "region_id")

region_of_succession = ToOne(REGION_SUCCESSION, "region", Region, "region_id")
successor_of_region = ToOne(REGION_SUCCESSION, "successor", Region, "successor_id")
successions = ToList(
    REGION, "successions", RegionSuccession, ForeignKeyJoin("region_id"), order=("since",)
)
successions_into = ToList(
    REGION, "successions_into", RegionSuccession, ForeignKeyJoin("successor_id"), order=("since",)
)
successors = ToList(
    REGION, "successors", Region, ComposedJoin(successions, "successor"), spells=Spells.ALL
)
predecessors = ToList(
    REGION, "predecessors", Region, ComposedJoin(successions_into, "region"), spells=Spells.ALL
)
