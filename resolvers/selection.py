from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne, ToOneUnion
from models.honour import Conferral, Honour, SelectionStage
from models.organisation import Organisation
from models.selection import Nomination, SelectionRound
from models.studio import Studio
from models.worker import Worker
from resolvers.core.declare import declare_fact, declare_thing, dimension, region_dimensions
from resolvers.honour import CONFERRAL, HONOUR, SELECTION_STAGE
from resolvers.organisation import ORGANISATION
from resolvers.source import sources_link
from resolvers.studio import STUDIO
from resolvers.worker import WORKER

SELECTION_ROUND = declare_thing(
    SelectionRound,
    "number",
    "year",
    orders={"YEAR": "year", "NUMBER": "number"},
    dimensions={
        "HONOUR": dimension("honour"),
        "LEVEL": dimension("honour", column="level"),
        "YEAR": dimension(column="year"),
        "ORGANISER": dimension("organiser"),
        **region_dimensions("honour", "region"),
    },
    description="评选批次",
    place=380,
)
NOMINATION = declare_fact(
    Nomination,
    "nomination_status",
    dimensions={
        "NOMINATION_STATUS": dimension(column="nomination_status"),
        "SELECTION_ROUND": dimension("selection_round"),
        "NOMINATOR": dimension("nominator"),
        "YEAR": dimension("selection_round", column="year"),
        **region_dimensions("nominee", "region"),
    },
    description="Nominations for honours. 推荐人选",
    place=390,
)

honour = ToOne(SELECTION_ROUND, "honour", Honour, "honour_id")
organiser = ToOne(SELECTION_ROUND, "organiser", Organisation, "organiser_id")
nominations = ToMany(
    SELECTION_ROUND, "nominations", Nomination, ForeignKeyJoin("selection_round_id")
)
selection_rounds = ToMany(HONOUR, "selection_rounds", SelectionRound, ForeignKeyJoin("honour_id"))
organised_selection_rounds = ToMany(
    ORGANISATION,
    "organised_selection_rounds",
    SelectionRound,
    ForeignKeyJoin("organiser_id"),
    description="Selection rounds that this organisation organised. 组织的评选",
    place=423,
)

selection_round_of_conferral = ToOne(
    CONFERRAL, "selection_round", SelectionRound, "selection_round_id"
)
conferrals = ToMany(SELECTION_ROUND, "conferrals", Conferral, ForeignKeyJoin("selection_round_id"))

selection_round = ToOne(NOMINATION, "selection_round", SelectionRound, "selection_round_id")
nominee = ToOneUnion(
    NOMINATION,
    "nominee",
    {Worker: "worker_id", Organisation: "organisation_id", Studio: "studio_id"},
)
nominator = ToOne(NOMINATION, "nominator", Organisation, "nominator_id")
stage = ToOne(NOMINATION, "stage", SelectionStage, "stage_id")
conferral = ToOne(NOMINATION, "conferral", Conferral, "conferral_id")
nominations_of_worker = ToMany(WORKER, "nominations", Nomination, ForeignKeyJoin("worker_id"))
nominations_of_organisation = ToMany(
    ORGANISATION,
    "nominations",
    Nomination,
    ForeignKeyJoin("organisation_id"),
    description="Nominations of this organisation as the candidate. 被推荐",
    place=421,
)
nominations_of_studio = ToMany(STUDIO, "nominations", Nomination, ForeignKeyJoin("studio_id"))
made_nominations = ToMany(
    ORGANISATION,
    "made_nominations",
    Nomination,
    ForeignKeyJoin("nominator_id"),
    description="Nominations that this organisation made. 推荐的人选",
    place=422,
)
nominations_of_conferral = ToMany(
    CONFERRAL, "nominations", Nomination, ForeignKeyJoin("conferral_id")
)
nominations_of_stage = ToMany(
    SELECTION_STAGE, "nominations", Nomination, ForeignKeyJoin("stage_id")
)
sources_of_nomination = sources_link(NOMINATION)
