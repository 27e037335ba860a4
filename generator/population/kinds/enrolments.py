from generator.population.chance import Draw, Weighted
from generator.population.codes import code
from generator.population.drawn.classes import NOW_TAUGHT, YEARS
from generator.population.drawn.people import NONE
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from models.row import Audience
from models.training import Enrolment
from models.training import EnrolmentStatus as Status

NOW = Weighted[Status | None]({Status.ENROLLED: 95.5, Status.SUSPENDED: 1.5, Status.WITHDRAWN: 1.5,
                               Status.TRANSFERRED: 0.5, Status.EXPELLED: 0.1,
                               None: 0.9})  # fmt: skip
BEFORE = Weighted[Status | None]({Status.GRADUATED: 90, Status.COMPLETED: 5, Status.WITHDRAWN: 3,
                                  Status.TRANSFERRED: 1, Status.EXPELLED: 0.2,
                                  None: 0.8})  # fmt: skip
CUT_SHORT = {Status.WITHDRAWN, Status.TRANSFERRED, Status.EXPELLED}
TRANSFERRED = 0.02  # came from another college after a year
UNMARKED, UNLISTED = 0.1, 0.03
PROTECTED = 50  # of so many trainees one: the college shows the enrolment to no union either
FRESH = max(NOW_TAUGHT)  # has only just begun


# The golden ratio spreads the workers' numbers evenly.
RATIO = 0.6180339887498949


def status_of(population: Population, worker: int) -> Status | None:
    """From the worker's number, so that others know it without remembering it."""
    cohort = population.classes.cohort_of[population.people.class_of[worker]]
    if cohort == FRESH:
        return Status.ENROLLED
    statuses = NOW if cohort in NOW_TAUGHT else BEFORE
    return statuses.at((worker * RATIO + population.seed * RATIO) % 1)


@generates(Enrolment, 0.26)
def enrolments(population: Population) -> Rows:
    chance, people = population.chance("enrolments"), population.people
    number = 0
    for worker in range(len(people)):
        taught = people.class_of[worker]
        if taught == NONE:
            continue
        cohort = population.classes.cohort_of[taught]
        begin = f"{cohort}-09-01"
        stays = cohort != FRESH and status_of(population, worker) not in CUT_SHORT
        if stays and chance.happens(TRANSFERRED):
            yield elsewhere(population, chance, worker, number)
            number += 1
            begin = f"{cohort + 1}-09-01"
        yield enrolment(population, chance, worker, number, begin)
        number += 1


def enrolment(population: Population, chance: Draw, worker: int, number: int, begin: str) -> Values:
    classes, taught = population.classes, population.people.class_of[worker]
    cohort = classes.cohort_of[taught]
    status = status_of(population, worker)
    end = None if cohort in NOW_TAUGHT else f"{cohort + YEARS}-06-30"
    if status in CUT_SHORT:
        end = f"{cohort + 1}-{chance.between(1, 9):02d}"
    listed = chance.draw()
    major = population.trades.major_of[classes.trade_of[taught]]
    return {
        "id": code("enrolment", number),
        "trainee_id": code("worker", worker),
        "college_id": code("college", classes.college_of[taught]),
        "training_class_id": code("class", taught),
        "major_id": None if listed < UNLISTED else code("major", major),
        "cohort": None if listed > 1 - UNLISTED else cohort,
        "enrolment_status": status,
        "score": None if chance.happens(UNMARKED) else chance.between(550, 980) / 10,
        "started": begin,
        "ended": end,
        "audience": Audience.PROTECTED if worker % PROTECTED == 0 else Audience.OWNER,
        **population.sources.of_college(classes.college_of[taught], cohort),
    }


def elsewhere(population: Population, chance: Draw, worker: int, number: int) -> Values:
    classes, taught = population.classes, population.people.class_of[worker]
    others = len(classes.district_of_college)
    college = (classes.college_of[taught] + chance.between(1, max(1, others - 1))) % others
    cohort = classes.cohort_of[taught]
    return {
        "id": code("enrolment", number),
        "trainee_id": code("worker", worker),
        "college_id": code("college", college),
        "cohort": cohort,
        "enrolment_status": Status.TRANSFERRED,
        "started": f"{cohort}-09-01",
        "ended": f"{cohort + 1}-08-31",
        **population.sources.of_college(college, cohort),
    }
