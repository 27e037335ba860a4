from dataclasses import dataclass

from generator.population.chance import Draw, Weighted
from generator.population.drawn.places import Places
from generator.population.drawn.trades import Trades
from generator.population.proportions import number, share


@dataclass(frozen=True)
class Employers:
    """Enterprises, from the biggest to the smallest."""

    district_of: list[int]
    industry_of: list[int]
    sized: Weighted[int]
    self_assessing: range
    teams: list[int]  # the employer of each

    def __len__(self) -> int:
        return len(self.district_of)


def draw_employers(chance: Draw, workers: int, places: Places, trades: Trades) -> Employers:
    count = number("enterprises", workers)
    weights = [1 / (index + 4) ** 0.85 for index in range(count)]
    industries = Weighted((n, 1 / (n + 2) ** 0.5) for n in range(len(trades.industries)))
    sized = Weighted(enumerate(weights))
    return Employers(
        district_of=[chance.among(places.inhabited) for _ in range(count)],
        industry_of=[chance.among(industries) for _ in range(count)],
        sized=sized,
        self_assessing=self_assessing(weights),
        teams=[chance.among(sized) for _ in range(number("teams", workers))],
    )


def self_assessing(weights: list[float]) -> range:
    """Return employers of adjacent sizes that employ the published share of all workers."""
    count = number("self_assessing_enterprises", len(weights))
    target = sum(weights) * share("self_assessed_workers")
    first, covered = 0, sum(weights[:count])
    while first + count < len(weights) and covered > target:
        covered += weights[first + count] - weights[first]
        first += 1
    return range(first, first + count)
