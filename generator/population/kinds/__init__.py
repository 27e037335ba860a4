"""One function a kind: its rows by column, references by code.

Columns that aren't named have their default. Derived columns are worked out when all is there; what
the generator knows of them need not be written then.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from generator.population.drawn.population import Population
from models.row import Row

Values = dict[str, object]
Rows = Iterator[Values]
RowGenerator = Callable[[Population], Rows]


class Kind(NamedTuple):
    """`to_a_worker` is about how many rows there are: it tells how much remains to be written."""

    model: type[Row]
    rows: RowGenerator
    to_a_worker: float


KINDS: dict[type[Row], Kind] = {}


def generates(model: type[Row], to_a_worker: float = 0.0) -> Callable[[RowGenerator], RowGenerator]:
    """Register a function as the one that makes the rows of a kind."""

    def register(rows: RowGenerator) -> RowGenerator:
        KINDS[model] = Kind(model, rows, to_a_worker)
        return rows

    return register


def lying_in(region: str | None) -> Values:
    """Return the region of a fact's recipient, the public one and the real one."""
    return {"region_id": region, "lies_in_id": region}
