import strawberry

import resolvers.benefit
import resolvers.figure
import resolvers.honour
import resolvers.selection
from models.honour import RecipientKind
from models.row import Level
from schema.linked import link_field
from schema.node import Fact, Node, Quantity, Record


@strawberry.type(description="A title or commendation. 荣誉称号")
class Honour(Record):
    level: Level | None = strawberry.field(description="级别")
    recipient_kind: RecipientKind | None = strawberry.field(description="授予对象")
    prize: Quantity | None = strawberry.field(description="Once, for each, in yuan. 奖金")
    eligibility: str | None = strawberry.field(description="As published. 评选范围")
    grantor = link_field(resolvers.honour.grantor, "Null where it isn't published. 授予单位")
    operator = link_field(resolvers.honour.operator, "Who runs the selection. 运营单位")
    region = link_field(resolvers.honour.region, "地区")
    rung = link_field(resolvers.honour.rung, "Its place on a ladder. 所在梯级")
    conferrals = link_field(resolvers.honour.conferrals, "授予")
    prize_rules = link_field(resolvers.honour.prize_rules, "奖励规则")
    selection_rounds = link_field(resolvers.selection.selection_rounds, "评选批次")
    benefits = link_field(resolvers.benefit.benefits_of_honour, "Its holders' entitlements. 礼遇")
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.honour.HONOUR], "公布数")


@strawberry.type(description="How one rises from title to title. 梯次")
class Ladder(Record):
    region = link_field(resolvers.honour.region_of_ladder, "地区")
    operator = link_field(resolvers.honour.operator_of_ladder, "运营单位")
    rungs = link_field(resolvers.honour.rungs, "From the lowest. 梯级")
    stages = link_field(resolvers.honour.stages, "评选环节")
    criteria = link_field(resolvers.honour.criteria, "评选标准")
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.honour.LADDER], "公布数")


@strawberry.type(description="A step of a ladder; two titles may share a rank. 梯级")
class Rung(Node):
    rank: int | None = strawberry.field(description="1 is the lowest; never null. 级次")
    name: str = strawberry.field(description="名称")
    ladder = link_field(resolvers.honour.ladder_of_rung, "梯次")
    honour = link_field(resolvers.honour.honour_of_rung, "荣誉称号")


@strawberry.type(description="A stage of a selection. 评选环节")
class SelectionStage(Node):
    order: int = strawberry.field(description="From 1. 顺序")
    name: str = strawberry.field(description="名称")
    ladder = link_field(resolvers.honour.ladder_of_stage, "梯次")
    nominations = link_field(
        resolvers.selection.nominations_of_stage, "That passed it and came no further. 推荐人选"
    )


@strawberry.type(description="What a selection asks for. 评选标准")
class Criterion(Node):
    order: int = strawberry.field(description="From 1. 顺序")
    name: str = strawberry.field(description="名称")
    ladder = link_field(resolvers.honour.ladder_of_criterion, "梯次")


@strawberry.type(description="An honour given. 授予")
class Conferral(Fact):
    year: int | None = strawberry.field(description="年份")
    recipient_as_published: str | None = strawberry.field(
        description="Where the recipient is none of the registry's records. 公布的获得者"
    )
    honour = link_field(resolvers.honour.honour_of_conferral, "荣誉称号")
    recipient = link_field(
        resolvers.honour.recipient, "A worker, organisation, studio or region. 获得者"
    )
    selection_round = link_field(
        resolvers.selection.selection_round_of_conferral, "Null where it isn't known. 评选批次"
    )
    based_on = link_field(resolvers.honour.based_on, "The result that led to it. 依据")
    region = link_field(resolvers.honour.region_of_conferral, "The recipient's. 获得者所在地区")
    nominations = link_field(resolvers.selection.nominations_of_conferral, "That led to it. 推荐")
