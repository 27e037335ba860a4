from datetime import datetime
from functools import partial
from typing import Annotated, Any

import strawberry
from strawberry import Parent

import resolvers.personal.erasure_request
import schema.types.enums  # noqa: F401  # enums, before the types that use them
from models.erasure import ErasureStatus
from resolvers.core.context import Info
from schema.types import subject_requests
from schema.types.factory import nullable_type
from schema.types.subject_requests import payload_type, request_connection_type
from schema.worker import Worker


def erasure_request_id_resolver(row: Parent[Any]) -> strawberry.ID:
    return strawberry.ID(resolvers.personal.erasure_request.erasure_request_id(row))


async def requesting_worker_resolver(row: Parent[Any], info: Info) -> Any:
    return await resolvers.personal.erasure_request.resolve_requesting_worker(row, info)


@strawberry.type(
    description="A worker's request to be erased from the registry. It disappears when the "
    "worker is erased. 删除申请"
)
class ErasureRequest:
    id: strawberry.ID = strawberry.field(
        resolver=erasure_request_id_resolver,
        description="Id of this request, for `answerErasureRequest`. 标识",
    )
    worker = strawberry.field(
        requesting_worker_resolver,
        graphql_type=nullable_type(Worker),
        description="The worker who made the request, with the fields that the viewer may see. "
        "申请人",
    )
    reason: str = strawberry.field(description="Reason of the worker. 申请理由")
    erasure_status: ErasureStatus = strawberry.field(
        description="Status of the request. After approval the registry's steward erases the "
        "worker with a separate command. 状态"
    )
    requested_at: datetime = strawberry.field(description="Time of the request. 申请时间")
    answer: str | None = strawberry.field(description="Answer to the worker. 答复")
    answered_by: str | None = strawberry.field(
        description="The person or organisation that answered. 答复方"
    )
    answered_at: datetime | None = strawberry.field(description="Time of the answer. 答复时间")


ErasureRequestConnection = request_connection_type(
    ErasureRequest, "request", "erasure requests", "申请", "删除申请"
)
ErasureRequestPayload = payload_type(
    ErasureRequest, "erasure_request", "request", "申请", "删除申请"
)
resolve_erasure_payload = partial(
    subject_requests.resolve_payload, ErasureRequestPayload, "erasure_request"
)


async def request_erasure_resolver(
    info: Info,
    reason: Annotated[
        str,
        strawberry.argument(
            description="Reason, without names or numbers. It remains in the log. 理由"
        ),
    ],
) -> Any:
    return await resolve_erasure_payload(
        resolvers.personal.erasure_request.request_erasure(info, reason), info
    )


async def answer_erasure_request_resolver(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="Id of the request. 申请标识")],
    approve: Annotated[
        bool,
        strawberry.argument(
            description="True to approve the erasure, false to decline it. 是否同意"
        ),
    ],
    answer: Annotated[
        str,
        strawberry.argument(
            description="Answer to the worker, without names or numbers. It remains in the log. "
            "答复"
        ),
    ],
) -> Any:
    answering = resolvers.personal.erasure_request.answer_erasure_request(info, id, approve, answer)
    return await resolve_erasure_payload(answering, info)
