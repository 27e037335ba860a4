from generator.population.codes import code
from generator.population.drawn.people import NONE
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from generator.population.proportions import share
from models.academy import Academy, Teaching

ROLES = ("特聘导师", "实训教师", "首席专家", None)
FIRST, LAST = 2018, 2025
BY_ORGANISATION, UNNAMED, ENDED = 0.08, 0.03, 0.2
UNSTATED = 3  # every so many academies have no host or no opening day on record


@generates(Academy)
def academies(population: Population) -> Rows:
    trades = population.trades
    for index, academy in enumerate(population.academies):
        is_stated = index % UNSTATED != UNSTATED - 1
        yield {
            "code": code("academy", index),
            "name": f"{academy.place.name}{trades.industries[academy.industry]}工匠学院",
            "level": academy.level,
            "industry_id": code("industry", academy.industry),
            "host_id": code("enterprise", academy.host) if is_stated else None,
            "region_id": academy.place.code,
            "opened": f"{academy.opened}-05" if is_stated else None,
            "owner_id": code("enterprise", academy.host),
        }


@generates(Teaching)
def teachings(population: Population) -> Rows:
    """By people who lead a studio; who leads one of the first studios teaches more."""
    chance, studios = population.chance("teachings"), population.studios
    number = 0
    for academy in range(len(population.academies)):
        count = chance.between(1, round(2 * share("teachers_of_an_academy")) - 1)
        teachers = {
            studios.leader_of[chance.early(len(studios))] if len(studios) else NONE
            for _ in range(count)
        }
        for order, teacher in enumerate(sorted(teachers - {NONE})):
            row: Values = {"id": code("teaching", number), "academy_id": code("academy", academy)}
            if chance.happens(BY_ORGANISATION) and order < len(population.employers):
                row["organisation_id"] = code("enterprise", order)
            else:
                row["worker_id"] = code("worker", teacher)
            if chance.happens(UNNAMED):
                row["academy_id"] = None
            begin = chance.between(FIRST, LAST)
            row["role"] = chance.one(ROLES)
            row["started"] = chance.date(begin)
            if begin < LAST and chance.happens(ENDED):
                row["ended"] = chance.date(chance.between(begin + 1, LAST))
            district = population.people.district[teacher]
            yield row | population.sources.of_district(district, begin)
            number += 1
