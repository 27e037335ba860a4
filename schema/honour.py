import strawberry

import resolvers.benefit
import resolvers.figure
import resolvers.honour
import resolvers.selection
from models.honour import RecipientKind
from models.row import Level
from schema.types.link_fields import link_field
from schema.types.node import Fact, Node, Quantity, Record


@strawberry.type(description="An honorary title or award. 荣誉称号")
class Honour(Record):
    level: Level | None = strawberry.field(description="级别")
    recipient_kind: RecipientKind | None = strawberry.field(description="授予对象")
    prize: Quantity | None = strawberry.field(
        description="Single payment to each recipient, in yuan. 奖金"
    )
    eligibility: str | None = strawberry.field(description="Eligibility, as published. 评选范围")
    grantor = link_field(
        resolvers.honour.grantor,
        "The organisation that grants the honour. Null if it is not published. 授予单位",
    )
    operator = link_field(
        resolvers.honour.operator, "The organisation that runs the selection. 运营单位"
    )
    region = link_field(resolvers.honour.region, "地区")
    rung = link_field(resolvers.honour.rung, "Rung of the honour on a ladder. 所在梯级")
    conferrals = link_field(resolvers.honour.conferrals, "授予")
    prize_rules = link_field(resolvers.honour.prize_rules, "奖励规则")
    selection_rounds = link_field(resolvers.selection.selection_rounds, "评选批次")
    benefits = link_field(
        resolvers.benefit.benefits_of_honour, "Benefits for holders of this honour. 礼遇"
    )
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.honour.HONOUR], "公布数")


@strawberry.type(description="A sequence of titles from the lowest to the highest. 梯次")
class Ladder(Record):
    region = link_field(resolvers.honour.region_of_ladder, "地区")
    operator = link_field(resolvers.honour.operator_of_ladder, "运营单位")
    rungs = link_field(resolvers.honour.rungs, "Rungs, from the lowest. 梯级")
    stages = link_field(resolvers.honour.stages, "评选环节")
    criteria = link_field(resolvers.honour.criteria, "评选标准")
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.honour.LADDER], "公布数")


@strawberry.type(description="A step of a ladder. Two titles can share a rank. 梯级")
class Rung(Node):
    rank: int | None = strawberry.field(
        description="Rank of this step; 1 is the lowest. Never null. 级次"
    )
    name: str = strawberry.field(description="名称")
    ladder = link_field(resolvers.honour.ladder_of_rung, "梯次")
    honour = link_field(resolvers.honour.honour_of_rung, "荣誉称号")


@strawberry.type(description="A stage of a selection. 评选环节")
class SelectionStage(Node):
    order: int = strawberry.field(description="Position among the criteria, from 1. 顺序")
    name: str = strawberry.field(description="名称")
    ladder = link_field(resolvers.honour.ladder_of_stage, "梯次")
    nominations = link_field(
        resolvers.selection.nominations_of_stage,
        "Nominations for which this was the last stage passed. 推荐人选",
    )


@strawberry.type(description="A requirement of a selection. 评选标准")
class Criterion(Node):
    order: int = strawberry.field(description="Position among the criteria, from 1. 顺序")
    name: str = strawberry.field(description="名称")
    ladder = link_field(resolvers.honour.ladder_of_criterion, "梯次")


@strawberry.type(description="The award of an honour to a recipient. 授予")
class Conferral(Fact):
    year: int | None = strawberry.field(description="年份")
    recipient_as_published: str | None = strawberry.field(
        description="Recipient, as published, if the recipient has no record in the registry. "
        "公布的获得者"
    )
    honour = link_field(resolvers.honour.honour_of_conferral, "荣誉称号")
    recipient = link_field(
        resolvers.honour.recipient,
        "The recipient: a worker, an organisation, a studio or a region. 获得者",
    )
    selection_round = link_field(
        resolvers.selection.selection_round_of_conferral,
        "The selection round. Null if it is unknown. 评选批次",
    )
    based_on = link_field(
        resolvers.honour.based_on, "The competition result on which it is based. 依据"
    )
    region = link_field(
        resolvers.honour.region_of_conferral, "Region of the recipient. 获得者所在地区"
    )
    nominations = link_field(
        resolvers.selection.nominations_of_conferral, "Nominations that led to this award. 推荐"
    )
