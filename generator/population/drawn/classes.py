from dataclasses import dataclass

from generator.population.chance import Draw, Weighted
from generator.population.drawn.places import Places
from generator.population.drawn.trades import Trades
from generator.population.proportions import number, share

NOW_TAUGHT = range(2024, 2027)  # cohorts that haven't finished
FINISHED = range(2012, 2024)
YEARS = 3


@dataclass(frozen=True)
class Classes:
    """The colleges and their classes; those now taught stand first."""

    district_of_college: list[int]
    college_of: list[int]
    trade_of: list[int]
    cohort_of: list[int]
    now_taught: int

    @property
    def apprenticing(self) -> range:
        """Colleges that take part in the apprenticeship."""
        return range(number("apprenticeship_colleges", len(self.district_of_college)))


def students(workers: int) -> int:
    return number("students", workers)


def draw_classes(chance: Draw, workers: int, places: Places, trades: Trades) -> Classes:
    colleges = max(len(places.provinces), number("colleges", students(workers)))
    sized = Weighted((n, 1 / (n + 3) ** 0.5) for n in range(colleges))
    # A college teaches a dozen trades that differ from its neighbour's.
    taught = [
        [(college * 7 + n) % len(trades.occupations) for n in range(12)]
        for college in range(colleges)
    ]
    per_class = share("trainees_of_a_class")
    now = max(len(NOW_TAUGHT), round(students(workers) / per_class))
    before = max(len(FINISHED), round(share("former_students") * workers / per_class))
    cohorts = [NOW_TAUGHT[n % len(NOW_TAUGHT)] for n in range(now)]
    cohorts += [FINISHED[n % len(FINISHED)] for n in range(before)]
    college_of = [chance.among(sized) for _ in cohorts]
    return Classes(
        # Every province has one.
        district_of_college=[
            places.districts_of_province(n)[0]
            if n < len(places.provinces)
            else chance.among(places.inhabited)
            for n in range(colleges)
        ],
        college_of=college_of,
        trade_of=[chance.one(taught[college]) for college in college_of],
        cohort_of=cohorts,
        now_taught=now,
    )
