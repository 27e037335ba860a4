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
    for place, one in enumerate(population.contests.series):
        yield {
            "code": code("series", place),
            "name": f"示例{word(place)}{one.kind.label}",
            "competition_kind": one.kind,
            "level": one.level,
            "region_id": region_of(population, one),
        }


@generates(Competition, 0.005)
def competitions(population: Population) -> Rows:
    chance, drawn = population.chance("competitions"), population.contests
    for place, one in enumerate(drawn.contests):
        of = drawn.series[one.series]
        is_dated, as_text = not chance.happens(UNDATED), chance.happens(AS_TEXT)
        trade = None if of.trade == NONE else of.trade
        yield {
            "code": code("competition", place),
            "name": f"第{one.edition}届示例{word(one.series)}{of.kind.label}",
            "series_id": code("series", one.series),
            "edition": None if chance.happens(UNNUMBERED) else one.edition,
            "competition_kind": of.kind,
            "level": of.level,
            "competition_class": chance.one(CLASSES) if of.level in CLASSED else None,
            "year": one.year if is_dated else None,
            "held_on": chance.date(one.year) if is_dated else None,
            "occupation_id": None if trade is None or as_text else code("occupation", trade),
            "occupation_as_published": population.trades.occupations[trade]
            if trade is not None and as_text
            else None,
            "host_id": host_of(population, of),
            "academy_id": code("academy", place % len(population.academies))
            if chance.happens(IN_ACADEMY)
            else None,
            "region_id": region_of(population, of),
            "owner_id": host_of(population, of),
        }


def region_of(population: Population, one: Series) -> str | None:
    if one.level is Level.ENTERPRISE:
        return population.region_of_enterprise(one.place)
    return population.places.code_at(one.level, one.place)


def host_of(population: Population, one: Series) -> str | None:
    if one.level is Level.ENTERPRISE:
        return code("enterprise", one.place)
    if one.level is Level.INTERNATIONAL:
        return None
    return population.unions.at(one.level, one.place)


def source_of(population: Population, one: Series, year: int) -> Cited:
    if one.level is Level.ENTERPRISE:
        return population.sources.of_district(population.employers.district_of[one.place], year)
    return population.sources.at(one.level, one.place, year)
