import strawberry

import resolvers.region
from kit.values.partial_date import PartialDate
from models.row import Level
from resolvers.region import REGION
from schema.types.link_fields import link_field, with_declared_links
from schema.types.node import Node, Record


@strawberry.type(
    description="行政区划 / 功能区: an administrative division with a GB/T 2260 code, or a special "
    "zone inside one. Its lists include the records of all regions below it."
)
@with_declared_links(REGION)
class Region(Record):
    level: Level | None = strawberry.field(description="级别")
    started: PartialDate | None = strawberry.field(
        description="Date from which the code is valid. 启用"
    )
    ended: PartialDate | None = strawberry.field(
        description="Date from which the code is no longer valid. Null for a current region. 停用"
    )
    parent = link_field(resolvers.region.parent, "The region one level above. 上级")
    path = link_field(
        resolvers.region.path,
        "All regions from the country down to this one. For a region that was replaced, by way "
        "of its successor. 层级路径",
    )
    province = link_field(
        resolvers.region.province, "The province. The region itself if it is a province. 省"
    )
    city = link_field(
        resolvers.region.city,
        "The city. The region itself if it is a city; null above that level. 市",
    )
    district = link_field(resolvers.region.district, "The district or county. 区县")
    current = link_field(
        resolvers.region.current,
        "The region that counts its records today: itself, its successor, or the region that "
        "contains all its successors. 现行行政区划",
    )
    children = link_field(resolvers.region.children, "Regions of today one level below. 下级")
    former_names = link_field(
        resolvers.region.former_names, "Former names under the same code. 曾用名"
    )
    successors = link_field(
        resolvers.region.successors,
        "Regions that took over its area when its code ended; several after a division. "
        "继任行政区划",
    )
    predecessors = link_field(
        resolvers.region.predecessors,
        "Regions whose area this one took over, fully or partly. Records under the code of a "
        "predecessor that only this region replaced are in its lists. 前身行政区划",
    )
    successions = link_field(
        resolvers.region.successions,
        "Successions from this region to its successors, with the official document. "
        "区划承继（至继任者）",
    )
    successions_into = link_field(
        resolvers.region.successions_into,
        "Successions from its predecessors to this region. 区划承继（自前身）",
    )


@strawberry.type(description="A former name of a region. 曾用名")
class FormerName(Node):
    name: str = strawberry.field(description="名称")
    started: PartialDate | None = strawberry.field(description="启用")
    ended: PartialDate | None = strawberry.field(description="停用")
    region = link_field(resolvers.region.region_of_former_name, "行政区划")


@strawberry.type(
    description="The replacement of a region by another after renumbering, merger or division. "
    "区划承继"
)
class RegionSuccession(Node):
    since: PartialDate | None = strawberry.field(description="Date of the succession. 自何时起")
    decree: str | None = strawberry.field(
        description="The official document, with its number and date. 批复文件"
    )
    region = link_field(resolvers.region.region_of_succession, "The region that ended. 原行政区划")
    successor = link_field(
        resolvers.region.successor_of_region, "The region that took over. 继任行政区划"
    )
