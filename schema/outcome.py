import strawberry

import resolvers.challenge
import resolvers.outcome
from models.outcome import OutcomeKind
from schema.linked import link_field
from schema.node import Fact, Quantity


@strawberry.type(description="What a studio, or several together, brought about. 创新成果")
class Outcome(Fact):
    outcome_kind: OutcomeKind = strawberry.field(description="类别")
    title: str | None = strawberry.field(description="As published. 名称")
    quantity: Quantity | None = strawberry.field(description="How many of it. 数量")
    value: Quantity | None = strawberry.field(description="What it was worth, in yuan. 价值")
    period_as_published: str | None = strawberry.field(description="As published. 期间")
    year: int | None = strawberry.field(description="年份")
    studio = link_field(resolvers.outcome.studio, "The one that led the work. 牵头工作室")
    region = link_field(resolvers.outcome.region, "The leading studio's. 牵头工作室所在地区")
    contributions = link_field(
        resolvers.outcome.contributions, "Who had a part in it, with their shares. 贡献"
    )
    challenges = link_field(resolvers.challenge.challenges_of_outcome, "That it solves. 所解课题")


@strawberry.type(description="A part that somebody had in an outcome. 成果贡献")
class Contribution(Fact):
    share: float | None = strawberry.field(
        description="In percent; those of one outcome come to 100 at most. 份额"
    )
    outcome = link_field(resolvers.outcome.outcome, "创新成果")
    contributor = link_field(
        resolvers.outcome.contributor, "A worker, organisation or studio. 贡献者"
    )
