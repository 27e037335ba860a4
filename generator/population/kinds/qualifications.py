from generator.population.chance import Draw, Weighted
from generator.population.codes import code
from generator.population.drawn.people import GRADES, NONE
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from generator.population.proportions import share
from models.row import Audience, FactStatus
from models.training import Qualification
from models.training import QualificationBasis as Basis

FIRST, LAST = 2008, 2025
UNDATED, AS_TEXT = 0.05, 0.04
ASSESSED = 0.6  # of the certificates in enterprises that assess by themselves
BASES = Weighted[Basis | None]({Basis.EXAM: 93, Basis.OTHER: 2, None: 5})
STATUSES = Weighted({FactStatus.ASSERTED: 84, FactStatus.VERIFIED: 15.9,
                     FactStatus.DISPUTED: 0.1})  # fmt: skip


@generates(Qualification, 1.05)
def qualifications(population: Population) -> Rows:
    """Return certificates, of which the highest is the worker's grade."""
    chance, people = population.chance("qualifications"), population.people
    lower = share("earlier_certificates")
    number = 0
    for worker in range(len(people)):
        result, height = people.promoted.get(worker, (NONE, people.grade[worker]))
        year = chance.between(FIRST + 4, LAST)
        if height > 1 and chance.happens(lower):
            earlier = chance.between(1, height - 1)
            before = year - chance.between(2, 4)
            yield earned(population, chance, worker, number, earlier, before)
            number += 1
        if height:
            yield earned(population, chance, worker, number, height, year)
            number += 1
        if result != NONE:
            yield won(population, chance, worker, number, result)
            number += 1


def earned(
    population: Population, chance: Draw, worker: int, number: int, height: int, year: int
) -> Values:
    """Hide most certificates of public people; those of others have their audience."""
    people = population.people
    taught = people.class_of[worker]
    cited = population.sources.of_district(people.district[worker], year)
    if taught != NONE:
        cited = population.sources.of_college(population.classes.college_of[taught], year)
    audience = Audience.OWNER if people.public[worker] else people.audience(worker)
    as_text = chance.happens(AS_TEXT)
    trade = people.trade[worker]
    return {
        "id": code("qualification", number),
        "worker_id": code("worker", worker),
        "grade": GRADES[height],
        "occupation_id": None if as_text else code("occupation", trade),
        "occupation_as_published": population.trades.occupations[trade] if as_text else None,
        "issued_on": None if chance.happens(UNDATED) else chance.date(year),
        "basis": (how := basis(population, chance, worker)),
        "issuer_id": issuer(population, worker, how),
        "audience": Audience.PUBLIC if people.tells_certificates(worker) else audience,
        "status": chance.among(STATUSES),
        **cited,
    }


def basis(population: Population, chance: Draw, worker: int) -> Basis | None:
    if population.people.employer[worker] in population.employers.self_assessing:
        if chance.happens(ASSESSED):
            return Basis.SELF_ASSESSMENT
    elif chance.happens(share("certificates_by_contest")):
        return Basis.COMPETITION
    return chance.among(BASES)


def issuer(population: Population, worker: int, how: Basis | None) -> str | None:
    people, district = population.people, population.people.district[worker]
    if how is Basis.SELF_ASSESSMENT:
        return code("enterprise", people.employer[worker])
    if how is None or district == NONE:
        return None
    return code("government", population.places.city_of[district])


def won(population: Population, chance: Draw, worker: int, number: int, result: int) -> Values:
    """In the autumn after the contest, and as public as the place itself."""
    people = population.people
    year = population.contests.of(result).year
    return {
        "id": code("qualification", number),
        "worker_id": code("worker", worker),
        "grade": GRADES[people.grade[worker]],
        "occupation_id": code("occupation", people.trade[worker]),
        "issued_on": f"{year}-10-{chance.between(8, 28):02d}",
        "basis": Basis.COMPETITION,
        "based_on_id": code("result", result),
        "audience": Audience.PUBLIC,
        **population.sources.of_district(people.district[worker], year),
    }
