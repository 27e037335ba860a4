from generator.population.codes import COUNTRY, code, word
from generator.population.drawn.places import Place
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, generates
from models.region import FormerName, Region, RegionSuccession
from models.row import Level

RENAMED = 10  # every so many districts had another name before


@generates(Region)
def regions(population: Population) -> Rows:
    places = population.places
    yield {"code": COUNTRY, "name": "示例国", "level": Level.NATIONAL}
    for place in [*places.provinces, *places.cities, *places.districts, *places.zones]:
        yield region(place)
    first = places.districts[0]
    former = {"code": code("ended_region", 0), "name": "示例撤销县", "level": Level.COUNTY}
    yield {**former, "parent_id": first.parent, "started": "1983", "ended": "1996"}


@generates(RegionSuccession)
def region_successions(population: Population) -> Rows:
    """Return the succession of the former county by the first district."""
    yield {
        "id": code("region_succession", 0),
        "region_id": code("ended_region", 0),
        "successor_id": population.places.districts[0].code,
        "since": "1996",
        "decree": "示政〔1996〕1号",
    }


def region(place: Place) -> dict[str, object]:
    return {"code": place.code, "name": place.name, "level": place.level, "parent_id": place.parent}


@generates(FormerName)
def former_names(population: Population) -> Rows:
    chance, places = population.chance("former names"), population.places
    for number, index in enumerate(range(0, len(places.districts), RENAMED)):
        yield {
            "id": code("former_name", number),
            "region_id": places.districts[index].code,
            "name": f"示例旧{word(index)}县",
            "started": None if number % 2 else str(chance.between(1950, 1982)),
            "ended": str(chance.between(1983, 2015)),
        }
