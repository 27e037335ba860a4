import strawberry

import resolvers.figure
import resolvers.training
from kit.values.partial_date import PartialDate
from models.training import EnrolmentStatus, QualificationBasis
from models.worker import Grade
from schema.types.link_fields import link_field
from schema.types.node import Fact, Record

STARTED_DESCRIPTION = "开始"
ENDED_DESCRIPTION = "结束"


@strawberry.type(description="A training programme. 培养项目")
class Programme(Record):
    mode: str | None = strawberry.field(
        description="Training mode, such as 工学一体, 双元三地 or 订单式. 培养模式"
    )
    region = link_field(resolvers.training.region, "地区")
    organisation = link_field(resolvers.training.organisation, "主办单位")
    academy = link_field(resolvers.training.academy_of_programme, "工匠学院")
    standard = link_field(
        resolvers.training.standard,
        "The competition on which the training standard is based. 标准来源竞赛",
    )
    classes = link_field(resolvers.training.classes_of_programme, "培训班")
    figures = link_field(resolvers.figure.FIGURES_OF[resolvers.training.PROGRAMME], "公布数")


@strawberry.type(description="A class of trainees. 培训班")
class TrainingClass(Record):
    started: PartialDate | None = strawberry.field(description=STARTED_DESCRIPTION)
    ended: PartialDate | None = strawberry.field(description=ENDED_DESCRIPTION)
    programme = link_field(resolvers.training.programme, "培养项目")
    academy = link_field(resolvers.training.academy, "工匠学院")
    college = link_field(resolvers.training.college, "院校")
    enrolments = link_field(resolvers.training.enrolments, "Enrolments. Never public. 学籍")


@strawberry.type(
    description="Enrolment of a trainee at a college or in a class. Never public. 学籍"
)
class Enrolment(Fact):
    cohort: int | None = strawberry.field(description="Year of entry. 年级")
    enrolment_status: EnrolmentStatus | None = strawberry.field(description="学籍状态")
    score: float | None = strawberry.field(description="Overall score, 0 to 100. 总评成绩")
    started: PartialDate | None = strawberry.field(description=STARTED_DESCRIPTION)
    ended: PartialDate | None = strawberry.field(description=ENDED_DESCRIPTION)
    college = link_field(resolvers.training.college_of_enrolment, "院校")
    training_class = link_field(resolvers.training.training_class, "培训班")
    trainee = link_field(resolvers.training.trainee, "学员")
    major = link_field(resolvers.training.major, "专业")


@strawberry.type(description="A mentor and an apprentice. 师徒")
class Mentorship(Fact):
    started: PartialDate | None = strawberry.field(description=STARTED_DESCRIPTION)
    ended: PartialDate | None = strawberry.field(description=ENDED_DESCRIPTION)
    mentor = link_field(resolvers.training.mentor, "师傅")
    apprentice = link_field(resolvers.training.apprentice, "徒弟")


@strawberry.type(description="A certificate of a skill grade. 技能等级证书")
class Qualification(Fact):
    grade: Grade | None = strawberry.field(description="等级")
    occupation_as_published: str | None = strawberry.field(description="公布的工种")
    issued_on: PartialDate | None = strawberry.field(description="发证日期")
    basis: QualificationBasis | None = strawberry.field(description="取证依据")
    worker = link_field(resolvers.training.worker_of_qualification, "职工")
    occupation = link_field(resolvers.training.occupation, "工种")
    issuer = link_field(
        resolvers.training.issuer,
        "The organisation that issued the certificate, such as an enterprise that assesses "
        "its own workers. 发证单位",
    )
    based_on = link_field(
        resolvers.training.based_on, "The competition result on which it is based. 依据"
    )
