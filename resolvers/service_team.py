from engine.link import Many, One
from engine.way import HeldBy
from models import Organisation, Region, ServiceTeam, ServiceTeamMembership, Worker
from resolvers.declare import CURRENT, by, fact, lying_in, places, thing
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import cited
from resolvers.worker import WORKER

SERVICE_TEAM = thing(
    ServiceTeam,
    "field",
    orders={"FOUNDED": "founded"},
    dimensions={
        "ORGANISER": by("organiser"),
        "PARENT": by("parent"),
        "YEAR": by(column="founded", digits=4),
        **places("region"),
    },
)
SERVICE_TEAM_MEMBERSHIP = fact(
    ServiceTeamMembership,
    "role",
    orders={"JOINED": "joined"},
    dimensions={
        "SERVICE_TEAM": by("service_team"),
        "ROLE": by(column="role"),
        "GRADE": by("worker", column="grade"),
        "OCCUPATION": by("worker", "occupation"),
        **places("service_team", "region"),
    },
    spell=CURRENT,
)

parent = One(SERVICE_TEAM, "parent", ServiceTeam, "parent_id")
branches = Many(SERVICE_TEAM, "branches", ServiceTeam, HeldBy("parent_id"))
region = One(SERVICE_TEAM, "region", Region, "region_id")
organiser = One(SERVICE_TEAM, "organiser", Organisation, "organiser_id")
members = Many(SERVICE_TEAM, "members", ServiceTeamMembership, HeldBy("service_team_id"))
service_teams_of_region = Many(REGION, "service_teams", ServiceTeam, lying_in())
service_teams_of_organisation = Many(
    ORGANISATION, "service_teams", ServiceTeam, HeldBy("organiser_id")
)

service_team = One(SERVICE_TEAM_MEMBERSHIP, "service_team", ServiceTeam, "service_team_id")
worker = One(SERVICE_TEAM_MEMBERSHIP, "worker", Worker, "worker_id")
service_team_memberships = Many(
    WORKER, "service_team_memberships", ServiceTeamMembership, HeldBy("worker_id")
)
sources_of_service_team_membership = cited(SERVICE_TEAM_MEMBERSHIP)
