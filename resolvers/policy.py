from engine.link import Closed, Many, One
from engine.way import HeldBy
from models import Organisation, Policy, PrizeRule, Region
from resolvers.competition import PRIZE_RULE
from resolvers.declare import by, lying_in, places, thing
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION

POLICY = thing(
    Policy,
    "policy_kind",
    "document_number",
    orders={"ISSUED_ON": "issued_on"},
    dimensions={
        "KIND": by(column="policy_kind"),
        "ISSUER": by("issuer"),
        "YEAR": by(column="issued_on", digits=4),
        **places("region"),
    },
)

issuer = One(POLICY, "issuer", Organisation, "issuer_id")
region = One(POLICY, "region", Region, "region_id")
policies_of_region = Many(REGION, "policies", Policy, lying_in())
issued_policies = Many(ORGANISATION, "issued_policies", Policy, HeldBy("issuer_id"))
prize_rules = Closed(
    POLICY, "prize_rules", PrizeRule, HeldBy("policy_id"), order=("track", "rank_from")
)
policy_of_prize_rule = One(PRIZE_RULE, "policy", Policy, "policy_id")
