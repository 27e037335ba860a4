from generator.population.codes import code
from generator.population.drawn.people import NONE
from generator.population.drawn.places import Places
from models.row import Level

FIRST, LAST = 2016, 2026
YEARS = range(FIRST, LAST + 1)

Cited = dict[str, str | None]


class Unions:
    """The tree of unions: of the country, provinces, cities, districts and enterprises."""

    def __init__(self, places: Places) -> None:
        self.first_city = 1 + len(places.provinces)
        self.first_district = self.first_city + len(places.cities)
        self.first_base = self.first_district + len(places.districts)

    @property
    def country(self) -> str:
        return code("union", 0)

    def of_province(self, province: int) -> str:
        return code("union", 1 + province)

    def of_city(self, city: int) -> str:
        return code("union", self.first_city + city)

    def of_district(self, district: int) -> str:
        return code("union", self.first_district + district)

    def of_enterprise(self, enterprise: int) -> str:
        return code("union", self.first_base + enterprise)

    def at(self, level: Level, place: int) -> str:
        match level:
            case Level.PROVINCIAL:
                return self.of_province(place)
            case Level.CITY | Level.ZONE:
                return self.of_city(place)
            case Level.DISTRICT | Level.COUNTY:
                return self.of_district(place)
        return self.country


class Sources:
    """One a year from each union down to cities, and each college; the first has no organisation.

    Older facts cite the first of them.
    """

    def __init__(self, places: Places, unions: Unions, colleges: int) -> None:
        self.places = places
        self.owners = [
            unions.country,
            *(unions.of_province(n) for n in range(len(places.provinces))),
            *(unions.of_city(n) for n in range(len(places.cities))),
            *(code("college", n) for n in range(colleges)),
        ]
        self.first_city = 1 + len(places.provinces)
        self.first_college = self.first_city + len(places.cities)
        self.nobodys: Cited = {"source_id": "demo_source_0", "owner_id": None}
        self.cited: list[list[Cited]] = [
            [
                {"source_id": code("source", n * len(YEARS) + year - FIRST), "owner_id": owner}
                for year in YEARS
            ]
            for n, owner in enumerate(self.owners)
        ]

    def of(self, owner: int, year: int) -> Cited:
        return self.cited[owner][min(max(year, FIRST), LAST) - FIRST]

    def at(self, level: Level, place: int, year: int) -> Cited:
        match level:
            case Level.PROVINCIAL:
                return self.of(1 + place, year)
            case Level.CITY | Level.ZONE:
                return self.of(self.first_city + place, year)
            case Level.DISTRICT | Level.COUNTY:
                return self.of_district(place, year)
        return self.of(0, year)

    def of_district(self, district: int, year: int) -> Cited:
        if district == NONE:
            return self.nobodys
        return self.of(self.first_city + self.places.city_of[district], year)

    def of_college(self, college: int, year: int) -> Cited:
        return self.of(self.first_college + college, year)
