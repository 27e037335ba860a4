"""Fields of a plan that take arguments, and the values that a request gives them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from graphql import GraphQLError
from graphql.execution.values import VariableValues

from engine.plan.field_plans import NotPlanned
from engine.plan.selection import SelectedField, SelectionCollector
from engine.plan.variables import ArgumentCoercion
from kit.errors import ClientError

UNSET: object = object()


@dataclass(slots=True, eq=False)
class FieldArguments:
    """`read` makes of the arguments what the steps of the place need, knowing what day it is."""

    number: int
    selected: SelectedField
    read: Callable[[dict[str, object], date], object]
    dated: bool = False  # what is read depends on the day
    fixed: object = UNSET
    arguments: ArgumentCoercion = field(init=False)

    def __post_init__(self) -> None:
        self.arguments = ArgumentCoercion(self.selected)

    @property
    def prefix(self) -> str:
        """Return the prefix of the names under which its values are bound."""
        return f"p{self.number}"

    @property
    def is_constant(self) -> bool:
        """Return whether the arguments are the same in every request."""
        return self.fixed is not UNSET

    def bind(self, selector: SelectionCollector, variables: VariableValues, today: date) -> Any:
        """Coerce the arguments. Raises NotPlanned for invalid ones, for the executor to report."""
        if self.fixed is not UNSET:
            return self.fixed
        try:
            value = self.read(self.arguments.read(selector, variables), today)
        except (ClientError, GraphQLError) as error:
            raise NotPlanned("arguments") from error
        if self.arguments.fixed and not self.dated:
            self.fixed = value
        return value
