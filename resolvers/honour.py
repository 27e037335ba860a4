from engine.link import Closed, Many, One, OneBack, OneOf
from engine.way import HeldBy
from models import (
    Conferral,
    Criterion,
    Honour,
    Ladder,
    Organisation,
    PrizeRule,
    Region,
    Result,
    Rung,
    SelectionStage,
    Studio,
    Worker,
)
from resolvers import following
from resolvers.declare import by, fact, lying_in, part, places, region_of_facts, thing
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import cited
from resolvers.studio import STUDIO
from resolvers.worker import WORKER

HONOUR = thing(
    Honour,
    "level",
    "recipient_kind",
    dimensions={
        "LEVEL": by(column="level"),
        "RECIPIENT_KIND": by(column="recipient_kind"),
        "GRANTOR": by("grantor"),
        **places("region"),
    },
)
LADDER = thing(Ladder, dimensions=places("region"))
IN_LADDER = {"LADDER": by("ladder"), **places("ladder", "region")}
RUNG = part(
    Rung,
    "rank",
    "name",
    orders={"RANK": "rank"},
    dimensions={"RANK": by(column="rank"), **IN_LADDER},
)
STAGE = part(SelectionStage, "order", "name", orders={"ORDER": "order"}, dimensions=IN_LADDER)
CRITERION = part(Criterion, "order", "name", orders={"ORDER": "order"}, dimensions=IN_LADDER)
CONFERRAL = fact(
    Conferral,
    "year",
    orders={"YEAR": "year"},
    dimensions={
        "HONOUR": by("honour"),
        "LEVEL": by("honour", column="level"),
        "YEAR": by(column="year"),
        **places("region"),
    },
    follows={"region_id": following.region_of_recipient},
)

grantor = One(HONOUR, "grantor", Organisation, "grantor_id")
operator = One(HONOUR, "operator", Organisation, "operator_id")
region = One(HONOUR, "region", Region, "region_id")
rung = OneBack(HONOUR, "rung", Rung, "honour_id")
prize_rules = Closed(HONOUR, "prize_rules", PrizeRule, HeldBy("honour_id"), order=("rank_from",))
conferrals = Many(HONOUR, "conferrals", Conferral, HeldBy("honour_id"))
honours_of_region = Many(REGION, "honours", Honour, lying_in())
honours_of_grantor = Many(ORGANISATION, "granted_honours", Honour, HeldBy("grantor_id"))

honours_of_operator = Many(ORGANISATION, "operated_honours", Honour, HeldBy("operator_id"))
ladders_of_operator = Many(ORGANISATION, "operated_ladders", Ladder, HeldBy("operator_id"))
region_of_ladder = One(LADDER, "region", Region, "region_id")
operator_of_ladder = One(LADDER, "operator", Organisation, "operator_id")
ladders_of_region = Many(REGION, "ladders", Ladder, lying_in())
rungs = Closed(LADDER, "rungs", Rung, HeldBy("ladder_id"), order=("rank",))
stages = Closed(LADDER, "stages", SelectionStage, HeldBy("ladder_id"), order=("order",))
criteria = Closed(LADDER, "criteria", Criterion, HeldBy("ladder_id"), order=("order",))
ladder_of_rung = One(RUNG, "ladder", Ladder, "ladder_id")
honour_of_rung = One(RUNG, "honour", Honour, "honour_id")
ladder_of_stage = One(STAGE, "ladder", Ladder, "ladder_id")
ladder_of_criterion = One(CRITERION, "ladder", Ladder, "ladder_id")

honour_of_conferral = One(CONFERRAL, "honour", Honour, "honour_id")
recipient = OneOf(
    CONFERRAL,
    "recipient",
    {
        Worker: "worker_id",
        Organisation: "organisation_id",
        Studio: "studio_id",
        Region: "recipient_region_id",
    },
)
based_on = OneOf(CONFERRAL, "based_on", {Result: "based_on_id"})
region_of_conferral = One(CONFERRAL, "region", Region, "region_id")
conferrals_of_worker = Many(WORKER, "conferrals", Conferral, HeldBy("worker_id"))
conferrals_of_organisation = Many(ORGANISATION, "conferrals", Conferral, HeldBy("organisation_id"))
conferrals_of_studio = Many(STUDIO, "conferrals", Conferral, HeldBy("studio_id"))
conferrals_of_region = Many(REGION, "conferrals", Conferral, region_of_facts())
sources_of_conferral = cited(CONFERRAL)
