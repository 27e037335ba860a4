"""How many values the arguments of an operation hold: known before any of them is coerced.

Literals are counted once, as they stand in the document; variables in the JSON of each request,
for as what they are used is known from the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import ListValueNode, ObjectValueNode, ValueNode, VariableNode

from kit.limits import RequestLimits, limit_exceeded
from kit.values import JSON_CONTAINERS, count_json_values


@dataclass(frozen=True, slots=True)
class ValueCount:
    """Those that stand in the document, and variables by how often each is used."""

    fixed: int = 0
    variables: tuple[tuple[str, int], ...] = ()

    @property
    def least(self) -> int:
        """Where each variable is one value."""
        return self.fixed + sum(times for _, times in self.variables)

    def number(self, of: Mapping[str, int]) -> int:
        return self.fixed + sum(times * of.get(name, 1) for name, times in self.variables)


NO_VALUES = ValueCount()


def add_counts(parts: Iterable[ValueCount]) -> ValueCount:
    found = [one for one in parts if one is not NO_VALUES]
    if len(found) < 2:
        return found[0] if found else NO_VALUES
    variables = Counter[str]()
    for one in found:
        for name, times in one.variables:
            variables[name] += times
    return ValueCount(sum(one.fixed for one in found), tuple(variables.items()))


def count_literal(node: ValueNode) -> tuple[ValueCount, int]:
    """Values of a literal, and the entries of its longest list, as `count_json_values` counts."""
    fixed, longest, variables, below = 0, 0, Counter[str](), [node]
    while below:
        one = below.pop()
        match one:
            case VariableNode():
                variables[one.name.value] += 1
                continue
            case ListValueNode():
                longest = max(longest, len(one.values))
                below += one.values
            case ObjectValueNode():
                below += [field.value for field in one.fields]
        fixed += 1
    return ValueCount(fixed, tuple(variables.items())), longest


@dataclass(frozen=True, slots=True)
class ArgumentValues:
    """What the arguments of an operation hold.

    `all` counts those of fragments each time they are spread; `objects` has each argument that is
    an object or a list of objects (a filter, an order); `entries` are those of the longest list
    that stands in the document; `defaults` are the values of the variables' defaults.
    """

    all: ValueCount = NO_VALUES
    objects: frozenset[ValueCount] = frozenset()
    entries: int = 0
    defaults: Mapping[str, int] = field(default_factory=dict)
    largest: int = field(init=False)  # of `objects`, where each variable is one value
    least: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "least", self.all.least)
        largest = max((one.least for one in self.objects), default=0)
        object.__setattr__(self, "largest", largest)

    def check(self, given: Mapping[str, Any], limits: RequestLimits, *, writes: bool) -> None:
        """`writes`: it is a mutation of a key that may write. Raises LimitExceeded."""
        if not writes and not self.defaults and self.fits(limits):
            for one in given.values():
                if type(one) in JSON_CONTAINERS:
                    break
            else:
                return
        counted = {name: count_json_values(one) for name, one in given.items()}
        numbers = {**self.defaults, **{name: number for name, (number, _) in counted.items()}}
        raw = sum(number for number, _ in counted.values())
        found = max(self.all.number(numbers), raw)
        most = limits.inputs if writes else limits.values
        if found > most:
            raise limit_exceeded("inputs" if writes else "values", most)
        if writes:
            return
        entries = max((longest for _, longest in counted.values()), default=0)
        if (entries := max(entries, self.entries)) > limits.entries:
            raise limit_exceeded("entries", limits.entries, entries)
        largest = max((one.number(numbers) for one in self.objects), default=0)
        if largest > limits.filter:
            raise limit_exceeded("filter", limits.filter, largest)

    def fits(self, limits: RequestLimits) -> bool:
        return (
            self.least <= limits.values
            and self.largest <= limits.filter
            and self.entries <= limits.entries
        )


NO_ARGUMENTS = ArgumentValues()
