from engine.link import Many, One
from engine.way import HeldBy
from models import Industry, Major, Occupation
from resolvers.declare import by, thing

SCHEMES = {"SCHEME": by(column="scheme")}

OCCUPATION = thing(Occupation, "scheme", dimensions=SCHEMES)
INDUSTRY = thing(Industry, "scheme", dimensions=SCHEMES)
MAJOR = thing(Major, "scheme", dimensions=SCHEMES)

parent_of_occupation = One(OCCUPATION, "parent", Occupation, "parent_id")
parent_of_industry = One(INDUSTRY, "parent", Industry, "parent_id")
parent_of_major = One(MAJOR, "parent", Major, "parent_id")

narrower_of_occupation = Many(OCCUPATION, "narrower", Occupation, HeldBy("parent_id"))
narrower_of_industry = Many(INDUSTRY, "narrower", Industry, HeldBy("parent_id"))
narrower_of_major = Many(MAJOR, "narrower", Major, HeldBy("parent_id"))
