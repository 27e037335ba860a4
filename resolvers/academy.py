from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne
from models.academy import Academy, Teaching
from models.organisation import Organisation
from models.region import Region
from models.vocabulary import Industry
from models.worker import Worker
from resolvers.core.declare import (
    ALL_SPELLS,
    date_filter,
    declare_fact,
    declare_thing,
    dimension,
    region_dimensions,
    subtree_join,
)
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import sources_link
from resolvers.vocabulary import INDUSTRY
from resolvers.worker import WORKER

ACADEMY = declare_thing(
    Academy,
    "level",
    orders={"OPENED": "opened"},
    rules={"opened": date_filter("opened")},
    dimensions={
        "LEVEL": dimension(column="level"),
        "INDUSTRY": dimension("industry"),
        "YEAR": dimension(column="opened", digits=4),
        **region_dimensions("region"),
    },
    description="工匠学院",
    place=110,
)
TEACHING = declare_fact(
    Teaching,
    "role",
    orders={"STARTED": "started"},
    dimensions={"ROLE": dimension(column="role"), **region_dimensions("academy", "region")},
    spell=ALL_SPELLS,
    description="任教",
    place=120,
)

region = ToOne(ACADEMY, "region", Region, "region_id")
industry = ToOne(ACADEMY, "industry", Industry, "industry_id")
host = ToOne(ACADEMY, "host", Organisation, "host_id")
academies_of_industry = ToMany(INDUSTRY, "academies", Academy, ForeignKeyJoin("industry_id"))
academies_of_region = ToMany(REGION, "academies", Academy, subtree_join(), description="工匠学院")
academies_of_organisation = ToMany(
    ORGANISATION,
    "academies",
    Academy,
    ForeignKeyJoin("host_id"),
    description="Academies that the organisation hosts. 工匠学院",
)

academy_of_teaching = ToOne(TEACHING, "academy", Academy, "academy_id")
worker_of_teaching = ToOne(TEACHING, "worker", Worker, "worker_id")
organisation_of_teaching = ToOne(TEACHING, "organisation", Organisation, "organisation_id")
teachings = ToMany(ACADEMY, "teachings", Teaching, ForeignKeyJoin("academy_id"))
teachings_of_worker = ToMany(WORKER, "teachings", Teaching, ForeignKeyJoin("worker_id"))
teachings_of_organisation = ToMany(
    ORGANISATION,
    "teachings",
    Teaching,
    ForeignKeyJoin("organisation_id"),
    description="Teaching by persons whom the organisation sent. 任教",
)
sources_of_teaching = sources_link(TEACHING)
