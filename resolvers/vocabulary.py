from engine.catalog.join import ForeignKeyJoin
from engine.catalog.link import ToMany, ToOne
from models.vocabulary import Industry, Major, Occupation
from resolvers.core.declare import declare_thing, dimension

SCHEME_DIMENSIONS = {"SCHEME": dimension(column="scheme")}

OCCUPATION = declare_thing(
    Occupation, "scheme", dimensions=SCHEME_DIMENSIONS, description="职业工种", place=500
)
INDUSTRY = declare_thing(
    Industry, "scheme", dimensions=SCHEME_DIMENSIONS, description="行业", place=510
)
MAJOR = declare_thing(
    Major,
    "scheme",
    dimensions=SCHEME_DIMENSIONS,
    description="Majors of vocational education. 专业",
    place=520,
)

parent_of_occupation = ToOne(OCCUPATION, "parent", Occupation, "parent_id")
parent_of_industry = ToOne(INDUSTRY, "parent", Industry, "parent_id")
parent_of_major = ToOne(MAJOR, "parent", Major, "parent_id")

narrower_of_occupation = ToMany(OCCUPATION, "narrower", Occupation, ForeignKeyJoin("parent_id"))
narrower_of_industry = ToMany(INDUSTRY, "narrower", Industry, ForeignKeyJoin("parent_id"))
narrower_of_major = ToMany(MAJOR, "narrower", Major, ForeignKeyJoin("parent_id"))
