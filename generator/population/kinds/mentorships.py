from generator.population.chance import Draw
from generator.population.codes import code
from generator.population.drawn.classes import NOW_TAUGHT, YEARS
from generator.population.drawn.people import HEIGHT, NONE
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from generator.population.kinds.enrolments import CUT_SHORT, status_of
from generator.population.numbers import Numbers, numbers
from generator.population.proportions import share
from models.row import Audience
from models.training import Mentorship
from models.worker import Grade

FRESH = max(NOW_TAUGHT)
FIRST, LAST = 2012, 2025
ENDED = 0.5


@generates(Mentorship, 0.12)
def mentorships(population: Population) -> Rows:
    """Pair a student with a technician of any place, a worker within the enterprise.

    Who is mentioned first among the technicians has most apprentices.
    """
    chance, people = population.chance("mentorships"), population.people
    technician = HEIGHT[Grade.TECHNICIAN]
    masters = numbers(n for n in range(len(people)) if people.grade[n] >= technician)
    taught, at_work = share("students_mentored"), share("mentored")
    number = 0
    for worker in range(len(people)):
        learnt = people.class_of[worker] != NONE
        if not chance.happens(taught if learnt else at_work):
            continue
        if learnt and status_of(population, worker) in CUT_SHORT:
            continue
        mentor = one_of(chance, masters) if learnt else colleague(population, chance, worker)
        if mentor in {NONE, worker}:
            continue
        row = pair(population, worker, mentor, number)
        if learnt:
            cohort = population.classes.cohort_of[people.class_of[worker]]
            if cohort == FRESH:
                continue
            row |= during(population, chance, worker, cohort)
        else:
            row |= at_the_bench(population, chance, worker)
        yield row
        number += 1


def one_of(chance: Draw, masters: Numbers) -> int:
    return masters[chance.early(len(masters))] if masters else NONE


def colleague(population: Population, chance: Draw, worker: int) -> int:
    people = population.people
    employer = people.employer[worker]
    if employer == NONE:
        return NONE
    first, last = people.staff(employer)
    return people.by_employer.members[first + chance.early(last - first)]


def pair(population: Population, worker: int, mentor: int, number: int) -> Values:
    return {
        "id": code("mentorship", number),
        "mentor_id": code("worker", mentor),
        "apprentice_id": code("worker", worker),
    }


def during(population: Population, chance: Draw, worker: int, cohort: int) -> Values:
    """Within the three years; whose it is, is the college's affair alone."""
    college = population.classes.college_of[population.people.class_of[worker]]
    return {
        "started": chance.date(cohort + 1),
        "ended": None if cohort in NOW_TAUGHT else f"{cohort + YEARS}-{chance.between(1, 5):02d}",
        "audience": Audience.OWNER,
        **population.sources.of_college(college, cohort + 1),
    }


def at_the_bench(population: Population, chance: Draw, worker: int) -> Values:
    begin = chance.between(FIRST, LAST)
    ended = begin < LAST and chance.happens(ENDED)
    return {
        "started": chance.date(begin),
        "ended": chance.date(chance.between(begin + 1, LAST)) if ended else None,
        "audience": Audience.OWNER,
        **population.sources.of_district(population.people.district[worker], begin),
    }
