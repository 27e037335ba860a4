"""Ranks of skill grades, by which SQL compares and orders them."""

from typing import Any

from sqlalchemy import case

from kit.db.column_types import EnumText
from models.worker import Grade

GRADE_RANKS = {grade.value: rank for rank, grade in enumerate(Grade)}
GRADES_BY_RANK = {rank: grade for grade, rank in GRADE_RANKS.items()}


def grade_rank(grade: Any) -> Any:
    """Return the rank of a grade: higher grades have higher ranks."""
    return case(GRADE_RANKS, value=grade)


def grade_of_rank(rank: Any) -> Any:
    return case(GRADES_BY_RANK, value=rank, else_=None).cast(EnumText(Grade))
