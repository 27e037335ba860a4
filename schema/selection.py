import strawberry

import resolvers.selection
from kit.partial_date import PartialDate
from models.selection import NominationStatus
from schema.linked import link_field
from schema.node import Fact, Record


@strawberry.type(description="One time that an honour is awarded. 评选批次")
class SelectionRound(Record):
    number: int | None = strawberry.field(description="The batch or edition. 批次")
    year: int | None = strawberry.field(description="年份")
    opened: PartialDate | None = strawberry.field(description="启动")
    closed: PartialDate | None = strawberry.field(description="Of nominations. 截止")
    honour = link_field(resolvers.selection.honour, "荣誉称号")
    organiser = link_field(resolvers.selection.organiser, "组织单位")
    conferrals = link_field(resolvers.selection.conferrals, "That it led to. 授予")
    nominations = link_field(
        resolvers.selection.nominations, "Public only where its owner says so. 推荐人选"
    )


@strawberry.type(
    description="Somebody put up for an honour, and how far they came. Its owner's alone unless "
    "said otherwise. 推荐人选"
)
class Nomination(Fact):
    nomination_status: NominationStatus = strawberry.field(description="评选结果")
    selection_round = link_field(resolvers.selection.selection_round, "评选批次")
    nominee = link_field(resolvers.selection.nominee, "A worker, organisation or studio. 人选")
    nominator = link_field(resolvers.selection.nominator, "推荐单位")
    stage = link_field(resolvers.selection.stage, "The last one that was passed. 通过的环节")
    conferral = link_field(resolvers.selection.conferral, "What it led to. 授予")
