"""What groups are asked with, and what they tell of measures, made from what a kind declares."""

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry import UNSET, Parent
from strawberry.types.arguments import StrawberryArgument

import resolvers.answer
from engine.groups import COUNT, KEY, Group
from engine.kind import Kind
from engine.meaning import Extreme, Measured, Read, Stored
from kit.quantity import Quantity as FoundQuantity
from schema.made import argument, class_of, list_of, maybe, once
from schema.meanings import means
from schema.node import Quantity
from schema.words import word_list_of


def read(answer: Any, meaning: type[Read] = Read, **more: Any) -> Any:
    """A field that is read off a value in Python: the same function on both ways."""
    return strawberry.field(answer, metadata=means(meaning(answer)), **more)


def stored(name: str, graphql_type: Any, **more: Any) -> Any:
    """A field that is an attribute of a value in Python, by another name."""

    def answer(parent: Parent[Any]) -> Any:
        return getattr(parent, name)

    return strawberry.field(answer, graphql_type=graphql_type, metadata=means(Stored(name)), **more)


@strawberry.input(description="What a number is to be: both, if both are given. 数值范围")
class CountBounds:
    gte: int | None = strawberry.field(default=None, description="At least. 不小于")
    lte: int | None = strawberry.field(default=None, description="At most. 不大于")


@strawberry.input(
    description="What a sum is to be. A sum that is a bound is compared as far as it is known: "
    "more than 100 is at least 100, and never known to be at most 200. It is the exact sum that is "
    "compared, with the decimal that is written. 合计范围"
)
class SumBounds:
    gte: float | None = strawberry.field(default=None, description="At least. 不小于")
    lte: float | None = strawberry.field(default=None, description="At most. 不大于")


def arrangement(kind: Kind) -> list[StrawberryArgument]:
    found = [
        argument(
            "having", maybe(having_of(kind)), UNSET, "The groups of which all this holds. 分组条件"
        ),
        argument(
            "order_by",
            maybe(list_of(order_of(kind))),
            UNSET,
            "COUNT descending unless asked otherwise; ties are broken by key. 分组排序",
        ),
    ]
    if any(one.lineage for one in kind.dimensions.values()):
        described = (
            "The code of a region: REGION then is the region just below that one in which a record "
            "lies, that region itself for what lies in none below it, and null for what lies "
            "outside. 按该地区的下一级地区分组"
        )
        found.append(argument("below", maybe(str), UNSET, described))
    return found


def having_of(kind: Kind) -> Any:
    """Kinds without measures share one."""
    name = f"{kind.name}GroupHaving" if kind.measures else "GroupHaving"

    def make() -> Any:
        annotations = {"count": maybe(CountBounds)}
        if kind.measures:
            annotations["sum"] = maybe(sums_of(kind))
        described = "Which groups are wanted, by what is in them; null asks nothing. 分组条件"
        members = dict.fromkeys(annotations)
        return strawberry.input(class_of(name, annotations, members), description=described)

    return once(name, make)


def sums_of(kind: Kind) -> Any:
    annotations = {word.lower(): maybe(SumBounds) for word in kind.measures}
    made = class_of(f"{kind.name}Sums", annotations, dict.fromkeys(annotations))
    described = f"The sums of what can be added up over {kind.name} records. 各项合计范围"
    return strawberry.input(made, description=described)


def order_of(kind: Kind) -> Any:
    """Kinds without measures share one."""
    name = f"{kind.name}GroupOrder" if kind.measures else "GroupOrder"

    def make() -> Any:
        described = "What groups are sorted by: a measure by its sum. 分组排序字段"
        field = word_list_of(f"{name}Field", [COUNT, KEY, *kind.measures], described)
        annotations = {"field": field, "descending": maybe(bool)}
        described = "What isn't stated comes last in either direction. 分组排序"
        made = class_of(name, annotations, {"descending": False})
        return strawberry.input(made, description=described)

    return once(name, make)


def measured(kind: Kind) -> dict[str, Any]:
    """The fields of a group that tell of measures."""
    described = f"What can be added up over {kind.name} records. 可汇总的数值"
    measure = word_list_of(f"{kind.name}Measure", kind.measures, described)
    once(f"{kind.name}Measure", lambda: measure)
    return {
        "sum": told(
            measure,
            resolvers.answer.sum_of,
            "A sum of bounds is a bound; null where units differ. 合计",
        ),
        "average": told(
            measure,
            resolvers.answer.average_of,
            "Of those that state it: a bound where a bound is among them. 平均",
            Extreme,
        ),
        "min": told(
            measure,
            resolvers.answer.least_of,
            "The least stated: a bound where a bound is among them. 最小值",
            Extreme,
        ),
        "max": told(
            measure,
            resolvers.answer.most_of,
            "The most stated: a bound where a bound is among them. 最大值",
            Extreme,
        ),
    }


def told(
    measure: Any,
    of: Callable[[Group, str], FoundQuantity | None],
    described: str,
    meaning: type[Measured] = Measured,
) -> Any:
    which = of

    def answer(parent: Parent[Any], of: Any) -> Any:
        return which(parent, of.value)

    field = read(answer, meaning, graphql_type=maybe(Quantity), description=described)
    field.arguments = [argument("of", measure)]
    return field
