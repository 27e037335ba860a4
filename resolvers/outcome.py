from typing import Any

from sqlalchemy import CompoundSelect, and_, select, union

from engine.link import Many, One, OneOf
from engine.page import Asked
from engine.predicate import Asker, about
from engine.way import HeldBy, Listed
from models import Contribution, Organisation, Outcome, Region, Studio, Worker
from resolvers import following
from resolvers.declare import by, fact, places, region_of_facts
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import cited
from resolvers.studio import STUDIO
from resolvers.worker import WORKER

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
    follows={"region_id": following.region_of_recipient},
)
CONTRIBUTION = fact(
    Contribution,
    orders={"SHARE": "share"},
    dimensions={
        "OUTCOME_KIND": by("outcome", column="outcome_kind"),
        "YEAR": by("outcome", column="year"),
        **places("contributor", "region"),
    },
)

studio = One(OUTCOME, "studio", Studio, "studio_id")
region = One(OUTCOME, "region", Region, "region_id")
contributions = Many(OUTCOME, "contributions", Contribution, HeldBy("outcome_id"))
outcomes_of_region = Many(REGION, "outcomes", Outcome, region_of_facts())
sources_of_outcome = cited(OUTCOME)


def brought_about(asker: Asker) -> CompoundSelect[Any]:
    """(studio, outcome), each once: those that a studio led, and those in which it had a part."""
    rows, parts = OUTCOME.rows(asker), CONTRIBUTION.rows(asker)
    standing = about(CONTRIBUTION, parts, Asked(), asker)
    return union(
        select(rows.c.studio_id, rows.c.id),
        select(parts.c.studio_id, parts.c.outcome_id).where(
            and_(parts.c.studio_id.is_not(None), standing)
        ),
    )


outcomes = Many(STUDIO, "outcomes", Outcome, Listed(brought_about))

outcome = One(CONTRIBUTION, "outcome", Outcome, "outcome_id")
contributor = OneOf(
    CONTRIBUTION,
    "contributor",
    {Worker: "worker_id", Organisation: "organisation_id", Studio: "studio_id"},
)
contributions_of_worker = Many(WORKER, "contributions", Contribution, HeldBy("worker_id"))
contributions_of_organisation = Many(
    ORGANISATION, "contributions", Contribution, HeldBy("organisation_id")
)
contributions_of_studio = Many(STUDIO, "contributions", Contribution, HeldBy("studio_id"))
sources_of_contribution = cited(CONTRIBUTION)
