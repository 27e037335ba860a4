import strawberry

import resolvers.vocabulary
from schema.linked import linked
from schema.node import Record

SCHEME = "The code list, with its year or edition. 分类体系"


@strawberry.type(description="An occupation of the national classification. 职业工种")
class Occupation(Record):
    scheme: str = strawberry.field(description=SCHEME)
    parent = linked(resolvers.vocabulary.parent_of_occupation, "上级类别")


@strawberry.type(description="An industry of GB/T 4754. 行业")
class Industry(Record):
    scheme: str = strawberry.field(description=SCHEME)
    parent = linked(resolvers.vocabulary.parent_of_industry, "上级类别")


@strawberry.type(description="A major of the vocational catalogues. 专业")
class Major(Record):
    scheme: str = strawberry.field(description=SCHEME)
    parent = linked(resolvers.vocabulary.parent_of_major, "上级类别")
