import strawberry

import resolvers.challenge
from kit.values.partial_date import PartialDate
from models.challenge import BidStatus, ChallengeStatus
from schema.types.link_fields import link_field
from schema.types.node import Fact, Quantity, Record


@strawberry.type(
    description="A problem that an organisation publishes for others to solve. Bidders apply to "
    "solve it. 揭榜挂帅 / 攻关课题"
)
class Challenge(Record):
    challenge_status: ChallengeStatus = strawberry.field(description="状态")
    field: str | None = strawberry.field(description="Field of work, as published. 领域")
    posted: PartialDate | None = strawberry.field(description="发榜日期")
    deadline: PartialDate | None = strawberry.field(description="Last day for bids. 截止")
    reward: Quantity | None = strawberry.field(description="Reward for the solution, in yuan. 榜金")
    poster = link_field(
        resolvers.challenge.poster, "The organisation that published the challenge. 发榜单位"
    )
    region = link_field(resolvers.challenge.region, "地区")
    industry = link_field(resolvers.challenge.industry, "行业 (GB/T 4754)")
    occupation = link_field(resolvers.challenge.occupation, "所需工种")
    bids = link_field(resolvers.challenge.bids, "All bids, including lost ones. 揭榜申报")
    outcome = link_field(
        resolvers.challenge.outcome, "The outcome that solved the challenge. 攻关成果"
    )


@strawberry.type(description="An application to solve a challenge. 揭榜申报")
class Bid(Fact):
    bid_status: BidStatus = strawberry.field(description="申报状态")
    submitted: PartialDate | None = strawberry.field(description="申报日期")
    challenge = link_field(resolvers.challenge.challenge, "揭榜课题")
    bidder = link_field(
        resolvers.challenge.bidder, "The applicant: a worker, an organisation or a studio. 申报者"
    )
