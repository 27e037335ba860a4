from collections import Counter
from itertools import chain

from generator.population.codes import code
from generator.population.drawn.people import HEIGHT, NONE
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from generator.population.proportions import PROPORTIONS
from kit.values.quantity import Qualifier
from models.figure import Completeness, Figure, Target
from models.figure import FigurePeriod as Period
from models.row import FactStatus, Level
from models.worker import Grade

YEARS = (2021, 2023, 2025)
GROWTH = 0.04  # a year; those of the last year are this population's
BOUNDS = (Qualifier.EXACT, Qualifier.EXACT, Qualifier.OVER, Qualifier.ABOUT, Qualifier.UNDER,
          Qualifier.AT_LEAST, Qualifier.AT_MOST)  # fmt: skip
DISPUTED, RETRACTED = 97, 211  # every so many
EVERY = 200  # every so many things of a kind have a figure of their own

# Figures of regions: metric, label, unit, and the proportion to the workers there.
ESTIMATED = (
    ("worker_innovations", "职工创新成果", "item", "outcomes"),
    ("competitions_held", "劳动和技能竞赛", "contest", "competitions"),
)
# As many as the registry counts in the last year: metric, label, least place among the grades.
COUNTED = (
    ("industrial_workers", "产业工人", None),
    ("skilled_staff", "技能人才总量", HEIGHT[Grade.APPRENTICE]),
    ("high_skilled_staff", "高技能人才", HEIGHT[Grade.SENIOR]),
)
ACADEMIES = {
    Level.PROVINCIAL: ("academies_provincial", "省级工匠学院"),
    Level.CITY: ("academies_municipal", "市级工匠学院"),
    Level.DISTRICT: ("academies_district", "区级工匠学院"),
}
COMPLETE = "academies_provincial"


@generates(Figure, 0.003)
def figures(population: Population) -> Rows:
    """About regions, and about things of every kind that a figure can be about."""
    listed = chain(
        of_regions(population),
        of_academies(population),
        of_holders(population),
        of_alliances(population),
        of_things(population),
    )
    for index, row in enumerate(listed):
        status = FactStatus.RETRACTED if index % RETRACTED == RETRACTED - 1 else FactStatus.ASSERTED
        yield {
            "id": code("figure", index),
            "quantity_qualifier": BOUNDS[index % len(BOUNDS)],
            "status": FactStatus.DISPUTED if index % DISPUTED == DISPUTED - 1 else status,
            **row,
        }


def quantity(metric: str, label: str, value: float, unit: str, period: Period) -> Values:
    return {
        "metric": metric,
        "label": label,
        "quantity_value": float(value),
        "quantity_unit": unit,
        "period": period,
    }


def of_regions(population: Population) -> Rows:
    places, stocks = population.places, count_workers(population)
    for level, listed in (
        (Level.PROVINCIAL, places.provinces),
        (Level.CITY, places.cities),
        (Level.DISTRICT, places.districts),
    ):
        for place, region in enumerate(listed):
            districts = range(*places.districts_at(level, place))
            for year in YEARS:
                cited = population.sources.at(level, place, year)
                for row in of_region(stocks, districts, (1 - GROWTH) ** (YEARS[-1] - year)):
                    yield {**row, **cited, "year": year, "region_id": region.code}


def of_region(stocks: list[list[int]], districts: range, grown: float) -> Rows:
    for (metric, label, _), stock in zip(COUNTED, stocks, strict=True):
        value = round(grown * sum(stock[district] for district in districts))
        yield quantity(metric, label, value, "person", Period.POINT)
    workers = sum(stocks[0][district] for district in districts)
    for metric, label, unit, proportion in ESTIMATED:
        value = round(grown * workers * PROPORTIONS[proportion].share)
        # Contests and innovations are a subject that is no one thing.
        yield {**quantity(metric, label, value, unit, Period.POINT), "about": f"示例{label}"}


def count_workers(population: Population) -> list[list[int]]:
    """For each of what is counted the workers of each district: those at work, or of a grade."""
    people, count = population.people, len(population.places.districts)
    counts = [[0] * count for _ in COUNTED]
    for worker, district in enumerate(people.district):
        if district != NONE:
            for stock, (_, _, least) in zip(counts, COUNTED, strict=True):
                at_work = people.employer[worker] != NONE
                stock[district] += at_work if least is None else people.grade[worker] >= least
    return counts


def of_academies(population: Population) -> Rows:
    """As many as the registry counts, so that the two can be put side by side."""
    places = population.places
    for level, (metric, label) in ACADEMIES.items():
        counts = Counter(
            academy.place.code for academy in population.academies if academy.level is level
        )
        for place, province in enumerate(places.provinces):
            count = sum(
                counts[region_code] for region_code in codes_below(population, level, place)
            )
            yield {
                **quantity(metric, label, count, "academy", Period.CUMULATIVE),
                **population.sources.at(Level.PROVINCIAL, place, YEARS[-1]),
                "quantity_qualifier": Qualifier.EXACT,
                "year": YEARS[-1],
                "region_id": province.code,
            }


