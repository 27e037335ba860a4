"""The cost of a query in nodes: one formula for each operation, evaluated for each request.

A node is a record that the response may contain. Each path to a record counts the product of the
page sizes along it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from execution.argument_values import NO_ARGUMENTS, ArgumentValues
from kit.request_limits import limit_exceeded

INT_LIMIT = 2**31  # GraphQL's Int is less; larger values are refused by coercion
MUTATION_COST = 100  # of each root field of a mutation, in addition to its payload
DEFAULT_LIST_SIZE = 20  # of a page without `first` or `last`, and of a list without arguments


@dataclass(frozen=True, slots=True)
class VariableSize:
    """A page size or number of ids from variables; of several, the largest counts."""

    variables: tuple[str, ...]
    least: int = 0  # the largest literal size beside the variables

    def read(self, given: Mapping[str, Any]) -> int:
        found = [size_value(given.get(name)) for name in self.variables]
        return max(filter(None, (*found, self.least)), default=DEFAULT_LIST_SIZE)


def size_value(value: Any) -> int | None:
    """Return a size; None for any other value, which coercion refuses."""
    if isinstance(value, list):
        return len(value)
    if isinstance(value, int | float) and 0 <= value < INT_LIMIT:
        return int(value)
    return None


@dataclass(frozen=True, slots=True, eq=False)
class CostFormula:
    """`fixed` plus the sum of its terms: factor × size × the cost of one row."""

    fixed: int = 0
    terms: tuple[tuple[int, VariableSize | None, CostFormula], ...] = ()

    def times(self, size: int | VariableSize) -> CostFormula:
        if isinstance(size, VariableSize):
            return CostFormula(0, ((1, size, self),))
        terms = tuple((factor * size, of, one) for factor, of, one in self.terms)
        return CostFormula(self.fixed * size, terms)

    def nodes(self, given: Mapping[str, Any], known: dict[int, int]) -> int:
        # Memoized, as fragments share costs: otherwise the evaluation could be exponential.
        found = known.get(id(self))
        if found is None:
            found = self.fixed
            for factor, size, one in self.terms:
                found += factor * (size.read(given) if size else 1) * one.nodes(given, known)
            known[id(self)] = found
        return found


ZERO_COST = CostFormula()
UNIT_COST = CostFormula(1)


def sum_costs(costs: Iterable[CostFormula]) -> CostFormula:
    """Return the sum. Equal variable costs are one term, by reference, so that sums stay short."""
    fixed, shared = 0, dict[int, tuple[int, None, CostFormula]]()
    for one in costs:
        if one.terms:
            factor = shared[id(one)][0] if id(one) in shared else 0
            shared[id(one)] = (factor + 1, None, one)
        else:
            fixed += one.fixed
    return CostFormula(fixed, tuple(shared.values())) if shared or fixed else ZERO_COST


@dataclass(frozen=True, slots=True)
class OperationCost:
    """The cost of one operation, with the sizes from its variables and their defaults.

    `held` counts the values of its arguments. `writes`: it is a mutation. `introspects`: it selects
    the schema; `reads`: anything else; `lists`: a list, search or table at its root.
    """

    cost: CostFormula = ZERO_COST
    sizes: frozenset[VariableSize] = frozenset()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    held: ArgumentValues = NO_ARGUMENTS
    writes: bool = False
    introspects: bool = False
    reads: bool = True
    lists: bool = False

    def nodes(self, given: Mapping[str, Any], page: int) -> int:
        """Return the number of nodes. Raises LimitExceeded if a page is too long."""
        if not self.sizes:
            return self.cost.fixed
        values = {**self.defaults, **given}
        for size in self.sizes:
            if (found := size.read(values)) > page:
                raise limit_exceeded("page", page, found)
        return self.cost.nodes(values, {})
