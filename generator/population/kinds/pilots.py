from generator.population.codes import code, word
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, generates
from models.pilot import Pilot, PilotKind

FIRST, LAST = 2018, 2025
UNDATED = 5  # every so many have no dates on record


@generates(Pilot)
def pilots(population: Population) -> Rows:
    """In each city one of the types in turn; in every other one its union takes part."""
    chance, kinds = population.chance("pilots"), list(PilotKind)
    for place, city in enumerate(population.places.cities):
        kind = kinds[place % len(kinds)]
        year = chance.between(FIRST, LAST)
        yield {
            "code": code("pilot", place),
            "name": f"示例{word(place)}{kind.label}试点",
            "pilot_kind": kind,
            "region_id": city.code,
            "organisation_id": population.unions.of_city(place) if place % 2 else None,
            "started": chance.date(year) if place % UNDATED else None,
            "ended": str(year + 1) if place % UNDATED > 2 else None,
        }
