from generator.population.chance import Weighted
from generator.population.codes import code
from generator.population.drawn.entrants import Series, Who
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates, lying_in
from generator.population.kinds.contests import source_of
from models.competition import Result
from models.row import Audience, FactStatus, Level

FIRST, SECOND, THIRD, FOURTH = "一等奖", "二等奖", "三等奖", "优秀奖"
STAFF, STUDENTS = "职工组", "学生组"
RANKED = 0.7  # of the places of a contest; of the others no more than the award is published
TIED = 7  # every so many places are shared with the one before
SCORED = 0.6  # of contests
STATUSES = Weighted({FactStatus.ASSERTED: 94, FactStatus.VERIFIED: 5.9,
                     FactStatus.DISPUTED: 0.1})  # fmt: skip


@generates(Result, 0.57)
def results(population: Population) -> Rows:
    """Yield results; those of contests within an enterprise aren't public."""
    chance, drawn = population.chance("results"), population.contests
    for index, contest in enumerate(drawn.contests):
        series = drawn.series[contest.series]
        common = {
            "competition_id": code("competition", index),
            "audience": audience_of(series),
            **source_of(population, series, contest.year),
        }
        first, last = drawn.spans[index], drawn.spans[index + 1]
        scored = chance.happens(SCORED)
        for result in range(first, last):
            rank = rank_of(result - first)
            is_ranked = result - first < RANKED * (last - first) or result == first
            yield {
                "id": code("result", result),
                **common,
                **recipient(population, result),
                "rank": rank if is_ranked else None,
                "award": award_of(rank, last - first),
                "score": round(98 - 40 * (rank - 1) / (last - first), 1) if scored else None,
                "status": chance.among(STATUSES),
            }


def audience_of(series: Series) -> Audience:
    return Audience.OWNER if series.level is Level.ENTERPRISE else Audience.PUBLIC


def rank_of(index: int) -> int:
    return index if index % TIED == TIED - 1 else index + 1


def award_of(rank: int, total: int) -> str | None:
    share = rank / total
    if rank == 1 or share < 0.03:
        return FIRST
    return SECOND if share < 0.1 else THIRD if share < 0.3 else FOURTH if share < 0.8 else None


def recipient(population: Population, result: int) -> Values:
    """With the region that follows from it."""
    people, index = population.people, population.contests.recipient[result]
    match population.contests.who[result]:
        case Who.ORGANISATION:
            region = population.region_of_enterprise(index)
            return {"organisation_id": code("enterprise", index), **lying_in(region)}
        case Who.STUDIO:
            region = population.region_of_studio(index)
            return {"studio_id": code("studio", index), **lying_in(region)}
        case Who.REGION:
            region = population.places.districts[index].code
            return {"recipient_region_id": region, **lying_in(region)}
    return {
        "worker_id": code("worker", index),
        "division": STUDENTS if people.is_student(index) else STAFF,
        **lying_in(population.region_of_worker(index)),
    }
