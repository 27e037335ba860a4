from engine.link import Many, One, OneOf
from engine.way import HeldBy
from models import (
    Alliance,
    Grant,
    Organisation,
    Policy,
    PrizeRule,
    Region,
    Result,
    Studio,
    SubsidyRule,
    Worker,
)
from resolvers import following
from resolvers.alliance import ALLIANCE
from resolvers.competition import PRIZE_RULE
from resolvers.declare import CURRENT, by, fact, lying_in, places, region_of_facts
from resolvers.organisation import ORGANISATION
from resolvers.policy import POLICY
from resolvers.region import REGION
from resolvers.source import cited
from resolvers.studio import STUDIO
from resolvers.worker import WORKER

SUBSIDY_RULE = fact(
    SubsidyRule,
    "subsidy_kind",
    "label",
    orders={"STARTED": "started"},
    dimensions={
        "KIND": by(column="subsidy_kind"),
        "PAYER": by("payer"),
        "POLICY": by("policy"),
        **places("region"),
    },
    spell=CURRENT,
)
GRANT = fact(
    Grant,
    "year",
    "purpose",
    orders={"YEAR": "year"},
    dimensions={
        "YEAR": by(column="year"),
        "PAYER": by("payer"),
        "SUBSIDY_KIND": by("subsidy_rule", column="subsidy_kind"),
        **places("region"),
    },
    measures={"AMOUNT": "amount"},
    follows={"region_id": following.region_of_recipient},
)

payer = One(SUBSIDY_RULE, "payer", Organisation, "payer_id")
region = One(SUBSIDY_RULE, "region", Region, "region_id")
policy = One(SUBSIDY_RULE, "policy", Policy, "policy_id")
grants = Many(SUBSIDY_RULE, "grants", Grant, HeldBy("subsidy_rule_id"))
subsidy_rules_of_region = Many(REGION, "applicable_subsidy_rules", SubsidyRule, lying_in())
paid_subsidy_rules = Many(ORGANISATION, "paid_subsidy_rules", SubsidyRule, HeldBy("payer_id"))
subsidy_rules_of_policy = Many(POLICY, "subsidy_rules", SubsidyRule, HeldBy("policy_id"))
sources_of_subsidy_rule = cited(SUBSIDY_RULE)

recipient = OneOf(
    GRANT,
    "recipient",
    {
        Worker: "worker_id",
        Organisation: "organisation_id",
        Studio: "studio_id",
        Alliance: "alliance_id",
    },
)
payer_of_grant = One(GRANT, "payer", Organisation, "payer_id")
prize_rule = One(GRANT, "prize_rule", PrizeRule, "prize_rule_id")
subsidy_rule = One(GRANT, "subsidy_rule", SubsidyRule, "subsidy_rule_id")
based_on = OneOf(GRANT, "based_on", {Result: "based_on_id"})
region_of_grant = One(GRANT, "region", Region, "region_id")
grants_of_worker = Many(WORKER, "grants", Grant, HeldBy("worker_id"))
grants_of_organisation = Many(ORGANISATION, "grants", Grant, HeldBy("organisation_id"))
grants_of_studio = Many(STUDIO, "grants", Grant, HeldBy("studio_id"))
grants_of_alliance = Many(ALLIANCE, "grants", Grant, HeldBy("alliance_id"))
grants_of_region = Many(REGION, "grants", Grant, region_of_facts())
grants_of_prize_rule = Many(PRIZE_RULE, "grants", Grant, HeldBy("prize_rule_id"))
paid_grants = Many(ORGANISATION, "paid_grants", Grant, HeldBy("payer_id"))
sources_of_grant = cited(GRANT)
