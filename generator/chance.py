from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

SEED = 20260901

T = TypeVar("T")


class Chance:
    """Draws for one subject, so that a change in one leaves the others as they were.

    They use `random()` alone, the only method whose sequence is the same in every Python.
    """

    def __init__(self, subject: str) -> None:
        self.draw = Random(f"{SEED} {subject}").random

    def happens(self, share: float) -> bool:
        return self.draw() < share

    def between(self, low: int, high: int) -> int:
        """Both bounds may come up."""
        return low + int(self.draw() * (high - low + 1))

    def one(self, of: Sequence[T]) -> T:
        return of[self.between(0, len(of) - 1)]

    def shuffled(self, of: Sequence[T]) -> list[T]:
        left = list(of)
        return [left.pop(self.between(0, len(left) - 1)) for _ in of]

    def later(self, day: date, low: int, high: int) -> date:
        """From `low` to `high` days after a day; before it where they are negative."""
        return day + timedelta(days=self.between(low, high))
