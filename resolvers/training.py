from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToListUnion, ToMany, ToOne, ToOneUnion
from models.academy import Academy
from models.competition import Competition, Result
from models.honour import Conferral
from models.organisation import Organisation
from models.region import Region
from models.subsidy import Grant
from models.training import Enrolment, Mentorship, Programme, Qualification, TrainingClass
from models.vocabulary import Major, Occupation
from models.worker import Worker
from resolvers.academy import ACADEMY
from resolvers.competition import COMPETITION, RESULT
from resolvers.core.declare import (
    ALL_SPELLS,
    declare_fact,
    declare_thing,
    dimension,
    region_dimensions,
    subtree_join,
)
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import sources_link
from resolvers.vocabulary import MAJOR, OCCUPATION
from resolvers.worker import WORKER

PROGRAMME = declare_thing(
    Programme,
    "mode",
    dimensions={"MODE": dimension(column="mode"), **region_dimensions("region")},
    description="培养项目",
    place=260,
)
TRAINING_CLASS = declare_thing(
    TrainingClass,
    orders={"STARTED": "started"},
    dimensions={
        "YEAR": dimension(column="started", digits=4),
        "PROGRAMME": dimension("programme"),
        "ACADEMY": dimension("academy"),
    },
    spell=ALL_SPELLS,
    description="培训班",
    place=270,
)
ENROLMENT = declare_fact(
    Enrolment,
    "cohort",
    "enrolment_status",
    orders={"COHORT": "cohort", "STARTED": "started", "SCORE": "score"},
    dimensions={
        "COHORT": dimension(column="cohort"),
        "ENROLMENT_STATUS": dimension(column="enrolment_status"),
        "MAJOR": dimension("major"),
        "TRAINING_CLASS": dimension("training_class"),
        "EMPLOYER": dimension("trainee", "employer"),
        "GRADE": dimension("trainee", column="grade"),
    },
    spell=ALL_SPELLS,
    description="学籍",
    place=280,
)
MENTORSHIP = declare_fact(
    Mentorship,
    orders={"STARTED": "started"},
    dimensions={"YEAR": dimension(column="started", digits=4)},
    spell=ALL_SPELLS,
    description="师徒",
    place=290,
)
QUALIFICATION = declare_fact(
    Qualification,
    "grade",
    "basis",
    orders={"ISSUED_ON": "issued_on"},
    dimensions={
        "GRADE": dimension(column="grade"),
        "OCCUPATION": dimension("occupation"),
        "YEAR": dimension(column="issued_on", digits=4),
        "BASIS": dimension(column="basis"),
        **region_dimensions("worker", "region"),
    },
    description="技能等级证书",
    place=300,
)

region = ToOne(PROGRAMME, "region", Region, "region_id")
organisation = ToOne(PROGRAMME, "organisation", Organisation, "organisation_id")
academy_of_programme = ToOne(PROGRAMME, "academy", Academy, "academy_id")
programmes_of_region = ToMany(
    REGION, "programmes", Programme, subtree_join(), description="培养项目"
)
programmes_of_academy = ToMany(ACADEMY, "programmes", Programme, ForeignKeyJoin("academy_id"))
programmes_of_organisation = ToMany(
    ORGANISATION, "programmes", Programme, ForeignKeyJoin("organisation_id"), description="培养项目"
)
standard = ToOne(PROGRAMME, "standard", Competition, "standard_id")
standard_programmes = ToMany(
    COMPETITION, "standard_programmes", Programme, ForeignKeyJoin("standard_id")
)
classes_of_programme = ToMany(PROGRAMME, "classes", TrainingClass, ForeignKeyJoin("programme_id"))

programme = ToOne(TRAINING_CLASS, "programme", Programme, "programme_id")
academy = ToOne(TRAINING_CLASS, "academy", Academy, "academy_id")
college = ToOne(TRAINING_CLASS, "college", Organisation, "college_id")
enrolments = ToMany(TRAINING_CLASS, "enrolments", Enrolment, ForeignKeyJoin("training_class_id"))
classes = ToMany(ACADEMY, "classes", TrainingClass, ForeignKeyJoin("academy_id"))
classes_of_college = ToMany(
    ORGANISATION, "classes", TrainingClass, ForeignKeyJoin("college_id"), description="培训班"
)

college_of_enrolment = ToOne(ENROLMENT, "college", Organisation, "college_id")
training_class = ToOne(ENROLMENT, "training_class", TrainingClass, "training_class_id")
trainee = ToOne(ENROLMENT, "trainee", Worker, "trainee_id")
major = ToOne(ENROLMENT, "major", Major, "major_id")
enrolments_of_college = ToMany(
    ORGANISATION,
    "enrolments",
    Enrolment,
    ForeignKeyJoin("college_id"),
    description="Enrolments at this college. Never public. 学籍",
)
enrolments_of_trainee = ToMany(WORKER, "enrolments", Enrolment, ForeignKeyJoin("trainee_id"))
enrolments_of_major = ToMany(MAJOR, "enrolments", Enrolment, ForeignKeyJoin("major_id"))
sources_of_enrolment = sources_link(ENROLMENT)

mentor = ToOne(MENTORSHIP, "mentor", Worker, "mentor_id")
apprentice = ToOne(MENTORSHIP, "apprentice", Worker, "apprentice_id")
mentorships_given = ToMany(WORKER, "mentorships_given", Mentorship, ForeignKeyJoin("mentor_id"))
mentorships_received = ToMany(
    WORKER, "mentorships_received", Mentorship, ForeignKeyJoin("apprentice_id")
)
sources_of_mentorship = sources_link(MENTORSHIP)

worker_of_qualification = ToOne(QUALIFICATION, "worker", Worker, "worker_id")
occupation = ToOne(QUALIFICATION, "occupation", Occupation, "occupation_id")
issuer = ToOne(QUALIFICATION, "issuer", Organisation, "issuer_id")
issued_qualifications = ToMany(
    ORGANISATION,
    "issued_qualifications",
    Qualification,
    ForeignKeyJoin("issuer_id"),
    description="Skill certificates that this organisation issued. 颁发的技能等级证书",
    place=371,
)
based_on = ToOneUnion(QUALIFICATION, "based_on", {Result: "based_on_id"})
qualifications = ToMany(WORKER, "qualifications", Qualification, ForeignKeyJoin("worker_id"))
qualifications_of_occupation = ToMany(
    OCCUPATION, "qualifications", Qualification, ForeignKeyJoin("occupation_id")
)
consequences = ToListUnion(
    RESULT,
    "consequences",
    {
        Conferral: ForeignKeyJoin("based_on_id"),
        Qualification: ForeignKeyJoin("based_on_id"),
        Grant: ForeignKeyJoin("based_on_id"),
    },
)
sources_of_qualification = sources_link(QUALIFICATION)
