"""Exact amounts of the cells of a table, by the codes of their keys."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from kit.values.fixed_point import decimal_or_float
from kit.values.quantity import QualifiedQuantity, Qualifier, qualifier_of_sum

KeyCodes = tuple[Any, ...]


@dataclass
class CellAmount:
    """An exact sum, as a fraction; a sum over several units has no meaning."""

    number: Fraction = Fraction(0)
    units: set[str] = field(default_factory=set)
    words: set[Qualifier] = field(default_factory=set)

    def __add__(self, other: "CellAmount") -> "CellAmount":
        units, words = self.units | other.units, self.words | other.words
        return CellAmount(self.number + other.number, units, words)

    def quantity(self, unit: str) -> QualifiedQuantity | None:
        if self.units - {unit}:
            return None
        return QualifiedQuantity(decimal_or_float(self.number), unit, qualifier_of_sum(self.words))


ZERO_AMOUNT = CellAmount()


@dataclass
class MeasureCells:
    """The cells of one measure in one row, by the codes of their keys."""

    of: dict[KeyCodes, CellAmount] = field(default_factory=dict)

    def add(self, codes: KeyCodes, amount: CellAmount) -> None:
        self.of[codes] = self.of.get(codes, ZERO_AMOUNT) + amount

    def take(self, other: "MeasureCells") -> None:
        for codes, amount in other.of.items():
            self.add(codes, amount)

    @property
    def total(self) -> CellAmount:
        return sum(self.of.values(), ZERO_AMOUNT)
