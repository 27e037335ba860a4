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

    def read(self, values: Mapping[str, Any]) -> int:
        sizes = [size_value(values.get(name)) for name in self.variables]
        return max(filter(None, (*sizes, self.least)), default=DEFAULT_LIST_SIZE)


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
        terms = tuple(
            (factor * size, variable_size, formula) for factor, variable_size, formula in self.terms
        )
        return CostFormula(self.fixed * size, terms)

    def nodes(self, values: Mapping[str, Any], numbers: dict[int, int]) -> int:
        # Memoized, as fragments share costs: otherwise the evaluation could be exponential.
        number = numbers.get(id(self))
        if number is None:
            number = self.fixed
            for factor, size, formula in self.terms:
                number += (
                    factor * (size.read(values) if size else 1) * formula.nodes(values, numbers)
                )
            numbers[id(self)] = number
        return number


ZERO_COST = CostFormula()
UNIT_COST = CostFormula(1)


def sum_costs(costs: Iterable[CostFormula]) -> CostFormula:
    """Return the sum. Equal variable costs are one term, by reference, so that sums stay short."""
    fixed, shared = 0, dict[int, tuple[int, None, CostFormula]]()
    for cost in costs:
        if cost.terms:
            factor = shared[id(cost)][0] if id(cost) in shared else 0
            shared[id(cost)] = (factor + 1, None, cost)
        else:
            fixed += cost.fixed
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

    def nodes(self, variables: Mapping[str, Any], page: int) -> int:
        """Return the number of nodes. Raises LimitExceeded if a page is too long."""
        if not self.sizes:
            return self.cost.fixed
        values = {**self.defaults, **variables}
        for size in self.sizes:
            if (requested := size.read(values)) > page:
                raise limit_exceeded("page", page, requested)
        return self.cost.nodes(values, {})
