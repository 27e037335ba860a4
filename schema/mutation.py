import strawberry

from schema.dispute import DisputePayload, dispute_resolver, settle_dispute_resolver
from schema.erasure import (
    ErasureRequestPayload,
    answer_erasure_request_resolver,
    request_erasure_resolver,
)
from schema.personal import RevealPersonalPayload, reveal_personal_resolver


@strawberry.type(description="What may be changed, and what leaves an entry in a log. 变更")
class Mutation:
    reveal_personal: RevealPersonalPayload = strawberry.field(
        resolver=reveal_personal_resolver,
        description="Personal data in full: for a stated purpose, on a legal basis, with an entry "
        "in the access log that the worker can read. 查看完整个人信息",
    )
    dispute = strawberry.field(
        dispute_resolver,
        graphql_type=DisputePayload,
        description="A worker says that a record is wrong. 提出异议",
    )
    settle_dispute = strawberry.field(
        settle_dispute_resolver,
        graphql_type=DisputePayload,
        description="By the owner of the record or the steward. 处理异议",
    )
    request_erasure = strawberry.field(
        request_erasure_resolver,
        graphql_type=ErasureRequestPayload,
        description="A worker asks to be erased: the owner of their record and the steward are "
        "shown it, and nobody else. 申请删除",
    )
    answer_erasure_request = strawberry.field(
        answer_erasure_request_resolver,
        graphql_type=ErasureRequestPayload,
        description="By the owner of the worker's record or the steward. It erases nothing: that "
        "is a command of the steward's. 答复删除申请",
    )
