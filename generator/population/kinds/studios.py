from collections.abc import Iterator
from typing import NamedTuple

from generator.population.chance import Draw, Weighted, first_each
from generator.population.codes import code, word
from generator.population.drawn.people import NONE
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, generates
from models.row import Level
from models.studio import Studio, StudioKind, StudioMembership, StudioRole

KINDS = Weighted({StudioKind.MODEL_WORKER: 40, StudioKind.CRAFTSMAN: 35,
                  StudioKind.SKILL_MASTER: 15, StudioKind.INNOVATION_TEAM: 8,
                  StudioKind.OTHER: 2})  # fmt: skip
LEVELS = Weighted[Level | None](
    {Level.ENTERPRISE: 40, Level.DISTRICT: 20, Level.CITY: 14, Level.PROVINCIAL: 4,
     Level.COUNTY: 3, Level.NATIONAL: 0.6, Level.ZONE: 0.3, Level.INTERNATIONAL: 0.1, None: 18}
)  # fmt: skip
FIELDS = ("工艺改进", "设备维护", "技术攻关", "质量提升", "技能传承", "安全生产", None)

LAST = 2025
LED_BEFORE, LEFT, UNDATED = 0.08, 0.12, 0.1


@generates(Studio, 0.02)
def studios(population: Population) -> Rows:
    chance, drawn, trades = population.chance("studios"), population.studios, population.trades
    for index in range(len(drawn)):
        employer, leader = drawn.employer_of[index], drawn.leader_of[index]
        kind = first_each(tuple(StudioKind), index, chance.among(KINDS))
        whose = word(index) if leader == NONE else population.people.name_of(leader)
        industry = population.employers.industry_of[employer]
        field = chance.one(FIELDS)
        district = population.employers.district_of[employer]
        yield {
            "code": code("studio", index),
            "name": f"示例{whose}{kind.label}",
            "studio_kind": kind,
            "level": first_each(tuple(Level), index, chance.among(LEVELS)),
            "field": field and trades.industries[industry] + field,
            "industry_id": code("industry", industry),
            "region_id": population.region_of_enterprise(employer),
            "host_id": code("enterprise", employer) if drawn.hosted[index] else None,
            "leader_all_id": None if leader == NONE else code("worker", leader),
            "founded": None if chance.happens(UNDATED) else chance.date(drawn.founded[index]),
            "owner_id": population.unions.of_city(population.places.city_of[district]),
        }


class Stay(NamedTuple):
    """In years: months and days are drawn with the row."""

    worker: int
    joined: int
    left: int | None = None
    role: StudioRole = StudioRole.MEMBER


@generates(StudioMembership, 0.14)
def studio_memberships(population: Population) -> Rows:
    chance = population.chance("studio memberships")
    number = 0
    for studio in range(len(population.studios)):
        employer = population.studios.employer_of[studio]
        district = population.employers.district_of[employer]
        for stay in stays(population, chance, studio):
            yield {
                "id": code("studio_membership", number),
                "studio_id": code("studio", studio),
                "worker_id": code("worker", stay.worker),
                "studio_role": stay.role,
                "joined": None if chance.happens(UNDATED) else chance.date(stay.joined),
                "left": None if stay.left is None else chance.date(stay.left),
                "audience": population.people.audience(stay.worker),
                **population.sources.of_district(district, stay.joined),
            }
            number += 1


def stays(population: Population, chance: Draw, studio: int) -> Iterator[Stay]:
    drawn = population.studios
    leader, others = drawn.leader_of[studio], drawn.members_of(studio)
    since = founded = drawn.founded[studio]
    if others and founded + 3 <= LAST and chance.happens(LED_BEFORE):
        # The first member led the studio before, and stayed on.
        since = founded + 2
        yield Stay(others[0], founded, since - 1, StudioRole.LEADER)
        yield Stay(others[0], since)
        others = others[1:]
    if leader != NONE:
        yield Stay(leader, since, role=StudioRole.LEADER)
    for member in others:
        joined = chance.between(founded, LAST)
        gone = joined < LAST and chance.happens(LEFT)
        yield Stay(member, joined, chance.between(joined + 1, LAST) if gone else None)
