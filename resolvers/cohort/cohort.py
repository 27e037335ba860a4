"""A cohort: the trainees who began at a college in one year, with each later step as a list.

A step is a condition added to the filter of its list, so its number is the list's total. Everything
is limited to what the viewer may list; without any visible enrolment there is no cohort.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Integer, Select, and_, case, cast, func, literal, literal_column, or_, select

from engine.catalog.join import PairsJoin
from engine.catalog.kind import Spells
from engine.catalog.link import ToAll, link_to_all
from engine.sql.arguments import ConnectionArguments, FilterExpr
from engine.sql.predicate import ViewerContext, list_predicate
from kit.db.column_types import Text
from kit.db.table_aliases import alias_of
from kit.errors import BadInput
from kit.text.storable import storable_code
from models.award import AwardClass
from models.source import Source
from models.training import EnrolmentStatus
from resolvers.competition import RESULT
from resolvers.core.context import Info, field_path
from resolvers.core.records import ConnectionRef, find_by_key, parse_list_arguments
from resolvers.organisation import ORGANISATION
from resolvers.source import SOURCE
from resolvers.training import ENROLMENT, QUALIFICATION
from resolvers.worker import EMPLOYMENT, WORKER

FIRST_YEAR, LAST_YEAR = 1900, 2200
LAST_MEDAL_RANK = 3
# Titles and medals win whatever the rank. A prize class goes to many, so it only decides where no
# rank was published.
MEDAL_CLASSES = (
    AwardClass.CHAMPION, AwardClass.RUNNER_UP, AwardClass.THIRD_PLACE,
    AwardClass.GOLD, AwardClass.SILVER, AwardClass.BRONZE,
)  # fmt: skip
PRIZE_CLASSES = (
    AwardClass.SPECIAL_PRIZE, AwardClass.FIRST_PRIZE, AwardClass.SECOND_PRIZE,
    AwardClass.THIRD_PRIZE,
)  # fmt: skip
FINISHED_STATUSES = (EnrolmentStatus.GRADUATED, EnrolmentStatus.COMPLETED)
MONTH_LENGTH = 7  # characters of a date with a month, such as 2026-07


ALL_ENROLMENTS, ALL_WORKERS, ALL_RESULTS, ALL_QUALIFICATIONS, ALL_EMPLOYMENTS = map(
    link_to_all, (ENROLMENT, WORKER, RESULT, QUALIFICATION, EMPLOYMENT)
)


@dataclass(frozen=True, slots=True)
class CollegeCohort:
    college: str  # a code
    year: int

    @property
    def enrolled(self) -> FilterExpr:
        """Filter of enrolments: those of the cohort."""
        return (("college", (("code", self.college),)), ("cohort", self.year))

    @property
    def finished(self) -> FilterExpr:
        return (*self.enrolled, any_value_filter("enrolment_status", FINISHED_STATUSES))

    @property
    def entered(self) -> FilterExpr:
        """Filter of results: competitions in the year of entry or later."""
        return (("competition", (("year_from", self.year),)),)

    @property
    def won(self) -> FilterExpr:
        placed = (
            (("rank_to", LAST_MEDAL_RANK),),
            *((("award_class", award_class),) for award_class in MEDAL_CLASSES),
        )
        unranked = (any_value_filter("award_class", PRIZE_CLASSES), ("is_null", ("rank",)))
        return (*self.entered, ("or", (*placed, unranked)))

    @property
    def people(self) -> FilterExpr:
        """Filter of workers: each once, even if enrolled twice."""
        return (("enrolments", self.enrolled),)

    def of(self, *conditions: tuple[str, Any]) -> FilterExpr:
        return (*self.people, *conditions)


def any_value_filter(name: str, values: Iterable[Any]) -> tuple[str, Any]:
    return "or", tuple(((name, value),) for value in values)


# The lists and their conditions: people first, then the facts behind the numbers.
COHORT_STEPS: dict[str, tuple[ToAll, Callable[[CollegeCohort], FilterExpr]]] = {
    "enrolled": (ALL_WORKERS, lambda cohort: cohort.people),
    "completed": (ALL_WORKERS, lambda cohort: (("enrolments", cohort.finished),)),
    "competed": (ALL_WORKERS, lambda cohort: cohort.of(("results", cohort.entered))),
    "medalled": (ALL_WORKERS, lambda cohort: cohort.of(("results", cohort.won))),
    "certified": (ALL_WORKERS, lambda cohort: cohort.of(("qualifications", ()))),
    "employed": (ALL_WORKERS, lambda cohort: cohort.of(("employments", ()))),
    "enrolments": (ALL_ENROLMENTS, lambda cohort: cohort.enrolled),
    "results": (
        ALL_RESULTS,
        lambda cohort: (*cohort.entered, ("recipient", (("worker", cohort.people),))),
    ),
    "certificates": (ALL_QUALIFICATIONS, lambda cohort: (("worker", cohort.people),)),
    "employments": (ALL_EMPLOYMENTS, lambda cohort: (("worker", cohort.people),)),
}


async def find_cohort(info: Info, college: str, year: int) -> CollegeCohort | None:
    """Return a cohort; None if the viewer sees no enrolment in it.

    Raises BadInput for a year out of range.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInput(
            f"`year` must be from {FIRST_YEAR} to {LAST_YEAR}, not {year}.",
            f"`year` 应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间，请求的是 {year}。",
        )
    cohort = CollegeCohort(storable_code(college), year)
    arguments = ConnectionArguments(filter=cohort.enrolled)
    there_are = await info.context.reader.count(
        field_path(info.path), ALL_ENROLMENTS, arguments, ""
    )
    return cohort if there_are else None


