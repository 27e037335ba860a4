from engine.link import Many, One, OneOf
from engine.way import HeldBy
from models import (
    Conferral,
    Honour,
    Nomination,
    Organisation,
    SelectionRound,
    SelectionStage,
    Studio,
    Worker,
)
from resolvers.declare import by, fact, places, thing
from resolvers.honour import CONFERRAL, HONOUR, STAGE
from resolvers.organisation import ORGANISATION
from resolvers.source import cited
from resolvers.studio import STUDIO
from resolvers.worker import WORKER

SELECTION_ROUND = thing(
    SelectionRound,
    "number",
    "year",
    orders={"YEAR": "year", "NUMBER": "number"},
    dimensions={
        "HONOUR": by("honour"),
        "LEVEL": by("honour", column="level"),
        "YEAR": by(column="year"),
        "ORGANISER": by("organiser"),
        **places("honour", "region"),
    },
)
NOMINATION = fact(
    Nomination,
    "nomination_status",
    dimensions={
        "NOMINATION_STATUS": by(column="nomination_status"),
        "SELECTION_ROUND": by("selection_round"),
        "NOMINATOR": by("nominator"),
        "YEAR": by("selection_round", column="year"),
        **places("nominee", "region"),
    },
)

honour = One(SELECTION_ROUND, "honour", Honour, "honour_id")
organiser = One(SELECTION_ROUND, "organiser", Organisation, "organiser_id")
nominations = Many(SELECTION_ROUND, "nominations", Nomination, HeldBy("selection_round_id"))
selection_rounds = Many(HONOUR, "selection_rounds", SelectionRound, HeldBy("honour_id"))
organised_selection_rounds = Many(
    ORGANISATION, "organised_selection_rounds", SelectionRound, HeldBy("organiser_id")
)

selection_round_of_conferral = One(
    CONFERRAL, "selection_round", SelectionRound, "selection_round_id"
)
conferrals = Many(SELECTION_ROUND, "conferrals", Conferral, HeldBy("selection_round_id"))

selection_round = One(NOMINATION, "selection_round", SelectionRound, "selection_round_id")
nominee = OneOf(
    NOMINATION,
    "nominee",
    {Worker: "worker_id", Organisation: "organisation_id", Studio: "studio_id"},
)
nominator = One(NOMINATION, "nominator", Organisation, "nominator_id")
stage = One(NOMINATION, "stage", SelectionStage, "stage_id")
conferral = One(NOMINATION, "conferral", Conferral, "conferral_id")
nominations_of_worker = Many(WORKER, "nominations", Nomination, HeldBy("worker_id"))
nominations_of_organisation = Many(
    ORGANISATION, "nominations", Nomination, HeldBy("organisation_id")
)
nominations_of_studio = Many(STUDIO, "nominations", Nomination, HeldBy("studio_id"))
made_nominations = Many(ORGANISATION, "made_nominations", Nomination, HeldBy("nominator_id"))
nominations_of_conferral = Many(CONFERRAL, "nominations", Nomination, HeldBy("conferral_id"))
nominations_of_stage = Many(STAGE, "nominations", Nomination, HeldBy("stage_id"))
sources_of_nomination = cited(NOMINATION)
