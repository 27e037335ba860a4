from engine.link import Many, One
from engine.way import HeldBy
from models import Outcome, Region, Studio
from resolvers.declare import by, fact, lying_in, places
from resolvers.region import REGION
from resolvers.source import cited
from resolvers.studio import STUDIO

OUTCOME = fact(
    Outcome,
    "outcome_kind",
    "title",
    "year",
    orders={"YEAR": "year"},
    dimensions={
        "KIND": by(column="outcome_kind"),
        "YEAR": by(column="year"),
        "INDUSTRY": by("studio", "industry"),
        "STUDIO": by("studio"),
        **places("region"),
    },
    measures={"VALUE": "value", "QUANTITY": "quantity"},
)

studio = One(OUTCOME, "studio", Studio, "studio_id")
region = One(OUTCOME, "region", Region, "region_id")
outcomes = Many(STUDIO, "outcomes", Outcome, HeldBy("studio_id"))
outcomes_of_region = Many(REGION, "outcomes", Outcome, lying_in())
sources_of_outcome = cited(OUTCOME)
