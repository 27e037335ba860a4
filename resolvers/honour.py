from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToList, ToMany, ToOne, ToOneBacklink, ToOneUnion
from models.competition import PrizeRule, Result
from models.honour import Conferral, Criterion, Honour, Ladder, Rung, SelectionStage
from models.organisation import Organisation
from models.region import Region
from models.studio import Studio
from models.worker import Worker
from resolvers.core import derived_values
from resolvers.core.declare import (
    declare_fact,
    declare_part,
    declare_thing,
    dimension,
    fact_subtree_join,
    region_dimensions,
    subtree_join,
)
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import sources_link
from resolvers.studio import STUDIO
from resolvers.worker import WORKER

HONOUR = declare_thing(
    Honour,
    "level",
    "recipient_kind",
    dimensions={
        "LEVEL": dimension(column="level"),
        "RECIPIENT_KIND": dimension(column="recipient_kind"),
        "GRANTOR": dimension("grantor"),
        **region_dimensions("region"),
    },
    description="荣誉称号",
    place=200,
)
LADDER = declare_thing(
    Ladder, dimensions=region_dimensions("region"), description="梯次", place=210
)
LADDER_DIMENSIONS = {"LADDER": dimension("ladder"), **region_dimensions("ladder", "region")}
RUNG = declare_part(
    Rung,
    "rank",
    "name",
    orders={"RANK": "rank"},
    dimensions={"RANK": dimension(column="rank"), **LADDER_DIMENSIONS},
    description="Rungs of ladders. 梯级",
    place=220,
)
SELECTION_STAGE = declare_part(
    SelectionStage,
    "order",
    "name",
    orders={"ORDER": "order"},
    dimensions=LADDER_DIMENSIONS,
    description="评选环节",
    place=230,
)
CRITERION = declare_part(
    Criterion,
    "order",
    "name",
    orders={"ORDER": "order"},
    dimensions=LADDER_DIMENSIONS,
    irregular_plural="criteria",
    description="评选标准",
    place=240,
)
CONFERRAL = declare_fact(
    Conferral,
    "year",
    orders={"YEAR": "year"},
    dimensions={
        "HONOUR": dimension("honour"),
        "LEVEL": dimension("honour", column="level"),
        "YEAR": dimension(column="year"),
        **region_dimensions("region"),
    },
    follows={"region_id": derived_values.region_of_recipient},
    description="Awards of honours. 授予",
    place=250,
)

grantor = ToOne(HONOUR, "grantor", Organisation, "grantor_id")
operator = ToOne(HONOUR, "operator", Organisation, "operator_id")
region = ToOne(HONOUR, "region", Region, "region_id")
rung = ToOneBacklink(HONOUR, "rung", Rung, "honour_id")
prize_rules = ToList(
    HONOUR, "prize_rules", PrizeRule, ForeignKeyJoin("honour_id"), order=("rank_from",)
)
conferrals = ToMany(HONOUR, "conferrals", Conferral, ForeignKeyJoin("honour_id"))
honours_of_region = ToMany(REGION, "honours", Honour, subtree_join(), description="荣誉称号")
honours_of_grantor = ToMany(
    ORGANISATION,
    "granted_honours",
    Honour,
    ForeignKeyJoin("grantor_id"),
    description="Honours that this organisation grants. 授予的荣誉",
)

honours_of_operator = ToMany(
    ORGANISATION,
    "operated_honours",
    Honour,
    ForeignKeyJoin("operator_id"),
    description="Honours whose selection this organisation runs. 运营的荣誉",
    place=282,
)
ladders_of_operator = ToMany(
    ORGANISATION,
    "operated_ladders",
    Ladder,
    ForeignKeyJoin("operator_id"),
    description="Ladders that this organisation runs. 运营的梯次",
    place=283,
)
region_of_ladder = ToOne(LADDER, "region", Region, "region_id")
operator_of_ladder = ToOne(LADDER, "operator", Organisation, "operator_id")
ladders_of_region = ToMany(REGION, "ladders", Ladder, subtree_join(), description="梯次")
rungs = ToList(LADDER, "rungs", Rung, ForeignKeyJoin("ladder_id"), order=("rank",))
stages = ToList(LADDER, "stages", SelectionStage, ForeignKeyJoin("ladder_id"), order=("order",))
criteria = ToList(LADDER, "criteria", Criterion, ForeignKeyJoin("ladder_id"), order=("order",))
ladder_of_rung = ToOne(RUNG, "ladder", Ladder, "ladder_id")
honour_of_rung = ToOne(RUNG, "honour", Honour, "honour_id")
ladder_of_stage = ToOne(SELECTION_STAGE, "ladder", Ladder, "ladder_id")
ladder_of_criterion = ToOne(CRITERION, "ladder", Ladder, "ladder_id")

honour_of_conferral = ToOne(CONFERRAL, "honour", Honour, "honour_id")
recipient = ToOneUnion(
    CONFERRAL,
    "recipient",
    {
        Worker: "worker_id",
        Organisation: "organisation_id",
        Studio: "studio_id",
        Region: "recipient_region_id",
    },
)
based_on = ToOneUnion(CONFERRAL, "based_on", {Result: "based_on_id"})
region_of_conferral = ToOne(CONFERRAL, "region", Region, "region_id")
conferrals_of_worker = ToMany(WORKER, "conferrals", Conferral, ForeignKeyJoin("worker_id"))
conferrals_of_organisation = ToMany(
    ORGANISATION,
    "conferrals",
    Conferral,
    ForeignKeyJoin("organisation_id"),
    description="Awards of honours. 获得的荣誉",
)
conferrals_of_studio = ToMany(STUDIO, "conferrals", Conferral, ForeignKeyJoin("studio_id"))
conferrals_of_region = ToMany(
    REGION,
    "conferrals",
    Conferral,
    fact_subtree_join(),
    description="Honours awarded to recipients in this region and all regions below it. 授予",
)
sources_of_conferral = sources_link(CONFERRAL)
