from typing import Any

import strawberry
from strawberry import UNSET, Parent

import resolvers.answer
import resolvers.behind
import resolvers.rolled_up
import resolvers.rollup
from kit.quantity import QualifiedQuantity as FoundQuantity
from resolvers.behind import TargetComparison
from resolvers.context import Info
from resolvers.figure import TARGET
from resolvers.group_key import group_key
from resolvers.region import REGION
from resolvers.rollup import (
    Apportion,
    RollupDimension,
    RollupMeasure,
    RollupQuantity,
    RollupTable,
    TableRow,
)
from schema.connection import GroupKey
from schema.made import argument, entity_type, list_type, nullable_type
from schema.node import Quantity


def quantity_resolver(parent: Parent[RollupQuantity]) -> FoundQuantity | None:
    return parent.quantity


def unapportioned_resolver(parent: Parent[RollupQuantity]) -> FoundQuantity | None:
    return parent.unapportioned


@strawberry.type(description="One measure of a row or of a cell. 指标值")
class RollupValue:
    measure: RollupMeasure = strawberry.field(description="Which one. 指标")
    quantity = strawberry.field(
        quantity_resolver,
        graphql_type=nullable_type(Quantity),
        description="The number; where `exact` is false a multiple of 5 next to it, for the same "
        "people the same one. A sum of bounds is a bound; null where units differ. 数值",
    )
    unapportioned = strawberry.field(
        unapportioned_resolver,
        graphql_type=nullable_type(Quantity),
        description="The same with each outcome whole in every row that has a part in it: such "
        "rows don't add up. Null in a rounded table. 未分摊数值",
    )
    exact: bool = strawberry.field(
        description="Whether it is the number itself, of records that you may list. 是否精确"
    )


def cell_keys_resolver(parent: Parent[Any]) -> Any:
    pairs = zip(parent["by"], parent["cell"].keys, strict=True)
    return [group_key(word, *pair) for word, pair in pairs]


def cell_values_resolver(parent: Parent[Any]) -> Any:
    return parent["cell"].values


@strawberry.type(description="Some of a row's records, by what they have in common. 单元格")
class RollupCell:
    keys = strawberry.field(
        cell_keys_resolver,
        graphql_type=list_type(GroupKey),
        description="In the order asked. 分组键",
    )
    values = strawberry.field(
        cell_values_resolver,
        graphql_type=list_type(RollupValue),
        description="In the order asked; rounded, without those that round to nothing. 指标值",
    )


def target_resolver(parent: Parent[TargetComparison]) -> Any:
    return parent.target


@strawberry.type(description="A target of a region, beside what the registry counts. 目标对照")
class RollupTarget:
    target = strawberry.field(
        target_resolver, graphql_type=entity_type(TARGET), description="What is to be reached. 目标"
    )
    actual: float | None = strawberry.field(
        description="What the registry counts for its metric, of a yearly target in the last year "
        "that is over. Null where it counts no such metric. 实际数"
    )
    complete: bool = strawberry.field(
        description="Whether the records are declared complete for the region. 登记是否完整"
    )
    behind: bool | None = strawberry.field(
        description="True when the target's year is over and it isn't reached; null where records "
        "that aren't declared complete may be missing, or where it is no lower bound. 是否未达标"
    )


async def row_region_resolver(parent: Parent[TableRow], info: Info) -> Any:
    return await resolvers.rollup.resolve_row_region(parent, info)


def row_cells_resolver(parent: Parent[TableRow]) -> Any:
    return [{"cell": cell, "by": parent.by} for cell in parent.cells]


def row_values_resolver(parent: Parent[TableRow]) -> Any:
    return parent.values


async def row_targets_resolver(parent: Parent[TableRow], info: Info) -> Any:
    return await resolvers.rolled_up.resolve_row_targets(parent, info)


@strawberry.type(
    description="A region with all that lies in it, or what lies in none of its rows. 汇总行"
)
class RollupRow:
    region = strawberry.field(
        row_region_resolver,
        graphql_type=nullable_type(entity_type(REGION)),
        description="Null where it may not be seen. 行政区划",
    )
    depth: int = strawberry.field(description="Levels below the root. 层级")
    elsewhere: bool = strawberry.field(
        description="Whether this is what lies in the region but in none of the rows of regions in "
        "it. 是否为“其他”行"
    )
    values = strawberry.field(
        row_values_resolver,
        graphql_type=list_type(RollupValue),
        description="In the order asked. 指标值",
    )
    cells = strawberry.field(
        row_cells_resolver,
        graphql_type=list_type(RollupCell),
        description="Sorted by key; none empty. 单元格",
    )
    targets = strawberry.field(
        row_targets_resolver,
        graphql_type=list_type(RollupTarget),
        description="By metric; none in a rounded table or in a row `elsewhere`. 目标对照",
    )


def rows_resolver(parent: Parent[RollupTable]) -> Any:
    return parent.lines


async def behind_resolver(parent: Parent[RollupTable], info: Info) -> Any:
    return await resolvers.behind.missed_targets(parent, info)


@strawberry.type(
    description="A table over the tree of regions: exact, then each row equals the rows just below "
    "it, with `elsewhere`; or rounded as a whole, then each number is by itself. 地区汇总表"
)
class Rollup:
    exact: bool = strawberry.field(
        description="Whether all numbers are exact: so for those who may list all that lies in the "
        "region. 是否精确"
    )
    rows = strawberry.field(
        rows_resolver,
        graphql_type=list_type(RollupRow),
        description="Each region before those in it, by code; `elsewhere` last. 汇总行",
    )
    behind = strawberry.field(
        behind_resolver,
        graphql_type=list_type(RollupTarget),
        description="The targets of the rows' regions that are known to be missed. 未达标",
    )


async def rollup_resolver(info: Info, **asked: Any) -> Any:
    return await resolvers.rolled_up.resolve_rollup(info, **asked)


ROLLUP_FIELD = strawberry.field(
    rollup_resolver,
    graphql_type=Rollup,
    description="How many there are in a region and in those below it, for a union in its own "
    "region: exact with read:region, else rounded, whoever may list them. Dimensions may be "
    "chosen, conditions may not. 地区汇总",
)
ROLLUP_FIELD.arguments = [
    # Strawberry passes the root value to a parameter with the name `root`.
    argument("top", str, UNSET, "The code of the region at the top. 起始地区编码", "root"),
    argument("measures", list_type(RollupMeasure), UNSET, "What is counted. 汇总指标"),
    argument("depth", int, 1, "Levels below it: 0 to 4, rounded 0 to 2. 下钻层数"),
    argument("by", list_type(RollupDimension), (), "What each row is parted by. 汇总维度"),
    argument("apportion", Apportion, Apportion.EQUAL, "How shared outcomes are divided. 分摊方式"),
]
