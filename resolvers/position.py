from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne
from models.organisation import Organisation
from models.position import Position
from models.worker import Worker
from resolvers.core.declare import CURRENT_SPELLS, declare_fact, dimension, region_dimensions
from resolvers.organisation import ORGANISATION
from resolvers.source import sources_link
from resolvers.worker import WORKER

POSITION = declare_fact(
    Position,
    "position_kind",
    "post",
    "term",
    orders={"STARTED": "started"},
    dimensions={
        "KIND": dimension(column="position_kind"),
        "ORGANISATION": dimension("organisation"),
        "YEAR": dimension(column="started", digits=4),
        **region_dimensions("worker", "region"),
    },
    spell=CURRENT_SPELLS,
    description="任职兼职",
    place=370,
)

worker = ToOne(POSITION, "worker", Worker, "worker_id")
organisation = ToOne(POSITION, "organisation", Organisation, "organisation_id")
positions = ToMany(WORKER, "positions", Position, ForeignKeyJoin("worker_id"))
positions_of_organisation = ToMany(
    ORGANISATION,
    "positions",
    Position,
    ForeignKeyJoin("organisation_id"),
    description="Positions of workers in this organisation. 职工任职兼职",
)
sources_of_position = sources_link(POSITION)
