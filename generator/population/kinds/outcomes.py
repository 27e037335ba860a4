from generator.population.chance import Draw, Weighted, first_each
from generator.population.codes import code
from generator.population.drawn.outcomes import KINDS
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates, lying_in
from kit.values.quantity import Qualifier
from models.outcome import Outcome
from models.outcome import OutcomeKind as Kind
from models.row import Audience, FactStatus

PATENTS = {Kind.INVENTION_PATENT, Kind.UTILITY_MODEL}
TITLES = ("装置", "工艺", "工装夹具", "检测方法", "控制系统", "操作法")
STATUSES = Weighted({FactStatus.ASSERTED: 90, FactStatus.VERIFIED: 9.5,
                     FactStatus.DISPUTED: 0.3, FactStatus.RETRACTED: 0.2})  # fmt: skip
# Several at once have any qualifier; most outcomes are single ones.
SEVERAL, VALUED, UNTITLED, UNDATED = 0.06, 0.25, 0.05, 0.08
SHARED = 5  # every so many are for partners
FIRST, LAST = 2012, 2026


@generates(Outcome, 0.13)
def outcomes(population: Population) -> Rows:
    chance = population.chance("outcomes")
    for index, studio in enumerate(population.outcomes):
        employer = population.studios.employer_of[studio]
        kind = first_each(tuple(Kind), index, chance.among(KINDS))
        year = chance.between(FIRST, LAST)
        industry = population.trades.industries[population.employers.industry_of[employer]]
        title = None if chance.happens(UNTITLED) else f"示例{industry}{chance.one(TITLES)}"
        yield {
            "id": code("outcome", index),
            "studio_id": code("studio", studio),
            "outcome_kind": kind,
            "title": title,
            "period_as_published": "三年累计" if kind is Kind.BENEFIT and index % 3 else None,
            "year": None if chance.happens(UNDATED) else year,
            **lying_in(population.region_of_studio(studio)),
            "status": chance.among(STATUSES),
            "audience": audience_of(index),
            **measure(chance, kind),
            **population.sources.of_district(population.employers.district_of[employer], year),
        }


def audience_of(outcome: int) -> Audience:
    return Audience.SHARED if outcome % SHARED == SHARED - 1 else Audience.PUBLIC


def measure(chance: Draw, kind: Kind) -> Values:
    values: Values = {}
    if kind is not Kind.BENEFIT:
        several = chance.happens(SEVERAL)
        values["quantity_value"] = float(chance.between(2, 40) if several else 1)
        values["quantity_unit"] = "patent" if kind in PATENTS else "item"
        values["quantity_qualifier"] = chance.one(tuple(Qualifier)) if several else Qualifier.EXACT
    if kind is Kind.BENEFIT or chance.happens(VALUED):
        values["value_value"] = float(int(10 ** (4 + 4 * chance.draw())))
        values["value_unit"] = "yuan"
        values["value_qualifier"] = chance.one(tuple(Qualifier))
    return values
