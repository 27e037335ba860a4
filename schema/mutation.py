import strawberry

from schema.dispute import DisputePayload, dispute_resolver, settle_dispute_resolver
from schema.erasure import (
    ErasureRequestPayload,
    answer_erasure_request_resolver,
    request_erasure_resolver,
)
from schema.personal import RevealPersonalPayload, reveal_personal_resolver


@strawberry.type(description="Operations that change data or that write to a log. 变更")
class Mutation:
    reveal_personal: RevealPersonalPayload = strawberry.field(
        resolver=reveal_personal_resolver,
        description="Personal data of a worker in full. It requires a legal basis and a purpose. "
        "Each call adds an entry to the access log, which the worker can read. 查看完整个人信息",
    )
    dispute = strawberry.field(
        dispute_resolver,
        graphql_type=DisputePayload,
        description="Opens a dispute about a wrong record. Only for a worker with a personal "
        "token. 提出异议",
    )
    settle_dispute = strawberry.field(
        settle_dispute_resolver,
        graphql_type=DisputePayload,
        description="Settles a dispute. Only for the owner of the record or the registry's "
        "steward. 处理异议",
    )
    request_erasure = strawberry.field(
        request_erasure_resolver,
        graphql_type=ErasureRequestPayload,
        description="Requests the erasure of the worker who calls. Only the owner of the "
        "worker's record and the registry's steward can see the request. 申请删除",
    )
    answer_erasure_request = strawberry.field(
        answer_erasure_request_resolver,
        graphql_type=ErasureRequestPayload,
        description="Answers an erasure request. Only for the owner of the worker's record or "
        "the registry's steward. It erases nothing: the steward does this with a separate "
        "command. 答复删除申请",
    )
