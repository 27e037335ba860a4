from typing import Any

from sqlalchemy import CompoundSelect, select, union

from engine.catalog.join import ForeignKeyJoin, PairsJoin
from engine.catalog.link import ToMany, ToOne, ToOneUnion
from engine.sql.predicate import ViewerContext
from kit.values.labelled_enum import LabelledEnum
from models.academy import Academy
from models.alliance import Alliance
from models.competition import Competition, CompetitionSeries
from models.event import Event
from models.figure import Completeness, Figure, Target
from models.honour import Honour, Ladder
from models.organisation import Organisation
from models.policy import Policy
from models.region import Region
from models.service_team import ServiceTeam
from models.studio import Studio
from models.training import Programme
from models.worker import Worker
from resolvers.academy import ACADEMY
from resolvers.alliance import ALLIANCE
from resolvers.competition import COMPETITION, COMPETITION_SERIES
from resolvers.core.declare import declare_fact, dimension, region_dimensions, subtree_join
from resolvers.core.metric_names import METRIC_DIMENSION
from resolvers.event import EVENT
from resolvers.honour import HONOUR, LADDER
from resolvers.organisation import ORGANISATION
from resolvers.policy import POLICY
from resolvers.region import REGION
from resolvers.service_team import SERVICE_TEAM
from resolvers.source import sources_link
from resolvers.studio import STUDIO
from resolvers.training import PROGRAMME
from resolvers.worker import WORKER


class FigureScope(
    LabelledEnum,
    description="Whether a list covers the region itself only or also all regions below "
    "it. 统计范围",
):
    SELF = "SELF", "本地区", "The region itself"
    SUBTREE = "SUBTREE", "本地区及下辖地区", "The region and all regions below it"


FIGURE = declare_fact(
    Figure,
    "metric",
    "period",
    "year",
    orders={"METRIC": "metric", "YEAR": "year"},
    dimensions={
        METRIC_DIMENSION: dimension(column="metric", labelled=True),
        "PERIOD": dimension(column="period"),
        "YEAR": dimension(column="year"),
        **region_dimensions("region"),
    },
    description="Published numbers. 公布数",
    place=470,
)
TARGET = declare_fact(
    Target,
    "metric",
    "year",
    "yearly",
    orders={"METRIC": "metric", "YEAR": "year"},
    dimensions={
        METRIC_DIMENSION: dimension(column="metric", labelled=True),
        "YEAR": dimension(column="year"),
        **region_dimensions("region"),
    },
    description="目标",
    place=480,
)
COMPLETENESS = declare_fact(
    Completeness,
    "metric",
    orders={"METRIC": "metric"},
    dimensions={
        METRIC_DIMENSION: dimension(column="metric", labelled=True),
        **region_dimensions("region"),
    },
    irregular_plural="completeness",
    description="Declarations of completeness. 登记完整性声明",
    place=490,
)

region = ToOne(FIGURE, "region", Region, "region_id")
organisation = ToOne(FIGURE, "organisation", Organisation, "organisation_id")
subject = ToOneUnion(
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
figures_of_region = ToMany(
    REGION,
    "figures",
    Figure,
    ForeignKeyJoin("region_id"),
    scopes={FigureScope.SELF: ForeignKeyJoin("region_id"), FigureScope.SUBTREE: subtree_join()},
    description="Published numbers about the region itself. With scope SUBTREE also about the "
    "regions below it: do not add them up, because levels overlap. 公布数",
)
sources_of_figure = sources_link(FIGURE)


def organisation_figure_pairs(asker: ViewerContext) -> CompoundSelect[Any]:
    """Select figures that an organisation published or paid for, and those about it."""
    rows = FIGURE.table
    return union(
        select(rows.c.organisation_id, rows.c.id), select(rows.c.subject_organisation_id, rows.c.id)
    )


figures_of_organisation = ToMany(
    ORGANISATION,
    "figures",
    Figure,
    PairsJoin(organisation_figure_pairs),
    description="Published numbers by or about this organisation. 公布数",
    place=532,
)

# Figures about a thing: one field on every kind that can be the subject.
FIGURES_OF = {
    kind: ToMany(kind, "figures", Figure, ForeignKeyJoin(column))
    for kind, column in (
        (WORKER, "worker_id"),
        (STUDIO, "studio_id"),
        (ACADEMY, "academy_id"),
        (ALLIANCE, "alliance_id"),
        (COMPETITION, "competition_id"),
        (COMPETITION_SERIES, "series_id"),
        (HONOUR, "honour_id"),
        (LADDER, "ladder_id"),
        (PROGRAMME, "programme_id"),
        (SERVICE_TEAM, "service_team_id"),
        (EVENT, "event_id"),
        (POLICY, "policy_id"),
    )
}

region_of_target = ToOne(TARGET, "region", Region, "region_id")
organisation_of_target = ToOne(TARGET, "organisation", Organisation, "organisation_id")
targets_of_organisation = ToMany(
    ORGANISATION,
    "targets",
    Target,
    ForeignKeyJoin("organisation_id"),
    description="Targets that this organisation set. 制定的目标",
    place=531,
)
targets_of_region = ToMany(REGION, "targets", Target, subtree_join(), description="目标")
sources_of_target = sources_link(TARGET)

region_of_completeness = ToOne(COMPLETENESS, "region", Region, "region_id")
sources_of_completeness = sources_link(COMPLETENESS)
