from engine.link import Many, One
from engine.way import HeldBy
from models import Organisation, Position, Worker
from resolvers.declare import CURRENT, by, fact, places
from resolvers.organisation import ORGANISATION
from resolvers.source import cited
from resolvers.worker import WORKER

POSITION = fact(
    Position,
    "position_kind",
    "post",
    "term",
    orders={"STARTED": "started"},
    dimensions={
        "KIND": by(column="position_kind"),
        "ORGANISATION": by("organisation"),
        "YEAR": by(column="started", digits=4),
        **places("worker", "region"),
    },
    spell=CURRENT,
)

worker = One(POSITION, "worker", Worker, "worker_id")
organisation = One(POSITION, "organisation", Organisation, "organisation_id")
positions = Many(WORKER, "positions", Position, HeldBy("worker_id"))
positions_of_organisation = Many(ORGANISATION, "positions", Position, HeldBy("organisation_id"))
sources_of_position = cited(POSITION)
