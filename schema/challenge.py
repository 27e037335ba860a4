import strawberry

import resolvers.challenge
from kit.partial_date import PartialDate
from models.challenge import BidStatus, ChallengeStatus
from schema.linked import link_field
from schema.node import Fact, Quantity, Record


@strawberry.type(
    description="A need published for others to solve: whoever can, claims it. 揭榜挂帅 / 攻关课题"
)
class Challenge(Record):
    challenge_status: ChallengeStatus = strawberry.field(description="状态")
    field: str | None = strawberry.field(description="As published. 领域")
    posted: PartialDate | None = strawberry.field(description="发榜日期")
    deadline: PartialDate | None = strawberry.field(description="The last day for bids. 截止")
    reward: Quantity | None = strawberry.field(description="For solving it, in yuan. 榜金")
    poster = link_field(resolvers.challenge.poster, "Who needs it solved. 发榜单位")
    region = link_field(resolvers.challenge.region, "地区")
    industry = link_field(resolvers.challenge.industry, "行业 (GB/T 4754)")
    occupation = link_field(resolvers.challenge.occupation, "所需工种")
    bids = link_field(resolvers.challenge.bids, "Won and lost. 揭榜申报")
    outcome = link_field(resolvers.challenge.outcome, "What came of it. 攻关成果")


@strawberry.type(description="An offer to solve a challenge. 揭榜申报")
class Bid(Fact):
    bid_status: BidStatus = strawberry.field(description="申报状态")
    submitted: PartialDate | None = strawberry.field(description="申报日期")
    challenge = link_field(resolvers.challenge.challenge, "揭榜课题")
    bidder = link_field(resolvers.challenge.bidder, "A worker, organisation or studio. 申报者")
