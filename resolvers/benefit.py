from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne
from models.benefit import Benefit
from models.honour import Honour
from models.organisation import Organisation
from models.region import Region
from resolvers.core.declare import declare_thing, dimension, region_dimensions, subtree_join
from resolvers.honour import HONOUR
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION

BENEFIT = declare_thing(
    Benefit,
    "benefit_kind",
    dimensions={
        "KIND": dimension(column="benefit_kind"),
        "PROVIDER": dimension("provider"),
        "HONOUR": dimension("honour"),
        **region_dimensions("region"),
    },
    description="礼遇",
    place=460,
)

provider = ToOne(BENEFIT, "provider", Organisation, "provider_id")
region = ToOne(BENEFIT, "region", Region, "region_id")
honour = ToOne(BENEFIT, "honour", Honour, "honour_id")
benefits_of_region = ToMany(
    REGION, "benefits", Benefit, subtree_join(), description="礼遇", place=421
)
benefits_of_honour = ToMany(HONOUR, "benefits", Benefit, ForeignKeyJoin("honour_id"))
provided_benefits = ToMany(
    ORGANISATION,
    "provided_benefits",
    Benefit,
    ForeignKeyJoin("provider_id"),
    description="Benefits that this organisation provides. 提供的礼遇",
)
