"""Published figures compared with counts from the registry."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.catalog.kind import Kind
from engine.loaders import RequestLoaders
from engine.plan.field_plans import BatchedField
from kit.values.fixed_point import exact_difference
from kit.values.labelled_enum import LabelledEnum
from kit.values.quantity import Qualifier
from models.figure import FigurePeriod
from models.region import Region
from resolvers.core.context import Info, field_path
from resolvers.core.declare import REGISTRY
from resolvers.core.metric_names import chinese_metric_name, english_metric_name
from resolvers.figure import subject
from resolvers.rollup.metric_counts import (
    MetricCount,
    metric_counts_query,
    metric_query_shape,
    read_metric_counts,
    shaped_counts_query,
)
from resolvers.rollup.metric_definitions import (
    MetricRequest,
    RegionRequest,
    YearRange,
    metric_definitions,
)

# Years that a figure covers, up to its own; 0 for SINCE, which names the first year.
PERIOD_YEARS = {
    FigurePeriod.PER_YEAR: 1,
    FigurePeriod.ONE_YEAR: 1,
    FigurePeriod.THREE_YEARS: 3,
    FigurePeriod.SINCE: 0,
}


class Coverage(
    LabelledEnum,
    description="Whether the records are declared complete and the viewer may list all of "
    "them. 覆盖情况",
):
    COMPLETE = "COMPLETE", "完整", "The count is comparable with the published number"
    PARTIAL = "PARTIAL", "部分", "The count may lack records"


class PartialReason(
    LabelledEnum,
    description="Reason why the registry's count is not comparable with the published "
    "number. 不可比的原因",
):
    """Why a count can't be compared with the published number: the first reason that applies."""

    COUNTED_AS_VISIBLE = (
        "COUNTED_AS_VISIBLE",
        "仅统计查询者可见的记录",
        "Only records that the viewer sees are counted",
    )
    NOT_DECLARED_COMPLETE = (
        "NOT_DECLARED_COMPLETE",
        "未声明登记完整",
        "The records are not declared complete",
    )


COUNTED_AS_VISIBLE, NOT_DECLARED_COMPLETE = PartialReason


@dataclass(frozen=True, slots=True)
class RegisteredCount:
    """A count for a published figure.

    `gap` is published minus counted. It is null unless the records are declared complete and the
    viewer may list all of them.
    """

    label: str
    label_en: str | None
    value: Decimal
    coverage: Coverage
    gap: Decimal | None
    reason: PartialReason | None


def figure_request(figure: Any) -> MetricRequest | None:
    """Return the count to make; None if metric, kind of source or years are unknown."""
    measure = metric_definitions().get(figure.metric)
    if measure is None:
        return None
    about = figure_subject(figure)
    kind, source = about or (REGISTRY[Region], figure.region_id)
    if source is None or kind not in measure.links:
        return None
    years = figure_years(figure)
    if figure.period in PERIOD_YEARS and (years is None or not measure.year):
        return None
    alone = about is not None and measure.quantity is not None
    return MetricRequest(figure.metric, kind, source, years, figure.id if alone else None)


def figure_years(figure: Any) -> YearRange | None:
    """Return the years that a figure covers; None for all years, or if they are unknown."""
    if figure.period == FigurePeriod.SINCE:
        return figure.since_year and (figure.since_year, figure.year)
    if figure.period not in PERIOD_YEARS or figure.year is None:
        return None
    return figure.year - PERIOD_YEARS[figure.period] + 1, figure.year


def figure_subject(figure: Any) -> tuple[Kind, str] | None:
    subjects = ((kind, getattr(figure, column)) for kind, column in subject.targets.items())
    return next((pair for pair in subjects if pair[1] is not None), None)


async def resolve_registered(figure: Any, info: Info) -> RegisteredCount | None:
    """Return the count; None if it can't be made, or is 0 and not declared complete."""
    reader = info.context.reader
    request = region_request(figure)
    if request is None:
        return None
    loader = reader.loader(field_path(info.path), resolve_registered, load_metric_counts, reader)
    return compare_figure(figure, await loader.load(request))


def region_request(figure: Any) -> RegionRequest | None:
    question = figure_request(figure)
    return None if question is None else (question, figure.region_id)


def compare_figure(figure: Any, counted: MetricCount) -> RegisteredCount | None:
    """Return the count, compared with the published number."""
    number = counted.number
    if number is None or (not number and not counted.declared):
        return None
    label, label_en = chinese_metric_name(figure.metric), english_metric_name(figure.metric)
    if not counted.complete:
        reason = NOT_DECLARED_COMPLETE if counted.listed else COUNTED_AS_VISIBLE
        return RegisteredCount(label, label_en, number, Coverage.PARTIAL, None, reason)
    # The difference between a published bound and a count is unknown.
    exact = figure.quantity_qualifier == Qualifier.EXACT
    gap = exact_difference(figure.quantity_value, number) if exact else None
    return RegisteredCount(label, label_en, number, Coverage.COMPLETE, gap, None)


def load_metric_counts(reader: RequestLoaders) -> Any:
    async def load(requests: list[RegionRequest]) -> list[MetricCount]:
        return read_metric_counts(
            requests, await reader.all(metric_counts_query(reader.write, requests))
        )

    return load


REGISTERED_PLAN = BatchedField(
    region_request, shaped_counts_query, read_metric_counts, compare_figure, metric_query_shape
)
