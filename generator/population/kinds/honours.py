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
    for place, one in enumerate(population.honours):
        prize: Values = {}
        if one.prize is not None:
            prize = {"prize_value": float(one.prize), "prize_unit": "yuan",
                     "prize_qualifier": Qualifier.EXACT}  # fmt: skip
        yield {
            "code": code("honour", place),
            "name": one.name,
            "level": one.level,
            "recipient_kind": one.kind,
            "grantor_id": one.grantor,
            "operator_id": one.grantor if one.level is Level.CITY else None,
            "region_id": one.region,
            "eligibility": "在职一线职工" if one.kind is RecipientKind.WORKER else None,
            **prize,
        }


@generates(Ladder)
def ladders(population: Population) -> Rows:
    found = {one.ladder: one for one in population.honours if one.ladder}
    for ladder, one in found.items():
        yield {
            "code": f"demo_ladder_{ladder}",
            "name": f"{one.name}梯次",
            "region_id": one.region,
            "operator_id": one.grantor,
        }


@generates(Rung)
def rungs(population: Population) -> Rows:
    for place, one in enumerate(population.honours):
        if one.ladder:
            yield {
                "id": code("rung", place),
                "ladder_id": f"demo_ladder_{one.ladder}",
                "rank": one.rung,
                "name": one.name,
                "honour_id": code("honour", place),
            }


@generates(SelectionStage)
def selection_stages(population: Population) -> Rows:
    return steps(population, "stage", STAGES[: number("stages", 1)])


@generates(Criterion)
def criteria(population: Population) -> Rows:
    return steps(population, "criterion", CRITERIA[: number("criteria", 1)])


def steps(population: Population, kind: str, names: tuple[str, ...]) -> Rows:
    for ladder in dict.fromkeys(one.ladder for one in population.honours if one.ladder):
        for order, name in enumerate(names, start=1):
            yield {
                "id": f"demo_{kind}_{ladder}_{order}",
                "ladder_id": f"demo_ladder_{ladder}",
                "order": order,
                "name": name,
            }


def rounds(population: Population) -> dict[tuple[int, int], int]:
    """(honour, year) -> its place among all rounds."""
    held = [
        (one.honour, one.year)
        for one in population.conferrals
        if population.honours[one.honour].family not in UNSELECTED
    ]
    return {one: place for place, one in enumerate(dict.fromkeys(held))}


@generates(models.honour.Conferral, 0.008)
def conferrals(population: Population) -> Rows:
    there_are = rounds(population)
    for place, one in enumerate(population.conferrals):
        honour = population.honours[one.honour]
        held = there_are.get((one.honour, one.year))
        yield {
            "id": code("conferral", place),
            "honour_id": code("honour", one.honour),
            **recipient(population, one),
            "year": None if place % UNDATED == UNDATED - 1 else one.year,
            "selection_round_id": None if held is None else code("selection_round", held),
            "based_on_id": None if one.result == NONE else code("result", one.result),
            "status": FactStatus.ASSERTED if place % VERIFIED else FactStatus.VERIFIED,
            **population.sources.at(honour.level, honour.place, one.year),
        }


def recipient(population: Population, one: Conferral) -> Values:
    """With the region that follows from it."""
    places = population.places
    match population.honours[one.honour].family:
        case "advanced_regions":
            region = places.districts[one.to].code
            return {"recipient_region_id": region, **lying_in(region)}
        case "practices":
            return {"recipient_as_published": f"{places.districts[one.to].name}的做法"}
        case "innovation_enterprises":
            region_of = population.region_of_enterprise(one.to)
            return {"organisation_id": code("enterprise", one.to), **lying_in(region_of)}
        case "teams":
            region_of = population.region_of_enterprise(population.employers.teams[one.to])
            return {"organisation_id": code("team", one.to), **lying_in(region_of)}
        case "innovation_studios":
            region_of = population.region_of_studio(one.to)
            return {"studio_id": code("studio", one.to), **lying_in(region_of)}
    return {"worker_id": code("worker", one.to), **lying_in(population.region_of_worker(one.to))}
