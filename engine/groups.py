"""Groups of a list, as rows of a statement tell them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit.quantity import Qualifier, Quantity, qualifier_of_sum


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its (code, label) pairs as stored, how many, and the sum of each measure."""

    keys: list[tuple[Any, Any]]
    count: int
    sums: dict[str, Quantity | None]


@dataclass(frozen=True, slots=True)
class Groups:
    there_are: int
    remainder: int
    groups: list[Group]


NO_GROUPS = Groups(0, 0, [])


def groups_of(
    measures: Sequence[str], dimensions: int, rows: Sequence[Sequence[Any]]
) -> dict[str, Groups]:
    """By source, of the rows that `Statements.groups` asks for."""
    found: dict[str, Groups] = {}
    for source, there_are, records, count, *rest in rows:
        groups = found.setdefault(source, Groups(there_are, int(records), []))
        pairs = [(rest[2 * n], rest[2 * n + 1]) for n in range(dimensions)]
        groups.groups.append(Group(pairs, count, sums_of(measures, rest[2 * dimensions :])))
    return {source: settled(groups) for source, groups in found.items()}


def settled(groups: Groups) -> Groups:
    given = sum(group.count for group in groups.groups)
    return Groups(groups.there_are, groups.remainder - given, groups.groups)


def sums_of(measures: Sequence[str], parts: Sequence[Any]) -> dict[str, Quantity | None]:
    """Null where nothing was summed, or where units differ and no sum has a meaning."""
    width = 2 + len(Qualifier)
    sums: dict[str, Quantity | None] = {}
    for n, measure in enumerate(measures):
        value, unit, *used = parts[width * n : width * (n + 1)]
        words = [word for word, there in zip(Qualifier, used, strict=True) if there]
        known = value is not None and unit is not None
        sums[measure] = Quantity(plain(value), unit, qualifier_of_sum(words)) if known else None
    return sums


def plain(value: float) -> float:
    """A sum of fractions without the last digits, which depend on the order of adding."""
    found = float(value)
    return found if found.is_integer() else float(f"{found:.13g}")
