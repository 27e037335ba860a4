from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne, ToOneUnion
from models.challenge import Bid, Challenge
from models.organisation import Organisation
from models.outcome import Outcome
from models.region import Region
from models.studio import Studio
from models.vocabulary import Industry, Occupation
from models.worker import Worker
from resolvers.core.declare import (
    declare_fact,
    declare_thing,
    dimension,
    region_dimensions,
    subtree_join,
)
from resolvers.organisation import ORGANISATION
from resolvers.outcome import OUTCOME
from resolvers.region import REGION
from resolvers.source import sources_link
from resolvers.studio import STUDIO
from resolvers.vocabulary import INDUSTRY, OCCUPATION
from resolvers.worker import WORKER

CHALLENGE = declare_thing(
    Challenge,
    "challenge_status",
    "field",
    orders={"POSTED": "posted", "DEADLINE": "deadline"},
    dimensions={
        "CHALLENGE_STATUS": dimension(column="challenge_status"),
        "INDUSTRY": dimension("industry"),
        "OCCUPATION": dimension("occupation"),
        "POSTER": dimension("poster"),
        "YEAR": dimension(column="posted", digits=4),
        **region_dimensions("region"),
    },
    measures={"REWARD": "reward"},
    description="揭榜课题",
    place=330,
)
BID = declare_fact(
    Bid,
    "bid_status",
    orders={"SUBMITTED": "submitted"},
    dimensions={
        "BID_STATUS": dimension(column="bid_status"),
        "CHALLENGE": dimension("challenge"),
        "YEAR": dimension(column="submitted", digits=4),
        **region_dimensions("bidder", "region"),
    },
    description="Bids for challenges. 揭榜申报",
    place=340,
)

poster = ToOne(CHALLENGE, "poster", Organisation, "poster_id")
region = ToOne(CHALLENGE, "region", Region, "region_id")
industry = ToOne(CHALLENGE, "industry", Industry, "industry_id")
occupation = ToOne(CHALLENGE, "occupation", Occupation, "occupation_id")
outcome = ToOne(CHALLENGE, "outcome", Outcome, "outcome_id")
bids = ToMany(CHALLENGE, "bids", Bid, ForeignKeyJoin("challenge_id"))
challenges_of_region = ToMany(
    REGION, "challenges", Challenge, subtree_join(), description="揭榜课题"
)
challenges_of_industry = ToMany(INDUSTRY, "challenges", Challenge, ForeignKeyJoin("industry_id"))
challenges_of_occupation = ToMany(
    OCCUPATION, "challenges", Challenge, ForeignKeyJoin("occupation_id")
)
posted_challenges = ToMany(
    ORGANISATION,
    "posted_challenges",
    Challenge,
    ForeignKeyJoin("poster_id"),
    description="Challenges that this organisation published. 发布的揭榜课题",
)
challenges_of_outcome = ToMany(OUTCOME, "challenges", Challenge, ForeignKeyJoin("outcome_id"))

challenge = ToOne(BID, "challenge", Challenge, "challenge_id")
bidder = ToOneUnion(
    BID, "bidder", {Worker: "worker_id", Organisation: "organisation_id", Studio: "studio_id"}
)
bids_of_worker = ToMany(WORKER, "bids", Bid, ForeignKeyJoin("worker_id"))
bids_of_organisation = ToMany(
    ORGANISATION,
    "bids",
    Bid,
    ForeignKeyJoin("organisation_id"),
    description="Bids for challenges. 揭榜申报",
)
bids_of_studio = ToMany(STUDIO, "bids", Bid, ForeignKeyJoin("studio_id"))
sources_of_bid = sources_link(BID)
