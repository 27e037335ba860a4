import strawberry

import resolvers.challenge
import resolvers.outcome
from models.outcome import OutcomeKind
from schema.types.link_fields import link_field
from schema.types.node import Fact, Quantity


@strawberry.type(
    description="A result of the work of one studio or of several together, such as a patent. "
    "创新成果"
)
class Outcome(Fact):
    outcome_kind: OutcomeKind = strawberry.field(description="类别")
    title: str | None = strawberry.field(description="Name, as published. 名称")
    quantity: Quantity | None = strawberry.field(description="Number of items. 数量")
    value: Quantity | None = strawberry.field(description="Value in yuan. 价值")
    period_as_published: str | None = strawberry.field(description="Period, as published. 期间")
    year: int | None = strawberry.field(description="年份")
    studio = link_field(resolvers.outcome.studio, "The leading studio. 牵头工作室")
    region = link_field(
        resolvers.outcome.region, "Region of the leading studio. 牵头工作室所在地区"
    )
    contributions = link_field(
        resolvers.outcome.contributions, "Contributors, with their shares. 贡献"
    )
    challenges = link_field(
        resolvers.challenge.challenges_of_outcome, "Challenges that the outcome solves. 所解课题"
    )


@strawberry.type(
    description="A contribution of a worker, organisation or studio to an outcome. 成果贡献"
)
class Contribution(Fact):
    share: float | None = strawberry.field(
        description="Share in percent. The shares of one outcome add up to at most 100. 份额"
    )
    outcome = link_field(resolvers.outcome.outcome, "创新成果")
    contributor = link_field(
        resolvers.outcome.contributor,
        "The contributor: a worker, an organisation or a studio. 贡献者",
    )
