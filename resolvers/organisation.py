from engine.along import Along
from engine.kind import Filter
from engine.link import Closed, Many, One
from engine.way import HeldBy
from models import (
    Industry,
    Organisation,
    OrganisationFormerName,
    OrganisationSuccession,
    Region,
)
from resolvers.declare import by, lying_in, part, places, thing
from resolvers.known_as import known_as
from resolvers.region import REGION
from resolvers.vocabulary import INDUSTRY

ORGANISATION = thing(
    Organisation,
    "organisation_kind",
    "credit_code",
    "industry_as_published",
    rules={
        "name": Filter(
            "name",
            known_as,
            "Its name, one that it had before, or one of those whose place it took. 名称或曾用名",
        )
    },
    dimensions={
        "KIND": by(column="organisation_kind"),
        "INDUSTRY": by("industry"),
        **places("region"),
    },
)
FORMER_NAME = part(
    OrganisationFormerName,
    "name",
    orders={"STARTED": "started"},
    dimensions=places("organisation", "region"),
)
SUCCESSION = part(
    OrganisationSuccession,
    "decree",
    orders={"SINCE": "since"},
    dimensions={"YEAR": by(column="since", digits=4), **places("successor", "region")},
)

region = One(ORGANISATION, "region", Region, "region_id")
industry = One(ORGANISATION, "industry", Industry, "industry_id")
parent = One(ORGANISATION, "parent", Organisation, "parent_id")
subsidiaries = Many(ORGANISATION, "subsidiaries", Organisation, HeldBy("parent_id"))
organisations_of_industry = Many(INDUSTRY, "organisations", Organisation, HeldBy("industry_id"))
organisations_of_region = Many(REGION, "organisations", Organisation, lying_in())

former_names = Closed(
    ORGANISATION,
    "former_names",
    OrganisationFormerName,
    HeldBy("organisation_id"),
    order=("started",),
)
organisation_of_former_name = One(FORMER_NAME, "organisation", Organisation, "organisation_id")
organisation_of_succession = One(SUCCESSION, "organisation", Organisation, "organisation_id")
successor_of_organisation = One(SUCCESSION, "successor", Organisation, "successor_id")
successions = Closed(
    ORGANISATION,
    "successions",
    OrganisationSuccession,
    HeldBy("organisation_id"),
    order=("since",),
)
successions_into = Closed(
    ORGANISATION,
    "successions_into",
    OrganisationSuccession,
    HeldBy("successor_id"),
    order=("since",),
)
successors = Closed(ORGANISATION, "successors", Organisation, Along(successions, "successor"))
predecessors = Closed(
    ORGANISATION, "predecessors", Organisation, Along(successions_into, "organisation")
)
