"""What a query asks for, in nodes: a formula that is made once, and reckoned for each request.

A node is a record that the answer may hold: for each path that leads to one, the product of the
page sizes along it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.limits import limit_exceeded
from schema.values import NO_ARGUMENTS, ArgumentValues

INT_LIMIT = 2**31  # of GraphQL; what is larger is no Int, and is refused as such
MUTATION_COST = 100  # a field at the root of a mutation, beside what its payload asks for
DEFAULT_LIST_SIZE = 20  # a page whose size isn't asked for, and a list that takes none


@dataclass(frozen=True, slots=True)
class VariableSize:
    """A page size, or the number of ids, that variables give: of several, the largest counts."""

    variables: tuple[str, ...]
    least: int = 0  # that stands in the document beside them

    def read(self, given: Mapping[str, Any]) -> int:
        found = [size_value(given.get(name)) for name in self.variables]
        return max(filter(None, (*found, self.least)), default=DEFAULT_LIST_SIZE)


def size_value(value: Any) -> int | None:
    """None for what is no size at all: it is refused where it is coerced."""
    if isinstance(value, list):
        return len(value)
    if isinstance(value, int | float) and 0 <= value < INT_LIMIT:
        return int(value)
    return None


@dataclass(frozen=True, slots=True, eq=False)
class CostFormula:
    """`fixed`, and for each term: factor × size × the cost of one of its rows."""

    fixed: int = 0
    terms: tuple[tuple[int, VariableSize | None, CostFormula], ...] = ()

    def times(self, size: int | VariableSize) -> CostFormula:
        if isinstance(size, VariableSize):
            return CostFormula(0, ((1, size, self),))
        terms = tuple((factor * size, of, one) for factor, of, one in self.terms)
        return CostFormula(self.fixed * size, terms)

    def nodes(self, given: Mapping[str, Any], known: dict[int, int]) -> int:
        # Fragments share their costs: without what is known, sharing could be made exponential.
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
    """What varies is taken as it is, by reference: a sum is as long as there are costs in it."""
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
    """The cost of one operation, with the sizes that its variables give and their defaults.

    `held` are the values of its arguments; `writes`: it is a mutation; `introspects`: it asks for
    the schema; `reads`: it asks for anything else; `lists`: at its root for what holds many.
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
        """Raises LimitExceeded for a page that is too long."""
        if not self.sizes:
            return self.cost.fixed
        values = {**self.defaults, **given}
        for size in self.sizes:
            if (found := size.read(values)) > page:
                raise limit_exceeded("page", page, found)
        return self.cost.nodes(values, {})
