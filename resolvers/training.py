from engine.link import ClosedOf, Many, One, OneOf
from engine.way import HeldBy
from models import (
    Academy,
    Competition,
    Conferral,
    Enrolment,
    Grant,
    Major,
    Mentorship,
    Occupation,
    Organisation,
    Programme,
    Qualification,
    Region,
    Result,
    TrainingClass,
    Worker,
)
from resolvers.academy import ACADEMY
from resolvers.competition import COMPETITION, RESULT
from resolvers.declare import ALL, by, fact, lying_in, places, thing
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import cited
from resolvers.vocabulary import MAJOR, OCCUPATION
from resolvers.worker import WORKER

PROGRAMME = thing(Programme, "mode", dimensions={"MODE": by(column="mode"), **places("region")})
TRAINING_CLASS = thing(
    TrainingClass,
    orders={"STARTED": "started"},
    dimensions={
        "YEAR": by(column="started", digits=4),
        "PROGRAMME": by("programme"),
        "ACADEMY": by("academy"),
    },
    spell=ALL,
)
ENROLMENT = fact(
    Enrolment,
    "cohort",
    "enrolment_status",
    orders={"COHORT": "cohort", "STARTED": "started", "SCORE": "score"},
    dimensions={
        "COHORT": by(column="cohort"),
        "ENROLMENT_STATUS": by(column="enrolment_status"),
        "MAJOR": by("major"),
        "TRAINING_CLASS": by("training_class"),
        "EMPLOYER": by("trainee", "employer"),
        "GRADE": by("trainee", column="grade"),
    },
    spell=ALL,
)
MENTORSHIP = fact(
    Mentorship,
    orders={"STARTED": "started"},
    dimensions={"YEAR": by(column="started", digits=4)},
    spell=ALL,
)
QUALIFICATION = fact(
    Qualification,
    "grade",
    "basis",
    orders={"ISSUED_ON": "issued_on"},
    dimensions={
        "GRADE": by(column="grade"),
        "OCCUPATION": by("occupation"),
        "YEAR": by(column="issued_on", digits=4),
        "BASIS": by(column="basis"),
        **places("worker", "region"),
    },
)

region = One(PROGRAMME, "region", Region, "region_id")
organisation = One(PROGRAMME, "organisation", Organisation, "organisation_id")
academy_of_programme = One(PROGRAMME, "academy", Academy, "academy_id")
programmes_of_region = Many(REGION, "programmes", Programme, lying_in())
programmes_of_academy = Many(ACADEMY, "programmes", Programme, HeldBy("academy_id"))
programmes_of_organisation = Many(ORGANISATION, "programmes", Programme, HeldBy("organisation_id"))
standard = One(PROGRAMME, "standard", Competition, "standard_id")
standard_programmes = Many(COMPETITION, "standard_programmes", Programme, HeldBy("standard_id"))
classes_of_programme = Many(PROGRAMME, "classes", TrainingClass, HeldBy("programme_id"))

programme = One(TRAINING_CLASS, "programme", Programme, "programme_id")
academy = One(TRAINING_CLASS, "academy", Academy, "academy_id")
college = One(TRAINING_CLASS, "college", Organisation, "college_id")
enrolments = Many(TRAINING_CLASS, "enrolments", Enrolment, HeldBy("training_class_id"))
classes = Many(ACADEMY, "classes", TrainingClass, HeldBy("academy_id"))
classes_of_college = Many(ORGANISATION, "classes", TrainingClass, HeldBy("college_id"))

college_of_enrolment = One(ENROLMENT, "college", Organisation, "college_id")
training_class = One(ENROLMENT, "training_class", TrainingClass, "training_class_id")
trainee = One(ENROLMENT, "trainee", Worker, "trainee_id")
major = One(ENROLMENT, "major", Major, "major_id")
enrolments_of_college = Many(ORGANISATION, "enrolments", Enrolment, HeldBy("college_id"))
enrolments_of_trainee = Many(WORKER, "enrolments", Enrolment, HeldBy("trainee_id"))
enrolments_of_major = Many(MAJOR, "enrolments", Enrolment, HeldBy("major_id"))
sources_of_enrolment = cited(ENROLMENT)

mentor = One(MENTORSHIP, "mentor", Worker, "mentor_id")
apprentice = One(MENTORSHIP, "apprentice", Worker, "apprentice_id")
mentorships_given = Many(WORKER, "mentorships_given", Mentorship, HeldBy("mentor_id"))
mentorships_received = Many(WORKER, "mentorships_received", Mentorship, HeldBy("apprentice_id"))
sources_of_mentorship = cited(MENTORSHIP)

worker_of_qualification = One(QUALIFICATION, "worker", Worker, "worker_id")
occupation = One(QUALIFICATION, "occupation", Occupation, "occupation_id")
issuer = One(QUALIFICATION, "issuer", Organisation, "issuer_id")
issued_qualifications = Many(
    ORGANISATION, "issued_qualifications", Qualification, HeldBy("issuer_id")
)
based_on = OneOf(QUALIFICATION, "based_on", {Result: "based_on_id"})
qualifications = Many(WORKER, "qualifications", Qualification, HeldBy("worker_id"))
qualifications_of_occupation = Many(
    OCCUPATION, "qualifications", Qualification, HeldBy("occupation_id")
)
consequences = ClosedOf(
    RESULT,
    "consequences",
    {
        Conferral: HeldBy("based_on_id"),
        Qualification: HeldBy("based_on_id"),
        Grant: HeldBy("based_on_id"),
    },
)
sources_of_qualification = cited(QUALIFICATION)
