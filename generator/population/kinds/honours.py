import models.honour
from generator.population.codes import code
from generator.population.drawn.conferrals import Conferral
from generator.population.drawn.people import NONE
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates, lying_in
from generator.population.proportions import number
from kit.values.quantity import Qualifier
from models.honour import Criterion, Honour, Ladder, RecipientKind, Rung, SelectionStage
from models.row import FactStatus, Level

STAGES = ("资格初审", "专家评审", "联席会议", "媒体公示")
CRITERIA = ("工艺专长", "高超技能", "突出贡献", "带徒传技")
UNDATED = 20  # every so many conferrals have no year on record
VERIFIED = 3  # every so many have been verified
# Families whose recipients are nominated: neither regions, nor texts, nor what results led to.
UNSELECTED = {"advanced_regions", "practices", "national_experts", "technical_experts"}


@generates(Honour)
def honours(population: Population) -> Rows:
    for index, honour in enumerate(population.honours):
        prize: Values = {}
        if honour.prize is not None:
            prize = {"prize_value": float(honour.prize), "prize_unit": "yuan",
                     "prize_qualifier": Qualifier.EXACT}  # fmt: skip
        yield {
            "code": code("honour", index),
            "name": honour.name,
            "level": honour.level,
            "recipient_kind": honour.kind,
            "grantor_id": honour.grantor,
            "operator_id": honour.grantor if honour.level is Level.CITY else None,
            "region_id": honour.region,
            "eligibility": "在职一线职工" if honour.kind is RecipientKind.WORKER else None,
            **prize,
        }


@generates(Ladder)
def ladders(population: Population) -> Rows:
    first_honours = {honour.ladder: honour for honour in population.honours if honour.ladder}
    for ladder, honour in first_honours.items():
        yield {
            "code": f"demo_ladder_{ladder}",
            "name": f"{honour.name}梯次",
            "region_id": honour.region,
            "operator_id": honour.grantor,
        }


@generates(Rung)
def rungs(population: Population) -> Rows:
    for index, honour in enumerate(population.honours):
        if honour.ladder:
            yield {
                "id": code("rung", index),
                "ladder_id": f"demo_ladder_{honour.ladder}",
                "rank": honour.rung,
                "name": honour.name,
                "honour_id": code("honour", index),
            }


@generates(SelectionStage)
def selection_stages(population: Population) -> Rows:
    return steps(population, "stage", STAGES[: number("stages", 1)])


@generates(Criterion)
def criteria(population: Population) -> Rows:
    return steps(population, "criterion", CRITERIA[: number("criteria", 1)])


def steps(population: Population, kind: str, names: tuple[str, ...]) -> Rows:
    for ladder in dict.fromkeys(honour.ladder for honour in population.honours if honour.ladder):
        for order, name in enumerate(names, start=1):
            yield {
                "id": f"demo_{kind}_{ladder}_{order}",
                "ladder_id": f"demo_ladder_{ladder}",
                "order": order,
                "name": name,
            }


def rounds(population: Population) -> dict[tuple[int, int], int]:
    """(honour, year) -> its place among all rounds."""
    pairs = [
        (conferral.honour, conferral.year)
        for conferral in population.conferrals
        if population.honours[conferral.honour].family not in UNSELECTED
    ]
    return {pair: index for index, pair in enumerate(dict.fromkeys(pairs))}


@generates(models.honour.Conferral, 0.008)
def conferrals(population: Population) -> Rows:
    there_are = rounds(population)
    for index, conferral in enumerate(population.conferrals):
        honour = population.honours[conferral.honour]
        round_index = there_are.get((conferral.honour, conferral.year))
        yield {
            "id": code("conferral", index),
            "honour_id": code("honour", conferral.honour),
            **recipient(population, conferral),
            "year": None if index % UNDATED == UNDATED - 1 else conferral.year,
            "selection_round_id": None
            if round_index is None
            else code("selection_round", round_index),
            "based_on_id": None if conferral.result == NONE else code("result", conferral.result),
            "status": FactStatus.ASSERTED if index % VERIFIED else FactStatus.VERIFIED,
            **population.sources.at(honour.level, honour.place, conferral.year),
        }


def recipient(population: Population, conferral: Conferral) -> Values:
    """With the region that follows from it."""
    places = population.places
    match population.honours[conferral.honour].family:
        case "advanced_regions":
            region = places.districts[conferral.to].code
            return {"recipient_region_id": region, **lying_in(region)}
        case "practices":
            return {"recipient_as_published": f"{places.districts[conferral.to].name}的做法"}
        case "innovation_enterprises":
            region_of = population.region_of_enterprise(conferral.to)
            return {"organisation_id": code("enterprise", conferral.to), **lying_in(region_of)}
        case "teams":
            region_of = population.region_of_enterprise(population.employers.teams[conferral.to])
            return {"organisation_id": code("team", conferral.to), **lying_in(region_of)}
        case "innovation_studios":
            region_of = population.region_of_studio(conferral.to)
            return {"studio_id": code("studio", conferral.to), **lying_in(region_of)}
    return {
        "worker_id": code("worker", conferral.to),
        **lying_in(population.region_of_worker(conferral.to)),
    }
