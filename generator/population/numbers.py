"""Long lists of whole numbers at four bytes each."""

from array import array
from collections.abc import Iterable, MutableSequence

Numbers = MutableSequence[int]


def numbers(values: Iterable[int] = ()) -> Numbers:
    return array("i", values)


def zeros(count: int) -> Numbers:
    return array("i", bytes(4 * count))
