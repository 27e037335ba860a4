from typing import Any

from sqlalchemy import CompoundSelect, and_, select, union

from engine.catalog.join import ForeignKeyJoin, PairsJoin
from engine.catalog.link import ToMany, ToOne, ToOneUnion
from engine.sql.arguments import ConnectionArguments
from engine.sql.predicate import ViewerContext, list_predicate
from models.organisation import Organisation
from models.outcome import Contribution, Outcome
from models.region import Region
from models.studio import Studio
from models.worker import Worker
from resolvers.core import derived_values
from resolvers.core.declare import declare_fact, dimension, fact_subtree_join, region_dimensions
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from resolvers.source import sources_link
from resolvers.studio import STUDIO
from resolvers.worker import WORKER

OUTCOME = declare_fact(
    Outcome,
    "outcome_kind",
    "title",
    "year",
    orders={"YEAR": "year"},
    dimensions={
        "KIND": dimension(column="outcome_kind"),
        "YEAR": dimension(column="year"),
        "INDUSTRY": dimension("studio", "industry"),
        "STUDIO": dimension("studio"),
        **region_dimensions("region"),
    },
    measures={"VALUE": "value", "QUANTITY": "quantity"},
    follows={"region_id": derived_values.region_of_recipient},
    description="创新成果",
    place=310,
)
CONTRIBUTION = declare_fact(
    Contribution,
    orders={"SHARE": "share"},
    dimensions={
        "OUTCOME_KIND": dimension("outcome", column="outcome_kind"),
        "YEAR": dimension("outcome", column="year"),
        **region_dimensions("contributor", "region"),
    },
    description="成果贡献",
    place=320,
)

studio = ToOne(OUTCOME, "studio", Studio, "studio_id")
region = ToOne(OUTCOME, "region", Region, "region_id")
contributions = ToMany(OUTCOME, "contributions", Contribution, ForeignKeyJoin("outcome_id"))
outcomes_of_region = ToMany(
    REGION,
    "outcomes",
    Outcome,
    fact_subtree_join(),
    description="Outcomes of studios in this region and all regions below it. 创新成果",
)
sources_of_outcome = sources_link(OUTCOME)


def studio_outcome_pairs(asker: ViewerContext) -> CompoundSelect[Any]:
    """Select (studio, outcome), each once: outcomes that a studio led or contributed to."""
    rows, parts = OUTCOME.rows(asker), CONTRIBUTION.rows(asker)
    standing = list_predicate(CONTRIBUTION, parts, ConnectionArguments(), asker)
    return union(
        select(rows.c.studio_id, rows.c.id),
        select(parts.c.studio_id, parts.c.outcome_id).where(
            and_(parts.c.studio_id.is_not(None), standing)
        ),
    )


outcomes = ToMany(STUDIO, "outcomes", Outcome, PairsJoin(studio_outcome_pairs))

outcome = ToOne(CONTRIBUTION, "outcome", Outcome, "outcome_id")
contributor = ToOneUnion(
    CONTRIBUTION,
    "contributor",
    {Worker: "worker_id", Organisation: "organisation_id", Studio: "studio_id"},
)
contributions_of_worker = ToMany(WORKER, "contributions", Contribution, ForeignKeyJoin("worker_id"))
contributions_of_organisation = ToMany(
    ORGANISATION,
    "contributions",
    Contribution,
    ForeignKeyJoin("organisation_id"),
    description="成果贡献",
    place=341,
)
contributions_of_studio = ToMany(STUDIO, "contributions", Contribution, ForeignKeyJoin("studio_id"))
sources_of_contribution = sources_link(CONTRIBUTION)
