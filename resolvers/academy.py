from engine.link import Many, One
from engine.way import HeldBy
from models import Academy, Industry, Organisation, Region, Teaching, Worker
from resolvers.declare import ALL, by, fact, lying_in, places, thing, within
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import cited
from resolvers.vocabulary import INDUSTRY
from resolvers.worker import WORKER

ACADEMY = thing(
    Academy,
    "level",
    orders={"OPENED": "opened"},
    rules={"opened": within("opened")},
    dimensions={
        "LEVEL": by(column="level"),
        "INDUSTRY": by("industry"),
        "YEAR": by(column="opened", digits=4),
        **places("region"),
    },
)
TEACHING = fact(
    Teaching,
    "role",
    orders={"STARTED": "started"},
    dimensions={"ROLE": by(column="role"), **places("academy", "region")},
    spell=ALL,
)

region = One(ACADEMY, "region", Region, "region_id")
industry = One(ACADEMY, "industry", Industry, "industry_id")
host = One(ACADEMY, "host", Organisation, "host_id")
academies_of_industry = Many(INDUSTRY, "academies", Academy, HeldBy("industry_id"))
academies_of_region = Many(REGION, "academies", Academy, lying_in())
academies_of_organisation = Many(ORGANISATION, "academies", Academy, HeldBy("host_id"))

academy_of_teaching = One(TEACHING, "academy", Academy, "academy_id")
worker_of_teaching = One(TEACHING, "worker", Worker, "worker_id")
organisation_of_teaching = One(TEACHING, "organisation", Organisation, "organisation_id")
teachings = Many(ACADEMY, "teachings", Teaching, HeldBy("academy_id"))
teachings_of_worker = Many(WORKER, "teachings", Teaching, HeldBy("worker_id"))
teachings_of_organisation = Many(ORGANISATION, "teachings", Teaching, HeldBy("organisation_id"))
sources_of_teaching = cited(TEACHING)
