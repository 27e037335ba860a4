"""What trainees took away: certificates and work."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from generator.chance import Chance
from generator.college import NOW_TAUGHT
from generator.places import TRADES, Enterprise, enterprises_of
from generator.placings import Placing, by_recipient
from generator.promotions import promoted_to
from generator.rows import COLLEGE, Row, held_by_college, rows
from generator.trainees import FINISHED, STAYING, Trainee
from models.row import Audience
from models.training import EnrolmentStatus, QualificationBasis
from models.worker import Grade

# Years after the start, month, grade, share of those who pass.
EXAMS = (
    (1, 6, Grade.JUNIOR, 0.55),
    (2, 6, Grade.INTERMEDIATE, 0.75),
    (3, 5, Grade.SENIOR, 0.5),
)
LADDER = list(Grade)
LAST_EXAM = date(2026, 7, 1)

EMPLOYED = {EnrolmentStatus.GRADUATED: 0.9, EnrolmentStatus.COMPLETED: 0.6}
CHANGED = 0.2  # of those who have been at work for a year


@dataclass(frozen=True)
class Certificate:
    worker: Trainee
    grade: Grade
    issued_on: date
    issuer: str = COLLEGE
    based_on: str | None = None


def draw_certificates(trainees: list[Trainee], placings: list[Placing]) -> list[Certificate]:
    """Certify a grade only to workers without one as high."""
    chance, won = Chance("certificates"), by_recipient(placings)
    found = []
    for one in trainees:
        chances = [*passed(chance, one), *promoted(chance, one, won[one.code])]
        height = -1
        for certificate in sorted(chances, key=lambda each: each.issued_on):
            if LADDER.index(certificate.grade) > height:
                height = LADDER.index(certificate.grade)
                found.append(certificate)
    return found


def passed(chance: Chance, one: Trainee) -> Iterator[Certificate]:
    if one.status not in FINISHED | STAYING:
        return
    for years, month, grade, share in EXAMS:
        day = chance.later(date(one.cohort + years, month, 1), 0, 25)
        if chance.happens(share) and day < LAST_EXAM and one.enrolled_on(day):
            yield Certificate(one, grade, day)


def promoted(chance: Chance, one: Trainee, placings: list[Placing]) -> Iterator[Certificate]:
    for placing in placings:
        grade = promoted_to(placing)
        if grade is not None:
            contest = placing.contest
            issued_on = chance.later(contest.held_on, 25, 60)
            yield Certificate(one, grade, issued_on, contest.host, placing.key)


def qualifications(certificates: list[Certificate]) -> list[Row]:
    numbers: defaultdict[str, int] = defaultdict(int)
    found = []
    for one in certificates:
        numbers[one.worker.number] += 1
        basis, audience = QualificationBasis.EXAM, Audience.OWNER
        if one.based_on is not None:
            basis, audience = QualificationBasis.COMPETITION, Audience.PUBLIC
        row = (
            f"demo_qualification_{one.worker.number}_{numbers[one.worker.number]}",
            one.worker.code,
            one.grade,
            f"demo_occupation_{one.worker.trade}",
            one.issued_on,
            basis,
            one.issuer,
            one.based_on,
            audience,
        )
        found.append(row)
    header = "key worker grade occupation issued_on basis issuer based_on audience"
    return held_by_college(rows(header, *found))


def employments(trainees: list[Trainee], public: set[str]) -> list[Row]:
    chance = Chance("employments")
    found = []
    for one in trainees:
        audience = Audience.PUBLIC if one.code in public else Audience.OWNER
        for number, (employer, begin, end) in enumerate(draw_jobs(chance, one), start=1):
            post = chance.one(TRADES[one.trade].posts)
            key = f"demo_employment_{one.number}_{number}"
            found.append((key, one.code, employer.code, post, begin, end, audience))
    return held_by_college(rows("key worker organisation post started ended audience", *found))


def draw_jobs(chance: Chance, one: Trainee) -> list[tuple[Enterprise, date, date | None]]:
    if one.ended is None or not chance.happens(EMPLOYED.get(one.status, 0)):
        return []
    begin = chance.later(one.ended + timedelta(days=1), 0, 75)
    first, second = chance.shuffled(enterprises_of(one.trade))[:2]
    if one.cohort < NOW_TAUGHT - 1 and chance.happens(CHANGED):
        end = chance.later(begin, 150, 330)
        return [(first, begin, end), (second, chance.later(end, 10, 40), None)]
    return [(first, begin, None)]
