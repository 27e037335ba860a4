from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

SEED = 20260901

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values, some of which come up more often than others."""

    def __init__(self, weights: Mapping[T, float] | Iterable[tuple[T, float]]) -> None:
        pairs = list(weights.items() if isinstance(weights, Mapping) else weights)
        self.values: list[T] = [value for value, _ in pairs]
        self.upto: list[float] = list(accumulate(weight for _, weight in pairs))
        self.whole, self.last = self.upto[-1] if pairs else 0.0, len(pairs) - 1

    def at(self, share: float) -> T:
        return self.values[bisect_right(self.upto, share * self.whole, 0, self.last)]


class Draw:
    """Draws for one subject, so that a change in one leaves the others as they were.

    They use `random()` alone, the only method whose sequence is the same in every Python.
    """

    def __init__(self, seed: int, subject: str) -> None:
        self.draw = Random(f"{seed} {subject}").random

    def happens(self, share: float) -> bool:
        return self.draw() < share

    def between(self, low: int, high: int) -> int:
        """Both bounds may come up."""
        return low + int(self.draw() * (high - low + 1))

    def one(self, of: Sequence[T]) -> T:
        return of[self.between(0, len(of) - 1)]

    def index(self, size: int) -> int:
        return int(self.draw() * size)

    def early(self, size: int) -> int:
        """Return an index; the first come up far more often than the last."""
        return int(self.draw() ** 2 * size)

    def among(self, values: Weighted[T]) -> T:
        return values.at(self.draw())

    def sooner(self, size: int) -> int:
        """Return an index; the first come up somewhat more often than the last."""
        return int(self.draw() ** 1.4 * size)

    def month(self, year: int) -> str:
        return f"{year}-{self.between(1, 9):02d}"

    def day(self, year: int) -> str:
        return f"{year}-{self.between(1, 9):02d}-{self.between(1, 28):02d}"

    def date(self, year: int) -> str:
        """In the first nine months of a year, as precisely as such things are published."""
        how = self.draw()
        return self.day(year) if how < 0.5 else self.month(year) if how < 0.8 else str(year)


def first_each(words: Sequence[T], index: int, otherwise: T) -> T:
    """Each word once, in turn, before any comes again: so that none is missing."""
    return words[index] if index < len(words) else otherwise
