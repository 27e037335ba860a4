from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from models.row import (
    Fact,
    Lasting,
    Level,
    in_order,
    may_refer_to,
    maybe_text,
    maybe_words,
    number,
    within,
    words,
)
from models.worker import Grade


class PromotionRule(Fact, Lasting, table=True):
    """Which place in a contest of a level and class gives which grade.

    A place is bounded by a rank, or by a share of the entrants in percent. `grade` is the grade
    given, `from_grade` the one that has to be held for it (empty: any lower one, or none), so that
    "one grade up" is a row for each grade. `yearly_limit` is how many promotions one person may
    have in a year.
    """

    __tablename__ = "promotion_rule"
    __table_args__ = (
        in_order(),
        within("rank_to", 1),
        within("share_to", 0, 100, decimal=True),
        within("yearly_limit", 1),
        CheckConstraint("(rank_to IS NULL) <> (share_to IS NULL)", name="rank_or_share"),
    )

    region_id: str | None = may_refer_to("region")
    level: Level | None = maybe_words(Level)
    competition_class: str | None = maybe_text()
    division: str | None = maybe_text()
    rank_to: int | None = Field(default=None)
    share_to: Decimal | None = number()
    from_grade: Grade | None = maybe_words(Grade)
    grade: Grade = words(Grade)
    yearly_limit: int | None = Field(default=None)
    policy_id: str | None = may_refer_to("policy")
    clause: str | None = maybe_text()

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if (values.get("rank_to") is None) == (values.get("share_to") is None):
            yield "rank_to", "goes without a share of the entrants, and a share without a rank."
        lower, higher = values.get("from_grade"), values.get("grade")
        if lower is not None and higher is not None and order(lower) >= order(higher):
            yield "from_grade", "is no lower than the grade that is given."


def order(grade: Grade) -> int:
    """How high a grade stands."""
    return list(Grade).index(grade)
