from typing import Any

import strawberry

import resolvers.figure
import resolvers.registered
from engine.meaning import Shown
from models.figure import FigurePeriod
from resolvers.context import Info
from resolvers.metric import name_en_of, name_of
from schema.linked import linked
from schema.made import maybe
from schema.meanings import means
from schema.node import Fact, Quantity

METRIC = "A stable code for what is counted. 指标"


def named(show: Any, of_type: Any, described: str) -> Any:
    """A name of the metric that a record is about."""

    def answer(parent: strawberry.Parent[Any]) -> Any:
        return show(parent.metric)

    return strawberry.field(
        answer,
        graphql_type=of_type,
        description=described,
        metadata=means(Shown("metric", show)),
    )


METRIC_NAME = named(name_of, str, "What the metric is called in Chinese. 指标名称")
METRIC_NAME_EN = named(
    name_en_of, maybe(str), "In English; null for a metric that isn't the registry's. 指标英文名称"
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


async def counted(figure: strawberry.Parent[Any], info: Info) -> Any:
    return await resolvers.registered.registered(figure, info)


@strawberry.type(description="A number that was published. 公布数")
class Figure(Fact):
    metric: str = strawberry.field(description=METRIC)
    metric_name = METRIC_NAME
    metric_name_en = METRIC_NAME_EN
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
    region = linked(resolvers.figure.region, "Of that region itself. 地区")
    organisation = linked(resolvers.figure.organisation, "单位")
    subject = linked(resolvers.figure.subject, "The record it is about, if any. 统计对象")
    registered: Registered | None = strawberry.field(
        resolver=counted,
        description="Null where the registry holds no records of that kind. 登记数",
        metadata=means(resolvers.registered.COUNTED),
    )


@strawberry.type(description="A number that somebody means to reach. 目标")
class Target(Fact):
    metric: str = strawberry.field(description=METRIC)
    metric_name = METRIC_NAME
    metric_name_en = METRIC_NAME_EN
    label: str = strawberry.field(description="In words, as published. 指标名称")
    quantity: Quantity | None = strawberry.field(description="Never null. 数值")
    year: int | None = strawberry.field(description="By the end of which. 年份")
    yearly: bool | None = strawberry.field(description="Whether it is for every year. 每年")
    condition: str | None = strawberry.field(description="As published. 条件")
    region = linked(resolvers.figure.region_of_target, "地区")
    organisation = linked(resolvers.figure.organisation_of_target, "Who set it. 制定单位")


@strawberry.type(
    description="A declaration that the registry holds every record that a metric counts in a "
    "region. 登记完整性声明"
)
class Completeness(Fact):
    metric: str = strawberry.field(description=METRIC)
    metric_name = METRIC_NAME
    metric_name_en = METRIC_NAME_EN
    region = linked(resolvers.figure.region_of_completeness, "地区")
