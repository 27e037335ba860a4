from bisect import bisect_right
from dataclasses import dataclass

from generator.population.chance import Draw, Weighted, first_each
from generator.population.drawn.classes import Classes
from generator.population.drawn.employers import Employers
from generator.population.drawn.entrants import Entrants, Series, Who
from generator.population.drawn.people import HEIGHT, NONE, People
from generator.population.drawn.places import Places
from generator.population.drawn.studios import Studios
from generator.population.drawn.trades import Trades
from generator.population.numbers import Numbers, numbers
from generator.population.proportions import number, share
from models.competition import CompetitionKind
from models.row import Level
from models.worker import Grade

LEVELS = Weighted({Level.ENTERPRISE: 40, Level.DISTRICT: 24, Level.COUNTY: 10, Level.ZONE: 4,
                   Level.CITY: 16, Level.PROVINCIAL: 4, Level.NATIONAL: 1.5,
                   Level.INTERNATIONAL: 0.5})  # fmt: skip
KINDS = Weighted({CompetitionKind.SKILL: 70, CompetitionKind.LABOUR: 18,
                  CompetitionKind.INNOVATION: 10, CompetitionKind.ENTREPRENEURSHIP: 2})  # fmt: skip
# How many more places one of a level has than another.
SIZES = {Level.INTERNATIONAL: 6, Level.NATIONAL: 12, Level.PROVINCIAL: 5, Level.CITY: 2.5,
         Level.DISTRICT: 0.5, Level.COUNTY: 0.4, Level.ZONE: 0.4,
         Level.ENTERPRISE: 0.4}  # fmt: skip
LAST = 2026

# The grades to which the first three places of a skill contest are promoted.
PROMOTIONS = {
    Level.INTERNATIONAL: Grade.SENIOR_TECHNICIAN,
    Level.NATIONAL: Grade.SENIOR_TECHNICIAN,
    Level.PROVINCIAL: Grade.TECHNICIAN,
    Level.CITY: Grade.SENIOR,
}
PROMOTED = 3


@dataclass(frozen=True, slots=True)
class Contest:
    series: int
    edition: int
    year: int
    weight: float


@dataclass(frozen=True)
class Contests:
    """Contest n has the results `spans[n]` to `spans[n + 1]`, from the first place to the last."""

    series: list[Series]
    contests: list[Contest]
    who: bytearray
    recipient: Numbers
    spans: Numbers

    def of(self, result: int) -> Contest:
        return self.contests[bisect_right(self.spans, result) - 1]


def draw_contests(
    chance: Draw,
    people: People,
    places: Places,
    trades: Trades,
    employers: Employers,
    classes: Classes,
    studios: Studios,
) -> Contests:
    series, contests = draw_series(chance, len(people), places, trades, employers)
    who, recipient, spans = bytearray(), numbers(), numbers([0])
    unit = share("results") * len(people) / sum(item.weight for item in contests)
    for contest in contests:
        contest_series = series[contest.series]
        entrants = Entrants(chance, people, places, classes, studios, contest_series, contest.year)
        for kind, entrant in entrants.draw(round(contest.weight * unit)):
            who.append(kind)
            recipient.append(entrant)
            if kind is Who.WORKER and contest_series.level is not Level.ENTERPRISE:
                people.public[entrant] = 1
        promote(people, contest_series, who, recipient, spans[-1])
        spans.append(len(recipient))
    return Contests(series, contests, who, recipient, spans)


def draw_series(
    chance: Draw, workers: int, places: Places, trades: Trades, employers: Employers
) -> tuple[list[Series], list[Contest]]:
    limit = number("competitions", workers)
    usual = share("editions_of_a_series")
    series: list[Series] = []
    contests: list[Contest] = []
    while len(contests) < limit or len(series) < 2 * len(Level):
        index = len(series)
        level = first_each(tuple(Level), index, chance.among(LEVELS))
        kind = first_each(tuple(CompetitionKind), index, chance.among(KINDS))
        trade = chance.index(len(trades.occupations)) if kind is CompetitionKind.SKILL else NONE
        where = draw_place(chance, level, places, employers)
        editions = chance.between(1, min(round(2 * usual) - 1, 1 + limit // len(Level)))
        series.append(Series(level, kind, where, trade, editions))
        for edition in range(1, editions + 1):
            weight = SIZES[level] * max(chance.draw(), 1e-4) ** -0.5
            contests.append(Contest(index, edition, LAST - editions + edition, weight))
    return series, contests


def draw_place(chance: Draw, level: Level, places: Places, employers: Employers) -> int:
    match level:
        case Level.ENTERPRISE:
            return chance.among(employers.sized)
        case Level.DISTRICT | Level.COUNTY:
            candidates = [
                n for n, district in enumerate(places.districts) if district.level is level
            ]
            return chance.one(candidates)
        case Level.ZONE:
            return chance.index(len(places.zones))
        case Level.CITY:
            return chance.index(len(places.cities))
        case Level.PROVINCIAL:
            return chance.index(len(places.provinces))
    return NONE


def promote(people: People, series: Series, who: bytearray, recipient: Numbers, first: int) -> None:
    """Certify a grade only to workers without one as high."""
    grade = PROMOTIONS.get(series.level)
    if grade is None or series.kind is not CompetitionKind.SKILL:
        return
    for result in range(first, min(first + PROMOTED, len(recipient))):
        worker = recipient[result]
        if who[result] != Who.WORKER or worker in people.promoted:
            continue
        if people.grade[worker] < HEIGHT[grade]:
            people.promoted[worker] = result, people.grade[worker]
            people.grade[worker] = HEIGHT[grade]
