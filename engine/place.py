"""Places of a plan that take arguments, and what a request puts there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from graphql import GraphQLError
from graphql.execution.values import VariableValues

from engine.meaning import NotPlanned
from engine.selection import Selected, Selector
from engine.variables import Arguments
from kit.errors import Told

UNREAD: Any = object()


@dataclass(slots=True, eq=False)
class Place:
    """`read` makes of the arguments what the steps of the place need, knowing what day it is."""

    number: int
    selected: Selected
    read: Callable[[dict[str, Any], date], Any]
    dated: bool = False  # what is read depends on the day
    fixed: Any = UNREAD
    arguments: Arguments = field(init=False)

    def __post_init__(self) -> None:
        self.arguments = Arguments(self.selected)

    @property
    def prefix(self) -> str:
        """Of the names under which its values are bound."""
        return f"p{self.number}"

    @property
    def is_fixed(self) -> bool:
        """Whether it was asked the same in every request so far, and always will be."""
        return self.fixed is not UNREAD

    def bind(self, selector: Selector, variables: VariableValues, today: date) -> Any:
        """Raises NotPlanned for arguments that can't be answered: the default executor tells."""
        if self.fixed is not UNREAD:
            return self.fixed
        try:
            found = self.read(self.arguments.read(selector, variables), today)
        except (Told, GraphQLError) as error:
            raise NotPlanned("arguments") from error
        if self.arguments.fixed and not self.dated:
            self.fixed = found
        return found
