from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToList, ToMany, ToOne
from models.competition import PrizeRule
from models.organisation import Organisation
from models.policy import Policy
from models.region import Region
from resolvers.competition import PRIZE_RULE
from resolvers.core.declare import declare_thing, dimension, region_dimensions, subtree_join
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION

POLICY = declare_thing(
    Policy,
    "policy_kind",
    "document_number",
    orders={"ISSUED_ON": "issued_on"},
    dimensions={
        "KIND": dimension(column="policy_kind"),
        "ISSUER": dimension("issuer"),
        "YEAR": dimension(column="issued_on", digits=4),
        **region_dimensions("region"),
    },
    description="政策文件",
    place=430,
)

issuer = ToOne(POLICY, "issuer", Organisation, "issuer_id")
region = ToOne(POLICY, "region", Region, "region_id")
policies_of_region = ToMany(
    REGION,
    "policies",
    Policy,
    subtree_join(),
    description="Policies that apply in this region. 政策文件",
    place=351,
)
issued_policies = ToMany(
    ORGANISATION,
    "issued_policies",
    Policy,
    ForeignKeyJoin("issuer_id"),
    description="Policies that this organisation issued. 发布的政策",
    place=372,
)
prize_rules = ToList(
    POLICY, "prize_rules", PrizeRule, ForeignKeyJoin("policy_id"), order=("track", "rank_from")
)
policy_of_prize_rule = ToOne(PRIZE_RULE, "policy", Policy, "policy_id")
