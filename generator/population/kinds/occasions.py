from generator.population.chance import Weighted, first_each
from generator.population.codes import code, word
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, generates
from generator.population.proportions import number
from models.benefit import Benefit, BenefitKind
from models.event import Event, EventKind
from models.facility import Facility, FacilityKind

FACILITIES = {
    FacilityKind.CULTURE: ("culture_facilities", "主题教育场馆"),
    FacilityKind.TRAINING: ("training_facilities", "职工培训中心"),
    FacilityKind.SERVICE: ("service_facilities", "文明实践中心"),
}
EVENTS = Weighted({EventKind.MEETING: 30, EventKind.CEREMONY: 20, EventKind.EXHIBITION: 20,
                   EventKind.EXCHANGE: 15, EventKind.OBSERVANCE: 8, EventKind.CONGRESS: 4,
                   EventKind.OTHER: 3})  # fmt: skip
BENEFITS = {BenefitKind.CARD: "礼遇卡", BenefitKind.SERVICE: "人才综合服务",
            BenefitKind.INSURANCE: "互助保障", BenefitKind.OTHER: "健康体检"}  # fmt: skip
FIRST, LAST = 2018, 2025
UNDATED = 5  # every so many have no day, or no opening, on record


@generates(Facility, 0.001)
def facilities(population: Population) -> Rows:
    """Run by the district's union or by a city's training centre."""
    chance, places = population.chance("facilities"), population.places
    kinds = [
        (kind, name)
        for kind, (proportion, name) in FACILITIES.items()
        for _ in range(number(proportion, len(population.people)))
    ]
    for index, (kind, name) in enumerate([*kinds, (FacilityKind.OTHER, "职工之家")]):
        district = chance.among(places.inhabited)
        city = places.city_of[district]
        is_training = kind is FacilityKind.TRAINING
        operator = code("training_body", city) if is_training else None
        yield {
            "code": code("facility", index),
            "name": f"示例{word(index)}{name}",
            "facility_kind": kind,
            "operator_id": operator or population.unions.of_district(district),
            "region_id": places.districts[district].code,
            "opened": chance.date(chance.between(FIRST, LAST)) if index % UNDATED else None,
        }


@generates(Event)
def events(population: Population) -> Rows:
    chance, places = population.chance("events"), population.places
    for index in range(max(2 * len(EventKind), number("events", len(population.people)))):
        city = chance.index(len(places.cities))
        kind = first_each(tuple(EventKind), index, chance.among(EVENTS))
        yearly = kind is EventKind.OBSERVANCE
        is_dated = not yearly and index % UNDATED != 0
        yield {
            "code": code("event", index),
            "name": f"{places.cities[city].name}{word(index)}工匠{kind.label}",
            "event_kind": kind,
            "held_on": chance.date(chance.between(FIRST, LAST)) if is_dated else None,
            "held_as_published": None if is_dated else "4月26日",
            "yearly": True if yearly else None,
            "organiser_id": population.unions.of_city(city),
            "region_id": places.cities[city].code,
        }


@generates(Benefit)
def benefits(population: Population) -> Rows:
    """In each city one of the kinds in turn, the first for holders of the city's first honour."""
    kinds = list(BENEFITS.items())
    of_city = {honour.region: n for n, honour in reversed(list(enumerate(population.honours)))}
    for index, city in enumerate(population.places.cities):
        kind, name = kinds[index % len(kinds)]
        for_holders = kind is BenefitKind.CARD
        yield {
            "code": code("benefit", index),
            "name": f"{city.name}工匠{name}",
            "benefit_kind": kind,
            "provider_id": population.unions.of_city(index) if index % UNDATED else None,
            "region_id": city.code,
            "honour_id": code("honour", of_city[city.code]) if for_holders else None,
            "beneficiaries": None if for_holders else "高技能人才",
            "content": "公共就业、教育、住房等保障" if index % 2 else None,
        }
