"""One request on its way through a plan."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.compiled import Compiled
    from engine.predicate import Asker

# A statement and its values; the rows come back.
Ask = tuple["Compiled", list[Any]]
Rows = Sequence[Sequence[Any]]
Answering = Generator[Ask, Rows, Any]


@dataclass(slots=True)
class Tally:
    """What was asked of the database so far, whatever becomes of the answer.

    Of what the database writes as JSON, each 50 bytes count as a row more.
    """

    statements: int = 0
    rows: int = 0


@dataclass(slots=True, eq=False)
class Run:
    """`bound` is what each place was asked, by its number; `values` go to every statement."""

    asker: Asker
    bound: list[Any]
    values: Mapping[str, Any]
    tally: Tally
    kept: dict[Any, list[Any]] = field(default_factory=dict)  # what steps found, for their twins