def codes_below(population: Population, level: Level, province: int) -> list[str]:
    places = population.places
    first, last = places.districts_of_province(province)
    if level is Level.PROVINCIAL:
        return [places.provinces[province].code]
    if level is Level.CITY:
        return sorted({places.cities[city].code for city in places.city_of[first:last]})
    return [district.code for district in places.districts[first:last]]


def of_holders(population: Population) -> Rows:
    counts = Counter(conferral.honour for conferral in population.conferrals)
    for honour, count in sorted(counts.items()):
        title = population.honours[honour]
        yield {
            **quantity("holders", f"{title.name}人数", count, "person", Period.CUMULATIVE),
            **population.sources.at(title.level, title.place, YEARS[-1]),
            "quantity_qualifier": Qualifier.EXACT,
            "honour_id": code("honour", honour),
            "region_id": title.region,
        }


def of_alliances(population: Population) -> Rows:
    for index, alliance in enumerate(population.alliances):
        now = sum(stay.left is None and stay.member[0] == "studio" for stay in alliance.stays)
        if now:
            yield {
                **quantity("member_studios", "联盟创新工作室", now, "studio", Period.POINT),
                **population.sources.at(alliance.level, alliance.place, YEARS[-1]),
                "alliance_id": code("alliance", index),
            }


def of_things(population: Population) -> Rows:
    """Kind, column, how many there are, metric, label, unit, period, least and most."""
    chance = population.chance("figures")
    listed = (
        ("enterprise", "subject_organisation_id", len(population.employers),
         "innovation_bonus_paid", "技术创新奖金", "yuan", Period.PER_YEAR, 50_000, 5_000_000),
        ("studio", "studio_id", len(population.studios), "economic_benefit", "增加效益", "yuan",
         Period.THREE_YEARS, 100_000, 200_000_000),
        ("academy", "academy_id", len(population.academies), "training_base_capacity",
         "年实训能力", "person_time", Period.PER_YEAR, 500, 20_000),
        ("competition", "competition_id", len(population.contests.contests), "teams", "代表队",
         "team", Period.POINT, 5, 60),
        ("series", "series_id", len(population.contests.series), "economic_benefit",
         "转化经济效益", "yuan", Period.ONE_YEAR, 1_000_000, 90_000_000),
        ("programme", "programme_id", len(population.classes.district_of_college),
         "trainees_per_year", "年培养规模", "person", Period.TARGET, 50, 2_000),
        ("service_team", "service_team_id", len(population.places.cities), "activities_per_year",
         "年活动场次", "session", Period.PER_YEAR, 10, 90),
        ("event", "event_id", 1, "units", "参与单位", "unit", Period.POINT, 20, 300),
        ("policy", "policy_id", 1, "supporting_measures", "配套措施", "measure",
         Period.CUMULATIVE, 5, 40),
    )  # fmt: skip
    for kind, column, count, metric, label, unit, period, least, most in listed:
        for index in range(0, count, EVERY):
            yield {
                **quantity(metric, label, chance.between(least, most), unit, period),
                **population.sources.at(Level.NATIONAL, 0, YEARS[-1]),
                column: code(kind, index),
            }
    yield from of_leaders(population)
    for index in range(len(population.places.provinces)):
        yield {
            **quantity("tiers", "梯次级数", 2, "tier", Period.SINCE),
            **population.sources.at(Level.PROVINCIAL, index, YEARS[-1]),
            "since_year": 2018,
            "ladder_id": f"demo_ladder_province_{index}",
            "organisation_id": population.unions.of_province(index),
        }


def of_leaders(population: Population) -> Rows:
    """Nothing is published of a worker who isn't public."""
    for studio in range(0, len(population.studios), EVERY):
        leader = population.studios.leader_of[studio]
        if leader != NONE:
            years = 5 + studio % 30
            yield {
                **quantity("years_on_front_line", "扎根一线年数", years, "year", Period.CUMULATIVE),
                **population.sources.of_district(population.people.district[leader], YEARS[-1]),
                "worker_id": code("worker", leader),
            }


@generates(Target)
def targets(population: Population) -> Rows:
    """As published in Heilongjiang: a number of alliances by a year, and a new one every year."""
    places, number = population.places, 0
    for level, listed in ((Level.PROVINCIAL, places.provinces), (Level.CITY, places.cities)):
        for place, region in enumerate(listed):
            of_all = level is Level.PROVINCIAL
            yield {
                "id": code("target", number),
                "metric": "alliances" if of_all else "alliances_new",
                "label": "工作室联盟总数" if of_all else "每年新建工作室联盟",
                "quantity_value": 50.0 if of_all else 1.0,
                "quantity_unit": "alliance",
                "quantity_qualifier": Qualifier.AT_LEAST,
                "year": 2025 if of_all else None,
                "yearly": not of_all,
                "region_id": region.code,
                "organisation_id": population.unions.at(level, place),
                "condition": "各级" if of_all else None,
                **population.sources.at(level, place, 2022),
            }
            number += 1


@generates(Completeness)
def completeness(population: Population) -> Rows:
    for place, province in enumerate(population.places.provinces):
        yield {
            "id": code("completeness", place),
            "metric": COMPLETE,
            "region_id": province.code,
            **population.sources.at(Level.PROVINCIAL, place, 2025),
        }
