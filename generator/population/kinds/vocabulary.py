from generator.population.codes import SCHEME, code
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, generates
from models.vocabulary import Industry, Major, Occupation

WHOLE = "demo_industry_all"


@generates(Industry)
def industries(population: Population) -> Rows:
    yield {"code": WHOLE, "name": "全部行业（示例）", "scheme": SCHEME}
    for index, name in enumerate(population.trades.industries):
        yield {
            "code": code("industry", index),
            "name": f"{name}（示例）",
            "scheme": SCHEME,
            "parent_id": WHOLE,
        }


@generates(Occupation)
def occupations(population: Population) -> Rows:
    trades = population.trades
    for index, name in enumerate(trades.industries):
        yield {
            "code": code("occupation_group", index),
            "name": f"{name}人员（示例）",
            "scheme": SCHEME,
        }
    for trade, name in enumerate(trades.occupations):
        yield {
            "code": code("occupation", trade),
            "name": name,
            "scheme": SCHEME,
            "parent_id": code("occupation_group", trades.industry_of[trade]),
        }


@generates(Major)
def majors(population: Population) -> Rows:
    for index, name in enumerate(population.trades.majors):
        yield {"code": code("major", index), "name": name, "scheme": SCHEME}
