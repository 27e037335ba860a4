from engine.link import One
from models import Industry, Major, Occupation
from resolvers.declare import by, thing

SCHEMES = {"SCHEME": by(column="scheme")}

OCCUPATION = thing(Occupation, "scheme", dimensions=SCHEMES)
INDUSTRY = thing(Industry, "scheme", dimensions=SCHEMES)
MAJOR = thing(Major, "scheme", dimensions=SCHEMES)

parent_of_occupation = One(OCCUPATION, "parent", Occupation, "parent_id")
parent_of_industry = One(INDUSTRY, "parent", Industry, "parent_id")
parent_of_major = One(MAJOR, "parent", Major, "parent_id")
