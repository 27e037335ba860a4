"""Which places promoted their holders, and the table under which places do so now."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from generator.contests import FIRST_CLASS, SECOND_CLASS, STUDENTS, WORKERS
from generator.places import COUNTRY
from generator.placings import Placing
from generator.rows import Row, cited, rows
from generator.sources import OF_THE_STEWARD
from models.row import Level
from models.worker import Grade

BEFORE, NOW = "demo_policy_promotion_2022", "demo_policy_promotion_2026"
CHANGED = date(2026, 7, 1)  # places since then have led to no certificate yet
UNTIL, SINCE = (None, CHANGED), (CHANGED, None)
EXAMPLE = "An example of such a table, for demonstration; no authority has issued it. 示例规则"


@dataclass(frozen=True)
class Promotion:
    level: Level
    division: str
    rank_to: int
    grade: Grade


# Until CHANGED: the first that fits holds.
EARLIER = (
    Promotion(Level.PROVINCIAL, STUDENTS, 1, Grade.TECHNICIAN),
    Promotion(Level.PROVINCIAL, STUDENTS, 3, Grade.SENIOR),
    Promotion(Level.CITY, STUDENTS, 1, Grade.SENIOR),
    Promotion(Level.CITY, STUDENTS, 3, Grade.INTERMEDIATE),
    Promotion(Level.INTERNATIONAL, WORKERS, 3, Grade.SPECIAL_GRADE_TECHNICIAN),
    Promotion(Level.NATIONAL, WORKERS, 3, Grade.SENIOR_TECHNICIAN),
    Promotion(Level.PROVINCIAL, WORKERS, 1, Grade.SENIOR_TECHNICIAN),
    Promotion(Level.PROVINCIAL, WORKERS, 3, Grade.TECHNICIAN),
    Promotion(Level.CITY, WORKERS, 1, Grade.TECHNICIAN),
    Promotion(Level.DISTRICT, WORKERS, 1, Grade.SENIOR),
    Promotion(Level.ENTERPRISE, STUDENTS, 2, Grade.INTERMEDIATE),
)

# Since then one grade up, once a year: level, class, division, rank, share of the entrants, clause.
LATER = (
    (None, FIRST_CLASS, None, 10, None, "第五条"),
    (None, SECOND_CLASS, None, 6, None, "第六条"),
    (Level.DISTRICT, None, None, 6, None, "第六条"),
    (Level.ENTERPRISE, None, WORKERS, None, 30, "第七条"),
    (Level.ENTERPRISE, None, STUDENTS, None, 30, "第八条"),  # contests within a college
)
STEPS = (
    Grade.JUNIOR, Grade.INTERMEDIATE, Grade.SENIOR, Grade.TECHNICIAN, Grade.SENIOR_TECHNICIAN,
)  # fmt: skip
YEARLY_LIMIT = 1


def promoted_to(one: Placing) -> Grade | None:
    """Only skill contests promote."""
    if one.column != "worker" or one.contest.trade is None or one.contest.held_on >= CHANGED:
        return None
    for rule in EARLIER:
        ours = (rule.level, rule.division) == (one.contest.series.level, one.division)
        if ours and one.rank <= rule.rank_to:
            return rule.grade
    return None


def promotion_rules() -> list[Row]:
    """One row for each grade that a place can give."""
    earlier = [
        (
            one.level,
            None,
            one.division,
            one.rank_to,
            None,
            None,
            one.grade,
            BEFORE,
            "第三条",
            *UNTIL,
        )
        for one in EARLIER
    ]
    later = [
        (*place, *step, NOW, clause, *SINCE) for *place, clause in LATER for step in pairwise(STEPS)
    ]
    listed = (
        (f"demo_promotion_{number:02d}", COUNTRY, *rule, YEARLY_LIMIT, EXAMPLE)
        for number, rule in enumerate([*earlier, *later], start=1)
    )
    header = (
        "key region level competition_class division rank_to share_to from_grade grade policy"
        " clause started ended yearly_limit note"
    )
    return cited(rows(header, *listed), OF_THE_STEWARD)
