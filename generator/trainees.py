"""Three cohorts of the college, and who trained them."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from generator.chance import Chance
from generator.college import CLASSES, NOW_TAUGHT, class_of, first_day_of, last_day_of
from generator.mentors import Mentor
from generator.names import GIVEN_OF_TRAINEES, Names
from generator.places import HOME, districts
from generator.rows import COLLEGE, Row, held_by_college, rows
from models.row import Audience
from models.training import EnrolmentStatus as Status

# How many of each cohort; all others have the status that comes first.
COHORTS = {
    2022: (66, Status.GRADUATED, {Status.COMPLETED: 4, Status.WITHDRAWN: 3,
                                  Status.TRANSFERRED: 2, Status.EXPELLED: 1}),
    2023: (72, Status.GRADUATED, {Status.COMPLETED: 5, Status.WITHDRAWN: 4,
                                  Status.TRANSFERRED: 2}),
    2024: (78, Status.ENROLLED, {Status.SUSPENDED: 3, Status.WITHDRAWN: 4}),
}  # fmt: skip

FINISHED = {Status.GRADUATED, Status.COMPLETED}
STAYING = {Status.ENROLLED, Status.SUSPENDED}
SCORES = {Status.GRADUATED: (650, 970), Status.COMPLETED: (480, 599)}  # tenths
OTHER_SCORES = (550, 940)

SHORTEST = timedelta(days=60)  # of a mentorship
A_MINOR = f"demo_trainee_{NOW_TAUGHT}_077"


@dataclass(frozen=True)
class Trainee:
    code: str
    name: str
    region: str
    cohort: int
    trade: str
    status: Status
    started: date
    ended: date | None
    score: float

    @property
    def number(self) -> str:
        return self.code.removeprefix("demo_trainee_")

    def enrolled_on(self, day: date) -> bool:
        return self.started <= day and (self.ended is None or day < self.ended)


def draw_trainees() -> list[Trainee]:
    chance, names = Chance("trainees"), Names(Chance("names of trainees"))
    found = []
    for cohort, (size, usual, exceptions) in COHORTS.items():
        listed = [status for status, number in exceptions.items() for _ in range(number)]
        statuses = chance.shuffled(listed + [usual] * (size - len(listed)))
        for number, status in enumerate(statuses, start=1):
            trades = CLASSES[cohort]
            low, high = SCORES.get(status, OTHER_SCORES)
            trainee = Trainee(
                code=f"demo_trainee_{cohort}_{number:03d}",
                name=names.draw(GIVEN_OF_TRAINEES),
                region=draw_home(chance),
                cohort=cohort,
                trade=trades[number % len(trades)],
                status=status,
                started=first_day_of(cohort),
                ended=draw_end(chance, cohort, status),
                score=chance.between(low, high) / 10,
            )
            found.append(trainee)
    return found


def draw_home(chance: Chance) -> str:
    """Most come from around the college."""
    return HOME if chance.happens(0.4) else chance.one(districts())


def draw_end(chance: Chance, cohort: int, status: Status) -> date | None:
    if status in STAYING:
        return None
    if status in FINISHED:
        return last_day_of(cohort)
    return chance.later(first_day_of(cohort), 120, 600)


def workers(trainees: list[Trainee], public: set[str]) -> list[Row]:
    """`public` are the codes of those of whom a result has been published."""
    listed = (
        (
            one.code,
            one.name,
            f"demo_occupation_{one.trade}",
            one.region,
            None,
            audience(one, public),
            COLLEGE,
        )
        for one in trainees
    )
    return rows("code name occupation region frontline audience owner", *listed)


def audience(one: Trainee, public: set[str]) -> Audience:
    if one.code == A_MINOR:
        return Audience.PROTECTED
    return Audience.PUBLIC if one.code in public else Audience.OWNER


def enrolments(trainees: list[Trainee]) -> list[Row]:
    listed = (
        (
            f"demo_enrolment_{one.number}",
            COLLEGE,
            class_of(one.cohort, one.trade),
            one.code,
            f"demo_major_{one.trade}",
            one.cohort,
            one.status,
            one.started,
            one.ended,
            one.score,
            Audience.OWNER,
        )
        for one in trainees
    )
    return held_by_college(
        rows(
            "key college training_class trainee major cohort enrolment_status started ended score"
            " audience",
            *listed,
        )
    )


def mentorships(trainees: list[Trainee], mentors: list[Mentor]) -> list[Row]:
    chance = Chance("mentorships")
    found = []
    for one in trainees:
        masters = chance.shuffled([mentor for mentor in mentors if mentor.trade == one.trade])
        spells = draw_spells(chance, one) if chance.happens(0.85) else []
        for number, (begin, end), mentor in zip(count(1), spells, masters, strict=False):
            key = f"demo_mentorship_{one.number}_{number}"
            found.append((key, mentor.code, one.code, begin, end, Audience.OWNER))
    return held_by_college(rows("key mentor apprentice started ended audience", *found))


def draw_spells(chance: Chance, one: Trainee) -> list[tuple[date, date | None]]:
    """None, one, or two in succession; all within the enrolment."""
    begin = chance.later(one.started, 150, 400)
    if one.status is Status.SUSPENDED:
        return [(begin, chance.later(begin, 60, 200))]
    end = None if one.ended is None else chance.later(one.ended, -20, 0)
    if end is not None and end - begin < SHORTEST:
        return []
    if one.status is not Status.WITHDRAWN and chance.happens(0.12):
        change = chance.later(begin, 60, 150)
        if end is None or end - change >= SHORTEST:
            return [(begin, change), (change, end)]
    return [(begin, end)]
