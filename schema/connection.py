"""Connections, edges and groups, made from what a kind declares."""

from functools import partial
from typing import Any

import strawberry
from strawberry import Parent

import resolvers.answer
from engine.groups import Arrangement
from engine.kind import Kind
from engine.meaning import (
    Cursor,
    Edges,
    End,
    Grouped,
    Rows,
    Standing,
    Total,
    Undated,
)
from engine.page import Page
from resolvers.answer import Listing, Paged
from resolvers.context import Info
from schema.grouping import arrangement, measured, read, stored
from schema.made import argument, class_of, graphql_type, list_of, maybe, once
from schema.meanings import means
from schema.words import word_list_of


@strawberry.type(description="Where a page stands in its list. 分页信息")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool = strawberry.field(
        description="Going forward: whether `after` was given, for what lies behind is known. "
        "是否有上一页"
    )
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="One key of a group. 分组键")
class GroupKey:
    dimension: str = strawberry.field(description="The dimension asked for. 维度")
    code: str | None = strawberry.field(
        description="Null: the record doesn't say, or not to the public. 编码"
    )
    label: str = strawberry.field(description="For people; 未注明或未公开 for a null key. 标签")
    label_en: str | None = strawberry.field(
        description="In English; null for what has its own name only, such as a region. 英文标签"
    )


async def nodes(parent: Parent[Paged], info: Info) -> Any:
    return (await resolvers.answer.page(parent, info)).rows


async def edges(parent: Parent[Paged], info: Info) -> Any:
    page = await resolvers.answer.page(parent, info)
    pairs = zip(page.cursors, page.rows, strict=True)
    return [{"cursor": cursor, "node": row} for cursor, row in pairs]


async def page_info(parent: Parent[Paged], info: Info) -> PageInfo:
    page: Page = await resolvers.answer.page(parent, info)
    start, end = (page.cursors[0], page.cursors[-1]) if page.cursors else (None, None)
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=start,
        end_cursor=end,
    )


async def total_count(parent: Parent[Paged], info: Info) -> int:
    return await resolvers.answer.total_count(parent, info)


async def undated(parent: Parent[Listing], info: Info) -> int:
    return await resolvers.answer.undated(parent, info)


def of_edge(name: str) -> Any:
    def read(edge: Parent[Any]) -> Any:
        return edge[name]

    return read


def edge_of(kind: Kind) -> Any:
    name = f"{kind.name}Edge"
    members = {
        "cursor": strawberry.field(of_edge("cursor"), graphql_type=str, metadata=means(Cursor())),
        "node": strawberry.field(
            of_edge("node"), graphql_type=graphql_type(kind), metadata=means(End())
        ),
    }
    described = f"A {kind.name} and where it stands in the list. 列表项"
    return once(name, lambda: strawberry.type(class_of(name, {}, members), description=described))


def connection_of(kind: Kind) -> Any:
    name = f"{kind.name}Connection"

    def make() -> Any:
        members = {
            "total_count": strawberry.field(
                total_count,
                description="How many the list holds, all pages together. 总数",
                metadata=means(Total()),
            ),
            "page_info": strawberry.field(page_info, metadata=means(Standing())),
            "edges": strawberry.field(
                edges, graphql_type=list_of(edge_of(kind)), metadata=means(Edges())
            ),
            "nodes": strawberry.field(
                nodes,
                graphql_type=list_of(graphql_type(kind)),
                description="The records of this page, without their edges. 本页记录",
                metadata=means(Rows()),
            ),
        }
        if kind.spell:
            members["undated"] = strawberry.field(
                undated,
                description="Spells left out because nobody knows when they began, for a day "
                "in the past. 起始日期不详而未列入的记录数",
                metadata=means(Undated()),
            )
        if kind.dimensions:
            members["groups"] = groups_field(kind)
        described = f"A list of {kind.name} records: a page, the total, groups. 列表"
        return strawberry.type(class_of(name, {}, members), description=described)

    return once(name, make)


def groups_field(kind: Kind) -> Any:
    described = f"What {kind.name} records can be grouped by. 分组维度"
    dimension = word_list_of(f"{kind.name}Dimension", kind.dimensions, described)
    once(f"{kind.name}Dimension", lambda: dimension)
    groups = groups_of(kind)

    async def answer(parent: Parent[Listing], info: Info, by: Any, **given: Any) -> Any:
        names = [one.value for one in by]
        return await resolvers.answer.groups(parent, info, by=names, **given)

    field = strawberry.field(
        answer,
        graphql_type=groups,
        description="How many of the whole list fall under each key: largest first, "
        "then by key, unless asked otherwise. 分组统计",
        metadata=means(Grouped(partial(dimensions, kind))),
    )
    field.arguments = [
        argument("by", list_of(dimension)),
        argument("first", maybe(int), 100, "How many groups: 1 to 100. 组数"),
        *arrangement(kind),
    ]
    return field


def dimensions(kind: Kind, by: Any, **given: Any) -> tuple[tuple[str, ...], int, Arrangement]:
    return resolvers.answer.grouping(kind, [one.value for one in by], **given)


def groups_of(kind: Kind) -> Any:
    name = f"{kind.name}Groups"
    members = {
        "total_count": stored(
            "there_are",
            int,
            description="Groups there are that `having` lets through. 组数",
        ),
        "remainder": stored(
            "remainder",
            int,
            description="Records of the list beyond the groups given, whether `first` or `having` "
            "left them out. 其余记录数",
        ),
        "nodes": stored("groups", list_of(group_of(kind))),
    }
    described = f"{kind.name} records by group. 分组"
    return once(name, lambda: strawberry.type(class_of(name, {}, members), description=described))


def group_of(kind: Kind) -> Any:
    name = f"{kind.name}Group"

    def share(parent: Parent[Any]) -> float | None:
        return resolvers.answer.share_of(parent)

    members = {
        "keys": stored("keys", list_of(GroupKey), description="In the order asked. 分组键"),
        "count": stored(
            "count", maybe(int), description="Null where it may not be told exactly. 数量"
        ),
        "share": read(
            share,
            description="`count` as a share of all that the list holds, from 0 to 1: of what its "
            "filter gives, before `having` and `first`. 占比",
        ),
    }
    if kind.measures:
        members |= measured(kind)
    described = f"The {kind.name} records that share their keys. 一组"
    return once(name, lambda: strawberry.type(class_of(name, {}, members), description=described))
