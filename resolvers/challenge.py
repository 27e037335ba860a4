from engine.link import Many, One, OneOf
from engine.way import HeldBy
from models import (
    Bid,
    Challenge,
    Industry,
    Occupation,
    Organisation,
    Outcome,
    Region,
    Studio,
    Worker,
)
from resolvers.declare import by, fact, lying_in, places, thing
from resolvers.organisation import ORGANISATION
from resolvers.outcome import OUTCOME
from resolvers.region import REGION
from resolvers.source import cited
from resolvers.studio import STUDIO
from resolvers.vocabulary import INDUSTRY, OCCUPATION
from resolvers.worker import WORKER

CHALLENGE = thing(
    Challenge,
    "challenge_status",
    "field",
    orders={"POSTED": "posted", "DEADLINE": "deadline"},
    dimensions={
        "CHALLENGE_STATUS": by(column="challenge_status"),
        "INDUSTRY": by("industry"),
        "OCCUPATION": by("occupation"),
        "POSTER": by("poster"),
        "YEAR": by(column="posted", digits=4),
        **places("region"),
    },
    measures={"REWARD": "reward"},
)
BID = fact(
    Bid,
    "bid_status",
    orders={"SUBMITTED": "submitted"},
    dimensions={
        "BID_STATUS": by(column="bid_status"),
        "CHALLENGE": by("challenge"),
        "YEAR": by(column="submitted", digits=4),
        **places("bidder", "region"),
    },
)

poster = One(CHALLENGE, "poster", Organisation, "poster_id")
region = One(CHALLENGE, "region", Region, "region_id")
industry = One(CHALLENGE, "industry", Industry, "industry_id")
occupation = One(CHALLENGE, "occupation", Occupation, "occupation_id")
outcome = One(CHALLENGE, "outcome", Outcome, "outcome_id")
bids = Many(CHALLENGE, "bids", Bid, HeldBy("challenge_id"))
challenges_of_region = Many(REGION, "challenges", Challenge, lying_in())
challenges_of_industry = Many(INDUSTRY, "challenges", Challenge, HeldBy("industry_id"))
challenges_of_occupation = Many(OCCUPATION, "challenges", Challenge, HeldBy("occupation_id"))
posted_challenges = Many(ORGANISATION, "posted_challenges", Challenge, HeldBy("poster_id"))
challenges_of_outcome = Many(OUTCOME, "challenges", Challenge, HeldBy("outcome_id"))

challenge = One(BID, "challenge", Challenge, "challenge_id")
bidder = OneOf(
    BID, "bidder", {Worker: "worker_id", Organisation: "organisation_id", Studio: "studio_id"}
)
bids_of_worker = Many(WORKER, "bids", Bid, HeldBy("worker_id"))
bids_of_organisation = Many(ORGANISATION, "bids", Bid, HeldBy("organisation_id"))
bids_of_studio = Many(STUDIO, "bids", Bid, HeldBy("studio_id"))
sources_of_bid = cited(BID)
