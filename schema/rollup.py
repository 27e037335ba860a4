from typing import Any

import strawberry
from strawberry import UNSET, Parent

import resolvers.core.records
import resolvers.rollup.request
import resolvers.rollup.rollup
import resolvers.rollup.targets
from kit.values.quantity import QualifiedQuantity as FoundQuantity
from resolvers.core.context import Info
from resolvers.core.group_key import group_key
from resolvers.figure import TARGET
from resolvers.region import REGION
from resolvers.rollup.request import (
    Apportion,
    RollupDimension,
    RollupMeasure,
    RollupQuantity,
    RollupTable,
    TableRow,
)
from resolvers.rollup.targets import TargetComparison
from schema.types.connections import GroupKey
from schema.types.factory import argument, entity_type, list_type, nullable_type
from schema.types.node import Quantity


def quantity_resolver(parent: Parent[RollupQuantity]) -> FoundQuantity | None:
    return parent.quantity


def unapportioned_resolver(parent: Parent[RollupQuantity]) -> FoundQuantity | None:
    return parent.unapportioned


@strawberry.type(description="One measure of a row or of a cell. 指标值")
class RollupValue:
    measure: RollupMeasure = strawberry.field(description="The measure. 指标")
    quantity = strawberry.field(
        quantity_resolver,
        graphql_type=nullable_type(Quantity),
        description="The number. If `exact` is false, it is rounded to a multiple of 5, always "
        "in the same way for the same records. A sum of bounds is a bound. Null if units differ. "
        "数值",
    )
    unapportioned = strawberry.field(
        unapportioned_resolver,
        graphql_type=nullable_type(Quantity),
        description="The number without apportionment: each outcome counts fully in every row "
        "that shares it, so rows do not add up. Null in a rounded table. 未分摊数值",
    )
    exact: bool = strawberry.field(
        description="True if the number is exact and counts records that the viewer may list. "
        "是否精确"
    )


def cell_keys_resolver(parent: Parent[Any]) -> Any:
    pairs = zip(parent["by"], parent["cell"].keys, strict=True)
    return [group_key(dimension, *pair) for dimension, pair in pairs]


def cell_values_resolver(parent: Parent[Any]) -> Any:
    return parent["cell"].values


@strawberry.type(description="The records of a row that share the same keys. 单元格")
class RollupCell:
    keys = strawberry.field(
        cell_keys_resolver,
        graphql_type=list_type(GroupKey),
        description="One key for each dimension, in the order of the argument `by`. 分组键",
    )
    values = strawberry.field(
        cell_values_resolver,
        graphql_type=list_type(RollupValue),
        description="One value for each measure, in the order of the argument `measures`. A "
        "rounded table omits values that round to zero. 指标值",
    )


def target_resolver(parent: Parent[TargetComparison]) -> Any:
    return parent.target


@strawberry.type(description="A target of a region, next to the registry's own count. 目标对照")
class RollupTarget:
    target = strawberry.field(
        target_resolver, graphql_type=entity_type(TARGET), description="The target. 目标"
    )
    actual: float | None = strawberry.field(
        description="The registry's own count. For a yearly target, the count of the last "
        "completed year. Null if the registry does not count this metric. 实际数"
    )
    complete: bool = strawberry.field(
        description="True if the records are declared complete for the region. 登记是否完整"
    )
    behind: bool | None = strawberry.field(
        description="True if the target year is over and the target is missed. Null if records "
        "may be missing because they are not declared complete, or if the target is not a "
        "minimum. 是否未达标"
    )


async def row_region_resolver(parent: Parent[TableRow], info: Info) -> Any:
    return await resolvers.rollup.request.resolve_row_region(parent, info)


def row_cells_resolver(parent: Parent[TableRow]) -> Any:
    return [{"cell": cell, "by": parent.by} for cell in parent.cells]


def row_values_resolver(parent: Parent[TableRow]) -> Any:
    return parent.values


async def row_targets_resolver(parent: Parent[TableRow], info: Info) -> Any:
    return await resolvers.rollup.rollup.resolve_row_targets(parent, info)


@strawberry.type(
    description="A region with all regions below it, or the part of a region that no other row "
    "covers (`elsewhere`). 汇总行"
)
class RollupRow:
    region = strawberry.field(
        row_region_resolver,
        graphql_type=nullable_type(entity_type(REGION)),
        description="The region. Null if the viewer may not see it. 行政区划",
    )
    depth: int = strawberry.field(description="Number of levels below the top region. 层级")
    elsewhere: bool = strawberry.field(
        description="True if this row counts the records of the region that are in none of the "
        "rows below it. 是否为“其他”行"
    )
    values = strawberry.field(
        row_values_resolver,
        graphql_type=list_type(RollupValue),
        description="One value for each measure, in the order of the argument `measures`. 指标值",
    )
    cells = strawberry.field(
        row_cells_resolver,
        graphql_type=list_type(RollupCell),
        description="Cells, sorted by key. Empty cells are omitted. 单元格",
    )
    targets = strawberry.field(
        row_targets_resolver,
        graphql_type=list_type(RollupTarget),
        description="Targets of the region, sorted by metric. Empty in a rounded table and in a "
        "row `elsewhere`. 目标对照",
    )


def rows_resolver(parent: Parent[RollupTable]) -> Any:
    return parent.lines


async def behind_resolver(parent: Parent[RollupTable], info: Info) -> Any:
    return await resolvers.rollup.targets.missed_targets(parent, info)


@strawberry.type(
    description="A table of counts over a tree of regions. In an exact table each row equals the "
    "sum of the rows one level below it, including `elsewhere`. In a rounded table each number "
    "is rounded separately and sums do not match. 地区汇总表"
)
class Rollup:
    exact: bool = strawberry.field(
        description="True if all numbers are exact. This is so if the viewer may list all "
        "records in the region. 是否精确"
    )
    rows = strawberry.field(
        rows_resolver,
        graphql_type=list_type(RollupRow),
        description="Rows: each region before the regions below it, sorted by code, with "
        "`elsewhere` last. 汇总行",
    )
    behind = strawberry.field(
        behind_resolver,
        graphql_type=list_type(RollupTarget),
        description="Targets of the regions in the rows that are known to be missed. 未达标",
    )


async def rollup_resolver(info: Info, **arguments: Any) -> Any:
    return await resolvers.rollup.rollup.resolve_rollup(info, **arguments)


ROLLUP_FIELD = strawberry.field(
    rollup_resolver,
    graphql_type=Rollup,
    description="Counts for a region and the regions below it, for a union in its own region. With "
    "the scope read:region, numbers are exact. With aggregate:region only, they are rounded, "
    "include records that the union may not list, and WORKERS, ENROLMENTS, QUALIFICATIONS and "
    "MENTORSHIPS are the only measures; others give the error FORBIDDEN. Rows can be divided by "
    "dimensions, but not filtered. 地区汇总",
)
ROLLUP_FIELD.arguments = [
    # A parameter named `root` would receive the parent object.
    argument("top", str, UNSET, "Code of the region at the top of the table. 起始地区编码", "root"),
    argument("measures", list_type(RollupMeasure), UNSET, "Numbers to count. 汇总指标"),
    argument(
        "depth",
        int,
        1,
        "Number of levels below the top region: 0 to 4, or 0 to 2 in a rounded table. Default 1. "
        "下钻层数",
    ),
    argument(
        "by",
        list_type(RollupDimension),
        (),
        "Dimensions by which each row is divided into cells. 汇总维度",
    ),
    argument("apportion", Apportion, Apportion.EQUAL, "How shared outcomes are divided. 分摊方式"),
]
