"""Disputes and erasure requests of workers: connections, and payloads of mutations."""

from collections.abc import Awaitable
from typing import Any

import strawberry

import kit.errors
from resolvers.core.context import Info
from schema.types.connections import (
    PageInfo,
    edges_resolver,
    make_edge_resolver,
    nodes_resolver,
    page_info_resolver,
    total_count_resolver,
)
from schema.types.factory import list_type, make_class, nullable_type
from schema.types.payload import UserError


def request_connection_type(type_: Any, noun: str, all_of_them: str, term: str, title: str) -> Any:
    """Return a connection type. `word` and `term` name a node, in English and Chinese."""
    name, many = type_.__name__, f"{noun}s"
    edge = strawberry.type(
        make_class(
            f"{name}Edge",
            {},
            {
                "cursor": strawberry.field(
                    make_edge_resolver("cursor"),
                    graphql_type=str,
                    description="Position of this record in the list, as an opaque cursor. 游标",
                ),
                "node": strawberry.field(
                    make_edge_resolver("node"),
                    graphql_type=type_,
                    description=f"The {noun}. {term}",
                ),
            },
        ),
        description=f"One {noun} with its cursor. 列表项",
    )
    members = {
        "total_count": strawberry.field(
            total_count_resolver,
            description=f"Number of {many} in the list, over all pages. 总数",
        ),
        "page_info": strawberry.field(
            page_info_resolver,
            graphql_type=PageInfo,
            description="Information about this page. 分页信息",
        ),
        "edges": strawberry.field(
            edges_resolver,
            graphql_type=list_type(edge),
            description=f"The {many} of this page, each with its cursor. 本页{term}及游标",
        ),
        "nodes": strawberry.field(
            nodes_resolver,
            graphql_type=list_type(type_),
            description=f"The {many} of this page, without cursors. 本页{term}",
        ),
    }
    described = f"A page of {all_of_them}, newest first, with the total. {title}列表"
    return strawberry.type(make_class(f"{name}Connection", {}, members), description=described)


def payload_type(type_: Any, field: str, noun: str, term: str, title: str) -> Any:
    annotations = {field: nullable_type(type_), "user_errors": list_type(UserError)}
    members = {
        field: strawberry.field(
            description=f"The current state. Null if there is an error. {term}"
        ),
        "user_errors": strawberry.field(
            description="Errors that the caller can correct. Empty if the mutation succeeded. 错误"
        ),
    }
    return strawberry.type(
        make_class(f"{type_.__name__}Payload", annotations, members),
        description=f"The {noun}, or the errors. {title}结果",
    )


async def resolve_payload(payload: Any, field: str, work: Awaitable[Any], info: Info) -> Any:
    """Return a payload with the result, or with the error if the caller can correct it."""
    try:
        return payload(**{field: await work}, user_errors=[])
    except kit.errors.MutationError as error:
        return payload(**{field: None}, user_errors=[UserError.said(error, info)])
