from generator.population.chance import Draw
from generator.population.codes import code
from generator.population.drawn.people import NONE
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, generates
from generator.population.proportions import number, share
from models.row import Level
from models.service_team import ServiceTeam, ServiceTeamMembership

ROLES = ("队长", "队员", "队员", "专家", None)
ACTIVITIES = ("进企业技术服务", "进学校宣讲", None)
FIRST, LAST = 2017, 2025
LEFT, UNDATED = 0.1, 0.1


def members_of_city(population: Population) -> int:
    workers = len(population.people) / len(population.places.cities)
    return max(2, number("service_team_members", workers))


def detachments_of_city(population: Population) -> int:
    return max(1, round(share("detachments") * members_of_city(population)))


@generates(ServiceTeam)
def service_teams(population: Population) -> Rows:
    """Return a force in each city, and its detachments after all forces."""
    places, detachments = population.places, detachments_of_city(population)
    for city, place in enumerate(places.cities):
        yield {
            "code": code("service_team", city),
            "name": f"{place.name}劳模工匠服务队",
            "region_id": place.code,
            "organiser_id": population.unions.of_city(city),
            "activity": ACTIVITIES[city % len(ACTIVITIES)],
            "founded": f"{FIRST + city % 4}-05" if city % 3 else None,
            "owner_id": population.unions.of_city(city),
        }
    for city, place in enumerate(places.cities):
        first, last = places.districts_of_city(city)
        for n in range(detachments):
            industry = population.trades.industries[n % len(population.trades.industries)]
            yield {
                "code": code("service_team", len(places.cities) + city * detachments + n),
                "name": f"{place.name}劳模工匠服务队{industry}分队（{n + 1}）",
                "parent_id": code("service_team", city),
                "region_id": places.districts[first + n % (last - first)].code,
                "organiser_id": population.unions.of_district(first + n % (last - first)),
                "field": industry,
                "owner_id": population.unions.of_city(city),
            }


@generates(ServiceTeamMembership, 0.004)
def service_team_memberships(population: Population) -> Rows:
    """Every fourth of the force itself, the others of its detachments in turn."""
    chance, cities = population.chance("service team memberships"), len(population.places.cities)
    detachments, number = detachments_of_city(population), 0
    for city in range(cities):
        members = {somebody(population, chance, city) for _ in range(members_of_city(population))}
        for order, worker in enumerate(sorted(members - {NONE})):
            joined = chance.between(FIRST, LAST)
            gone = joined < LAST and chance.happens(LEFT)
            team = city if order % 4 == 0 else cities + city * detachments + order % detachments
            yield {
                "id": code("service_team_membership", number),
                "service_team_id": code("service_team", team),
                "worker_id": code("worker", worker),
                "role": chance.one(ROLES),
                "joined": None if chance.happens(UNDATED) else chance.date(joined),
                "left": chance.date(chance.between(joined + 1, LAST)) if gone else None,
                "audience": population.people.audience(worker),
                **population.sources.at(Level.CITY, city, joined),
            }
            number += 1


def somebody(population: Population, chance: Draw, city: int) -> int:
    first, last = population.places.districts_of_city(city)
    low, high = population.people.of_district(chance.between(first, last - 1), None)
    if low == high:
        return NONE
    return population.people.by_place.members[low + chance.early(high - low)]
