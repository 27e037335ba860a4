from generator.population.chance import Draw
from generator.population.codes import code
from generator.population.drawn.classes import YEARS
from generator.population.drawn.people import NONE
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from generator.population.proportions import share
from models.worker import Employment

FIRST, LAST = 1990, 2026
UNDATED = 0.12
POSTLESS = 0.1
POSTS = ("操作工", "操作工", "技术员", "班组长", "质检员", "首席技师")
ONCE_AT_WORK = 0.5  # of those who have no employer now
CAME_BACK = 0.1  # of those whose earlier work is known: it was at the same place


@generates(Employment, 0.95)
def employments(population: Population) -> Rows:
    """One that holds at most, and before it another that ended in an earlier year."""
    chance, people = population.chance("employments"), population.people
    earlier = share("earlier_work")
    number = 0
    for worker in range(len(people)):
        if people.is_student(worker):
            continue
        employer, left_school = people.employer[worker], school_left_in(population, worker)
        first = max(FIRST, left_school)
        since = LAST - int((LAST - first) * chance.draw() ** 2)
        had_earlier = chance.happens(ONCE_AT_WORK if employer == NONE else earlier)
        if had_earlier and since - 2 > first:
            other = chance.among(population.employers.sized)
            at = employer if employer != NONE and chance.happens(CAME_BACK) else other
            yield ended(population, chance, worker, number, at, first + 1, since)
            number += 1
        if employer != NONE:
            row = employment(population, chance, worker, number, employer, since)
            if not chance.happens(UNDATED):
                row["started"] = summer(chance, since) if since == first else chance.date(since)
            yield row
            number += 1


def school_left_in(population: Population, worker: int) -> int:
    taught = population.people.class_of[worker]
    return 0 if taught == NONE else population.classes.cohort_of[taught] + YEARS


def summer(chance: Draw, year: int) -> str:
    """After the classes have ended."""
    return f"{year}-{chance.between(7, 9):02d}-{chance.between(1, 28):02d}"


def ended(
    population: Population, chance: Draw, worker: int, number: int, at: int, first: int, before: int
) -> Values:
    begin = chance.between(first, before - 2)
    end = chance.between(begin + 1, before - 1)
    row = employment(population, chance, worker, number, at, begin)
    if not chance.happens(UNDATED):
        row["started"] = chance.date(begin)
    row["ended"] = chance.date(end)
    return row


def employment(
    population: Population, chance: Draw, worker: int, number: int, at: int, year: int
) -> Values:
    people = population.people
    occupation = population.trades.occupations[people.trade[worker]]
    return {
        "id": code("employment", number),
        "worker_id": code("worker", worker),
        "organisation_id": code("enterprise", at),
        "post": None if chance.happens(POSTLESS) else occupation + chance.one(POSTS),
        "audience": people.audience(worker),
        **population.sources.of_district(people.district[worker], year),
    }
