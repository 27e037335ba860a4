"""Query shapes: arguments with parameters in place of values. One shape is one statement."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam

from engine.sql.arguments import ConnectionArguments, FilterExpr, Order
from kit.db.expressions import ColumnType, Values

# Names of the values that every statement may ask for, whatever its place.
TODAY = "today"
KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A placeholder for a value, which is bound under this name and never part of the text."""

    name: str


def bind_value(value: object, type_: ColumnType) -> Any:
    """Return the bind parameter of a `Parameter`; a value as it is."""
    return bindparam(value.name, type_=type_) if isinstance(value, Parameter) else value


@dataclass(frozen=True)
class QueryShape(ConnectionArguments):
    """`ConnectionArguments` with parameters for values; a cursor's are in `far`."""

    before_today: bool = False  # the day is before today
    turned: bool = False
    far: tuple[Parameter | None, ...] | None = None  # the cursor's values; None: there is no cursor
    cached_hash: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Skip validation: the arguments are validated already."""
        # Kept, for every run looks its statement up by this.
        object.__setattr__(self, "cached_hash", hash(tuple(vars(self).values())))

    def __hash__(self) -> int:
        return self.cached_hash

    @property
    def backward(self) -> bool:
        return self.turned


@dataclass(frozen=True, slots=True)
class BoundShape:
    """A shape, and the values of its parameters."""

    shape: QueryShape
    values: Values
    asked: ConnectionArguments

    @property
    def size(self) -> int:
        return self.asked.size


class ParameterNamer:
    """Names parameters under the prefix of a field of the plan, and holds their values."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.values: dict[str, object] = {}

    def parameter(self, value: object) -> Parameter:
        name = f"{self.prefix}_{len(self.values)}"
        self.values[name] = value
        return Parameter(name)

    def filter(self, conditions: FilterExpr) -> FilterExpr:
        return tuple((name, self.term(name, value)) for name, value in conditions)

    def term(self, name: str, value: Any) -> Any:
        """Return a list of filters, a filter (of a link, or of `not`), or a value; names stay."""
        if name == "is_null":
            return value
        if name in {"and", "or"}:
            return tuple(self.filter(conditions) for conditions in value)
        return self.filter(value) if isinstance(value, tuple) else self.parameter(value)


def parameterize(
    order: Order | None, arguments: ConnectionArguments, today: date, prefix: str
) -> BoundShape:
    """Replace values by parameters. Raises BadInput for a cursor that the order didn't make."""
    slots = ParameterNamer(prefix)
    far = None
    if order is not None and arguments.cursor is not None:
        values = order.values(arguments.cursor)
        far = tuple(None if value is None else slots.parameter(value) for value in values)
    shape = QueryShape(
        on=None if arguments.on is None else slots.parameter(arguments.on),  # type: ignore[arg-type]
        spells=arguments.spells,
        filter=slots.filter(arguments.filter),
        order=arguments.order,
        scope=arguments.scope,
        before_today=arguments.on is not None and arguments.on < today,
        turned=arguments.backward,
        far=far,
    )
    return BoundShape(shape, slots.values, arguments)
