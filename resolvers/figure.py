from typing import Any

from sqlalchemy import CompoundSelect, select, union

from engine.link import Many, One, OneOf
from engine.predicate import Asker
from engine.way import HeldBy, Listed
from kit.words import Labelled
from models import (
    Academy,
    Alliance,
    Competition,
    CompetitionSeries,
    Completeness,
    Event,
    Figure,
    Honour,
    Ladder,
    Organisation,
    Policy,
    Programme,
    Region,
    ServiceTeam,
    Studio,
    Target,
    Worker,
)
from resolvers.academy import ACADEMY
from resolvers.alliance import ALLIANCE
from resolvers.competition import COMPETITION, SERIES
from resolvers.declare import by, fact, lying_in, places
from resolvers.event import EVENT
from resolvers.honour import HONOUR, LADDER
from resolvers.metric import DIMENSION
from resolvers.organisation import ORGANISATION
from resolvers.policy import POLICY
from resolvers.region import REGION
from resolvers.service_team import SERVICE_TEAM
from resolvers.source import cited
from resolvers.studio import STUDIO
from resolvers.training import PROGRAMME
from resolvers.worker import WORKER


class FigureScope(Labelled):
    SELF = "SELF", "本地区"
    SUBTREE = "SUBTREE", "本地区及下辖地区"


FIGURE = fact(
    Figure,
    "metric",
    "period",
    "year",
    orders={"METRIC": "metric", "YEAR": "year"},
    dimensions={
        DIMENSION: by(column="metric", labelled=True),
        "PERIOD": by(column="period"),
        "YEAR": by(column="year"),
        **places("region"),
    },
)
TARGET = fact(
    Target,
    "metric",
    "year",
    "yearly",
    orders={"METRIC": "metric", "YEAR": "year"},
    dimensions={
        DIMENSION: by(column="metric", labelled=True),
        "YEAR": by(column="year"),
        **places("region"),
    },
)
COMPLETENESS = fact(
    Completeness,
    "metric",
    orders={"METRIC": "metric"},
    dimensions={DIMENSION: by(column="metric", labelled=True), **places("region")},
)

region = One(FIGURE, "region", Region, "region_id")
organisation = One(FIGURE, "organisation", Organisation, "organisation_id")
subject = OneOf(
    FIGURE,
    "subject",
    {
        Worker: "worker_id",
        Organisation: "subject_organisation_id",
        Studio: "studio_id",
        Academy: "academy_id",
        Alliance: "alliance_id",
        Competition: "competition_id",
        CompetitionSeries: "series_id",
        Honour: "honour_id",
        Ladder: "ladder_id",
        Programme: "programme_id",
        ServiceTeam: "service_team_id",
        Event: "event_id",
        Policy: "policy_id",
    },
)
figures_of_region = Many(
    REGION,
    "figures",
    Figure,
    HeldBy("region_id"),
    scopes={FigureScope.SELF: HeldBy("region_id"), FigureScope.SUBTREE: lying_in()},
)
sources_of_figure = cited(FIGURE)


def figures_with(asker: Asker) -> CompoundSelect[Any]:
    """Those that an organisation published or paid for, and those about it."""
    rows = FIGURE.table
    return union(
        select(rows.c.organisation_id, rows.c.id), select(rows.c.subject_organisation_id, rows.c.id)
    )


figures_of_organisation = Many(ORGANISATION, "figures", Figure, Listed(figures_with))

# Figures about a thing: the same field on every kind that can be a figure's subject.
FIGURES_OF = {
    kind: Many(kind, "figures", Figure, HeldBy(column))
    for kind, column in (
        (WORKER, "worker_id"),
        (STUDIO, "studio_id"),
        (ACADEMY, "academy_id"),
        (ALLIANCE, "alliance_id"),
        (COMPETITION, "competition_id"),
        (SERIES, "series_id"),
        (HONOUR, "honour_id"),
        (LADDER, "ladder_id"),
        (PROGRAMME, "programme_id"),
        (SERVICE_TEAM, "service_team_id"),
        (EVENT, "event_id"),
        (POLICY, "policy_id"),
    )
}

region_of_target = One(TARGET, "region", Region, "region_id")
organisation_of_target = One(TARGET, "organisation", Organisation, "organisation_id")
targets_of_organisation = Many(ORGANISATION, "targets", Target, HeldBy("organisation_id"))
targets_of_region = Many(REGION, "targets", Target, lying_in())
sources_of_target = cited(TARGET)

region_of_completeness = One(COMPLETENESS, "region", Region, "region_id")
sources_of_completeness = cited(COMPLETENESS)
