from generator.population.codes import code
from generator.population.drawn.contests import PROMOTED, PROMOTIONS
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from generator.population.kinds.policies import policy_of
from generator.population.kinds.results import STAFF, STUDENTS
from models.promotion import PromotionRule
from models.row import Level
from models.worker import Grade

BEGUN, REPLACED = 2016, 2021  # the rules of the first years required a better place
SHARE = 5.0  # percent of the entrants of a contest of a district


@generates(PromotionRule)
def promotion_rules(population: Population) -> Rows:
    """In each province: what its contests' places have in fact been promoted to."""
    number = 0
    for place, province in enumerate(population.places.provinces):
        for row in rules():
            yield {
                "id": code("promotion_rule", number),
                "region_id": province.code,
                "policy_id": policy_of(population, Level.PROVINCIAL, place),
                **row,
                **population.sources.at(Level.PROVINCIAL, place, BEGUN),
            }
            number += 1


def rules() -> Rows:
    for level, grade in PROMOTIONS.items():
        common: Values = {"level": level, "grade": grade, "division": STAFF, "clause": "第五条"}
        if level is Level.PROVINCIAL:
            common["competition_class"] = "一类"
        yield {**common, "rank_to": 1, "started": str(BEGUN), "ended": f"{REPLACED}-01-01"}
        yield {**common, "rank_to": PROMOTED, "started": f"{REPLACED}-01-01", "yearly_limit": 1}
    district: Values = {"level": Level.DISTRICT, "share_to": SHARE}
    one_up = {"from_grade": Grade.JUNIOR, "grade": Grade.INTERMEDIATE}
    yield {**district, "division": STAFF, **one_up}
    yield {**district, "division": STUDENTS, "grade": Grade.JUNIOR}
