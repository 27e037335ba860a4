from collections.abc import Iterator
from typing import Any

from generator.population.chance import Draw
from generator.population.codes import code
from generator.population.drawn.conferrals import Conferral
from generator.population.drawn.honours import Honour
from generator.population.drawn.people import NONE
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates, lying_in
from generator.population.kinds.honours import STAGES, UNSELECTED, recipient, rounds
from generator.population.proportions import share
from models.row import Audience, Level
from models.selection import Nomination, SelectionRound
from models.selection import NominationStatus as Status

FIRST = 2015  # the year before the first round of every honour
OTHERS = (Status.NOT_SELECTED, Status.NOT_SELECTED, Status.NOT_SELECTED, Status.WITHDRAWN)
OPEN = 2026  # in this year's rounds nothing has been decided of some


@generates(SelectionRound, 0.002)
def selection_rounds(population: Population) -> Rows:
    for (honour, year), index in rounds(population).items():
        title, is_known = population.honours[honour], index % 8
        yield {
            "code": code("selection_round", index),
            "name": f"{year}年{title.name}评选",
            "honour_id": code("honour", honour),
            "number": year - FIRST if index % 5 else None,
            "year": year if is_known else None,
            "opened": f"{year}-02" if is_known else None,
            "closed": f"{year}-09" if is_known and index % 2 else None,
            "organiser_id": title.grantor if index % 6 else None,
        }


@generates(Nomination, 0.02)
def nominations(population: Population) -> Rows:
    """Who was selected, and for each some who were not: of those their nominator alone knows."""
    chance, round_indexes = population.chance("nominations"), rounds(population)
    others = round(share("nominated")) - 1
    number = 0
    nominated: set[tuple[str, Any]] = set()  # a round, and a worker
    for index, conferral in enumerate(population.conferrals):
        honour = population.honours[conferral.honour]
        if honour.family in UNSELECTED:
            continue
        held_then = code("selection_round", round_indexes[conferral.honour, conferral.year])
        nominee = recipient(population, conferral)
        selected: Values = {
            "nomination_status": Status.SELECTED,
            "stage_id": stage(honour, len(STAGES)),
            "conferral_id": code("conferral", index),
            "audience": Audience.PUBLIC,
            **{name: to for name, to in nominee.items() if name not in lying_in(None)},
        }
        for row in [selected, *unlucky(population, chance, conferral, others)]:
            if "worker_id" in row:
                if (held_then, row["worker_id"]) in nominated:
                    continue
                nominated.add((held_then, row["worker_id"]))
            yield {
                "id": code("nomination", number),
                "selection_round_id": held_then,
                "nominator_id": nominator(population, honour, number),
                **row,
                **population.sources.at(honour.level, honour.place, conferral.year),
            }
            number += 1


def unlucky(
    population: Population, chance: Draw, conferral: Conferral, others: int
) -> Iterator[Values]:
    honour = population.honours[conferral.honour]
    for order in range(others):
        worker = somebody(population, chance, honour)
        if worker != NONE:
            status = chance.one(OTHERS)
            if conferral.year == OPEN and order:
                status = Status.NOMINATED
            passed = chance.index(len(STAGES))
            yield {
                "nomination_status": status,
                "stage_id": stage(honour, passed) if passed else None,
                "worker_id": code("worker", worker),
            }


def somebody(population: Population, chance: Draw, honour: Honour) -> int:
    """Return any worker of the place; none for an honour of enterprises or studios."""
    if honour.kind != "WORKER" and honour.kind != "STUDENT":
        return NONE
    first, last = population.places.districts_at(honour.level, honour.place)
    low, high = population.people.of_district(chance.between(first, last - 1), None)
    if low == high:
        return NONE
    return population.people.by_place.members[chance.between(low, high - 1)]


def stage(honour: Honour, order: int) -> str | None:
    return f"demo_stage_{honour.ladder}_{order}" if honour.ladder else None


def nominator(population: Population, honour: Honour, number: int) -> str:
    if honour.level in {Level.DISTRICT, Level.COUNTY}:
        return population.unions.of_district(honour.place)
    return population.unions.of_enterprise(number % len(population.employers))
