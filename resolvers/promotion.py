from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne
from models.policy import Policy
from models.promotion import PromotionRule
from models.region import Region
from resolvers.core.declare import (
    CURRENT_SPELLS,
    declare_fact,
    dimension,
    region_dimensions,
    subtree_join,
)
from resolvers.policy import POLICY
from resolvers.region import REGION
from resolvers.source import sources_link

PROMOTION_RULE = declare_fact(
    PromotionRule,
    "level",
    "competition_class",
    "division",
    "rank_to",
    "from_grade",
    "grade",
    orders={"RANK_TO": "rank_to", "STARTED": "started"},
    dimensions={
        "LEVEL": dimension(column="level"),
        "CLASS": dimension(column="competition_class"),
        "GRADE": dimension(column="grade"),
        "POLICY": dimension("policy"),
        **region_dimensions("region"),
    },
    spell=CURRENT_SPELLS,
    description="晋级规则",
    place=410,
)

region = ToOne(PROMOTION_RULE, "region", Region, "region_id")
policy = ToOne(PROMOTION_RULE, "policy", Policy, "policy_id")
promotion_rules_of_region = ToMany(
    REGION,
    "applicable_promotion_rules",
    PromotionRule,
    subtree_join(),
    description="Promotion rules that apply in this region. 晋级规则",
)
promotion_rules_of_policy = ToMany(
    POLICY, "promotion_rules", PromotionRule, ForeignKeyJoin("policy_id")
)
sources_of_promotion_rule = sources_link(PROMOTION_RULE)
