from dataclasses import dataclass, field

from generator.population.chance import Draw, Weighted
from generator.population.drawn.classes import Classes, students
from generator.population.drawn.employers import Employers
from generator.population.drawn.places import Places, Span
from generator.population.drawn.trades import Trades
from generator.population.names import (
    GIVEN_OF_MENTORS,
    GIVEN_OF_TRAINEES,
    SHORT,
    SURNAMES,
    published_names,
)
from generator.population.numbers import Numbers, numbers, zeros
from generator.population.proportions import share
from models.row import Audience
from models.worker import Grade

NONE = -1

# The published share of the high-skilled, split by an assumption.
HIGH = Weighted({Grade.SENIOR: 62, Grade.TECHNICIAN: 24, Grade.SENIOR_TECHNICIAN: 11,
                 Grade.SPECIAL_GRADE_TECHNICIAN: 2.2, Grade.CHIEF_TECHNICIAN: 0.8})  # fmt: skip
LOW = Weighted({Grade.APPRENTICE: 5, Grade.JUNIOR: 45, Grade.INTERMEDIATE: 50})
LEARNING = Weighted({None: 55, Grade.JUNIOR: 30, Grade.INTERMEDIATE: 15})

GRADES: tuple[Grade | None, ...] = (None, *Grade)
HEIGHT = {grade: height for height, grade in enumerate(GRADES)}
GIVEN = GIVEN_OF_MENTORS + GIVEN_OF_TRAINEES

HERE = 0.93  # of those at work live where they work
NOWHERE = 0.005  # of all workers: no region is on record
ONE_IN = 10  # of those who are public: their certificates have been published too


@dataclass(frozen=True)
class Grouped:
    """Workers in the order of their groups; group n is `members[spans[n]:spans[n + 1]]`."""

    members: Numbers
    spans: Numbers


def grouped(groups: Numbers, count: int) -> Grouped:
    """Group members; leave out the group NONE."""
    spans = zeros(count + 1)
    for group in groups:
        if group >= 0:
            spans[group + 1] += 1
    for group in range(count):
        spans[group + 1] += spans[group]
    free, members = spans[:], zeros(spans[count])
    for worker, group in enumerate(groups):
        if group >= 0:
            members[free[group]] = worker
            free[group] += 1
    return Grouped(members, spans)


@dataclass
class People:
    """One entry a worker in each array; NONE where there is nothing.

    `grade` is a place in GRADES. `public` and `shared` fill while others draw who takes part in
    what; who is neither is their owner's alone.
    """

    employer: Numbers
    district: Numbers
    trade: Numbers
    class_of: Numbers
    grade: bytearray
    name: bytearray  # three bytes each: places of the characters
    public: bytearray
    shared: bytearray
    by_employer: Grouped
    by_place: Grouped  # by district and trade
    now_taught: int
    trades: int
    promoted: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.employer)

    def audience(self, worker: int) -> Audience:
        """Return the audience of the worker and of the facts about them."""
        if self.public[worker]:
            return Audience.PUBLIC
        return Audience.SHARED if self.shared[worker] else Audience.OWNER

    def tells_certificates(self, worker: int) -> bool:
        """Return whether the worker is public with public certificates, as a few are."""
        return bool(self.public[worker]) and worker % ONE_IN == 0

    def is_student(self, worker: int) -> bool:
        return 0 <= self.class_of[worker] < self.now_taught

    def staff(self, employer: int) -> Span:
        return self.by_employer.spans[employer], self.by_employer.spans[employer + 1]

    def of_district(self, district: int, trade: int | None) -> Span:
        """Return the span of one trade, or of all, in `by_place`."""
        spans, first = self.by_place.spans, district * self.trades
        if trade is None:
            return spans[first], spans[first + self.trades]
        return spans[first + trade], spans[first + trade + 1]

    def name_of(self, worker: int) -> str:
        return spelt(*self.name[3 * worker : 3 * worker + 3])


def draw_people(
    seed: int,
    workers: int,
    places: Places,
    trades: Trades,
    employers: Employers,
    classes: Classes,
) -> People:
    chance = Draw(seed, "people")
    employer, district = numbers(), numbers()
    trade, class_of = numbers(), numbers()
    grade = bytearray()
    learning = students(workers)
    former = share("former_students") * workers / max(1, workers - learning)
    for _ in range(workers):
        taught, at = NONE, NONE
        if chance.happens(learning / workers):
            taught = chance.index(classes.now_taught)
        elif chance.happens(former):
            taught = chance.between(classes.now_taught, len(classes.cohort_of) - 1)
        is_student = 0 <= taught < classes.now_taught
        if not is_student and chance.happens(share("at_work")):
            at = chance.among(employers.sized)
        employer.append(at)
        class_of.append(taught)
        district.append(draw_district(chance, places, employers, at))
        trade.append(draw_trade(chance, trades, employers, classes, at, taught))
        grade.append(HEIGHT[draw_grade(chance, is_student)])
    places_of = numbers((
        NONE if where == NONE else where * len(trades.occupations) + what
        for where, what in zip(district, trade, strict=True)
    ))  # fmt: skip
    return People(
        employer,
        district,
        trade,
        class_of,
        grade,
        draw_names(Draw(seed, "names"), class_of),
        public=bytearray(workers),
        shared=bytearray(workers),
        by_employer=grouped(employer, len(employers)),
        by_place=grouped(places_of, len(places.districts) * len(trades.occupations)),
        now_taught=classes.now_taught,
        trades=len(trades.occupations),
    )


def draw_district(chance: Draw, places: Places, employers: Employers, at: int) -> int:
    where = chance.draw()
    if where < NOWHERE:
        return NONE
    if at != NONE and where < HERE:
        return employers.district_of[at]
    return chance.among(places.inhabited)


def draw_trade(
    chance: Draw, trades: Trades, employers: Employers, classes: Classes, at: int, taught: int
) -> int:
    if taught != NONE:
        return classes.trade_of[taught]
    if at != NONE:
        return chance.among(trades.practised[employers.industry_of[at]])
    return chance.index(len(trades.occupations))


def draw_grade(chance: Draw, is_student: bool) -> Grade | None:
    if is_student:
        return chance.among(LEARNING)
    if not chance.happens(share("skilled")):
        return None
    return chance.among(HIGH if chance.happens(share("high_skilled")) else LOW)


def draw_names(chance: Draw, class_of: Numbers) -> bytearray:
    """Never the name of a published person; who is still learning bears a younger one."""
    taken, names = published_names(), bytearray()
    old, young = range(len(GIVEN_OF_MENTORS)), range(len(GIVEN_OF_MENTORS), len(GIVEN))
    for taught in class_of:
        given_names = old if taught == NONE else young
        while True:
            surname, first = (
                chance.sooner(len(SURNAMES)),
                given_names[chance.sooner(len(given_names))],
            )
            is_short = chance.happens(SHORT)
            second = len(GIVEN) if is_short else given_names[chance.sooner(len(given_names))]
            if spelt(surname, first, second) not in taken:
                break
        names += bytes((surname, first, second))
    return names


def spelt(surname: int, first: int, second: int) -> str:
    return SURNAMES[surname] + GIVEN[first] + GIVEN[second : second + 1]
