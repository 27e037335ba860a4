from engine.link import Many, One
from engine.way import HeldBy
from models import Industry, Organisation, Region
from resolvers.declare import by, lying_in, places, thing
from resolvers.region import REGION
from resolvers.vocabulary import INDUSTRY

ORGANISATION = thing(
    Organisation,
    "organisation_kind",
    "credit_code",
    "industry_as_published",
    dimensions={
        "KIND": by(column="organisation_kind"),
        "INDUSTRY": by("industry"),
        **places("region"),
    },
)

region = One(ORGANISATION, "region", Region, "region_id")
industry = One(ORGANISATION, "industry", Industry, "industry_id")
parent = One(ORGANISATION, "parent", Organisation, "parent_id")
subsidiaries = Many(ORGANISATION, "subsidiaries", Organisation, HeldBy("parent_id"))
organisations_of_industry = Many(INDUSTRY, "organisations", Organisation, HeldBy("industry_id"))
organisations_of_region = Many(REGION, "organisations", Organisation, lying_in())
