from typing import Any

import strawberry
from strawberry import UNSET, Parent

import resolvers.answer
import resolvers.rollup
from engine.groups import Group
from resolvers.context import Info
from resolvers.region import REGION
from resolvers.rollup import CountedKind, CubeDimension, Line
from schema.connection import GroupKey
from schema.made import argument, graphql_type, list_of, maybe


def cell_keys(parent: Parent[Any]) -> Any:
    return resolvers.answer.keys_of(parent["group"], parent["by"])


def cell_count(parent: Parent[Any]) -> int:
    found: Group = parent["group"]
    return found.count


def exact() -> bool:
    return False


@strawberry.type(description="Some of a region's records, by what they have in common. 单元格")
class RollupCell:
    keys = strawberry.field(
        cell_keys, graphql_type=list_of(GroupKey), description="In the order asked. 分组键"
    )
    count = strawberry.field(
        cell_count, description="A multiple of 5 next to the number, always the same one. 数量"
    )
    exact = strawberry.field(exact, description="Whether `count` is the number itself. 是否精确")


async def region(parent: Parent[Line], info: Info) -> Any:
    return await resolvers.rollup.region_of(parent, info)


def count(parent: Parent[Line]) -> int:
    return parent.count


def cells(parent: Parent[Line]) -> Any:
    return [{"group": group, "by": parent.by} for group in parent.cells]


@strawberry.type(
    description="A region with all that lies in it. It is rounded by itself: neither its cells nor "
    "the regions in it add up to it. 地区汇总"
)
class RollupRow:
    region = strawberry.field(
        region,
        graphql_type=maybe(graphql_type(REGION)),
        description="Null where it may not be seen. 行政区划",
    )
    count = strawberry.field(
        count, description="A multiple of 5 next to the number, always the same one. 数量"
    )
    exact = strawberry.field(exact, description="Whether `count` is the number itself. 是否精确")
    cells = strawberry.field(
        cells,
        graphql_type=list_of(RollupCell),
        description="Sorted by key; none whose count is 0. 单元格",
    )


async def rows(info: Info, **asked: Any) -> Any:
    return await resolvers.rollup.rollup(info, **asked)


ROLLUP = strawberry.field(
    rows,
    graphql_type=list_of(RollupRow),
    description="How many there are in a region and in those below it, whoever may list them: for "
    "a union, in its own region. Dimensions may be chosen, conditions may not. 地区汇总（取整）",
)
ROLLUP.arguments = [
    # A parameter of the name `root` would be given something else.
    argument("region", str, UNSET, "The code of the region at the top. 起始地区编码", "root"),
    argument("kind", CountedKind, UNSET, "What is counted. 汇总对象"),
    argument("depth", int, 1, "Levels below it: 0 to 2. 下钻层数"),
    argument("by", list_of(CubeDimension), (), "What each region is parted by. 汇总维度"),
]
