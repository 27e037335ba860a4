from datetime import datetime
from functools import partial
from typing import Annotated, Any

import strawberry
from strawberry import Parent

import resolvers.erasure_request
import schema.words  # noqa: F401  # enums, before the types that use them
from models.erasure import ErasureStatus
from resolvers.context import Info
from schema import petition
from schema.made import nullable_type
from schema.petition import payload_type, request_connection_type
from schema.worker import Worker


def erasure_request_id_resolver(row: Parent[Any]) -> strawberry.ID:
    return strawberry.ID(resolvers.erasure_request.erasure_request_id(row))


async def requesting_worker_resolver(row: Parent[Any], info: Info) -> Any:
    return await resolvers.erasure_request.resolve_requesting_worker(row, info)


@strawberry.type(description="A worker asks to be erased; gone once they are. 删除申请")
class ErasureRequest:
    id: strawberry.ID = strawberry.field(
        resolver=erasure_request_id_resolver, description="By which it is answered. 标识"
    )
    worker = strawberry.field(
        requesting_worker_resolver,
        graphql_type=nullable_type(Worker),
        description="Who asks, as you see them. 申请人",
    )
    reason: str = strawberry.field(description="Why. 申请理由")
    erasure_status: ErasureStatus = strawberry.field(
        description="How it stands; who is approved is erased by the steward's command. 状态"
    )
    requested_at: datetime = strawberry.field(description="When it was asked for. 申请时间")
    answer: str | None = strawberry.field(description="What the worker is told. 答复")
    answered_by: str | None = strawberry.field(description="Who answered. 答复方")
    answered_at: datetime | None = strawberry.field(description="When. 答复时间")


ErasureRequestConnection = request_connection_type(
    ErasureRequest, "request", "Requests to be erased", "申请", "删除申请"
)
ErasureRequestPayload = payload_type(
    ErasureRequest, "erasure_request", "request", "申请", "删除申请"
)
resolve_erasure_payload = partial(
    petition.resolve_payload, ErasureRequestPayload, "erasure_request"
)


async def request_erasure_resolver(
    info: Info,
    reason: Annotated[
        str,
        strawberry.argument(description="Why, without names or numbers: it stays in the log. 理由"),
    ],
) -> Any:
    return await resolve_erasure_payload(
        resolvers.erasure_request.request_erasure(info, reason), info
    )


async def answer_erasure_request_resolver(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="Of the request. 申请标识")],
    approve: Annotated[
        bool,
        strawberry.argument(description="Whether the worker is to be erased. 是否同意"),
    ],
    answer: Annotated[
        str,
        strawberry.argument(
            description="For the worker, without names or numbers: it stays in the log. 答复"
        ),
    ],
) -> Any:
    answering = resolvers.erasure_request.answer_erasure_request(info, id, approve, answer)
    return await resolve_erasure_payload(answering, info)
