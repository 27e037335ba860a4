import strawberry

import resolvers.academy
import resolvers.challenge
import resolvers.competition
import resolvers.organisation
import resolvers.studio
import resolvers.training
import resolvers.vocabulary
import resolvers.worker
from schema.linked import linked
from schema.node import Record

SCHEME = "The code list, with its year or edition. 分类体系"


@strawberry.type(description="An occupation of the national classification. 职业工种")
class Occupation(Record):
    scheme: str = strawberry.field(description=SCHEME)
    parent = linked(resolvers.vocabulary.parent_of_occupation, "上级类别")
    narrower = linked(resolvers.vocabulary.narrower_of_occupation, "下级类别")
    workers = linked(resolvers.worker.workers_of_occupation, "职工")
    competitions = linked(resolvers.competition.competitions_of_occupation, "竞赛")
    qualifications = linked(resolvers.training.qualifications_of_occupation, "技能等级证书")
    challenges = linked(resolvers.challenge.challenges_of_occupation, "揭榜课题")


@strawberry.type(description="An industry of GB/T 4754. 行业")
class Industry(Record):
    scheme: str = strawberry.field(description=SCHEME)
    parent = linked(resolvers.vocabulary.parent_of_industry, "上级类别")
    narrower = linked(resolvers.vocabulary.narrower_of_industry, "下级类别")
    organisations = linked(resolvers.organisation.organisations_of_industry, "单位")
    studios = linked(resolvers.studio.studios_of_industry, "工作室")
    academies = linked(resolvers.academy.academies_of_industry, "工匠学院")
    challenges = linked(resolvers.challenge.challenges_of_industry, "揭榜课题")


@strawberry.type(description="A major of the vocational catalogues. 专业")
class Major(Record):
    scheme: str = strawberry.field(description=SCHEME)
    parent = linked(resolvers.vocabulary.parent_of_major, "上级类别")
    narrower = linked(resolvers.vocabulary.narrower_of_major, "下级类别")
    enrolments = linked(resolvers.training.enrolments_of_major, "Never public. 学籍")
