import strawberry

import resolvers.selection
from kit.values.partial_date import PartialDate
from models.selection import NominationStatus
from schema.types.link_fields import link_field
from schema.types.node import Fact, Record


@strawberry.type(description="One round in which an honour is awarded. 评选批次")
class SelectionRound(Record):
    number: int | None = strawberry.field(description="Number of the round or edition. 批次")
    year: int | None = strawberry.field(description="年份")
    opened: PartialDate | None = strawberry.field(description="启动")
    closed: PartialDate | None = strawberry.field(description="Closing date for nominations. 截止")
    honour = link_field(resolvers.selection.honour, "荣誉称号")
    organiser = link_field(resolvers.selection.organiser, "组织单位")
    conferrals = link_field(resolvers.selection.conferrals, "Honours awarded in this round. 授予")
    nominations = link_field(
        resolvers.selection.nominations,
        "Nominations in this round. Public only if the owner publishes them. 推荐人选",
    )


@strawberry.type(
    description="A candidate for an honour and the stage reached. Visible to the owner only, "
    "unless the owner publishes it. 推荐人选"
)
class Nomination(Fact):
    nomination_status: NominationStatus = strawberry.field(description="评选结果")
    selection_round = link_field(resolvers.selection.selection_round, "评选批次")
    nominee = link_field(
        resolvers.selection.nominee, "The candidate: a worker, an organisation or a studio. 人选"
    )
    nominator = link_field(resolvers.selection.nominator, "推荐单位")
    stage = link_field(
        resolvers.selection.stage, "Last stage that the candidate passed. 通过的环节"
    )
    conferral = link_field(resolvers.selection.conferral, "The award that followed. 授予")
