"""The score of two studios, from 0 to 1, in whole millionths.

Nothing here reads the database, and no number passes through a float: the same facts give the same
score on every database and machine. Partners read the formula in docs/collaborators.md.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from math import gcd, isfinite, lcm

from kit.errors import BadInput
from kit.values.labelled_enum import LabelledEnum
from models.row import Level

FULL_SCORE = 1_000_000
MAX_WEIGHT = 1000
ACTIVITY_YEARS = 3


class LinkKind(
    LabelledEnum, description="Type of link between two studios, closest first. 联系类别"
):
    """The kinds of link between two studios, strongest first; see `BASE_STRENGTH`."""

    OUTCOME = "OUTCOME", "共同成果", "They contributed to the same outcome"
    MENTORSHIP = "MENTORSHIP", "师徒", "A member of one is the mentor of a member of the other"
    ALLIANCE = "ALLIANCE", "同属联盟", "They are in the same alliance"
    HOST = "HOST", "同一依托单位", "They have the same host"
    ACADEMY = "ACADEMY", "同一工匠学院任教", "Their members teach at the same academy"
    COMPETITION = "COMPETITION", "同场竞赛", "Their members took part in the same competition"


BASE_STRENGTH = {
    LinkKind.OUTCOME: 900_000,
    LinkKind.MENTORSHIP: 800_000,
    LinkKind.ALLIANCE: 700_000,
    LinkKind.HOST: 600_000,
    LinkKind.ACADEMY: 500_000,
    LinkKind.COMPETITION: 400_000,
}
HALF_OF_STANDING = 6  # honour points, or outcomes, that give half of the maximum
HALF_OF_VALUE = 1_000_000  # yuan that give half of the maximum
HALF_OF_ACTIVITY = 5
HONOUR_POINTS = {Level.INTERNATIONAL: 3, Level.NATIONAL: 3, Level.PROVINCIAL: 2}


def divide_rounded(above: int, below: int) -> int:
    """Return a quotient of positive numbers, rounded to the nearest; halves go up."""
    return (2 * above + below) // (2 * below)


def saturate(number: int, half: int) -> int:
    """Return number / (number + half) in millionths: a half at `half`, always less than 1."""
    return divide_rounded(FULL_SCORE * number, number + half) if number else 0


@dataclass(frozen=True)
class ScoreWeights:
    """The weights of the parts; only their proportions matter."""

    complementarity: float = 0.4
    closeness: float = 0.3
    standing: float = 0.2
    activity: float = 0.1

    def __post_init__(self) -> None:
        weights = [getattr(self, field.name) for field in fields(self)]
        if not all(isfinite(weight) and 0 <= weight <= MAX_WEIGHT for weight in weights):
            raise BadInput(
                f"Each weight must be a number from 0 to {MAX_WEIGHT}.",
                f"每个权重应为 0 到 {MAX_WEIGHT} 之间的数。",
            )
        if not any(weights):
            raise BadInput(
                "At least one weight must be greater than 0.",
                "至少要有一个权重大于 0。",
            )

    @property
    def proportions(self) -> tuple[int, ...]:
        """The weights as whole numbers in the same proportions, exact for decimals as written."""
        exact = [Fraction(repr(getattr(self, field.name))) for field in fields(self)]
        common = lcm(*(weight.denominator for weight in exact))
        numbers = [int(fraction * common) for fraction in exact]
        largest = gcd(*numbers)
        return tuple(number // largest for number in numbers)


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """The parts of a score, each in millionths."""

    complementarity: int
    closeness: int
    standing: int
    activity: int

    @property
    def values(self) -> tuple[int, int, int, int]:
        return self.complementarity, self.closeness, self.standing, self.activity


def weighted_mean(parts: ScoreParts, proportions: tuple[int, ...]) -> int:
    weighted = sum(w * part for w, part in zip(proportions, parts.values, strict=True))
    return divide_rounded(weighted, sum(proportions))


def weighted_shares(parts: ScoreParts, proportions: tuple[int, ...]) -> ScoreParts:
    """Return the contribution of each part to the score."""
    total = sum(proportions)
    shares = [
        divide_rounded(w * part, total) for w, part in zip(proportions, parts.values, strict=True)
    ]
    return ScoreParts(*shares)


def complementarity_score(covered: Collection[str], other_covered: Collection[str]) -> int:
    """Return 2·min(|A−B|, |B−A|) / |A∪B| in millionths.

    It is symmetric: 1 for disjoint sets of the same size, 0 if one set contains the other.
    """
    left, right = set(covered), set(other_covered)
    added = min(len(left - right), len(right - left))
    return divide_rounded(FULL_SCORE * 2 * added, len(left | right)) if added else 0


def link_strength(kind: LinkKind, meeting: int) -> int:
    """Return the strength of a link at a hub of n studios: s·(n + 2) / 2n."""
    return divide_rounded(BASE_STRENGTH[kind] * (meeting + 2), 2 * meeting)


def closeness_score(strengths: Iterable[int]) -> int:
    """Return 1 − Π(1 − s): each further link adds a part of what is missing to 1."""
    missing = FULL_SCORE
    for strength in sorted(strengths, reverse=True):
        missing -= divide_rounded(missing * strength, FULL_SCORE)
    return FULL_SCORE - missing


def standing_score(honours: Iterable[Level | None], outcomes: int, value: int) -> int:
    """Return the mean of honours, outcomes and value, each saturated.

    `value` is in whole yuan, of verified outcomes.
    """
    points = sum(1 if level is None else HONOUR_POINTS.get(level, 1) for level in honours)
    parts = (
        saturate(points, HALF_OF_STANDING),
        saturate(outcomes, HALF_OF_STANDING),
        saturate(value, HALF_OF_VALUE),
    )
    return divide_rounded(sum(parts), len(parts))


def activity_score(deeds: int) -> int:
    return saturate(deeds, HALF_OF_ACTIVITY)


def is_recent(happened: date | int | None, day: date) -> bool:
    """Return whether it was within the three years before the day.

    A year alone is within them if it is the day's or one of the two before.
    """
    if happened is None:
        return False
    if isinstance(happened, int):
        return day.year - ACTIVITY_YEARS < happened <= day.year
    return three_years_before(day) < happened <= day


def three_years_before(day: date) -> date:
    try:
        return day.replace(year=day.year - ACTIVITY_YEARS)
    except ValueError:  # 29 February, or a year before 1
        return date(max(day.year - ACTIVITY_YEARS, 1), 2, 28)
