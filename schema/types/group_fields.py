"""The arguments of groups, and the fields of their measures, made from what a kind declares."""

from collections.abc import Callable
from functools import partial
from typing import Any

import strawberry
from strawberry import UNSET, Parent
from strawberry.types.arguments import StrawberryArgument

import resolvers.core.records
from engine.aggregates.groups import COUNT, KEY, Group
from engine.catalog.kind import Kind
from engine.plan.field_plans import (
    AttributeField,
    MeasureField,
    MeasureStatisticField,
    PropertyField,
)
from kit.values.quantity import QualifiedQuantity as FoundQuantity
from schema.types.described_inputs import describe_group_order, describe_measure, describe_sum
from schema.types.descriptions import describe_fields_later
from schema.types.enums import make_enum
from schema.types.factory import (
    argument,
    define_once,
    list_type,
    make_class,
    nullable_type,
    sort_key_fields,
)
from schema.types.node import Quantity
from schema.types.plan_metadata import plan_metadata


def property_field(
    answer: Any, meaning: type[PropertyField] = PropertyField, **options: Any
) -> Any:
    """Return a field that Python reads from a value, with the same function in both executors."""
    return strawberry.field(answer, metadata=plan_metadata(meaning(answer)), **options)


def attribute_field(name: str, graphql_type: Any, **options: Any) -> Any:
    """Return a field that is an attribute of a value in Python, by another name."""

    def answer(parent: Parent[Any]) -> Any:
        return getattr(parent, name)

    return strawberry.field(
        answer, graphql_type=graphql_type, metadata=plan_metadata(AttributeField(name)), **options
    )


@strawberry.input(description="Range of a number. If both bounds are set, both apply. 数值范围")
class CountBounds:
    gte: int | None = strawberry.field(default=None, description="Greater than or equal to. 不小于")
    lte: int | None = strawberry.field(default=None, description="Less than or equal to. 不大于")


@strawberry.input(
    description='Range of a sum. A sum that is a bound is compared by what is certain: "more '
    'than 100" is at least 100, but never at most 200. The exact sum is compared. 合计范围'
)
class SumBounds:
    gte: float | None = strawberry.field(
        default=None, description="Greater than or equal to. 不小于"
    )
    lte: float | None = strawberry.field(default=None, description="Less than or equal to. 不大于")


def grouping_arguments(kind: Kind) -> list[StrawberryArgument]:
    arguments = [
        argument(
            "having",
            nullable_type(having_type(kind)),
            UNSET,
            "Return only groups that meet all these conditions. 分组条件",
        ),
        argument(
            "order_by",
            nullable_type(list_type(group_order_type(kind))),
            UNSET,
            "Sort order of the groups. Default: COUNT descending. Groups that are equal are "
            "sorted by key. 分组排序",
        ),
    ]
    if any(dimension.closure for dimension in kind.dimensions.values()):
        described = (
            "Code of a region. The dimension REGION then gives, for each record, the region one "
            "level below this one; this region itself, if the record is in no region below it; "
            "null, if the record is outside it. 按该地区的下一级地区分组"
        )
        arguments.append(argument("below", nullable_type(str), UNSET, described))
    return arguments


HAVING_DESCRIPTIONS = {
    "count": "The number of records in the group is in this range. 数量",
    "sum": "The sums over the group lie in these ranges. 合计",
}


def having_type(kind: Kind) -> Any:
    """Kinds without measures share one."""
    name = f"{kind.name}GroupHaving" if kind.measures else "GroupHaving"

    def make() -> Any:
        annotations = {"count": nullable_type(CountBounds)}
        if kind.measures:
            annotations["sum"] = nullable_type(sums_type(kind))
        described = "Conditions on groups. Null: no condition. 分组条件"
        members = {
            word: strawberry.field(default=None, description=HAVING_DESCRIPTIONS[word])
            for word in annotations
        }
        return strawberry.input(make_class(name, annotations, members), description=described)

    return define_once(name, make)


def sums_type(kind: Kind) -> Any:
    annotations = {measure.lower(): nullable_type(SumBounds) for measure in kind.measures}
    members = {measure: strawberry.field(default=None) for measure in annotations}
    class_ = make_class(f"{kind.name}Sums", annotations, members)
    described = f"Conditions on sums over {kind.name} records. 各项合计范围"
    return describe_fields_later(
        strawberry.input(class_, description=described),
        lambda measure: describe_sum(kind, measure.upper()),
    )


def group_order_type(kind: Kind) -> Any:
    """Kinds without measures share one."""
    name = f"{kind.name}GroupOrder" if kind.measures else "GroupOrder"

    def make() -> Any:
        described = (
            "Values by which groups can be sorted. A measure is sorted by its sum. 分组排序字段"
        )
        field = make_enum(
            f"{name}Field",
            [COUNT, KEY, *kind.measures],
            described,
            partial(describe_group_order, kind),
        )
        annotations = {"field": field, "descending": nullable_type(bool)}
        described = (
            "One sort key of groups. Groups without a value come last in both directions. 分组排序"
        )
        class_ = make_class(name, annotations, sort_key_fields())
        return strawberry.input(class_, description=described)

    return define_once(name, make)


def measure_fields(kind: Kind) -> dict[str, Any]:
    """Return the fields of a group for its measures."""
    described = f"Measures that can be added up over {kind.name} records. 可汇总的数值"
    measure = make_enum(
        f"{kind.name}Measure", kind.measures, described, partial(describe_measure, kind)
    )
    define_once(f"{kind.name}Measure", lambda: measure)
    return {
        "sum": measure_field(
            measure,
            resolvers.core.records.sum_of,
            "Sum of a measure over the group. If one value is a bound, the sum is a bound. Null "
            "if units differ. 合计",
        ),
        "average": measure_field(
            measure,
            resolvers.core.records.average_of,
            "Average over the records that have a value. If one value is a bound, the average is "
            "a bound. 平均",
            MeasureStatisticField,
        ),
        "min": measure_field(
            measure,
            resolvers.core.records.minimum_of,
            "Smallest value. It is a bound if one of the values is a bound. 最小值",
            MeasureStatisticField,
        ),
        "max": measure_field(
            measure,
            resolvers.core.records.maximum_of,
            "Largest value. It is a bound if one of the values is a bound. 最大值",
            MeasureStatisticField,
        ),
    }


def measure_field(
    measure: Any,
    of: Callable[[Group, str], FoundQuantity | None],
    described: str,
    meaning: type[MeasureField] = MeasureField,
) -> Any:
    which = of

    def answer(parent: Parent[Any], of: Any) -> Any:
        return which(parent, of.value)

    field = property_field(
        answer, meaning, graphql_type=nullable_type(Quantity), description=described
    )
    field.arguments = [argument("of", measure)]
    return field
