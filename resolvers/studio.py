from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToList, ToMany, ToOne
from models.organisation import Organisation
from models.region import Region
from models.studio import Studio, StudioMembership
from models.vocabulary import Industry
from models.worker import Worker
from resolvers.core import derived_values
from resolvers.core.declare import (
    CURRENT_SPELLS,
    FactPairsJoin,
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

STUDIO = declare_thing(
    Studio,
    "studio_kind",
    "level",
    "field",
    orders={"FOUNDED": "founded"},
    dimensions={
        "KIND": dimension(column="studio_kind"),
        "LEVEL": dimension(column="level"),
        "INDUSTRY": dimension("industry"),
        "YEAR": dimension(column="founded", digits=4),
        **region_dimensions("region"),
    },
    follows={"leader_id": derived_values.leader_of_studio},
    description="工作室",
    place=90,
)
STUDIO_MEMBERSHIP = declare_fact(
    StudioMembership,
    "studio_role",
    orders={"JOINED": "joined"},
    dimensions={
        "ROLE": dimension(column="studio_role"),
        "YEAR": dimension(column="joined", digits=4),
    },
    spell=CURRENT_SPELLS,
    description="工作室成员关系",
    place=100,
)

region = ToOne(STUDIO, "region", Region, "region_id")
industry = ToOne(STUDIO, "industry", Industry, "industry_id")
host = ToOne(STUDIO, "host", Organisation, "host_id")
leaders = ToList(STUDIO, "leaders", Worker, FactPairsJoin(derived_values.studio_leader_pairs))
leader = ToOne(STUDIO, "leader", Worker, "leader_id", among=leaders)
studios_of_industry = ToMany(INDUSTRY, "studios", Studio, ForeignKeyJoin("industry_id"))
studios_of_region = ToMany(REGION, "studios", Studio, subtree_join(), description="工作室")
studios_of_organisation = ToMany(
    ORGANISATION,
    "studios",
    Studio,
    ForeignKeyJoin("host_id"),
    description="Studios that the organisation hosts. 工作室",
)
led_studios = ToMany(
    WORKER, "led_studios", Studio, FactPairsJoin(derived_values.leader_studio_pairs)
)

studio_of_membership = ToOne(STUDIO_MEMBERSHIP, "studio", Studio, "studio_id")
worker_of_membership = ToOne(STUDIO_MEMBERSHIP, "worker", Worker, "worker_id")
members = ToMany(STUDIO, "members", StudioMembership, ForeignKeyJoin("studio_id"))
studio_memberships = ToMany(
    WORKER, "studio_memberships", StudioMembership, ForeignKeyJoin("worker_id")
)
sources_of_studio_membership = sources_link(STUDIO_MEMBERSHIP)
