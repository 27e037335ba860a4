from datetime import datetime
from functools import cache
from typing import Any

import strawberry
from strawberry import Parent

import resolvers.history.history
import resolvers.history.version
from engine.catalog.kind import Kind
from models.change import ChangeKind
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


@strawberry.type(description="The value of one field in a version of a record. 字段值")
class FieldValue:
    field: str = strawberry.field(
        description="Name of the field, or its path, such as `name` or `quantity.value`. 字段"
    )
    value: str | None = strawberry.field(
        description="Value as a text: an enum value by its name, a record by its id, `sources` "
        "by the main source. Null if the value was removed in this version. 值"
    )
    changed: bool = strawberry.field(
        description="True if the value differs from the previous version that the viewer may "
        "see. Always true in the first version. 是否有变化"
    )


@cache
def field_paths(published: strawberry.Schema, kind: Kind) -> Any:
    """Return the columns behind the fields of a kind's type, in the order of the schema."""
    definition: Any = published.get_type_by_name(kind.name)
    name_of = published.config.name_converter.get_graphql_name
    names = {field.python_name: name_of(field) for field in definition.fields}
    return resolvers.history.version.published_columns(kind, names)


async def asserted_by_resolver(version: Parent[Any], info: Info) -> Any:
    return await resolvers.history.history.resolve_version_owner(version, info)


def version_values_resolver(version: Parent[Any], info: Info) -> Any:
    viewer = info.context.asker.viewer
    return resolvers.history.version.version_fields(
        version, field_paths(info.schema, version.row.kind), viewer
    )


@strawberry.type(
    description="A version of a record: what was known during a period. Derived fields, such as "
    "a worker's employer, are not included. 版本"
)
class Version:
    known_from: datetime = strawberry.field(
        description="Time at which this version was entered. 登记时间"
    )
    known_until: datetime | None = strawberry.field(
        description="Time at which the next visible version replaced this one. Null for the "
        "current version. 更替时间"
    )
    change_kind: ChangeKind = strawberry.field(
        description="Type of change that led to this version. CREATED for the first visible "
        "version. 变更类别"
    )
    asserted_by = strawberry.field(
        asserted_by_resolver,
        graphql_type=nullable_type(entity_type(ORGANISATION)),
        description="The organisation that vouches for this version. Null for the registry "
        "itself or a hidden organisation. 陈述单位",
    )
    values: list[FieldValue] = strawberry.field(
        resolver=version_values_resolver,
        description="Fields that have a value in this version, and fields that lost their value. "
        "各字段的值",
    )


@strawberry.type(description="One version with its cursor. 列表项")
class VersionEdge:
    cursor: str = strawberry.field(
        resolver=make_edge_resolver("cursor"),
        description="Position of this version in the history, as an opaque cursor. 游标",
    )
    node: Version = strawberry.field(
        resolver=make_edge_resolver("node"), description="The version. 版本"
    )


@strawberry.type(
    description="A page of the versions of a record, newest first, with the total. 历史"
)
class VersionConnection:
    total_count: int = strawberry.field(
        resolver=total_count_resolver, description="Number of versions, over all pages. 总数"
    )
    page_info: PageInfo = strawberry.field(
        resolver=page_info_resolver, description="Information about this page. 分页信息"
    )
    edges: list[VersionEdge] = strawberry.field(
        resolver=edges_resolver,
        description="The versions of this page, each with its cursor. 本页版本及游标",
    )
    nodes: list[Version] = strawberry.field(
        resolver=nodes_resolver,
        description="The versions of this page, without cursors. 本页版本",
    )
