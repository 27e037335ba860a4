"""The number of values in an operation's arguments, known before coercion.

Literals are counted once for each document. Variables are counted in the JSON of each request,
times their uses in the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import ListValueNode, ObjectValueNode, ValueNode, VariableNode

from kit.request_limits import RequestLimits, limit_exceeded
from kit.values.json_size import JSON_CONTAINERS, count_json_values


@dataclass(frozen=True, slots=True)
class ValueCount:
    """The number of literal values, and each variable with the number of its uses."""

    fixed: int = 0
    variables: tuple[tuple[str, int], ...] = ()

    @property
    def least(self) -> int:
        """The count if each variable is a single value."""
        return self.fixed + sum(times for _, times in self.variables)

    def number(self, sizes: Mapping[str, int]) -> int:
        return self.fixed + sum(times * sizes.get(name, 1) for name, times in self.variables)


NO_VALUES = ValueCount()


def add_counts(parts: Iterable[ValueCount]) -> ValueCount:
    counts = [count for count in parts if count is not NO_VALUES]
    if len(counts) < 2:
        return counts[0] if counts else NO_VALUES
    variables = Counter[str]()
    for count in counts:
        for name, times in count.variables:
            variables[name] += times
    return ValueCount(sum(count.fixed for count in counts), tuple(variables.items()))


def count_literal(node: ValueNode) -> tuple[ValueCount, int]:
    """Return the values of a literal and its longest list, counted as in `count_json_values`."""
    fixed, longest, variables, below = 0, 0, Counter[str](), [node]
    while below:
        value = below.pop()
        match value:
            case VariableNode():
                variables[value.name.value] += 1
                continue
            case ListValueNode():
                longest = max(longest, len(value.values))
                below += value.values
            case ObjectValueNode():
                below += [field.value for field in value.fields]
        fixed += 1
    return ValueCount(fixed, tuple(variables.items())), longest


@dataclass(frozen=True, slots=True)
class ArgumentValues:
    """The values in the arguments of an operation.

    `all` counts a fragment's values each time it is spread. `objects` has each argument with input
    objects (filter, order). `entries` is the length of the longest literal list. `defaults` counts
    the values of each variable's default.
    """

    all: ValueCount = NO_VALUES
    objects: frozenset[ValueCount] = frozenset()
    entries: int = 0
    defaults: Mapping[str, int] = field(default_factory=dict)
    largest: int = field(init=False)  # of `objects`, if each variable is a single value
    least: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "least", self.all.least)
        largest = max((count.least for count in self.objects), default=0)
        object.__setattr__(self, "largest", largest)

    def check(self, variables: Mapping[str, Any], limits: RequestLimits, *, writes: bool) -> None:
        """Raise LimitExceeded for too many values. `writes`: a mutation by a key that may write."""
        if not writes and not self.defaults and self.fits(limits):
            for variable in variables.values():
                if type(variable) in JSON_CONTAINERS:
                    break
            else:
                return
        counted = {name: count_json_values(value) for name, value in variables.items()}
        numbers = {**self.defaults, **{name: number for name, (number, _) in counted.items()}}
        raw = sum(number for number, _ in counted.values())
        total = max(self.all.number(numbers), raw)
        most = limits.inputs if writes else limits.values
        if total > most:
            raise limit_exceeded("inputs" if writes else "values", most)
        if writes:
            return
        entries = max((longest for _, longest in counted.values()), default=0)
        if (entries := max(entries, self.entries)) > limits.entries:
            raise limit_exceeded("entries", limits.entries, entries)
        largest = max((count.number(numbers) for count in self.objects), default=0)
        if largest > limits.filter:
            raise limit_exceeded("filter", limits.filter, largest)

    def fits(self, limits: RequestLimits) -> bool:
        return (
            self.least <= limits.values
            and self.largest <= limits.filter
            and self.entries <= limits.entries
        )


NO_ARGUMENTS = ArgumentValues()
