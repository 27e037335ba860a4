from datetime import datetime
from functools import cache
from typing import Any

import strawberry
from strawberry import Parent

import resolvers.history
import resolvers.version
from engine.kind import Kind
from models.change import ChangeKind
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


@strawberry.type(description="What a version says of one field. 字段值")
class FieldValue:
    field: str = strawberry.field(
        description="Its name on the record, or the path to it: `name`, `quantity.value`. 字段"
    )
    value: str | None = strawberry.field(
        description="Enums by their word, numbers in digits, a record by its id; of `sources` the "
        "one on which it stands. Null: dropped, for the version before had a value. 值"
    )
    changed: bool = strawberry.field(
        description="Whether the version before, among those to be seen, says otherwise; true for "
        "all of the first. 是否有变化"
    )


@cache
def field_paths(published: strawberry.Schema, kind: Kind) -> Any:
    """Return the columns behind the fields of a kind's type, in the order of the schema."""
    definition: Any = published.get_type_by_name(kind.name)
    name_of = published.config.name_converter.get_graphql_name
    names = {field.python_name: name_of(field) for field in definition.fields}
    return resolvers.version.published_columns(kind, names)


async def asserted_by_resolver(version: Parent[Any], info: Info) -> Any:
    return await resolvers.history.resolve_version_owner(version, info)


def version_values_resolver(version: Parent[Any], info: Info) -> Any:
    viewer = info.context.asker.viewer
    return resolvers.version.version_fields(
        version, field_paths(info.schema, version.row.kind), viewer
    )


@strawberry.type(
    description="What was known of a record for a time. Fields that follow from other records, "
    "such as a worker's employer, are no part of it. 版本"
)
class Version:
    known_from: datetime = strawberry.field(description="When it was entered. 登记时间")
    known_until: datetime | None = strawberry.field(
        description="When the next version to be seen replaced it; null: it is what is known now. "
        "更替时间"
    )
    change_kind: ChangeKind = strawberry.field(
        description="How it came about: CREATED for the first to be seen. 变更类别"
    )
    asserted_by = strawberry.field(
        asserted_by_resolver,
        graphql_type=nullable_type(entity_type(ORGANISATION)),
        description="Who vouches for it; null: the registry, or one not to be seen. 陈述单位",
    )
    values: list[FieldValue] = strawberry.field(
        resolver=version_values_resolver,
        description="Fields with a value, and those that lost theirs. 各字段的值",
    )


@strawberry.type(description="A version and where it stands in the history. 列表项")
class VersionEdge:
    cursor: str = strawberry.field(
        resolver=make_edge_resolver("cursor"), description="Where it stands in the history. 游标"
    )
    node: Version = strawberry.field(
        resolver=make_edge_resolver("node"), description="The version. 版本"
    )


@strawberry.type(description="A record's versions, newest first: a page, the total. 历史")
class VersionConnection:
    total_count: int = strawberry.field(
        resolver=total_count_resolver, description="Versions there are, all pages together. 总数"
    )
    page_info: PageInfo = strawberry.field(
        resolver=page_info_resolver, description="Where the page stands. 分页信息"
    )
    edges: list[VersionEdge] = strawberry.field(
        resolver=edges_resolver,
        description="The versions of this page with their cursors. 本页版本及游标",
    )
    nodes: list[Version] = strawberry.field(
        resolver=nodes_resolver,
        description="The versions of this page, without their edges. 本页版本",
    )
