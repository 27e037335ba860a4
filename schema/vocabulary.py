import strawberry

import resolvers.academy
import resolvers.challenge
import resolvers.competition
import resolvers.organisation
import resolvers.studio
import resolvers.training
import resolvers.vocabulary
import resolvers.worker
from schema.types.link_fields import link_field
from schema.types.node import Record

SCHEME_DESCRIPTION = "Classification, with its year or edition. 分类体系"


@strawberry.type(description="An occupation of the national classification. 职业工种")
class Occupation(Record):
    scheme: str = strawberry.field(description=SCHEME_DESCRIPTION)
    parent = link_field(resolvers.vocabulary.parent_of_occupation, "上级类别")
    narrower = link_field(resolvers.vocabulary.narrower_of_occupation, "下级类别")
    workers = link_field(resolvers.worker.workers_of_occupation, "职工")
    competitions = link_field(resolvers.competition.competitions_of_occupation, "竞赛")
    qualifications = link_field(resolvers.training.qualifications_of_occupation, "技能等级证书")
    challenges = link_field(resolvers.challenge.challenges_of_occupation, "揭榜课题")


@strawberry.type(description="An industry of the standard GB/T 4754. 行业")
class Industry(Record):
    scheme: str = strawberry.field(description=SCHEME_DESCRIPTION)
    parent = link_field(resolvers.vocabulary.parent_of_industry, "上级类别")
    narrower = link_field(resolvers.vocabulary.narrower_of_industry, "下级类别")
    organisations = link_field(resolvers.organisation.organisations_of_industry, "单位")
    studios = link_field(resolvers.studio.studios_of_industry, "工作室")
    academies = link_field(resolvers.academy.academies_of_industry, "工匠学院")
    challenges = link_field(resolvers.challenge.challenges_of_industry, "揭榜课题")


@strawberry.type(description="A major in the national catalogue of vocational education. 专业")
class Major(Record):
    scheme: str = strawberry.field(description=SCHEME_DESCRIPTION)
    parent = link_field(resolvers.vocabulary.parent_of_major, "上级类别")
    narrower = link_field(resolvers.vocabulary.narrower_of_major, "下级类别")
    enrolments = link_field(
        resolvers.training.enrolments_of_major, "Enrolments. Never public. 学籍"
    )
