from generator.population.codes import code
from generator.population.drawn.people import GRADES, NONE
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, generates
from generator.population.proportions import share
from models.worker import Worker

# Shares of workers whose occupation is known as text, as text only, or not at all.
AS_TEXT, TEXT_ONLY, UNKNOWN = 0.06, 0.05, 0.04
NOT_STATED = 0.05  # of workers: whether they stand on the front line


@generates(Worker, 1)
def workers(population: Population) -> Rows:
    chance, people = population.chance("workers"), population.people
    names, front = population.trades.occupations, share("front_line")
    for index in range(len(people)):
        trade, employer = people.trade[index], people.employer[index]
        drawn, stated = chance.draw(), chance.draw()
        yield {
            "code": code("worker", index),
            "name": people.name_of(index),
            "occupation_id": None if drawn < TEXT_ONLY + UNKNOWN else code("occupation", trade),
            "occupation_as_published": names[trade]
            if UNKNOWN <= drawn < UNKNOWN + TEXT_ONLY + AS_TEXT
            else None,
            "grade_all": GRADES[people.grade[index]],
            "region_id": population.region_of_worker(index),
            "employer_all_id": None if employer == NONE else code("enterprise", employer),
            "frontline": None
            if stated < NOT_STATED or people.is_student(index)
            else chance.happens(front),
            "audience": people.audience(index),
            "owner_id": owner(population, index),
        }


def owner(population: Population, worker: int) -> str | None:
    """Return the college that taught a worker, else the union of the city."""
    people = population.people
    taught, district = people.class_of[worker], people.district[worker]
    if taught != NONE:
        return code("college", population.classes.college_of[taught])
    if district == NONE:
        return None
    return population.unions.of_city(population.places.city_of[district])
