from functools import partial
from typing import Any

import strawberry
from strawberry import UNSET, Parent

import resolvers.cohort
from resolvers.cohort import STEPS, FirstJobs
from resolvers.cohort import Cohort as Found
from resolvers.context import Info
from resolvers.organisation import ORGANISATION
from resolvers.source import SOURCE
from schema.connection import connection_of
from schema.linked import paging, spells
from schema.made import argument, graphql_type, maybe


def step(name: str, description: str) -> Any:
    link, _ = STEPS[name]
    return listed(link.to, partial(resolvers.cohort.step, name), description)


def listed(kind: Any, listing: Any, description: str) -> Any:
    def answer(parent: Parent[Any], **given: Any) -> Any:
        return listing(parent, **given)

    field = strawberry.field(answer, graphql_type=connection_of(kind), description=description)
    field.arguments = [*spells(kind), *paging(kind)]
    return field


@strawberry.type(
    description="How long those who finished needed to their first job, in months. 初次就业用时"
)
class FirstJob:
    median_months: float | None = strawberry.field(
        description="From the month in which the enrolment ended to the month in which the first "
        "job began that wasn't over by then; 0 where it had begun before. Of an even number the "
        "mean of the two in the middle; null where nobody can be measured. 初次就业月数中位数"
    )
    measured: int = strawberry.field(description="People of whom both months are known. 可计算人数")
    undated: int = strawberry.field(
        description="People with a job, but without one of the two months. 月份不详人数"
    )

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, FirstJobs)


async def college(parent: Parent[Found], info: Info) -> Any:
    return await resolvers.cohort.college_of(info, parent.college)


def year(parent: Parent[Found]) -> int:
    return parent.year


async def first_job(parent: Parent[Found], info: Info) -> Any:
    return await resolvers.cohort.first_jobs(info, parent)


@strawberry.type(
    description="What became of those who began at a college in one year: people, each once, step "
    "by step, and the facts behind the steps. Each is a list, whose `totalCount` is the number and "
    "which takes a further filter; it holds what the viewer may list. 届次去向"
)
class Cohort:
    college = strawberry.field(
        college, graphql_type=maybe(graphql_type(ORGANISATION)), description="院校"
    )
    year = strawberry.field(year, description="The year of entry. 年级")

    enrolled = step("enrolled", "All of them, however it ended. 入学学员")
    completed = step("completed", "Of these, who graduated or completed. 毕业、结业学员")
    competed = step(
        "competed", "Who has a result in a contest of the year of entry or later. 参赛学员"
    )
    medalled = step(
        "medalled",
        "Of these, who was among the first three, or has a title or a medal; or, where no rank was "
        "published, a special, first, second or third prize. 获奖学员",
    )
    certified = step("certified", "Who holds a certificate of skill, of any year. 持证学员")
    employed = step("employed", "Who has a job today. 就业学员")

    enrolments = step("enrolments", "By status, major or class, grouped. 学籍")
    results = step("results", "Of contests of the year of entry or later. 竞赛成绩")
    certificates = step(
        "certificates",
        "By grade, grouped: who holds two of one grade is there twice. 技能等级证书",
    )
    employments = step(
        "employments", "Those of today; by region and industry, grouped: of two jobs both. 任职"
    )
    first_job = strawberry.field(
        first_job, graphql_type=FirstJob, description="Until the first job. 初次就业"
    )
    sources = listed(SOURCE, resolvers.cohort.sources, "Who says that they are enrolled. 来源")

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, Found)


async def found(info: Info, college: str, year: int) -> Any:
    return await resolvers.cohort.cohort(info, college, year)


COHORT = strawberry.field(
    found,
    graphql_type=maybe(Cohort),
    description="What became of a college's trainees of one year. Null where there is no such "
    "cohort, and for whoever may list none of it. 届次去向",
)
COHORT.arguments = [
    argument("college", str, UNSET, "The college's code. 院校编码"),
    argument("year", int, UNSET, "The year of entry. 年级"),
]
