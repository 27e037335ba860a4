from dataclasses import dataclass

from generator.population.chance import Weighted
from generator.population.codes import COUNTRY, code, word
from generator.population.proportions import PROPORTIONS, number
from models.row import Level

PROVINCES = 3  # at least, so that questions across regions have answers
Span = tuple[int, int]  # places in a list, the last one not included


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    level: Level
    parent: str


@dataclass(frozen=True)
class Places:
    """Districts stand in the order of their cities, cities in that of their provinces."""

    provinces: list[Place]
    cities: list[Place]
    districts: list[Place]
    zones: list[Place]
    province_of: list[int]  # by city
    city_of: list[int]  # by district
    inhabited: Weighted[int]  # districts, by how many live there

    def districts_of_city(self, city: int) -> Span:
        return span(self.city_of, city)

    def districts_of_province(self, province: int) -> Span:
        first, last = span(self.province_of, province)
        return self.districts_of_city(first)[0], self.districts_of_city(last - 1)[1]

    def districts_at(self, level: Level, place: int) -> Span:
        """Where something of a level is; a zone is where its district is."""
        match level:
            case Level.PROVINCIAL:
                return self.districts_of_province(place)
            case Level.CITY:
                return self.districts_of_city(place)
            case Level.DISTRICT | Level.COUNTY:
                return place, place + 1
            case Level.ZONE:
                first, _ = self.districts_of_city(place)
                return first, first + 1
        return 0, len(self.districts)

    def code_at(self, level: Level, place: int) -> str | None:
        match level:
            case Level.PROVINCIAL:
                return self.provinces[place].code
            case Level.CITY:
                return self.cities[place].code
            case Level.DISTRICT | Level.COUNTY:
                return self.districts[place].code
            case Level.ZONE:
                return self.zones[place].code
            case Level.NATIONAL:
                return COUNTRY
        return None

    def province_of_district(self, district: int) -> int:
        return self.province_of[self.city_of[district]]


def span(parents: list[int], parent: int) -> Span:
    first = parents.index(parent)
    return first, first + parents.count(parent)


def draw_places(workers: int) -> Places:
    provinces = max(PROVINCES, round(workers / PROPORTIONS["workers_of_a_province"].share))
    province_of = spread(max(2 * provinces, number("cities", workers)), provinces)
    city_of = spread(max(2 * len(province_of), number("districts", workers)), len(province_of))
    listed_provinces = [
        Place(code("province", n), f"示例{word(n)}省", Level.PROVINCIAL, COUNTRY)
        for n in range(provinces)
    ]
    cities = [
        Place(code("city", n), f"示例{word(n)}市", Level.CITY, listed_provinces[province].code)
        for n, province in enumerate(province_of)
    ]
    districts = [district(n, cities[city]) for n, city in enumerate(city_of)]
    zones = [
        Place(code("zone", n), f"示例{word(n)}新区", Level.ZONE, districts[city_of.index(n)].code)
        for n in range(len(cities))
    ]
    weights = ((n, 1 / (n - city_of.index(city) + 1) ** 0.6) for n, city in enumerate(city_of))
    return Places(
        listed_provinces, cities, districts, zones, province_of, city_of, Weighted(weights)
    )


def district(place: int, city: Place) -> Place:
    """Every third is a county."""
    level, end = (Level.COUNTY, "县") if place % 3 == 2 else (Level.DISTRICT, "区")
    return Place(code("district", place), f"示例{word(place)}{end}", level, city.code)


def spread(places: int, parents: int) -> list[int]:
    """Return the parent of each place, in order: two for each, the rest mostly for the first."""
    weights = [1 / (parent + 1) ** 0.7 for parent in range(parents)]
    rest, total = places - 2 * parents, sum(weights)
    shares = [2 + int(rest * weight / total) for weight in weights]
    shares[0] += places - sum(shares)
    return [parent for parent, share in enumerate(shares) for _ in range(share)]
