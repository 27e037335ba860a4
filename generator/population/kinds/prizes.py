from generator.population.codes import COUNTRY, code
from generator.population.drawn.entrants import Series
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from generator.population.kinds.policies import count_of_policies
from kit.values.quantity import Qualifier
from models.competition import CompetitionKind, PrizeRule
from models.row import Level

# The maximum for the first three places, as published (Heilongjiang).
PAID = {Level.INTERNATIONAL: 500_000, Level.NATIONAL: 100_000, Level.PROVINCIAL: 20_000}
# The prize of finalists of an innovation contest, as published (Qingdao).
TRACKS = (("全员创新企业赛道", 10, 300_000), ("创新工作室赛道", 20, 30_000))
YEAR = 2024


@generates(PrizeRule)
def prize_rules(population: Population) -> Rows:
    for number, row in enumerate(rules(population)):
        yield {
            "id": code("prize_rule", number),
            "amount_unit": "yuan",
            "policy_id": code("policy", number % count_of_policies(population)),
            "clause": None if number % 2 else "第三条",
            **row,
        }


def rules(population: Population) -> Rows:
    for index, series in enumerate(population.contests.series):
        if series.level in PAID:
            most = {
                "amount_value": float(PAID[series.level]),
                "amount_qualifier": Qualifier.AT_MOST,
            }
            yield {**of_series(population, index, series), **most, "rank_from": 1, "rank_to": 3}
        elif series.level is Level.CITY and series.kind is CompetitionKind.INNOVATION:
            for track, last, amount in TRACKS:
                exact = {"amount_value": float(amount), "amount_qualifier": Qualifier.EXACT}
                ranks = {"rank_from": 1, "rank_to": last}
                yield {**of_series(population, index, series), **exact, **ranks, "track": track}
    for index, honour in enumerate(population.honours):
        if honour.prize is not None:
            yield {
                "honour_id": code("honour", index),
                "region_id": honour.region,
                "amount_value": float(honour.prize),
                "amount_qualifier": Qualifier.EXACT,
                "payer_id": honour.grantor,
                **population.sources.at(honour.level, honour.place, YEAR),
            }
    yield {
        "region_id": COUNTRY,
        "rank_from": 1,
        "rank_to": 3,
        "amount_value": 20_000.0,
        "amount_qualifier": Qualifier.AT_MOST,
        "condition": "省级一类竞赛",
        **population.sources.at(Level.NATIONAL, 0, YEAR),
    }


def of_series(population: Population, index: int, series: Series) -> Values:
    return {
        "series_id": code("series", index),
        "region_id": population.places.code_at(series.level, series.place) or COUNTRY,
        "payer_id": population.unions.at(series.level, series.place),
        **population.sources.at(series.level, series.place, YEAR),
    }
