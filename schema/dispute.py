from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import Parent

import kit.errors
import resolvers.dispute
import schema.words  # noqa: F401  # enums, before the types that use them
from models.dispute import DisputeOutcome, DisputeStatus
from resolvers.context import Info
from schema.connection import PageInfo, edges, nodes, of_edge, page_info, total_count
from schema.made import maybe
from schema.node import Node
from schema.payload import UserError


def id_of(row: Parent[Any]) -> strawberry.ID:
    return strawberry.ID(resolvers.dispute.id_of(row))


async def record(row: Parent[Any], info: Info) -> Any:
    return await resolvers.dispute.record_of(row, info)


@strawberry.type(description="A worker says that a record is wrong. 异议")
class Dispute:
    id: strawberry.ID = strawberry.field(resolver=id_of, description="By which it is settled. 标识")
    record = strawberry.field(
        record,
        graphql_type=maybe(Node),
        description="The record that is meant; null: not one that you may see. 所指记录",
    )
    text: str = strawberry.field(description="What is wrong with it. 异议内容")
    dispute_status: DisputeStatus = strawberry.field(description="How it stands. 状态")
    outcome: DisputeOutcome | None = strawberry.field(
        description="What came of it, as the changes of the record since then say; null while it "
        "is open. 处理结果"
    )
    opened_at: datetime = strawberry.field(description="When it was said. 提出时间")
    answer: str | None = strawberry.field(description="Of whoever settled it. 答复")
    settled_by: str | None = strawberry.field(description="Who settled it. 处理方")
    settled_at: datetime | None = strawberry.field(description="When. 处理时间")


@strawberry.type(description="A dispute and where it stands in the list. 列表项")
class DisputeEdge:
    cursor: str = strawberry.field(
        resolver=of_edge("cursor"), description="Where it stands in the list. 游标"
    )
    node: Dispute = strawberry.field(resolver=of_edge("node"), description="The dispute. 异议")


@strawberry.type(description="Disputes, newest first: a page, the total. 异议列表")
class DisputeConnection:
    total_count: int = strawberry.field(
        resolver=total_count, description="Disputes there are, all pages together. 总数"
    )
    page_info: PageInfo = strawberry.field(
        resolver=page_info, description="Where the page stands. 分页信息"
    )
    edges: list[DisputeEdge] = strawberry.field(
        resolver=edges, description="The disputes of this page with their cursors. 本页异议及游标"
    )
    nodes: list[Dispute] = strawberry.field(
        resolver=nodes, description="The disputes of this page, without their edges. 本页异议"
    )


@strawberry.type(description="The dispute, or why there is none. 异议结果")
class DisputePayload:
    dispute: Dispute | None = strawberry.field(description="As it stands now. 异议")
    user_errors: list[UserError] = strawberry.field(description="Empty where it was taken. 错误")


async def raised(
    info: Info,
    record: Annotated[
        strawberry.ID,
        strawberry.argument(description="The worker's own record, or a fact about them. 记录"),
    ],
    text: Annotated[
        str, strawberry.argument(description="What is wrong, without numbers of papers. 内容")
    ],
) -> Any:
    try:
        found = await resolvers.dispute.dispute(info, record, text)
    except kit.errors.UserError as error:
        return DisputePayload(dispute=None, user_errors=[UserError.said(error, info)])
    return DisputePayload(dispute=found, user_errors=[])


async def settled(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="Of the dispute. 异议标识")],
    answer: Annotated[str, strawberry.argument(description="What the worker is told. 答复")],
    outcome: Annotated[
        DisputeOutcome | None,
        strawberry.argument(
            description="As what it is settled. Refused (CONFLICT) where the changes of the record "
            "since the dispute don't bear it out; left out: what they say. 处理结果"
        ),
    ] = None,
) -> Any:
    try:
        found = await resolvers.dispute.settle_dispute(info, id, answer, outcome)
    except kit.errors.UserError as error:
        return DisputePayload(dispute=None, user_errors=[UserError.said(error, info)])
    return DisputePayload(dispute=found, user_errors=[])
