"""Ranks of skill grades, by which SQL compares and orders them."""

from typing import Any

from sqlalchemy import case

from kit.db.column_types import EnumText
from models.worker import Grade

GRADE_RANKS = {grade.value: place for place, grade in enumerate(Grade)}
GRADES_BY_RANK = {place: grade for grade, place in GRADE_RANKS.items()}


def grade_rank(grade: Any) -> Any:
    """Return the rank of a grade: higher grades have higher ranks."""
    return case(GRADE_RANKS, value=grade)


def grade_of_rank(place: Any) -> Any:
    return case(GRADES_BY_RANK, value=place, else_=None).cast(EnumText(Grade))
