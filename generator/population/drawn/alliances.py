from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from generator.population.chance import Draw, Weighted, first_each
from generator.population.drawn.academies import Academy
from generator.population.drawn.classes import Classes
from generator.population.drawn.employers import Employers
from generator.population.drawn.people import People
from generator.population.drawn.places import Places
from generator.population.drawn.studios import Studios
from generator.population.proportions import number, share
from models.alliance import AllianceKind, LeftReason
from models.row import Level

KINDS = Weighted({AllianceKind.STUDIO: 80, AllianceKind.INDUSTRY_EDUCATION: 8,
                  AllianceKind.CROSS_SECTOR: 7, AllianceKind.ACADEMY: 2,
                  AllianceKind.OTHER: 3})  # fmt: skip
LEVELS = Weighted({Level.CITY: 72, Level.PROVINCIAL: 20, Level.NATIONAL: 8})
REASONS = Weighted({LeftReason.WITHDRAWN: 70, LeftReason.DELISTED: 24, LeftReason.DISSOLVED: 6})
TAIL = 0.6  # sizes fall off so slowly that a few alliances have hundreds of members
MOST = 600
YEARS = (2016, 2023)
LAST = 2025

Member = tuple[str, int]  # studio, academy, enterprise or college


@dataclass(frozen=True, slots=True)
class Stay:
    """A spell in years: months and days are drawn with its row."""

    member: Member
    joined: int
    left: int | None = None
    reason: LeftReason | None = None


@dataclass(frozen=True, slots=True)
class Alliance:
    """`place` is a city, a province, or of no use."""

    kind: AllianceKind
    level: Level
    place: int
    founded: int
    stays: list[Stay] = field(default_factory=list)


@dataclass(frozen=True)
class Gathering:
    """Who can be gathered, by city where it matters."""

    places: Places
    studios: list[list[Member]]
    enterprises: list[list[Member]]
    academies: list[Member]
    colleges: list[Member]

    @classmethod
    def of(
        cls,
        places: Places,
        employers: Employers,
        studios: Studios,
        academies: list[Academy],
        classes: Classes,
    ) -> "Gathering":
        city_of = [places.city_of[district] for district in employers.district_of]
        here: list[list[Member]] = [[] for _ in places.cities]
        studios_of_city: list[list[Member]] = [[] for _ in places.cities]
        for n, city in enumerate(city_of):
            here[city].append(("enterprise", n))
        for n, employer in enumerate(studios.employer_of):
            studios_of_city[city_of[employer]].append(("studio", n))
        return cls(
            places,
            studios_of_city,
            here,
            [("academy", n) for n in range(len(academies))],
            [("college", n) for n in range(len(classes.district_of_college))],
        )

    def candidates(self, alliance: Alliance) -> list[Member]:
        cities = self.cities(alliance)
        studios = [member for city in cities for member in self.studios[city]]
        enterprises = [member for city in cities for member in self.enterprises[city]]
        match alliance.kind:
            case AllianceKind.STUDIO:
                return studios
            case AllianceKind.ACADEMY:
                return self.academies
            case AllianceKind.INDUSTRY_EDUCATION:
                return self.colleges + enterprises
            case AllianceKind.CROSS_SECTOR:
                return studios + enterprises
            case AllianceKind.OTHER:
                return enterprises

    def cities(self, alliance: Alliance) -> list[int]:
        match alliance.level:
            case Level.CITY:
                return [alliance.place]
            case Level.PROVINCIAL:
                provinces = self.places.province_of
                return [
                    city for city, province in enumerate(provinces) if province == alliance.place
                ]
        return list(range(len(self.places.cities)))


def draw_alliances(
    chance: Draw, people: People, places: Places, studios: Studios, gathering: Gathering
) -> list[Alliance]:
    """Share the facts of a studio's members with its alliances."""
    alliances, leavers = [], count()
    for n in range(max(2 * len(AllianceKind), number("alliances", len(studios)))):
        # The first of each kind reaches across the provinces.
        kind = first_each(tuple(AllianceKind), n, chance.among(KINDS))
        level = chance.among(LEVELS) if n >= len(AllianceKind) else Level.NATIONAL
        seats = places.cities if level is Level.CITY else places.provinces
        founded = chance.between(*YEARS)
        alliance = Alliance(kind, level, chance.index(len(seats)), founded)
        for member in draw_members(chance, gathering.candidates(alliance)):
            alliance.stays.extend(draw_stays(chance, member, founded, leavers))
            if member[0] == "studio":
                for worker in studios.members_of(member[1]):
                    people.shared[worker] = 1
        alliances.append(alliance)
    return alliances


def draw_members(chance: Draw, candidates: list[Member]) -> list[Member]:
    least = share("members_of_an_alliance") * (1 - TAIL)
    size = min(MOST, len(candidates), int(least * max(chance.draw(), 1e-6) ** -TAIL))
    drawn: dict[int, None] = {}
    for _ in range(3 * size):
        drawn[chance.early(len(candidates))] = None
        if len(drawn) == size:
            break
    return [candidates[index] for index in drawn]


def draw_stays(chance: Draw, member: Member, founded: int, leavers: Iterator[int]) -> list[Stay]:
    joined = chance.between(founded, LAST)
    if joined == LAST or not chance.happens(share("leavers")):
        return [Stay(member, joined)]
    left = chance.between(joined + 1, LAST)
    reason = first_each(tuple(LeftReason), next(leavers), chance.among(REASONS))
    gone = Stay(member, joined, left, reason)
    if left < LAST and chance.happens(share("rejoined")):
        return [gone, Stay(member, chance.between(left + 1, LAST))]
    return [gone]
