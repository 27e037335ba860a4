from typing import Any

import strawberry

import resolvers.figure
import resolvers.registered
from engine.meaning import ConvertedField
from models.figure import FigurePeriod
from resolvers.context import Info
from resolvers.metric import chinese_metric_name, english_metric_name
from schema.linked import link_field
from schema.made import nullable_type
from schema.meanings import plan_metadata
from schema.node import Fact, Quantity

METRIC_DESCRIPTION = "A stable code for what is counted. 指标"


def metric_name_field(show: Any, of_type: Any, described: str) -> Any:
    """Return a field with a name of the record's metric."""

    def answer(parent: strawberry.Parent[Any]) -> Any:
        return show(parent.metric)

    return strawberry.field(
        answer,
        graphql_type=of_type,
        description=described,
        metadata=plan_metadata(ConvertedField("metric", show)),
    )


METRIC_NAME_FIELD = metric_name_field(
    chinese_metric_name, str, "What the metric is called in Chinese. 指标名称"
)
METRIC_NAME_EN_FIELD = metric_name_field(
    english_metric_name,
    nullable_type(str),
    "In English; null for a metric that isn't the registry's. 指标英文名称",
)


@strawberry.type(description="What the registry itself counts, next to what was published. 登记数")
class Registered:
    label: str = strawberry.field(description="What was counted, in Chinese. 指标名称")
    label_en: str | None = strawberry.field(description="The same in English. 指标英文名称")
    value: float = strawberry.field(
        description="Records on the registry, or their sum: the nearest Float. 登记数"
    )
    coverage: resolvers.registered.Coverage = strawberry.field(
        description="COMPLETE where they are declared so and the viewer may list all of them. "
        "覆盖情况"
    )
    gap: float | None = strawberry.field(
        description="Published minus registered, exact to the last decimal; null for a bound, and "
        "where `coverage` is PARTIAL. 差额"
    )
    reason: resolvers.registered.PartialReason | None = strawberry.field(
        description="Why `coverage` is PARTIAL; null where it is COMPLETE. 原因"
    )


async def registered_resolver(figure: strawberry.Parent[Any], info: Info) -> Any:
    return await resolvers.registered.resolve_registered(figure, info)


@strawberry.type(description="A number that was published. 公布数")
class Figure(Fact):
    metric: str = strawberry.field(description=METRIC_DESCRIPTION)
    metric_name = METRIC_NAME_FIELD
    metric_name_en = METRIC_NAME_EN_FIELD
    label: str = strawberry.field(description="In words, as published. 指标名称")
    quantity: Quantity | None = strawberry.field(description="Never null. 数值")
    period: FigurePeriod | None = strawberry.field(description="Never null. 统计期间")
    since_year: int | None = strawberry.field(
        description="The first year of a stretch, which lasts on unless `year` ends it. 起始年份"
    )
    year: int | None = strawberry.field(
        description="The year; beside `sinceYear`, the last of the stretch. 年份"
    )
    about: str | None = strawberry.field(
        description="What it is about, where that is none of the registry's records. 统计对象"
    )
    region = link_field(resolvers.figure.region, "Of that region itself. 地区")
    organisation = link_field(resolvers.figure.organisation, "单位")
    subject = link_field(resolvers.figure.subject, "The record it is about, if any. 统计对象")
    registered: Registered | None = strawberry.field(
        resolver=registered_resolver,
        description="Null where the registry holds no records of that kind. 登记数",
        metadata=plan_metadata(resolvers.registered.REGISTERED_PLAN),
    )


@strawberry.type(description="A number that somebody means to reach. 目标")
class Target(Fact):
    metric: str = strawberry.field(description=METRIC_DESCRIPTION)
    metric_name = METRIC_NAME_FIELD
    metric_name_en = METRIC_NAME_EN_FIELD
    label: str = strawberry.field(description="In words, as published. 指标名称")
    quantity: Quantity | None = strawberry.field(description="Never null. 数值")
    year: int | None = strawberry.field(description="By the end of which. 年份")
    yearly: bool | None = strawberry.field(description="Whether it is for every year. 每年")
    condition: str | None = strawberry.field(description="As published. 条件")
    region = link_field(resolvers.figure.region_of_target, "地区")
    organisation = link_field(resolvers.figure.organisation_of_target, "Who set it. 制定单位")


@strawberry.type(
    description="A declaration that the registry holds every record that a metric counts in a "
    "region. 登记完整性声明"
)
class Completeness(Fact):
    metric: str = strawberry.field(description=METRIC_DESCRIPTION)
    metric_name = METRIC_NAME_FIELD
    metric_name_en = METRIC_NAME_EN_FIELD
    region = link_field(resolvers.figure.region_of_completeness, "地区")
