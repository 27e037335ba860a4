from collections.abc import Iterator
from dataclasses import dataclass

from generator.population.codes import COUNTRY
from generator.population.drawn.places import Places
from generator.population.drawn.sources import Unions
from models.honour import RecipientKind as Kind
from models.row import Level

MEDALS = ("铜牌工匠", "银牌工匠", "金牌工匠")
IN_ENTERPRISES = ("种子工匠", "企业工匠", "首席工匠")


@dataclass(frozen=True, slots=True)
class Honour:
    """`family` is what is counted together; `place` one of its level's; `ladder` with the rung."""

    family: str
    name: str
    level: Level
    kind: Kind | None
    place: int
    region: str
    grantor: str
    ladder: str | None = None
    rung: int = 0
    prize: int | None = None


def list_honours(places: Places, unions: Unions) -> list[Honour]:
    return [
        *of_the_country(unions),
        *(
            title
            for n in range(len(places.provinces))
            for title in of_a_province(places, unions, n)
        ),
        *(title for n in range(len(places.cities)) for title in of_a_city(places, unions, n)),
        *(of_a_district(places, unions, n) for n in range(len(places.districts))),
        *(of_a_zone(places, unions, n) for n in range(len(places.zones))),
    ]


def of_the_country(unions: Unions) -> Iterator[Honour]:
    nation, here = Level.NATIONAL, (0, COUNTRY, unions.country)
    yield Honour("great_craftsmen", "示例大国工匠", nation, Kind.WORKER, *here, "country", 2)
    yield Honour(
        "great_craftsman_candidates", "示例大国工匠培育对象", nation, Kind.WORKER, *here,
        "country", 1,
    )  # fmt: skip
    yield Honour("international_craftsmen", "示例国际工匠", Level.INTERNATIONAL, Kind.WORKER, *here)
    yield Honour("national_experts", "示例国技术能手", nation, Kind.WORKER, *here)
    for rung, name in enumerate(IN_ENTERPRISES, start=1):
        common = ("craftsmen_of_enterprises", f"示例{name}", Level.ENTERPRISE, Kind.WORKER)
        yield Honour(*common, *here, "enterprises", rung)


def of_a_province(places: Places, unions: Unions, place: int) -> Iterator[Honour]:
    region = places.provinces[place]
    here = (place, region.code, unions.of_province(place))
    level, ladder = Level.PROVINCIAL, f"province_{place}"
    yield Honour("provincial_craftsmen", f"{region.name}工匠", level, Kind.WORKER, *here, ladder, 1)
    # Two titles may share a rung; what both are paid is published.
    yield Honour(
        "provincial_great_craftsmen", f"{region.name}大工匠", level, Kind.WORKER, *here, ladder, 1,
        30_000,
    )  # fmt: skip
    yield Honour(
        "technical_experts", f"{region.name}技术能手", level, Kind.WORKER, *here, prize=10_000
    )
    yield Honour("advanced_regions", f"{region.name}产改先进地区", level, Kind.REGION, *here)
    yield Honour("practices", f"{region.name}优秀创新做法", level, Kind.PRACTICE, *here)


def of_a_city(places: Places, unions: Unions, place: int) -> Iterator[Honour]:
    city = places.cities[place]
    here = (place, city.code, unions.of_city(place))
    level, ladder = Level.CITY, f"city_{place}"
    for rung, medal in enumerate(MEDALS, start=1):
        yield Honour(
            "municipal_craftsmen", f"{city.name}{medal}", level, Kind.WORKER, *here, ladder, rung
        )
    yield Honour("eaglet_craftsmen", f"{city.name}雏鹰工匠", level, Kind.STUDENT, *here)
    yield Honour("innovation_experts", f"{city.name}职工创新能手", level, Kind.WORKER, *here)
    yield Honour(
        "innovation_enterprises", f"{city.name}全员创新企业", level, Kind.ORGANISATION, *here
    )
    yield Honour("teams", f"{city.name}创新型班组", level, Kind.TEAM, *here)
    # That a studio holds it, no word of the list of recipients says.
    yield Honour("innovation_studios", f"{city.name}示范性创新工作室", level, None, *here)


def of_a_district(places: Places, unions: Unions, place: int) -> Honour:
    district = places.districts[place]
    here = (place, district.code, unions.of_district(place))
    return Honour("craftsmen", f"{district.name}工匠", district.level, Kind.WORKER, *here)


def of_a_zone(places: Places, unions: Unions, place: int) -> Honour:
    zone = places.zones[place]
    here = (place, zone.code, unions.of_city(place))
    return Honour("craftsmen_of_zones", f"{zone.name}工匠", Level.ZONE, Kind.WORKER, *here)
