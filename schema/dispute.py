from datetime import datetime
from functools import partial
from typing import Annotated, Any

import strawberry
from strawberry import Parent

import resolvers.personal.dispute
import schema.types.enums  # noqa: F401  # enums, before the types that use them
from models.dispute import DisputeOutcome, DisputeStatus
from resolvers.core.context import Info
from schema.types import subject_requests
from schema.types.factory import nullable_type
from schema.types.node import Node
from schema.types.subject_requests import payload_type, request_connection_type


def dispute_id_resolver(row: Parent[Any]) -> strawberry.ID:
    return strawberry.ID(resolvers.personal.dispute.dispute_id(row))


async def disputed_record_resolver(row: Parent[Any], info: Info) -> Any:
    return await resolvers.personal.dispute.resolve_disputed_record(row, info)


@strawberry.type(description="A worker's claim that a record is wrong. 异议")
class Dispute:
    id: strawberry.ID = strawberry.field(
        resolver=dispute_id_resolver, description="Id of this dispute, for `settleDispute`. 标识"
    )
    record = strawberry.field(
        disputed_record_resolver,
        graphql_type=nullable_type(Node),
        description="The disputed record. Null if the viewer may not see it. 所指记录",
    )
    text: str = strawberry.field(
        description="Description of the error, in the worker's words. 异议内容"
    )
    dispute_status: DisputeStatus = strawberry.field(description="Status of the dispute. 状态")
    outcome: DisputeOutcome | None = strawberry.field(
        description="Result, based on the changes of the record since the dispute. Null while "
        "the dispute is open. 处理结果"
    )
    opened_at: datetime = strawberry.field(
        description="Time at which the worker opened the dispute. 提出时间"
    )
    answer: str | None = strawberry.field(
        description="Answer of the person or organisation that settled the dispute. 答复"
    )
    settled_by: str | None = strawberry.field(
        description="The person or organisation that settled the dispute. 处理方"
    )
    settled_at: datetime | None = strawberry.field(description="Time of the settlement. 处理时间")


DisputeConnection = request_connection_type(Dispute, "dispute", "disputes", "异议", "异议")
DisputePayload = payload_type(Dispute, "dispute", "dispute", "异议", "异议")
resolve_dispute_payload = partial(subject_requests.resolve_payload, DisputePayload, "dispute")


async def dispute_resolver(
    info: Info,
    record: Annotated[
        strawberry.ID,
        strawberry.argument(
            description="Id of the worker's own record or of a fact about the worker. 记录"
        ),
    ],
    text: Annotated[
        str,
        strawberry.argument(
            description="Description of the error, without numbers of documents. 内容"
        ),
    ],
) -> Any:
    return await resolve_dispute_payload(
        resolvers.personal.dispute.open_dispute(info, record, text), info
    )


async def settle_dispute_resolver(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="Id of the dispute. 异议标识")],
    answer: Annotated[str, strawberry.argument(description="Answer to the worker. 答复")],
    outcome: Annotated[
        DisputeOutcome | None,
        strawberry.argument(
            description="Result of the dispute. Error CONFLICT if the changes of the record "
            "since the dispute do not match it. If omitted, it is derived from those changes. "
            "处理结果"
        ),
    ] = None,
) -> Any:
    settling = resolvers.personal.dispute.settle_dispute(info, id, answer, outcome)
    return await resolve_dispute_payload(settling, info)
