"""Connection, edge and group types, generated from the declarations of kinds."""

from functools import partial
from typing import Any

import strawberry
from strawberry import Parent

import resolvers.core.records
from engine.aggregates.groups import GroupingArguments
from engine.catalog.kind import Kind
from engine.plan.field_plans import (
    CursorField,
    EdgesField,
    GroupsField,
    NodeField,
    NodesField,
    PageInfoField,
    TotalCountField,
    UndatedCountField,
)
from engine.sql.arguments import Page
from resolvers.core.context import Info
from resolvers.core.records import ConnectionRef, ConnectionSource
from schema.types.described_inputs import describe_dimension
from schema.types.enums import make_enum
from schema.types.factory import (
    argument,
    define_once,
    entity_type,
    list_type,
    make_class,
    nullable_type,
)
from schema.types.group_fields import (
    attribute_field,
    grouping_arguments,
    measure_fields,
    property_field,
)
from schema.types.plan_metadata import plan_metadata


@strawberry.type(description="Information about a page of a list. 分页信息")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool = strawberry.field(
        description="True if there are records before this page. With `first`: true if `after` "
        "was set. 是否有上一页"
    )
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="One key of a group: the value of one dimension. 分组键")
class GroupKey:
    dimension: str = strawberry.field(description="Name of the dimension. 维度")
    code: str | None = strawberry.field(
        description="Code or enum value. Null if the record has no value or the value is not "
        "public. 编码"
    )
    label: str = strawberry.field(
        description="Text for display. For a null code it is 未注明或未公开 (not stated or not "
        "public). 标签"
    )
    label_en: str | None = strawberry.field(
        description="English text for display. Null if there is only a Chinese name, as for "
        "regions. 英文标签"
    )


async def nodes_resolver(parent: Parent[ConnectionSource], info: Info) -> Any:
    return (await resolvers.core.records.resolve_page(parent, info)).rows


async def edges_resolver(parent: Parent[ConnectionSource], info: Info) -> Any:
    page = await resolvers.core.records.resolve_page(parent, info)
    pairs = zip(page.cursors, page.rows, strict=True)
    return [{"cursor": cursor, "node": row} for cursor, row in pairs]


async def page_info_resolver(parent: Parent[ConnectionSource], info: Info) -> PageInfo:
    page: Page = await resolvers.core.records.resolve_page(parent, info)
    start, end = (page.cursors[0], page.cursors[-1]) if page.cursors else (None, None)
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=start,
        end_cursor=end,
    )


async def total_count_resolver(parent: Parent[ConnectionSource], info: Info) -> int:
    return await resolvers.core.records.resolve_total_count(parent, info)


async def undated_resolver(parent: Parent[ConnectionRef], info: Info) -> int:
    return await resolvers.core.records.resolve_undated(parent, info)


def make_edge_resolver(name: str) -> Any:
    def read(edge: Parent[Any]) -> Any:
        return edge[name]

    return read


def edge_type(kind: Kind) -> Any:
    name = f"{kind.name}Edge"
    members = {
        "cursor": strawberry.field(
            make_edge_resolver("cursor"), graphql_type=str, metadata=plan_metadata(CursorField())
        ),
        "node": strawberry.field(
            make_edge_resolver("node"),
            graphql_type=entity_type(kind),
            metadata=plan_metadata(NodeField()),
        ),
    }
    described = f"One {kind.name} record with its cursor. 列表项"
    return define_once(
        name, lambda: strawberry.type(make_class(name, {}, members), description=described)
    )


