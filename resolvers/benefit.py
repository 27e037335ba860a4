from engine.link import Many, One
from engine.way import HeldBy
from models import Benefit, Honour, Organisation, Region
from resolvers.declare import by, lying_in, places, thing
from resolvers.honour import HONOUR
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION

BENEFIT = thing(
    Benefit,
    "benefit_kind",
    dimensions={
        "KIND": by(column="benefit_kind"),
        "PROVIDER": by("provider"),
        "HONOUR": by("honour"),
        **places("region"),
    },
)

provider = One(BENEFIT, "provider", Organisation, "provider_id")
region = One(BENEFIT, "region", Region, "region_id")
honour = One(BENEFIT, "honour", Honour, "honour_id")
benefits_of_region = Many(REGION, "benefits", Benefit, lying_in())
benefits_of_honour = Many(HONOUR, "benefits", Benefit, HeldBy("honour_id"))
provided_benefits = Many(ORGANISATION, "provided_benefits", Benefit, HeldBy("provider_id"))
