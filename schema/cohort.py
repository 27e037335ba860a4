from functools import partial
from typing import Any

import strawberry
from strawberry import UNSET, Parent

import resolvers.cohort.cohort
from resolvers.cohort.cohort import COHORT_STEPS, FirstJobStatistics
from resolvers.cohort.cohort import CollegeCohort as Found
from resolvers.core.context import Info
from resolvers.organisation import ORGANISATION
from resolvers.source import SOURCE
from schema.types.connections import connection_type
from schema.types.factory import argument, entity_type, nullable_type
from schema.types.link_fields import connection_arguments, spell_arguments


def step_field(name: str, description: str) -> Any:
    link, _ = COHORT_STEPS[name]
    return filtered_list_field(
        link.to, partial(resolvers.cohort.cohort.step_connection, name), description
    )


def filtered_list_field(kind: Any, listing: Any, description: str) -> Any:
    def answer(parent: Parent[Any], **arguments: Any) -> Any:
        return listing(parent, **arguments)

    field = strawberry.field(answer, graphql_type=connection_type(kind), description=description)
    field.arguments = [*spell_arguments(kind), *connection_arguments(kind)]
    return field


@strawberry.type(
    description="Time from the end of the enrolment to the first job, in months. 初次就业用时"
)
class FirstJob:
    median_months: float | None = strawberry.field(
        description="Median number of months between the month in which the enrolment ended and "
        "the month in which the first job began. Jobs that ended before the enrolment ended are "
        "ignored. A job that began earlier counts 0. Null if no person can be measured. "
        "初次就业月数中位数"
    )
    measured: int = strawberry.field(
        description="Number of persons with both months known. 可计算人数"
    )
    undated: int = strawberry.field(
        description="Number of persons with a job for whom one of the two months is unknown. "
        "月份不详人数"
    )

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, FirstJobStatistics)


async def cohort_college_resolver(parent: Parent[Found], info: Info) -> Any:
    return await resolvers.cohort.cohort.resolve_college(info, parent.college)


def cohort_year_resolver(parent: Parent[Found]) -> int:
    return parent.year


async def first_job_resolver(parent: Parent[Found], info: Info) -> Any:
    return await resolvers.cohort.cohort.read_first_job_statistics(info, parent)


@strawberry.type(
    description="Outcomes of the trainees who entered a college in one year. Each step is a "
    "list of workers without duplicates: `totalCount` is the number, and a filter can narrow it. "
    "All lists contain only records that the viewer may list. 届次去向"
)
class Cohort:
    college = strawberry.field(
        cohort_college_resolver,
        graphql_type=nullable_type(entity_type(ORGANISATION)),
        description="院校",
    )
    year = strawberry.field(cohort_year_resolver, description="Year of entry. 年级")

    enrolled = step_field("enrolled", "All trainees who entered, whatever happened later. 入学学员")
    completed = step_field(
        "completed", "Trainees who graduated or completed the course. 毕业、结业学员"
    )
    competed = step_field(
        "competed", "Trainees with a competition result in the year of entry or later. 参赛学员"
    )
    medalled = step_field(
        "medalled",
        "Trainees with a rank from 1 to 3, a title or a medal. If the rank is not published, a "
        "special, first, second or third prize counts. 获奖学员",
    )
    certified = step_field("certified", "Trainees with a skill certificate of any year. 持证学员")
    employed = step_field("employed", "Trainees with a job today. 就业学员")

    enrolments = step_field(
        "enrolments", "Enrolments, which can be grouped by status, major or class. 学籍"
    )
    results = step_field(
        "results", "Results in competitions of the year of entry or later. 竞赛成绩"
    )
    certificates = step_field(
        "certificates",
        "Skill certificates, which can be grouped by grade. A person with two certificates of "
        "one grade counts twice. 技能等级证书",
    )
    employments = step_field(
        "employments",
        "Employments of today, which can be grouped by region and industry. A person with two "
        "jobs counts twice. 任职",
    )
    first_job = strawberry.field(
        first_job_resolver, graphql_type=FirstJob, description="Time to the first job. 初次就业"
    )
    sources = filtered_list_field(
        SOURCE, resolvers.cohort.cohort.cohort_sources, "Sources of the enrolments. 来源"
    )

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, Found)


async def cohort_resolver(info: Info, college: str, year: int) -> Any:
    return await resolvers.cohort.cohort.find_cohort(info, college, year)


COHORT_FIELD = strawberry.field(
    cohort_resolver,
    graphql_type=nullable_type(Cohort),
    description="Outcomes of the trainees who entered a college in one year. Null if there "
    "are none, or if the viewer may list none of them. 届次去向",
)
COHORT_FIELD.arguments = [
    argument("college", str, UNSET, "Code of the college. 院校编码"),
    argument("year", int, UNSET, "Year of entry. 年级"),
]
