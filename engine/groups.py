"""Groups of a list: how they are asked for, and as rows of a statement tell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.shape import Slots
from kit.quantity import Qualifier, Quantity, qualifier_of_extreme, qualifier_of_sum

if TYPE_CHECKING:
    from engine.kind import Kind

COUNT, KEY = "COUNT", "KEY"  # what groups are sorted by, or the word of a measure
PARTS = ("sum", "unit", *(f"is_{word.name}" for word in Qualifier), "stated", "least", "most")


@dataclass(frozen=True)
class Limit:
    """On the number of records, or on the sum of a measure: at least so much, or at most."""

    measure: str | None
    least: bool
    value: Any


@dataclass(frozen=True)
class Arrangement:
    """Which groups are given, in which order: unasked all, the largest first.

    With `below`, dimensions that have a lineage take together what lies just below that record.
    `extremes`: averages, the least and the most are told as well, not sums alone. `measures`: only
    those are told, and those that groups are kept or sorted by; unasked all.
    """

    having: tuple[Limit, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()  # (word, descending)
    below: Any = None
    extremes: bool = True
    measures: tuple[str, ...] | None = None

    def measured(self, all: Iterable[str]) -> list[str]:
        """Those of a kind that are told, in its order."""
        if self.measures is None:
            return list(all)
        used = {*self.measures, *(one.measure for one in self.having)}
        used |= {word for word, _ in self.order}
        return [word for word in all if word in used]

    def shaped(self, prefix: str) -> tuple[Arrangement, Mapping[str, Any]]:
        """The same with slots for its values, and what fills them."""
        slots = Slots(f"{prefix}_g")
        having = tuple(replace(one, value=slots.slot(one.value)) for one in self.having)
        below = None if self.below is None else slots.slot(self.below)
        return replace(self, having=having, below=below), slots.values


PLAIN = Arrangement()


Told = Mapping[str, Quantity | None]  # by measure
NOTHING: Told = MappingProxyType({})


@dataclass(slots=True)  # a frozen one takes longer to make, and there are hundreds
class Group:
    """One group: its keys as the graph shows them, how many, and the sum of each measure.

    `of` is how many records there are in all groups together.
    """

    keys: list[Any]
    count: int
    sums: Told
    averages: Told = field(default_factory=dict)
    least: Told = field(default_factory=dict)
    most: Told = field(default_factory=dict)
    of: int = 0


@dataclass(frozen=True, slots=True)
class Groups:
    there_are: int
    remainder: int
    groups: list[Group]

    @property
    def records(self) -> int:
        """All of the list, whichever groups are given."""
        return self.remainder + sum(group.count for group in self.groups)


NO_GROUPS = Groups(0, 0, [])


def groups_of(
    kind: Kind, by: Sequence[str], rows: Sequence[Sequence[Any]], how: Arrangement = PLAIN
) -> dict[str, Groups]:
    """By source, of the rows that `Statements.groups` asks for."""
    measures, show = how.measured(kind.measures), kind.graph.group_key
    places = [(word, 4 + 2 * n, 5 + 2 * n) for n, word in enumerate(by)]
    ends = 4 + 2 * len(by)
    found: dict[str, Groups] = {}
    for row in rows:
        groups = found.get(row[0])
        if groups is None:
            groups = found[row[0]] = Groups(int(row[1]), int(row[2]), [])
        if how.having and not row[-1]:
            continue  # it only tells how many records there are
        keys = [show(word, row[code], row[label]) for word, code, label in places]
        one = Group(keys, int(row[3]), NOTHING, NOTHING, NOTHING, NOTHING, groups.remainder)
        if measures:
            each = [
                measured(row[at : at + len(PARTS)])
                for at in range(ends, ends + len(measures) * len(PARTS), len(PARTS))
            ]
            told = [dict(zip(measures, parts, strict=True)) for parts in zip(*each, strict=True)]
            one.sums, one.averages, one.least, one.most = told
        groups.groups.append(one)
    return {source: settled(groups) for source, groups in found.items()}


def settled(groups: Groups) -> Groups:
    given = sum(group.count for group in groups.groups)
    return Groups(groups.there_are, groups.remainder - given, groups.groups)


def measured(parts: Sequence[Any]) -> list[Quantity | None]:
    """The sum, the average, the least and the most, of which the last three may not be asked for.

    Null where nothing was stated, or where units differ and no number has a meaning.
    """
    value, unit, *rest = parts
    *used, stated, least, most = rest
    if value is None or unit is None:
        return [None, None, None, None]
    words = [word for word, there in zip(Qualifier, used, strict=True) if there]
    together, extreme = qualifier_of_sum(words), qualifier_of_extreme(words)
    total = Quantity(value, unit, together)
    if stated is None:
        return [total, None, None, None]
    return [
        total,
        Quantity(average(value, stated), unit, together),
        Quantity(least, unit, extreme),
        Quantity(most, unit, extreme),
    ]


def average(total: Decimal, number: int) -> float:
    """To 13 digits, unless it is a whole number: most averages are no decimal."""
    found = float(Fraction(total) / number)
    return found if found.is_integer() else float(f"{found:.13g}")
