from engine.link import Many, One
from engine.way import HeldBy
from models import Employment, Occupation, Organisation, Region, Worker
from resolvers import corrections, following
from resolvers.declare import CURRENT, FoldedInto, by, fact, lying_in, places, thing
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import cited
from resolvers.vocabulary import OCCUPATION

WORKER = thing(
    Worker,
    "grade",
    "frontline",
    "occupation_as_published",
    dimensions={
        "GRADE": by(column="grade"),
        "OCCUPATION": by("occupation"),
        "INDUSTRY": by("employer", "industry"),
        "EMPLOYER": by("employer"),
        "FRONTLINE": by(column="frontline"),
        **places("region"),
    },
    follows={"grade": following.grade, "employer_id": following.employer},
    equals={"grade": corrections.of_grade},
    corrections={"grade": corrections.by_grade},
)
EMPLOYMENT = fact(
    Employment,
    "post",
    orders={"STARTED": "started"},
    dimensions={
        "YEAR": by(column="started", digits=4),
        "INDUSTRY": by("organisation", "industry"),
        **places("organisation", "region"),
    },
    spell=CURRENT,
)

occupation = One(WORKER, "occupation", Occupation, "occupation_id")
region = One(WORKER, "region", Region, "region_id")
employer = One(WORKER, "employer", Organisation, "employer_id")
workers_of_occupation = Many(OCCUPATION, "workers", Worker, HeldBy("occupation_id"))
workers_of_region = Many(REGION, "workers", Worker, lying_in())
workers_of_organisation = Many(
    ORGANISATION, "workers", Worker, FoldedInto("employer_id", following.employed)
)

worker_of_employment = One(EMPLOYMENT, "worker", Worker, "worker_id")
organisation_of_employment = One(EMPLOYMENT, "organisation", Organisation, "organisation_id")
employments = Many(WORKER, "employments", Employment, HeldBy("worker_id"))
employments_of_organisation = Many(
    ORGANISATION, "employments", Employment, HeldBy("organisation_id")
)
sources_of_employment = cited(EMPLOYMENT)
