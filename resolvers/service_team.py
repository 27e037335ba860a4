from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne
from models.organisation import Organisation
from models.region import Region
from models.service_team import ServiceTeam, ServiceTeamMembership
from models.worker import Worker
from resolvers.core.declare import (
    CURRENT_SPELLS,
    declare_fact,
    declare_thing,
    dimension,
    region_dimensions,
    subtree_join,
)
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import sources_link
from resolvers.worker import WORKER

SERVICE_TEAM = declare_thing(
    ServiceTeam,
    "field",
    orders={"FOUNDED": "founded"},
    dimensions={
        "ORGANISER": dimension("organiser"),
        "PARENT": dimension("parent"),
        "YEAR": dimension(column="founded", digits=4),
        **region_dimensions("region"),
    },
    description="服务队",
    place=350,
)
SERVICE_TEAM_MEMBERSHIP = declare_fact(
    ServiceTeamMembership,
    "role",
    orders={"JOINED": "joined"},
    dimensions={
        "SERVICE_TEAM": dimension("service_team"),
        "ROLE": dimension(column="role"),
        "GRADE": dimension("worker", column="grade"),
        "OCCUPATION": dimension("worker", "occupation"),
        **region_dimensions("service_team", "region"),
    },
    spell=CURRENT_SPELLS,
    description="服务队成员关系",
    place=360,
)

parent = ToOne(SERVICE_TEAM, "parent", ServiceTeam, "parent_id")
branches = ToMany(SERVICE_TEAM, "branches", ServiceTeam, ForeignKeyJoin("parent_id"))
region = ToOne(SERVICE_TEAM, "region", Region, "region_id")
organiser = ToOne(SERVICE_TEAM, "organiser", Organisation, "organiser_id")
members = ToMany(SERVICE_TEAM, "members", ServiceTeamMembership, ForeignKeyJoin("service_team_id"))
service_teams_of_region = ToMany(
    REGION, "service_teams", ServiceTeam, subtree_join(), description="服务队"
)
service_teams_of_organisation = ToMany(
    ORGANISATION,
    "service_teams",
    ServiceTeam,
    ForeignKeyJoin("organiser_id"),
    description="组织的服务队",
)

service_team = ToOne(SERVICE_TEAM_MEMBERSHIP, "service_team", ServiceTeam, "service_team_id")
worker = ToOne(SERVICE_TEAM_MEMBERSHIP, "worker", Worker, "worker_id")
service_team_memberships = ToMany(
    WORKER, "service_team_memberships", ServiceTeamMembership, ForeignKeyJoin("worker_id")
)
sources_of_service_team_membership = sources_link(SERVICE_TEAM_MEMBERSHIP)
