from engine.link import Many, One
from engine.way import HeldBy
from models import Policy, PromotionRule, Region
from resolvers.declare import CURRENT, by, fact, lying_in, places
from resolvers.policy import POLICY
from resolvers.region import REGION
from resolvers.source import cited

PROMOTION_RULE = fact(
    PromotionRule,
    "level",
    "competition_class",
    "division",
    "rank_to",
    "from_grade",
    "grade",
    orders={"RANK_TO": "rank_to", "STARTED": "started"},
    dimensions={
        "LEVEL": by(column="level"),
        "CLASS": by(column="competition_class"),
        "GRADE": by(column="grade"),
        "POLICY": by("policy"),
        **places("region"),
    },
    spell=CURRENT,
)

region = One(PROMOTION_RULE, "region", Region, "region_id")
policy = One(PROMOTION_RULE, "policy", Policy, "policy_id")
promotion_rules_of_region = Many(REGION, "applicable_promotion_rules", PromotionRule, lying_in())
promotion_rules_of_policy = Many(POLICY, "promotion_rules", PromotionRule, HeldBy("policy_id"))
sources_of_promotion_rule = cited(PROMOTION_RULE)
