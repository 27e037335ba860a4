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
from schema.made import maybe
from schema.petition import connection_of, payload_of
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


ErasureRequestConnection = connection_of(
    ErasureRequest, "request", "Requests to be erased", "申请", "删除申请"
)
ErasureRequestPayload = payload_of(ErasureRequest, "erasure_request", "request", "申请", "删除申请")
taken = partial(petition.taken, ErasureRequestPayload, "erasure_request")


async def requested(
    info: Info,
    reason: Annotated[
        str,
        strawberry.argument(description="Why, without names or numbers: it stays in the log. 理由"),
    ],
) -> Any:
    return await taken(resolvers.erasure_request.request_erasure(info, reason), info)


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
    answering = resolvers.erasure_request.answer_erasure_request(info, id, approve, answer)
    return await taken(answering, info)
