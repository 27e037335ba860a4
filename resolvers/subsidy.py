from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne, ToOneUnion
from models.alliance import Alliance
from models.competition import PrizeRule, Result
from models.organisation import Organisation
from models.policy import Policy
from models.region import Region
from models.studio import Studio
from models.subsidy import Grant, SubsidyRule
from models.worker import Worker
from resolvers.alliance import ALLIANCE
from resolvers.competition import PRIZE_RULE
from resolvers.core import derived_values
from resolvers.core.declare import (
    CURRENT_SPELLS,
    declare_fact,
    dimension,
    fact_subtree_join,
    region_dimensions,
    subtree_join,
)
from resolvers.organisation import ORGANISATION
from resolvers.policy import POLICY
from resolvers.region import REGION
from resolvers.source import sources_link
from resolvers.studio import STUDIO
from resolvers.worker import WORKER

SUBSIDY_RULE = declare_fact(
    SubsidyRule,
    "subsidy_kind",
    "label",
    orders={"STARTED": "started"},
    dimensions={
        "KIND": dimension(column="subsidy_kind"),
        "PAYER": dimension("payer"),
        "POLICY": dimension("policy"),
        **region_dimensions("region"),
    },
    spell=CURRENT_SPELLS,
    description="补助规则",
    place=400,
)
GRANT = declare_fact(
    Grant,
    "year",
    "purpose",
    orders={"YEAR": "year"},
    dimensions={
        "YEAR": dimension(column="year"),
        "PAYER": dimension("payer"),
        "SUBSIDY_KIND": dimension("subsidy_rule", column="subsidy_kind"),
        **region_dimensions("region"),
    },
    measures={"AMOUNT": "amount"},
    follows={"region_id": derived_values.region_of_recipient},
    description="Payments. 补助奖金",
    place=420,
)

payer = ToOne(SUBSIDY_RULE, "payer", Organisation, "payer_id")
region = ToOne(SUBSIDY_RULE, "region", Region, "region_id")
policy = ToOne(SUBSIDY_RULE, "policy", Policy, "policy_id")
grants = ToMany(SUBSIDY_RULE, "grants", Grant, ForeignKeyJoin("subsidy_rule_id"))
subsidy_rules_of_region = ToMany(
    REGION,
    "applicable_subsidy_rules",
    SubsidyRule,
    subtree_join(),
    description="Subsidy rules that apply in this region. 补助规则",
)
paid_subsidy_rules = ToMany(
    ORGANISATION,
    "paid_subsidy_rules",
    SubsidyRule,
    ForeignKeyJoin("payer_id"),
    description="Subsidy rules under which this organisation pays. 出资的补助规则",
)
subsidy_rules_of_policy = ToMany(POLICY, "subsidy_rules", SubsidyRule, ForeignKeyJoin("policy_id"))
sources_of_subsidy_rule = sources_link(SUBSIDY_RULE)

recipient = ToOneUnion(
    GRANT,
    "recipient",
    {
        Worker: "worker_id",
        Organisation: "organisation_id",
        Studio: "studio_id",
        Alliance: "alliance_id",
    },
)
payer_of_grant = ToOne(GRANT, "payer", Organisation, "payer_id")
prize_rule = ToOne(GRANT, "prize_rule", PrizeRule, "prize_rule_id")
subsidy_rule = ToOne(GRANT, "subsidy_rule", SubsidyRule, "subsidy_rule_id")
based_on = ToOneUnion(GRANT, "based_on", {Result: "based_on_id"})
region_of_grant = ToOne(GRANT, "region", Region, "region_id")
grants_of_worker = ToMany(WORKER, "grants", Grant, ForeignKeyJoin("worker_id"))
grants_of_organisation = ToMany(
    ORGANISATION,
    "grants",
    Grant,
    ForeignKeyJoin("organisation_id"),
    description="Payments that the organisation received. 获得的补助奖金",
)
grants_of_studio = ToMany(STUDIO, "grants", Grant, ForeignKeyJoin("studio_id"))
grants_of_alliance = ToMany(ALLIANCE, "grants", Grant, ForeignKeyJoin("alliance_id"))
grants_of_region = ToMany(
    REGION,
    "grants",
    Grant,
    fact_subtree_join(),
    description="Payments to recipients in this region and all regions below it. 补助奖金",
)
grants_of_prize_rule = ToMany(PRIZE_RULE, "grants", Grant, ForeignKeyJoin("prize_rule_id"))
paid_grants = ToMany(
    ORGANISATION,
    "paid_grants",
    Grant,
    ForeignKeyJoin("payer_id"),
    description="Payments that this organisation made. 发放的补助奖金",
)
sources_of_grant = sources_link(GRANT)
