from generator.population.chance import Draw
from generator.population.codes import code
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from generator.population.kinds.outcomes import audience_of
from generator.population.proportions import share
from models.outcome import Contribution
from models.row import Audience

JOINT = 0.15  # of those whose contributors are known: another studio had a part
ORGANISED = 0.05  # the host, as an organisation
UNSHARED = 0.2  # who took part is known, but not with what share
PEOPLE = 3  # at most
REACH = (Audience.OWNER, Audience.SHARED, Audience.PUBLIC)


@generates(Contribution, 0.1)
def contributions(population: Population) -> Rows:
    """Return shares, the largest for the leading studio, none more visible than the outcome."""
    chance, proportion = population.chance("contributions"), share("contributed")
    number = 0
    for outcome, studio in enumerate(population.outcomes):
        if not chance.happens(proportion):
            continue
        employer = population.studios.employer_of[studio]
        district = population.employers.district_of[employer]
        is_shared = not chance.happens(UNSHARED)
        for row, part in parted(contributors(population, chance, studio)):
            audience = row.pop("audience", Audience.PUBLIC)
            yield {
                "id": code("contribution", number),
                "outcome_id": code("outcome", outcome),
                "share": part if is_shared else None,
                "audience": min((audience, audience_of(outcome)), key=REACH.index),
                **row,
                **population.sources.of_district(district, 2020 + outcome % 6),
            }
            number += 1


def contributors(population: Population, chance: Draw, studio: int) -> list[Values]:
    studios, people = population.studios, population.people
    rows: list[Values] = [{"studio_id": code("studio", studio)}]
    if len(studios) > 1 and chance.happens(JOINT):
        other = (studio + chance.between(1, len(studios) - 1)) % len(studios)
        rows.append({"studio_id": code("studio", other)})
    if chance.happens(ORGANISED):
        rows.append({"organisation_id": code("enterprise", studios.employer_of[studio])})
    for worker in studios.members_of(studio)[: chance.between(0, PEOPLE)]:
        rows.append({"worker_id": code("worker", worker), "audience": people.audience(worker)})
    return rows


def parted(rows: list[Values]) -> list[tuple[Values, float]]:
    """Half for the first, the rest in equal parts; alone, all of it."""
    if len(rows) == 1:
        return [(rows[0], 100.0)]
    part = round(50 / (len(rows) - 1), 1)
    rest = 100 - part * (len(rows) - 1)
    return [(row, round(rest, 1) if n == 0 else part) for n, row in enumerate(rows)]
