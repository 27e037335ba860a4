from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import Parent

import kit.errors
import resolvers.erasure_request
import schema.words  # noqa: F401  # enums, before the types that use them
from models.erasure import ErasureStatus
from resolvers.context import Info
from schema.connection import PageInfo, edges, nodes, of_edge, page_info, total_count
from schema.made import maybe
from schema.payload import UserError
from schema.worker import Worker


def id_of(row: Parent[Any]) -> strawberry.ID:
    return strawberry.ID(resolvers.erasure_request.id_of(row))


async def worker(row: Parent[Any], info: Info) -> Any:
    return await resolvers.erasure_request.worker_of(row, info)


@strawberry.type(description="A worker asks to be erased; gone once they are. 删除申请")
class ErasureRequest:
    id: strawberry.ID = strawberry.field(
        resolver=id_of, description="By which it is answered. 标识"
    )
    worker = strawberry.field(
        worker, graphql_type=maybe(Worker), description="Who asks, as you see them. 申请人"
    )
    reason: str = strawberry.field(description="Why. 申请理由")
    erasure_status: ErasureStatus = strawberry.field(
        description="How it stands; who is approved is erased by the steward's command. 状态"
    )
    requested_at: datetime = strawberry.field(description="When it was asked for. 申请时间")
    answer: str | None = strawberry.field(description="What the worker is told. 答复")
    answered_by: str | None = strawberry.field(description="Who answered. 答复方")
    answered_at: datetime | None = strawberry.field(description="When. 答复时间")


@strawberry.type(description="A request and where it stands in the list. 列表项")
class ErasureRequestEdge:
    cursor: str = strawberry.field(
        resolver=of_edge("cursor"), description="Where it stands in the list. 游标"
    )
    node: ErasureRequest = strawberry.field(
        resolver=of_edge("node"), description="The request. 申请"
    )


@strawberry.type(description="Requests to be erased, newest first: a page, the total. 删除申请列表")
class ErasureRequestConnection:
    total_count: int = strawberry.field(
        resolver=total_count, description="Requests there are, all pages together. 总数"
    )
    page_info: PageInfo = strawberry.field(
        resolver=page_info, description="Where the page stands. 分页信息"
    )
    edges: list[ErasureRequestEdge] = strawberry.field(
        resolver=edges, description="The requests of this page with their cursors. 本页申请及游标"
    )
    nodes: list[ErasureRequest] = strawberry.field(
        resolver=nodes, description="The requests of this page, without their edges. 本页申请"
    )


@strawberry.type(description="The request, or why there is none. 删除申请结果")
class ErasureRequestPayload:
    erasure_request: ErasureRequest | None = strawberry.field(description="As it stands now. 申请")
    user_errors: list[UserError] = strawberry.field(description="Empty where it was taken. 错误")


async def requested(
    info: Info,
    reason: Annotated[
        str,
        strawberry.argument(description="Why, without names or numbers: it stays in the log. 理由"),
    ],
) -> Any:
    try:
        found = await resolvers.erasure_request.request_erasure(info, reason)
    except kit.errors.UserError as error:
        return refused(error, info)
    return ErasureRequestPayload(erasure_request=found, user_errors=[])


async def answered(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="Of the request. 申请标识")],
    approve: Annotated[
        bool, strawberry.argument(description="Whether the worker is to be erased. 是否同意")
    ],
    answer: Annotated[
        str,
        strawberry.argument(
            description="For the worker, without names or numbers: it stays in the log. 答复"
        ),
    ],
) -> Any:
    try:
        found = await resolvers.erasure_request.answer_erasure_request(info, id, approve, answer)
    except kit.errors.UserError as error:
        return refused(error, info)
    return ErasureRequestPayload(erasure_request=found, user_errors=[])


def refused(error: kit.errors.UserError, info: Info) -> ErasureRequestPayload:
    return ErasureRequestPayload(erasure_request=None, user_errors=[UserError.said(error, info)])
