from generator.population.chance import first_each
from generator.population.codes import code, word
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, generates
from generator.population.proportions import number
from models.policy import Policy, PolicyKind
from models.row import Level

FIRST, LAST = 2017, 2026
UNNUMBERED, UNDATED = 3, 6  # every so many lack it


def scopes(population: Population) -> list[tuple[Level, int]]:
    places = population.places
    return [
        *((Level.PROVINCIAL, n) for n in range(len(places.provinces))),
        *((Level.CITY, n) for n in range(len(places.cities))),
    ]


def count_of_policies(population: Population) -> int:
    return max(len(PolicyKind), number("policies", len(population.people)))


def policy_of(population: Population, level: Level, place: int) -> str | None:
    """Return the first policy of a province or city."""
    index = place if level is Level.PROVINCIAL else place + len(population.places.provinces)
    is_known = level in {Level.PROVINCIAL, Level.CITY} and index < count_of_policies(population)
    return code("policy", index) if is_known else None


@generates(Policy)
def policies(population: Population) -> Rows:
    chance, where = population.chance("policies"), scopes(population)
    kinds = tuple(PolicyKind)
    for index in range(count_of_policies(population)):
        level, region_index = where[index % len(where)]
        kind, year = first_each(kinds, index, chance.one(kinds)), chance.between(FIRST, LAST)
        yield {
            "code": code("policy", index),
            "name": f"示例{word(index)}产业工人队伍建设{kind.label}",
            "policy_kind": kind,
            "document_number": None
            if index % UNNUMBERED == 0
            else f"示工发〔{year}〕{index + 1}号",
            "issuer_id": population.unions.at(level, region_index),
            "region_id": population.places.code_at(level, region_index),
            "issued_on": None if index % UNDATED == UNDATED - 1 else chance.date(year),
            "content": "技能提升与待遇落实" if index % 2 else None,
        }