def connection_type(kind: Kind) -> Any:
    name = f"{kind.name}Connection"

    def make() -> Any:
        members = {
            "total_count": strawberry.field(
                total_count_resolver,
                description="Number of records in the list, over all pages. 总数",
                metadata=plan_metadata(TotalCountField()),
            ),
            "page_info": strawberry.field(
                page_info_resolver, metadata=plan_metadata(PageInfoField())
            ),
            "edges": strawberry.field(
                edges_resolver,
                graphql_type=list_type(edge_type(kind)),
                metadata=plan_metadata(EdgesField()),
            ),
            "nodes": strawberry.field(
                nodes_resolver,
                graphql_type=list_type(entity_type(kind)),
                description="The records of this page, without cursors. 本页记录",
                metadata=plan_metadata(NodesField()),
            ),
        }
        if kind.spell:
            members["undated"] = strawberry.field(
                undated_resolver,
                description="Number of records left out of a list for a past day, because their "
                "start date is unknown. 起始日期不详而未列入的记录数",
                metadata=plan_metadata(UndatedCountField()),
            )
        if kind.dimensions:
            members["groups"] = groups_field(kind)
        described = f"A page of {kind.name} records, with the total and with groups. 列表"
        return strawberry.type(make_class(name, {}, members), description=described)

    return define_once(name, make)


def groups_field(kind: Kind) -> Any:
    described = f"Dimensions by which {kind.name} records can be grouped. 分组维度"
    dimension = make_enum(
        f"{kind.name}Dimension", kind.dimensions, described, partial(describe_dimension, kind)
    )
    define_once(f"{kind.name}Dimension", lambda: dimension)
    groups = groups_type(kind)

    async def answer(parent: Parent[ConnectionRef], info: Info, by: Any, **arguments: Any) -> Any:
        names = [dimension.value for dimension in by]
        return await resolvers.core.records.resolve_groups(parent, info, by=names, **arguments)

    field = strawberry.field(
        answer,
        graphql_type=groups,
        description="The number of records for each key, over all pages of the list. Sorted by "
        "count, largest first, then by key, unless `orderBy` says otherwise. 分组统计",
        metadata=plan_metadata(GroupsField(partial(read_grouping, kind))),
    )
    field.arguments = [
        argument("by", list_type(dimension)),
        argument(
            "first",
            nullable_type(int),
            100,
            "Maximum number of groups: 1 to 100. Default 100. 组数",
        ),
        *grouping_arguments(kind),
    ]
    return field


def read_grouping(
    kind: Kind, by: Any, **arguments: Any
) -> tuple[tuple[str, ...], int, GroupingArguments]:
    return resolvers.core.records.parse_group_arguments(
        kind, [dimension.value for dimension in by], **arguments
    )


def groups_type(kind: Kind) -> Any:
    name = f"{kind.name}Groups"
    members = {
        "total_count": attribute_field(
            "there_are",
            int,
            description="Number of groups that meet `having`. 组数",
        ),
        "remainder": attribute_field(
            "remainder",
            int,
            description="Number of records of the list that are in no returned group, because "
            "`having` or `first` excluded their group. 其余记录数",
        ),
        "nodes": attribute_field("groups", list_type(group_type(kind))),
    }
    described = f"{kind.name} records in groups. 分组"
    return define_once(
        name, lambda: strawberry.type(make_class(name, {}, members), description=described)
    )


def group_type(kind: Kind) -> Any:
    name = f"{kind.name}Group"

    def share(parent: Parent[Any]) -> float | None:
        return resolvers.core.records.share_of(parent)

    members = {
        "keys": attribute_field(
            "keys",
            list_type(GroupKey),
            description="One key for each dimension, in the order of the argument `by`. 分组键",
        ),
        "count": attribute_field(
            "count",
            nullable_type(int),
            description="Number of records in this group. Null if the exact number is not "
            "public. 数量",
        ),
        "share": property_field(
            share,
            description="`count` divided by the number of records in the list, from 0 to 1. The "
            "list is counted after its filter, before `having` and `first`. 占比",
        ),
    }
    if kind.measures:
        members |= measure_fields(kind)
    described = f"One group: {kind.name} records with the same keys. 一组"
    return define_once(
        name, lambda: strawberry.type(make_class(name, {}, members), description=described)
    )