async def resolve_college(info: Info, code: str) -> Any:
    return await find_by_key(info, ORGANISATION, "code", code)


def step_connection(name: str, cohort: CollegeCohort, **arguments: Any) -> ConnectionRef:
    """Return the list of a step. Raises as `parse_list_arguments` does."""
    link, condition = COHORT_STEPS[name]
    question = parse_list_arguments(link, **arguments)
    conditions = (*condition(cohort), *((("and", (question.filter,)),) if question.filter else ()))
    return ConnectionRef(link, "", replace(question, filter=conditions))


@dataclass(frozen=True, slots=True)
class FirstJobStatistics:
    """Months to the first job.

    `measured` counts people with both months known, `undated` those with a job but without both.
    """

    median_months: float | None
    measured: int
    undated: int


async def read_first_job_statistics(info: Info, cohort: CollegeCohort) -> FirstJobStatistics:
    """Return the statistics, by one statement that counts people by months."""
    reader = info.context.reader
    rows = await reader.all(months_to_first_job_query(cohort, info.context.asker))
    people_by_months = {row.months: row.people for row in rows if row.months is not None}
    undated = sum(row.people for row in rows if row.months is None)
    return FirstJobStatistics(
        median_of_counts(people_by_months), sum(people_by_months.values()), undated
    )


def median_of_counts(counts: dict[int, int]) -> float | None:
    """Return the median; for an even number the mean of the middle two."""
    total = sum(counts.values())
    if not total:
        return None
    middle = (total - 1) // 2, total // 2
    values, before = [], 0
    for value, number in sorted(counts.items()):
        values += [value for index in middle if before <= index < before + number]
        before += number
    return sum(values) / 2


def months_to_first_job_query(cohort: CollegeCohort, asker: ViewerContext) -> Select[Any]:
    """Select (months, people) of those who finished and have had a job that didn't end before that.

    Months are from the end of the enrolment to the start of the job: 0 for a job that began before,
    null if one of the months is unknown.
    """
    enrolment, worker, job = (kind.rows(asker) for kind in (ENROLMENT, WORKER, EMPLOYMENT))
    left, begun = month_number(enrolment.c.ended), month_number(job.c.started)
    needed = case((begun < left, 0), else_=begun - left)
    finished = list_predicate(
        ENROLMENT, enrolment, ConnectionArguments(filter=cohort.finished), asker
    )
    worked = list_predicate(EMPLOYMENT, job, ConnectionArguments(spells=Spells.ALL), asker)
    later = or_(job.c.ends.is_(None), enrolment.c.ends.is_(None), job.c.ends > enrolment.c.ends)
    each = (
        select(worker.c.id, func.min(needed).label("months"))
        .select_from(enrolment)
        .join(worker, worker.c.id == enrolment.c.trainee_id)
        .join(job, and_(job.c.worker_id == worker.c.id, later, worked))
        .where(finished, WORKER.visible(asker.viewer, worker))
        .group_by(worker.c.id)
        .subquery()
    )
    return select(each.c.months, func.count().label("people")).group_by(each.c.months)


def month_number(date: Any) -> Any:
    """Return months since the year 0; null for a date without a month."""

    def part(start: int, digits: int) -> Any:
        return cast(
            func.substr(date, literal_column(str(start)), literal_column(str(digits))), Integer
        )

    # PostgreSQL would reject a cast of empty text, so dates without a month skip it.
    return case(
        (func.length(date) >= literal_column(str(MONTH_LENGTH)), part(1, 4) * 12 + part(6, 2))
    )


def cohort_sources(cohort: CollegeCohort, **arguments: Any) -> ConnectionRef:
    """Return the sources of the cohort's enrolments. Raises as `parse_list_arguments` does."""

    def pairs(asker: ViewerContext) -> Select[Any]:
        enrolment = alias_of(ENROLMENT.table)
        ours = list_predicate(
            ENROLMENT, enrolment, ConnectionArguments(filter=cohort.enrolled), asker
        )
        named = literal(cohort.college, Text()).label("college")
        return select(named, enrolment.c.source_id).where(ours).distinct()

    link = ToAll(SOURCE, "sources", Source, PairsJoin(pairs))
    return ConnectionRef(link, cohort.college, parse_list_arguments(link, **arguments))
