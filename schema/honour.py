import strawberry

import resolvers.benefit
import resolvers.figure
import resolvers.honour
import resolvers.selection
from models.honour import RecipientKind
from models.row import Level
from schema.linked import linked
from schema.node import Fact, Node, Quantity, Record


@strawberry.type(description="A title or commendation. 荣誉称号")
class Honour(Record):
    level: Level | None = strawberry.field(description="级别")
    recipient_kind: RecipientKind | None = strawberry.field(description="授予对象")
    prize: Quantity | None = strawberry.field(description="Once, for each, in yuan. 奖金")
    eligibility: str | None = strawberry.field(description="As published. 评选范围")
    grantor = linked(resolvers.honour.grantor, "Null where it isn't published. 授予单位")
    operator = linked(resolvers.honour.operator, "Who runs the selection. 运营单位")
    region = linked(resolvers.honour.region, "地区")
    rung = linked(resolvers.honour.rung, "Its place on a ladder. 所在梯级")
    conferrals = linked(resolvers.honour.conferrals, "授予")
    prize_rules = linked(resolvers.honour.prize_rules, "奖励规则")
    selection_rounds = linked(resolvers.selection.selection_rounds, "评选批次")
    benefits = linked(resolvers.benefit.benefits_of_honour, "Its holders' entitlements. 礼遇")
    figures = linked(resolvers.figure.FIGURES_OF[resolvers.honour.HONOUR], "公布数")


@strawberry.type(description="How one rises from title to title. 梯次")
class Ladder(Record):
    region = linked(resolvers.honour.region_of_ladder, "地区")
    operator = linked(resolvers.honour.operator_of_ladder, "运营单位")
    rungs = linked(resolvers.honour.rungs, "From the lowest. 梯级")
    stages = linked(resolvers.honour.stages, "评选环节")
    criteria = linked(resolvers.honour.criteria, "评选标准")
    figures = linked(resolvers.figure.FIGURES_OF[resolvers.honour.LADDER], "公布数")


@strawberry.type(description="A step of a ladder; two titles may share a rank. 梯级")
class Rung(Node):
    rank: int | None = strawberry.field(description="1 is the lowest; never null. 级次")
    name: str = strawberry.field(description="名称")
    ladder = linked(resolvers.honour.ladder_of_rung, "梯次")
    honour = linked(resolvers.honour.honour_of_rung, "荣誉称号")


@strawberry.type(description="A stage of a selection. 评选环节")
class SelectionStage(Node):
    order: int = strawberry.field(description="From 1. 顺序")
    name: str = strawberry.field(description="名称")
    ladder = linked(resolvers.honour.ladder_of_stage, "梯次")
    nominations = linked(
        resolvers.selection.nominations_of_stage, "That passed it and came no further. 推荐人选"
    )


@strawberry.type(description="What a selection asks for. 评选标准")
class Criterion(Node):
    order: int = strawberry.field(description="From 1. 顺序")
    name: str = strawberry.field(description="名称")
    ladder = linked(resolvers.honour.ladder_of_criterion, "梯次")


@strawberry.type(description="An honour given. 授予")
class Conferral(Fact):
    year: int | None = strawberry.field(description="年份")
    recipient_as_published: str | None = strawberry.field(
        description="Where the recipient is none of the registry's records. 公布的获得者"
    )
    honour = linked(resolvers.honour.honour_of_conferral, "荣誉称号")
    recipient = linked(
        resolvers.honour.recipient, "A worker, organisation, studio or region. 获得者"
    )
    selection_round = linked(
        resolvers.selection.selection_round_of_conferral, "Null where it isn't known. 评选批次"
    )
    based_on = linked(resolvers.honour.based_on, "The result that led to it. 依据")
    region = linked(resolvers.honour.region_of_conferral, "The recipient's. 获得者所在地区")
    nominations = linked(resolvers.selection.nominations_of_conferral, "That led to it. 推荐")
