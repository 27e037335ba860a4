"""Published quantities: a number with a unit, exact or a bound."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from kit.values.composite import Composite
from kit.values.labelled_enum import LabelledEnum


class Qualifier(
    LabelledEnum, description="Whether a number is exact, a bound or an estimate. 限定"
):
    EXACT = "EXACT", "等于", "Exactly this number"
    OVER = "OVER", "超过", "More than this number"
    UNDER = "UNDER", "不足", "Less than this number"
    ABOUT = "ABOUT", "约", "About this number"
    AT_LEAST = "AT_LEAST", "不低于", "This number or more"
    AT_MOST = "AT_MOST", "不高于", "This number or less"


@dataclass(frozen=True, slots=True)
class QualifiedQuantity:
    """A `value` that is a float is the nearest to a number that no decimal says."""

    value: Decimal | float
    unit: str
    qualifier: Qualifier

    @property
    def exact(self) -> Decimal | None:
        return self.value if isinstance(self.value, Decimal) else None


def quantity_columns(prefix: str) -> Composite:
    """Return the columns `<prefix>_value`, `_unit` and `_qualifier` as one value."""
    columns = tuple(f"{prefix}_{part}" for part in ("value", "unit", "qualifier"))
    return Composite(QualifiedQuantity, columns, {"exact": "value"})


def qualifier_of_sum(parts: Collection[Qualifier]) -> Qualifier:
    """Return the qualifier of a sum: a bound if one part is, an estimate with both sides."""
    lower = {Qualifier.OVER, Qualifier.AT_LEAST} & set(parts)
    upper = {Qualifier.UNDER, Qualifier.AT_MOST} & set(parts)
    if Qualifier.ABOUT in parts or (lower and upper):
        return Qualifier.ABOUT
    for strict, loose in ((Qualifier.OVER, lower), (Qualifier.UNDER, upper)):
        if loose:
            return strict if strict in loose else next(iter(loose))
    return Qualifier.EXACT


def qualifier_of_extreme(parts: Collection[Qualifier]) -> Qualifier:
    """Return the qualifier of a minimum or a maximum: the same rule holds for both.

    min(3, >5) = 3 and max(3, >5) > 5: the result is a lower bound in both cases.
    """
    kinds = set(parts)
    if len(kinds) == 1:
        return kinds.pop()
    if kinds <= {Qualifier.EXACT, Qualifier.OVER, Qualifier.AT_LEAST}:
        return Qualifier.AT_LEAST
    if kinds <= {Qualifier.EXACT, Qualifier.UNDER, Qualifier.AT_MOST}:
        return Qualifier.AT_MOST
    return Qualifier.ABOUT
