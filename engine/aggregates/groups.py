"""Arguments and results of groups, the GraphQL side of GROUP BY."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.sql.parameters import ParameterNamer
from kit.db.expressions import ResultRow, Values
from kit.values.quantity import QualifiedQuantity, Qualifier, qualifier_of_extreme, qualifier_of_sum

if TYPE_CHECKING:
    from engine.catalog.kind import Kind

COUNT, KEY = "COUNT", "KEY"  # what groups are sorted by, or the word of a measure
MEASURE_PARTS = (
    "sum",
    "unit",
    *(f"is_{word.name}" for word in Qualifier),
    "stated",
    "least",
    "most",
)


@dataclass(frozen=True)
class HavingBound:
    """On the number of records, or on the sum of a measure: at least so much, or at most."""

    measure: str | None
    least: bool
    value: object


@dataclass(frozen=True)
class GroupingArguments:
    """Which groups a list has, in which order: by default all, the largest first.

    With `below`, dimensions with a lineage merge each group into its ancestor just below that
    record. `extremes`: averages, minima and maxima are computed too, not sums alone. `measures`:
    the only ones to compute, with those in `having` and the order; by default all.
    """

    having: tuple[HavingBound, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()  # (word, descending)
    below: object = None
    extremes: bool = True
    measures: tuple[str, ...] | None = None

    def measured(self, all: Iterable[str]) -> list[str]:
        """Return the measures to compute, in the order of the kind."""
        if self.measures is None:
            return list(all)
        used = {*self.measures, *(bound.measure for bound in self.having)}
        used |= {name for name, _ in self.order}
        return [name for name in all if name in used]

    def shaped(self, prefix: str) -> tuple[GroupingArguments, Values]:
        """Return the same with parameters for its values, and these values."""
        slots = ParameterNamer(f"{prefix}_g")
        having = tuple(replace(bound, value=slots.parameter(bound.value)) for bound in self.having)
        below = None if self.below is None else slots.parameter(self.below)
        return replace(self, having=having, below=below), slots.values


DEFAULT_GROUPING = GroupingArguments()


MeasureValues = Mapping[str, QualifiedQuantity | None]  # by measure
NO_MEASURES: MeasureValues = MappingProxyType({})


@dataclass(slots=True)  # a frozen one takes longer to make, and there are hundreds
class Group:
    """One group: its keys as the graph shows them, how many, and the sum of each measure.

    `of` is how many records there are in all groups together.
    """

    keys: list[Any]
    count: int
    sums: MeasureValues
    averages: MeasureValues = field(default_factory=dict)
    least: MeasureValues = field(default_factory=dict)
    most: MeasureValues = field(default_factory=dict)
    of: int = 0


@dataclass(frozen=True, slots=True)
class Groups:
    there_are: int
    remainder: int
    groups: list[Group]

    @property
    def records(self) -> int:
        """Return the identity of the list, whichever of its groups are selected."""
        return self.remainder + sum(group.count for group in self.groups)


NO_GROUPS = Groups(0, 0, [])


def groups_by_source(
    kind: Kind,
    dimensions: Sequence[str],
    rows: Sequence[ResultRow],
    how: GroupingArguments = DEFAULT_GROUPING,
) -> dict[str, Groups]:
    """By source, of the rows that `QueryBuilder.groups` asks for."""
    measures, show = how.measured(kind.measures), kind.graph.group_key
    places = [(dimension, 4 + 2 * n, 5 + 2 * n) for n, dimension in enumerate(dimensions)]
    ends = 4 + 2 * len(dimensions)
    groups_of: dict[str, Groups] = {}
    for row in rows:
        groups = groups_of.get(row[0])
        if groups is None:
            groups = groups_of[row[0]] = Groups(int(row[1]), int(row[2]), [])
        if how.having and not row[-1]:
            continue  # it only tells how many records there are
        keys = [show(dimension, row[code], row[label]) for dimension, code, label in places]
        group = Group(
            keys, int(row[3]), NO_MEASURES, NO_MEASURES, NO_MEASURES, NO_MEASURES, groups.remainder
        )
        if measures:
            each = [
                measure_values(row[at : at + len(MEASURE_PARTS)])
                for at in range(ends, ends + len(measures) * len(MEASURE_PARTS), len(MEASURE_PARTS))
            ]
            mappings = [
                dict(zip(measures, parts, strict=True)) for parts in zip(*each, strict=True)
            ]
            group.sums, group.averages, group.least, group.most = mappings
        groups.groups.append(group)
    return {source: with_remainder(groups) for source, groups in groups_of.items()}


def with_remainder(groups: Groups) -> Groups:
    listed = sum(group.count for group in groups.groups)
    return Groups(groups.there_are, groups.remainder - listed, groups.groups)


def measure_values(parts: ResultRow) -> list[QualifiedQuantity | None]:
    """Return the sum, average, minimum and maximum, of which the last three may not be selected.

    Null where no value was stated, or where units differ.
    """
    value, unit, *rest = parts
    *used, stated, least, most = rest
    if value is None or unit is None:
        return [None, None, None, None]
    words = [qualifier for qualifier, is_used in zip(Qualifier, used, strict=True) if is_used]
    together, extreme = qualifier_of_sum(words), qualifier_of_extreme(words)
    total = QualifiedQuantity(value, unit, together)
    if stated is None:
        return [total, None, None, None]
    return [
        total,
        QualifiedQuantity(average(value, stated), unit, together),
        QualifiedQuantity(least, unit, extreme),
        QualifiedQuantity(most, unit, extreme),
    ]


def average(total: Decimal, number: int) -> float:
    """To 13 digits, unless it is a whole number: most averages are no decimal."""
    quotient = float(Fraction(total) / number)
    return quotient if quotient.is_integer() else float(f"{quotient:.13g}")
