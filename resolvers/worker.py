from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne
from models.organisation import Organisation
from models.region import Region
from models.vocabulary import Occupation
from models.worker import Employment, Worker
from resolvers.core import derived_values, grade_corrections
from resolvers.core.declare import (
    CURRENT_SPELLS,
    DerivedForeignKeyJoin,
    declare_fact,
    declare_thing,
    dimension,
    region_dimensions,
    subtree_join,
)
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import sources_link
from resolvers.vocabulary import OCCUPATION

WORKER = declare_thing(
    Worker,
    "grade",
    "frontline",
    "occupation_as_published",
    dimensions={
        "GRADE": dimension(column="grade"),
        "OCCUPATION": dimension("occupation"),
        "INDUSTRY": dimension("employer", "industry"),
        "EMPLOYER": dimension("employer"),
        "FRONTLINE": dimension(column="frontline"),
        **region_dimensions("region"),
    },
    follows={
        "grade": derived_values.grade_of_worker,
        "employer_id": derived_values.employer_of_worker,
    },
    equals={"grade": grade_corrections.grade_conditions},
    corrections={"grade": grade_corrections.corrected_cells},
    description="职工",
    place=70,
)
EMPLOYMENT = declare_fact(
    Employment,
    "post",
    orders={"STARTED": "started"},
    dimensions={
        "YEAR": dimension(column="started", digits=4),
        "INDUSTRY": dimension("organisation", "industry"),
        **region_dimensions("organisation", "region"),
    },
    spell=CURRENT_SPELLS,
    description="任职",
    place=80,
)

occupation = ToOne(WORKER, "occupation", Occupation, "occupation_id")
region = ToOne(WORKER, "region", Region, "region_id")
employer = ToOne(WORKER, "employer", Organisation, "employer_id")
workers_of_occupation = ToMany(OCCUPATION, "workers", Worker, ForeignKeyJoin("occupation_id"))
workers_of_region = ToMany(REGION, "workers", Worker, subtree_join(), description="职工")
workers_of_organisation = ToMany(
    ORGANISATION,
    "workers",
    Worker,
    DerivedForeignKeyJoin("employer_id", derived_values.employment_pairs),
    description="Workers employed there today. 职工",
)

worker_of_employment = ToOne(EMPLOYMENT, "worker", Worker, "worker_id")
organisation_of_employment = ToOne(EMPLOYMENT, "organisation", Organisation, "organisation_id")
employments = ToMany(WORKER, "employments", Employment, ForeignKeyJoin("worker_id"))
employments_of_organisation = ToMany(
    ORGANISATION, "employments", Employment, ForeignKeyJoin("organisation_id"), description="任职"
)
sources_of_employment = sources_link(EMPLOYMENT)
