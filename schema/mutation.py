import strawberry

from schema.dispute import DisputePayload, raised, settled
from schema.erasure import ErasureRequestPayload, answered, requested
from schema.personal import RevealPersonalPayload, reveal_personal


@strawberry.type(description="What may be changed, and what leaves an entry in a log. 变更")
class Mutation:
    reveal_personal: RevealPersonalPayload = strawberry.field(
        resolver=reveal_personal,
        description="Personal data in full: for a stated purpose, on a legal basis, with an entry "
        "in the access log that the worker can read. 查看完整个人信息",
    )
    dispute = strawberry.field(
        raised,
        graphql_type=DisputePayload,
        description="A worker says that a record is wrong. 提出异议",
    )
    settle_dispute = strawberry.field(
        settled,
        graphql_type=DisputePayload,
        description="By the owner of the record or the steward. 处理异议",
    )
    request_erasure = strawberry.field(
        requested,
        graphql_type=ErasureRequestPayload,
        description="A worker asks to be erased: the owner of their record and the steward are "
        "shown it, and nobody else. 申请删除",
    )
    answer_erasure_request = strawberry.field(
        answered,
        graphql_type=ErasureRequestPayload,
        description="By the owner of the worker's record or the steward. It erases nothing: that "
        "is a command of the steward's. 答复删除申请",
    )
