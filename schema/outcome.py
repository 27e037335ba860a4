import strawberry

import resolvers.outcome
from models.outcome import OutcomeKind
from schema.linked import linked
from schema.node import Fact, Quantity


@strawberry.type(description="What a studio brought about. 创新成果")
class Outcome(Fact):
    outcome_kind: OutcomeKind = strawberry.field(description="类别")
    title: str | None = strawberry.field(description="As published. 名称")
    quantity: Quantity | None = strawberry.field(description="How many of it. 数量")
    value: Quantity | None = strawberry.field(description="What it was worth, in yuan. 价值")
    period_as_published: str | None = strawberry.field(description="As published. 期间")
    year: int | None = strawberry.field(description="年份")
    studio = linked(resolvers.outcome.studio, "工作室")
    region = linked(resolvers.outcome.region, "The studio's. 工作室所在地区")
