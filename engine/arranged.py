"""Which groups are given, and in which order: said over the subquery that has one row for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, Subquery, and_, case, false, func, null

from engine.groups import COUNT, KEY, PARTS, Limit
from engine.shape import bound
from kit.quantity import Qualifier

# What a sum tells of the number itself: at least so much, or at most.
TELLING = {
    True: {Qualifier.EXACT, Qualifier.OVER, Qualifier.AT_LEAST},
    False: {Qualifier.EXACT, Qualifier.UNDER, Qualifier.AT_MOST},
}


@dataclass(frozen=True)
class Grouped:
    """The groups, the columns of their codes, and the measures that are told of them."""

    rows: Subquery
    codes: Sequence[ColumnElement[Any]]
    measures: Sequence[str]

    def sorted_by(self, order: Sequence[tuple[str, bool]]) -> list[ColumnElement[Any]]:
        """Ties are broken by key; what isn't known comes last in either direction."""
        sorting: list[ColumnElement[Any]] = []
        for word, down in order or [(COUNT, True)]:
            columns = self.codes if word == KEY else [self.number(word)]
            sorting += [(one.desc() if down else one.asc()).nulls_last() for one in columns]
        return [*sorting, *(code.asc().nulls_last() for code in self.codes)]

    def number(self, word: str) -> ColumnElement[Any]:
        if word == COUNT:
            return self.rows.c.number
        # Where units differ there is no sum.
        return case((self.part(word, "unit").is_not(None), self.part(word, "sum")), else_=null())

    def part(self, measure: str, name: str) -> ColumnElement[Any]:
        place = self.measures.index(measure) * len(PARTS) + PARTS.index(name)
        return self.rows.c[f"sum{place}"]

    def kept(self, having: Sequence[Limit]) -> ColumnElement[int]:
        """1 for a group of which it is known that it is within the limits, else 0."""
        known = func.coalesce(and_(*map(self.within, having)), false())
        return case((known, 1), else_=0)

    def within(self, limit: Limit) -> ColumnElement[bool]:
        """More than 100 is at least 100; that it is at most 200 nobody knows."""
        word = limit.measure or COUNT
        number = self.number(word)
        value = bound(limit.value, Float() if limit.measure else Integer())
        holds: ColumnElement[bool] = number >= value if limit.least else number <= value
        if limit.measure is None:
            return holds
        others = [one for one in Qualifier if one not in TELLING[limit.least]]
        return and_(holds, *(self.part(word, f"is_{one.name}") == 0 for one in others))
