"""Composites: several columns read as one value under one name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Composite:
    """`make` takes the columns' values in order; all empty is no value at all.

    `also` are further names under which a part of the value is read.
    """

    make: Callable[..., Any]
    columns: tuple[str, ...]
    also: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        values = [getattr(row, column) for column in self.columns]
        return None if all(value is None for value in values) else self.make(*values)
