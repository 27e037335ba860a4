import strawberry

from schema.dispute import DisputePayload, raised, settled
from schema.personal import RevealPersonalPayload, reveal_personal


@strawberry.type(description="What may be changed, and what leaves an entry in a log. 变更")
class Mutation:
    reveal_personal: RevealPersonalPayload = strawberry.field(
        resolver=reveal_personal,
        description="Personal data in full: for a stated purpose, on a legal basis, with an entry "
        "in the access log that the worker can read. 查看完整个人信息",
    )
    dispute: DisputePayload = strawberry.field(
        resolver=raised, description="A worker says that a record is wrong. 提出异议"
    )
    settle_dispute: DisputePayload = strawberry.field(
        resolver=settled,
        description="By the owner of the record or the steward. 处理异议",
    )
