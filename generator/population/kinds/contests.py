from generator.population.codes import code, word
from generator.population.drawn.entrants import Series
from generator.population.drawn.people import NONE
from generator.population.drawn.population import Population
from generator.population.drawn.sources import Cited
from generator.population.kinds import Rows, generates
from models.competition import Competition, CompetitionSeries
from models.row import Level

CLASSES = ("一类", "二类")
CLASSED = {Level.NATIONAL, Level.PROVINCIAL}
UNNUMBERED, UNDATED, AS_TEXT = 0.08, 0.03, 0.05
IN_ACADEMY = 0.2


@generates(CompetitionSeries, 0.0006)
def series(population: Population) -> Rows:
    for index, item in enumerate(population.contests.series):
        yield {
            "code": code("series", index),
            "name": f"示例{word(index)}{item.kind.label}",
            "competition_kind": item.kind,
            "level": item.level,
            "region_id": region_of(population, item),
        }


@generates(Competition, 0.005)
def competitions(population: Population) -> Rows:
    chance, drawn = population.chance("competitions"), population.contests
    for index, contest in enumerate(drawn.contests):
        contest_series = drawn.series[contest.series]
        is_dated, as_text = not chance.happens(UNDATED), chance.happens(AS_TEXT)
        trade = None if contest_series.trade == NONE else contest_series.trade
        yield {
            "code": code("competition", index),
            "name": f"第{contest.edition}届示例{word(contest.series)}{contest_series.kind.label}",
            "series_id": code("series", contest.series),
            "edition": None if chance.happens(UNNUMBERED) else contest.edition,
            "competition_kind": contest_series.kind,
            "level": contest_series.level,
            "competition_class": chance.one(CLASSES) if contest_series.level in CLASSED else None,
            "year": contest.year if is_dated else None,
            "held_on": chance.date(contest.year) if is_dated else None,
            "occupation_id": None if trade is None or as_text else code("occupation", trade),
            "occupation_as_published": population.trades.occupations[trade]
            if trade is not None and as_text
            else None,
            "host_id": host_of(population, contest_series),
            "academy_id": code("academy", index % len(population.academies))
            if chance.happens(IN_ACADEMY)
            else None,
            "region_id": region_of(population, contest_series),
            "owner_id": host_of(population, contest_series),
        }


def region_of(population: Population, contest_series: Series) -> str | None:
    if contest_series.level is Level.ENTERPRISE:
        return population.region_of_enterprise(contest_series.place)
    return population.places.code_at(contest_series.level, contest_series.place)


def host_of(population: Population, contest_series: Series) -> str | None:
    if contest_series.level is Level.ENTERPRISE:
        return code("enterprise", contest_series.place)
    if contest_series.level is Level.INTERNATIONAL:
        return None
    return population.unions.at(contest_series.level, contest_series.place)


def source_of(population: Population, contest_series: Series, year: int) -> Cited:
    if contest_series.level is Level.ENTERPRISE:
        return population.sources.of_district(
            population.employers.district_of[contest_series.place], year
        )
    return population.sources.at(contest_series.level, contest_series.place, year)
