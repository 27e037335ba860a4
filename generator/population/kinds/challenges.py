from generator.population.chance import Draw, Weighted, first_each
from generator.population.codes import code, word
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, Values, generates
from generator.population.proportions import number, share
from kit.values.quantity import Qualifier
from models.challenge import Bid, BidStatus, Challenge, ChallengeStatus

FIELDS = ("关键工艺", "检测技术", "智能控制", "节能降耗", None)
FIRST, LAST = 2019, 2025
CLAIMED = share("claimed")
# The published share was claimed; what became of the others and of the claims is assumed.
STATUSES = Weighted(
    {ChallengeStatus.CLAIMED: CLAIMED / 3, ChallengeStatus.SOLVED: CLAIMED * 2 / 3,
     ChallengeStatus.OPEN: (1 - CLAIMED) * 3 / 4, ChallengeStatus.WITHDRAWN: (1 - CLAIMED) / 4}
)  # fmt: skip
TAKEN = {ChallengeStatus.CLAIMED, ChallengeStatus.SOLVED}
LOSERS = (BidStatus.LOST, BidStatus.LOST, BidStatus.WITHDRAWN)
MOST_BIDS = 4
UNSTATED = 6  # every so many lack what can be lacking


def status_of(population: Population, index: int) -> ChallengeStatus:
    drawn = STATUSES.at(population.chance(f"challenge {index}").draw())
    return first_each(tuple(ChallengeStatus), index, drawn)


def count_of_challenges(population: Population) -> int:
    return max(2 * len(ChallengeStatus), number("challenges", len(population.people)))


def posted_in(index: int) -> int:
    return FIRST + index % (LAST - FIRST + 1)


@generates(Challenge)
def challenges(population: Population) -> Rows:
    """Return challenges of enterprises, mostly big ones, solved by an outcome of the same years."""
    chance, employers = population.chance("challenges"), population.employers
    industries = population.trades.industries
    for index in range(count_of_challenges(population)):
        poster, year = chance.early(len(employers)), posted_in(index)
        status, industry = status_of(population, index), employers.industry_of[poster]
        is_stated = index % UNSTATED != UNSTATED - 1
        solved = status is ChallengeStatus.SOLVED and len(population.outcomes) > 0
        yield {
            "code": code("challenge", index),
            "name": f"示例{word(index)}{industries[industry]}攻关项目",
            "challenge_status": status,
            "field": chance.one(FIELDS),
            "poster_id": code("enterprise", poster) if is_stated else None,
            "region_id": population.region_of_enterprise(poster),
            "industry_id": code("industry", industry) if is_stated else None,
            "occupation_id": code("occupation", 3 * industry) if index % 2 else None,
            "posted": chance.month(year) if is_stated else None,
            "deadline": f"{year + 1}-06-30" if index % 2 else None,
            **(reward(chance) if is_stated else {}),
            "outcome_id": code("outcome", index % len(population.outcomes)) if solved else None,
            "owner_id": code("enterprise", poster),
        }


def reward(chance: Draw) -> Values:
    return {
        "reward_value": float(chance.between(1, 50) * 10_000),
        "reward_unit": "yuan",
        "reward_qualifier": chance.one((Qualifier.EXACT, Qualifier.AT_MOST)),
    }


@generates(Bid)
def bids(population: Population) -> Rows:
    """One of those for a challenge that was claimed has won."""
    chance = population.chance("bids")
    number = 0
    for index in range(count_of_challenges(population)):
        status = status_of(population, index)
        bidders = {bidder(population, chance): None for _ in range(chance.between(1, MOST_BIDS))}
        for order, (column, to) in enumerate(bidders):
            won = BidStatus.WON if order == 0 else LOSERS[order % len(LOSERS)]
            year = posted_in(index)
            yield {
                "id": code("bid", number),
                "challenge_id": code("challenge", index),
                column: to,
                "bid_status": won if status in TAKEN else BidStatus.SUBMITTED,
                "submitted": None if number % UNSTATED == 0 else f"{year}-1{number % 3}",
                **population.sources.of_district(number % len(population.places.districts), year),
            }
            number += 1


def bidder(population: Population, chance: Draw) -> tuple[str, str]:
    """Return a bidder: mostly a studio, or a public worker who leads one."""
    studios, how = population.studios, chance.draw()
    if not len(studios) or how < 0.2:
        return "organisation_id", code("enterprise", chance.early(len(population.employers)))
    studio = chance.early(len(studios))
    leader = studios.leader_of[studio]
    if how < 0.3 and leader >= 0:
        return "worker_id", code("worker", leader)
    return "studio_id", code("studio", studio)
