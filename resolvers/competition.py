from engine.catalog.join import AssociationJoin, ForeignKeyJoin
from engine.catalog.link import ToList, ToMany, ToOne, ToOneUnion
from models.academy import Academy
from models.competition import Competition, CompetitionSeries, PrizeRule, Result
from models.history import model_table
from models.honour import Honour
from models.organisation import Organisation
from models.region import Region
from models.studio import Studio
from models.vocabulary import Occupation
from models.worker import Worker
from resolvers.academy import ACADEMY
from resolvers.core import derived_values
from resolvers.core.declare import (
    declare_fact,
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
from resolvers.vocabulary import OCCUPATION
from resolvers.worker import WORKER

COMPETITION_SERIES = declare_thing(
    CompetitionSeries,
    "competition_kind",
    "level",
    dimensions={
        "KIND": dimension(column="competition_kind"),
        "LEVEL": dimension(column="level"),
        **region_dimensions("region"),
    },
    irregular_plural="competition_series",
    description="系列竞赛",
    place=170,
)
COMPETITION = declare_thing(
    Competition,
    "competition_kind",
    "competition_class",
    "level",
    "edition",
    "year",
    orders={"YEAR": "year"},
    dimensions={
        "KIND": dimension(column="competition_kind"),
        "CLASS": dimension(column="competition_class"),
        "LEVEL": dimension(column="level"),
        "YEAR": dimension(column="year"),
        "OCCUPATION": dimension("occupation"),
        "SERIES": dimension("series"),
        **region_dimensions("region"),
    },
    description="竞赛",
    place=160,
)
RESULT = declare_fact(
    Result,
    "rank",
    "award",
    "award_class",
    "division",
    orders={"RANK": "rank", "SCORE": "score"},
    dimensions={
        "YEAR": dimension("competition", column="year"),
        "LEVEL": dimension("competition", column="level"),
        "COMPETITION": dimension("competition"),
        "RANK": dimension(column="rank"),
        "AWARD": dimension(column="award"),
        "AWARD_CLASS": dimension(column="award_class"),
        "DIVISION": dimension(column="division"),
        **region_dimensions("region"),
    },
    follows={"region_id": derived_values.region_of_recipient},
    description="Competition results. 竞赛成绩",
    place=180,
)
PRIZE_RULE = declare_fact(
    PrizeRule,
    "track",
    "rank_from",
    "rank_to",
    orders={"RANK_FROM": "rank_from"},
    dimensions={
        "SERIES": dimension("series"),
        "HONOUR": dimension("honour"),
        "PAYER": dimension("payer"),
        **region_dimensions("region"),
    },
    description="奖励规则",
    place=190,
)

region_of_series = ToOne(COMPETITION_SERIES, "region", Region, "region_id")
editions = ToMany(COMPETITION_SERIES, "editions", Competition, ForeignKeyJoin("series_id"))
series_of_region = ToMany(
    REGION, "competition_series", CompetitionSeries, subtree_join(), description="系列竞赛"
)
prize_rules_of_series = ToList(
    COMPETITION_SERIES,
    "prize_rules",
    PrizeRule,
    ForeignKeyJoin("series_id"),
    order=("track", "rank_from"),
)

series = ToOne(COMPETITION, "series", CompetitionSeries, "series_id")
occupation = ToOne(COMPETITION, "occupation", Occupation, "occupation_id")
host = ToOne(COMPETITION, "host", Organisation, "host_id")
academy = ToOne(COMPETITION, "academy", Academy, "academy_id")
region = ToOne(COMPETITION, "region", Region, "region_id")
prize_rules = ToList(
    COMPETITION,
    "prize_rules",
    PrizeRule,
    AssociationJoin(model_table(Competition), source_column="id", far="series_id", by="series_id"),
    order=("track", "rank_from"),
)
competitions_of_occupation = ToMany(
    OCCUPATION, "competitions", Competition, ForeignKeyJoin("occupation_id")
)
competitions_of_region = ToMany(
    REGION, "competitions", Competition, subtree_join(), description="竞赛"
)
competitions_of_host = ToMany(
    ORGANISATION,
    "hosted_competitions",
    Competition,
    ForeignKeyJoin("host_id"),
    description="Competitions that this organisation hosts. 承办的竞赛",
)
competitions_of_academy = ToMany(
    ACADEMY, "hosted_competitions", Competition, ForeignKeyJoin("academy_id")
)

competition_of_result = ToOne(RESULT, "competition", Competition, "competition_id")
recipient = ToOneUnion(
    RESULT,
    "recipient",
    {
        Worker: "worker_id",
        Organisation: "organisation_id",
        Studio: "studio_id",
        Region: "recipient_region_id",
    },
)
region_of_result = ToOne(RESULT, "region", Region, "region_id")
results = ToMany(COMPETITION, "results", Result, ForeignKeyJoin("competition_id"))
results_of_worker = ToMany(WORKER, "results", Result, ForeignKeyJoin("worker_id"))
results_of_organisation = ToMany(
    ORGANISATION,
    "results",
    Result,
    ForeignKeyJoin("organisation_id"),
    description="Competition results. 竞赛成绩",
)
results_of_studio = ToMany(STUDIO, "results", Result, ForeignKeyJoin("studio_id"))
results_of_region = ToMany(
    REGION,
    "results",
    Result,
    fact_subtree_join(),
    description="Results of recipients in this region and all regions below it. 竞赛成绩",
)
sources_of_result = sources_link(RESULT)

series_of_prize_rule = ToOne(PRIZE_RULE, "series", CompetitionSeries, "series_id")
honour_of_prize_rule = ToOne(PRIZE_RULE, "honour", Honour, "honour_id")
region_of_prize_rule = ToOne(PRIZE_RULE, "region", Region, "region_id")
payer_of_prize_rule = ToOne(PRIZE_RULE, "payer", Organisation, "payer_id")
prize_rules_of_payer = ToMany(
    ORGANISATION,
    "paid_prize_rules",
    PrizeRule,
    ForeignKeyJoin("payer_id"),
    description="Prize rules under which this organisation pays. 出资的奖励规则",
    place=284,
)
prize_rules_of_region = ToMany(
    REGION,
    "applicable_prize_rules",
    PrizeRule,
    subtree_join(),
    description="Prize rules that apply in this region. 奖励规则",
)
sources_of_prize_rule = sources_link(PRIZE_RULE)
