from engine.link import Closed, Many, One, OneOf
from engine.way import HeldBy, Through
from models import (
    Academy,
    Competition,
    CompetitionSeries,
    Honour,
    Occupation,
    Organisation,
    PrizeRule,
    Region,
    Result,
    Studio,
    Worker,
)
from models.history import stored
from resolvers import following
from resolvers.academy import ACADEMY
from resolvers.declare import by, fact, lying_in, places, region_of_facts, thing
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import cited
from resolvers.studio import STUDIO
from resolvers.vocabulary import OCCUPATION
from resolvers.worker import WORKER

SERIES = thing(
    CompetitionSeries,
    "competition_kind",
    "level",
    dimensions={
        "KIND": by(column="competition_kind"),
        "LEVEL": by(column="level"),
        **places("region"),
    },
)
COMPETITION = thing(
    Competition,
    "competition_kind",
    "competition_class",
    "level",
    "edition",
    "year",
    orders={"YEAR": "year"},
    dimensions={
        "KIND": by(column="competition_kind"),
        "CLASS": by(column="competition_class"),
        "LEVEL": by(column="level"),
        "YEAR": by(column="year"),
        "OCCUPATION": by("occupation"),
        "SERIES": by("series"),
        **places("region"),
    },
)
RESULT = fact(
    Result,
    "rank",
    "award",
    "award_class",
    "division",
    orders={"RANK": "rank", "SCORE": "score"},
    dimensions={
        "YEAR": by("competition", column="year"),
        "LEVEL": by("competition", column="level"),
        "COMPETITION": by("competition"),
        "RANK": by(column="rank"),
        "AWARD": by(column="award"),
        "AWARD_CLASS": by(column="award_class"),
        "DIVISION": by(column="division"),
        **places("region"),
    },
    follows={"region_id": following.region_of_recipient},
)
PRIZE_RULE = fact(
    PrizeRule,
    "track",
    "rank_from",
    "rank_to",
    orders={"RANK_FROM": "rank_from"},
    dimensions={
        "SERIES": by("series"),
        "HONOUR": by("honour"),
        "PAYER": by("payer"),
        **places("region"),
    },
)

region_of_series = One(SERIES, "region", Region, "region_id")
editions = Many(SERIES, "editions", Competition, HeldBy("series_id"))
series_of_region = Many(REGION, "competition_series", CompetitionSeries, lying_in())
prize_rules_of_series = Closed(
    SERIES, "prize_rules", PrizeRule, HeldBy("series_id"), order=("track", "rank_from")
)

series = One(COMPETITION, "series", CompetitionSeries, "series_id")
occupation = One(COMPETITION, "occupation", Occupation, "occupation_id")
host = One(COMPETITION, "host", Organisation, "host_id")
academy = One(COMPETITION, "academy", Academy, "academy_id")
region = One(COMPETITION, "region", Region, "region_id")
prize_rules = Closed(
    COMPETITION,
    "prize_rules",
    PrizeRule,
    Through(stored(Competition), near="id", far="series_id", by="series_id"),
    order=("track", "rank_from"),
)
competitions_of_occupation = Many(OCCUPATION, "competitions", Competition, HeldBy("occupation_id"))
competitions_of_region = Many(REGION, "competitions", Competition, lying_in())
competitions_of_host = Many(ORGANISATION, "hosted_competitions", Competition, HeldBy("host_id"))
hosted_competitions = Many(ACADEMY, "hosted_competitions", Competition, HeldBy("academy_id"))

competition_of_result = One(RESULT, "competition", Competition, "competition_id")
recipient = OneOf(
    RESULT,
    "recipient",
    {
        Worker: "worker_id",
        Organisation: "organisation_id",
        Studio: "studio_id",
        Region: "recipient_region_id",
    },
)
region_of_result = One(RESULT, "region", Region, "region_id")
results = Many(COMPETITION, "results", Result, HeldBy("competition_id"))
results_of_worker = Many(WORKER, "results", Result, HeldBy("worker_id"))
results_of_organisation = Many(ORGANISATION, "results", Result, HeldBy("organisation_id"))
results_of_studio = Many(STUDIO, "results", Result, HeldBy("studio_id"))
results_of_region = Many(REGION, "results", Result, region_of_facts())
sources_of_result = cited(RESULT)

series_of_rule = One(PRIZE_RULE, "series", CompetitionSeries, "series_id")
honour_of_rule = One(PRIZE_RULE, "honour", Honour, "honour_id")
region_of_rule = One(PRIZE_RULE, "region", Region, "region_id")
payer = One(PRIZE_RULE, "payer", Organisation, "payer_id")
rules_of_payer = Many(ORGANISATION, "paid_prize_rules", PrizeRule, HeldBy("payer_id"))
rules_of_region = Many(REGION, "applicable_prize_rules", PrizeRule, lying_in())
sources_of_rule = cited(PRIZE_RULE)
