from engine.link import Closed, Many, One
from engine.way import HeldBy
from models import Industry, Organisation, Region, Studio, StudioMembership, Worker
from resolvers import following
from resolvers.declare import CURRENT, ByFacts, by, fact, lying_in, places, thing
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import cited
from resolvers.vocabulary import INDUSTRY
from resolvers.worker import WORKER

STUDIO = thing(
    Studio,
    "studio_kind",
    "level",
    "field",
    orders={"FOUNDED": "founded"},
    dimensions={
        "KIND": by(column="studio_kind"),
        "LEVEL": by(column="level"),
        "INDUSTRY": by("industry"),
        "YEAR": by(column="founded", digits=4),
        **places("region"),
    },
    follows={"leader_id": following.leader},
)
STUDIO_MEMBERSHIP = fact(
    StudioMembership,
    "studio_role",
    orders={"JOINED": "joined"},
    dimensions={"ROLE": by(column="studio_role"), "YEAR": by(column="joined", digits=4)},
    spell=CURRENT,
)

region = One(STUDIO, "region", Region, "region_id")
industry = One(STUDIO, "industry", Industry, "industry_id")
host = One(STUDIO, "host", Organisation, "host_id")
leaders = Closed(STUDIO, "leaders", Worker, ByFacts(following.led_by))
leader = One(STUDIO, "leader", Worker, "leader_id", among=leaders)
studios_of_industry = Many(INDUSTRY, "studios", Studio, HeldBy("industry_id"))
studios_of_region = Many(REGION, "studios", Studio, lying_in())
studios_of_organisation = Many(ORGANISATION, "studios", Studio, HeldBy("host_id"))
led_studios = Many(WORKER, "led_studios", Studio, ByFacts(following.leads))

studio_of_membership = One(STUDIO_MEMBERSHIP, "studio", Studio, "studio_id")
worker_of_membership = One(STUDIO_MEMBERSHIP, "worker", Worker, "worker_id")
members = Many(STUDIO, "members", StudioMembership, HeldBy("studio_id"))
studio_memberships = Many(WORKER, "studio_memberships", StudioMembership, HeldBy("worker_id"))
sources_of_studio_membership = cited(STUDIO_MEMBERSHIP)
