from datetime import datetime
from typing import Any

import strawberry
from strawberry import Parent

import resolvers.personal.access_log
import schema.types.enums  # noqa: F401  # enums, before the types that use them
from models.access_log import AccessAction
from models.personal import PersonalField
from resolvers.core.context import Info
from resolvers.organisation import ORGANISATION
from schema.types.connections import (
    PageInfo,
    edges_resolver,
    make_edge_resolver,
    nodes_resolver,
    page_info_resolver,
    total_count_resolver,
)
from schema.types.factory import entity_type, nullable_type


async def reader_organisation_resolver(entry: Parent[Any], info: Info) -> Any:
    return await resolvers.personal.access_log.resolve_reader(entry, info)


@strawberry.type(description="One access to personal data of a worker, with its purpose. 访问记录")
class AccessEntry:
    number: float = strawberry.field(
        description="Number of this entry among the entries about this worker, from 1. 序号"
    )
    at: datetime = strawberry.field(description="Time of the access. 时间")
    access_action: AccessAction = strawberry.field(description="Action on the data. 操作")
    reader: str = strawberry.field(
        description="Name of the partner's key or of the operator. 访问方"
    )
    organisation = strawberry.field(
        reader_organisation_resolver,
        graphql_type=nullable_type(entity_type(ORGANISATION)),
        description="The partner organisation. Null if the steward accessed the data. 访问单位",
    )
    fields: list[PersonalField] = strawberry.field(
        description="The personal data fields that were accessed. 字段"
    )
    purpose: str = strawberry.field(description="Purpose, as the reader stated it. 用途")


@strawberry.type(description="One entry of the access log with its cursor. 列表项")
class AccessEntryEdge:
    cursor: str = strawberry.field(
        resolver=make_edge_resolver("cursor"),
        description="Position of this entry in the log, as an opaque cursor. 游标",
    )
    node: AccessEntry = strawberry.field(
        resolver=make_edge_resolver("node"), description="The entry. 记录"
    )


@strawberry.type(description="A page of the access log of one worker, newest first. 访问记录列表")
class AccessLogConnection:
    total_count: int = strawberry.field(
        resolver=total_count_resolver,
        description="Number of entries in the log, over all pages. 总数",
    )
    page_info: PageInfo = strawberry.field(
        resolver=page_info_resolver, description="Information about this page. 分页信息"
    )
    edges: list[AccessEntryEdge] = strawberry.field(
        resolver=edges_resolver,
        description="The entries of this page, each with its cursor. 本页记录及游标",
    )
    nodes: list[AccessEntry] = strawberry.field(
        resolver=nodes_resolver,
        description="The entries of this page, without cursors. 本页记录",
    )
