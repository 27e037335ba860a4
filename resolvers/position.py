from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne
from models import Organisation, Position, Worker
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
)

worker = ToOne(POSITION, "worker", Worker, "worker_id")
organisation = ToOne(POSITION, "organisation", Organisation, "organisation_id")
positions = ToMany(WORKER, "positions", Position, ForeignKeyJoin("worker_id"))
positions_of_organisation = ToMany(
    ORGANISATION, "positions", Position, ForeignKeyJoin("organisation_id")
)
sources_of_position = sources_link(POSITION)
