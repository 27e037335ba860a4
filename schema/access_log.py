from datetime import datetime
from typing import Any

import strawberry
from strawberry import Parent

import resolvers.access_log
import schema.words  # noqa: F401  # enums, before the types that use them
from models.access_log import AccessAction
from models.personal import PersonalField
from resolvers.context import Info
from resolvers.organisation import ORGANISATION
from schema.connection import (
    PageInfo,
    edges_resolver,
    make_edge_resolver,
    nodes_resolver,
    page_info_resolver,
    total_count_resolver,
)
from schema.made import entity_type, nullable_type


async def reader_organisation_resolver(entry: Parent[Any], info: Info) -> Any:
    return await resolvers.access_log.resolve_reader(entry, info)


@strawberry.type(description="Who came near a person's data, and why. 访问记录")
class AccessEntry:
    number: float = strawberry.field(
        description="Counted from 1 among the entries about this person. 序号"
    )
    at: datetime = strawberry.field(description="When. 时间")
    access_action: AccessAction = strawberry.field(description="What was done. 操作")
    reader: str = strawberry.field(description="The partner's key, or the operator's name. 访问方")
    organisation = strawberry.field(
        reader_organisation_resolver,
        graphql_type=nullable_type(entity_type(ORGANISATION)),
        description="The partner; null for the operator. 访问单位",
    )
    fields: list[PersonalField] = strawberry.field(description="Which values. 字段")
    purpose: str = strawberry.field(description="As it was stated. 用途")


@strawberry.type(description="An entry and where it stands in the log. 列表项")
class AccessEntryEdge:
    cursor: str = strawberry.field(
        resolver=make_edge_resolver("cursor"), description="Where it stands in the log. 游标"
    )
    node: AccessEntry = strawberry.field(
        resolver=make_edge_resolver("node"), description="The entry. 记录"
    )


@strawberry.type(description="Entries about one person, newest first. 访问记录列表")
class AccessLogConnection:
    total_count: int = strawberry.field(
        resolver=total_count_resolver, description="Entries there are, all pages together. 总数"
    )
    page_info: PageInfo = strawberry.field(
        resolver=page_info_resolver, description="Where the page stands. 分页信息"
    )
    edges: list[AccessEntryEdge] = strawberry.field(
        resolver=edges_resolver,
        description="The entries of this page with their cursors. 本页记录及游标",
    )
    nodes: list[AccessEntry] = strawberry.field(
        resolver=nodes_resolver,
        description="The entries of this page, without their edges. 本页记录",
    )
