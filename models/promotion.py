from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from models.row import (
    DatedSpell,
    Fact,
    Level,
    decimal_column,
    enum_column,
    optional_enum,
    optional_reference,
    optional_text,
    range_check,
    spell_order_check,
)
from models.worker import Grade


class PromotionRule(Fact, DatedSpell, table=True):
    """The grade that a rule grants for a place in a contest of a level and class.

    `rank_to` or `share_to` bounds the place; the share is in percent of the entrants. `grade` is
    granted. `from_grade` is required for it; if it is empty, any lower grade or none will do. "One
    grade up" is therefore a row for each grade. `yearly_limit` is the most promotions of one person
    in a year.
    """

    __tablename__ = "promotion_rule"
    __table_args__ = (
        spell_order_check(),
        range_check("rank_to", 1),
        range_check("share_to", 0, 100, decimal=True),
        range_check("yearly_limit", 1),
        CheckConstraint("(rank_to IS NULL) <> (share_to IS NULL)", name="rank_or_share"),
    )

    region_id: str | None = optional_reference("region")
    level: Level | None = optional_enum(Level)
    competition_class: str | None = optional_text()
    division: str | None = optional_text()
    rank_to: int | None = Field(default=None)
    share_to: Decimal | None = decimal_column()
    from_grade: Grade | None = optional_enum(Grade)
    grade: Grade = enum_column(Grade)
    yearly_limit: int | None = Field(default=None)
    policy_id: str | None = optional_reference("policy")
    clause: str | None = optional_text()

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if (values.get("rank_to") is None) == (values.get("share_to") is None):
            yield "rank_to", "goes without a share of the entrants, and a share without a rank."
        lower, higher = values.get("from_grade"), values.get("grade")
        if lower is not None and higher is not None and grade_order(lower) >= grade_order(higher):
            yield "from_grade", "must be lower than the grade that the rule grants."


def grade_order(grade: Grade) -> int:
    """Return a grade's position, 0 for the lowest."""
    return list(Grade).index(grade)
