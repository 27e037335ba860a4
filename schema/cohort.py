from functools import partial
from typing import Any

import strawberry
from strawberry import UNSET, Parent

import resolvers.cohort
from resolvers.cohort import COHORT_STEPS, FirstJobStatistics
from resolvers.cohort import CollegeCohort as Found
from resolvers.context import Info
from resolvers.organisation import ORGANISATION
from resolvers.source import SOURCE
from schema.connection import connection_type
from schema.linked import connection_arguments, spell_arguments
from schema.made import argument, entity_type, nullable_type


def step_field(name: str, description: str) -> Any:
    link, _ = COHORT_STEPS[name]
    return filtered_list_field(
        link.to, partial(resolvers.cohort.step_connection, name), description
    )


def filtered_list_field(kind: Any, listing: Any, description: str) -> Any:
    def answer(parent: Parent[Any], **given: Any) -> Any:
        return listing(parent, **given)

    field = strawberry.field(answer, graphql_type=connection_type(kind), description=description)
    field.arguments = [*spell_arguments(kind), *connection_arguments(kind)]
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
        return isinstance(value, FirstJobStatistics)


async def cohort_college_resolver(parent: Parent[Found], info: Info) -> Any:
    return await resolvers.cohort.resolve_college(info, parent.college)


def cohort_year_resolver(parent: Parent[Found]) -> int:
    return parent.year


async def first_job_resolver(parent: Parent[Found], info: Info) -> Any:
    return await resolvers.cohort.read_first_job_statistics(info, parent)


@strawberry.type(
    description="What became of those who began at a college in one year: people, each once, step "
    "by step, and the facts behind the steps. Each is a list, whose `totalCount` is the number and "
    "which takes a further filter; it holds what the viewer may list. 届次去向"
)
class Cohort:
    college = strawberry.field(
        cohort_college_resolver,
        graphql_type=nullable_type(entity_type(ORGANISATION)),
        description="院校",
    )
    year = strawberry.field(cohort_year_resolver, description="The year of entry. 年级")

    enrolled = step_field("enrolled", "All of them, however it ended. 入学学员")
    completed = step_field("completed", "Of these, who graduated or completed. 毕业、结业学员")
    competed = step_field(
        "competed", "Who has a result in a contest of the year of entry or later. 参赛学员"
    )
    medalled = step_field(
        "medalled",
        "Of these, who was among the first three, or has a title or a medal; or, where no rank was "
        "published, a special, first, second or third prize. 获奖学员",
    )
    certified = step_field("certified", "Who holds a certificate of skill, of any year. 持证学员")
    employed = step_field("employed", "Who has a job today. 就业学员")

    enrolments = step_field("enrolments", "By status, major or class, grouped. 学籍")
    results = step_field("results", "Of contests of the year of entry or later. 竞赛成绩")
    certificates = step_field(
        "certificates",
        "By grade, grouped: who holds two of one grade is there twice. 技能等级证书",
    )
    employments = step_field(
        "employments", "Those of today; by region and industry, grouped: of two jobs both. 任职"
    )
    first_job = strawberry.field(
        first_job_resolver, graphql_type=FirstJob, description="Until the first job. 初次就业"
    )
    sources = filtered_list_field(
        SOURCE, resolvers.cohort.cohort_sources, "Who says that they are enrolled. 来源"
    )

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, Found)


async def cohort_resolver(info: Info, college: str, year: int) -> Any:
    return await resolvers.cohort.find_cohort(info, college, year)


COHORT_FIELD = strawberry.field(
    cohort_resolver,
    graphql_type=nullable_type(Cohort),
    description="What became of a college's trainees of one year. Null where there is no such "
    "cohort, and for whoever may list none of it. 届次去向",
)
COHORT_FIELD.arguments = [
    argument("college", str, UNSET, "The college's code. 院校编码"),
    argument("year", int, UNSET, "The year of entry. 年级"),
]
