from typing import Any

import strawberry

import resolvers.figure
import resolvers.rollup.registered
from engine.plan.field_plans import ConvertedField
from models.figure import FigurePeriod
from resolvers.core.context import Info
from resolvers.core.metric_names import chinese_metric_name, english_metric_name
from schema.types.factory import nullable_type
from schema.types.link_fields import link_field
from schema.types.node import Fact, Quantity
from schema.types.plan_metadata import plan_metadata

METRIC_DESCRIPTION = "Stable code of the metric: what is counted. 指标"


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
    chinese_metric_name, str, "Chinese name of the metric. 指标名称"
)
METRIC_NAME_EN_FIELD = metric_name_field(
    english_metric_name,
    nullable_type(str),
    "English name of the metric. Null if the metric is not defined by the registry. 指标英文名称",
)


@strawberry.type(description="The registry's own count, next to the published number. 登记数")
class Registered:
    label: str = strawberry.field(description="Chinese name of what was counted. 指标名称")
    label_en: str | None = strawberry.field(
        description="English name of what was counted. 指标英文名称"
    )
    value: float = strawberry.field(
        description="Number of records in the registry, or their sum, as the nearest Float. 登记数"
    )
    coverage: resolvers.rollup.registered.Coverage = strawberry.field(
        description="COMPLETE if the records are declared complete and the viewer may list all "
        "of them. 覆盖情况"
    )
    gap: float | None = strawberry.field(
        description="Published number minus registered number, exact. Null if the published "
        "number is a bound or `coverage` is PARTIAL. 差额"
    )
    reason: resolvers.rollup.registered.PartialReason | None = strawberry.field(
        description="Reason why `coverage` is PARTIAL. Null if it is COMPLETE. 原因"
    )


async def registered_resolver(figure: strawberry.Parent[Any], info: Info) -> Any:
    return await resolvers.rollup.registered.resolve_registered(figure, info)


@strawberry.type(
    description="A published number about a region, an organisation or another record. 公布数"
)
class Figure(Fact):
    metric: str = strawberry.field(description=METRIC_DESCRIPTION)
    metric_name = METRIC_NAME_FIELD
    metric_name_en = METRIC_NAME_EN_FIELD
    label: str = strawberry.field(description="Name of the metric, as published. 指标名称")
    quantity: Quantity | None = strawberry.field(
        description="Value, with unit and qualifier. Never null. 数值"
    )
    period: FigurePeriod | None = strawberry.field(
        description="Period that the number covers. Never null. 统计期间"
    )
    since_year: int | None = strawberry.field(
        description="First year of the period. The period has no end if `year` is null. 起始年份"
    )
    year: int | None = strawberry.field(
        description="Year of the number. With `sinceYear`: last year of the period. 年份"
    )
    about: str | None = strawberry.field(
        description="Subject of the number, if it is not a record of the registry. 统计对象"
    )
    region = link_field(
        resolvers.figure.region, "The region itself, without the regions below it. 地区"
    )
    organisation = link_field(resolvers.figure.organisation, "单位")
    subject = link_field(
        resolvers.figure.subject,
        "The record that the number is about. Null if there is none. 统计对象",
    )
    registered: Registered | None = strawberry.field(
        resolver=registered_resolver,
        description="The registry's own count, for comparison. Null if the registry holds no "
        "records of this type. 登记数",
        metadata=plan_metadata(resolvers.rollup.registered.REGISTERED_PLAN),
    )


@strawberry.type(description="A number that an organisation plans to reach. 目标")
class Target(Fact):
    metric: str = strawberry.field(description=METRIC_DESCRIPTION)
    metric_name = METRIC_NAME_FIELD
    metric_name_en = METRIC_NAME_EN_FIELD
    label: str = strawberry.field(description="Name of the metric, as published. 指标名称")
    quantity: Quantity | None = strawberry.field(
        description="Value, with unit and qualifier. Never null. 数值"
    )
    year: int | None = strawberry.field(
        description="Year by the end of which the number should be reached. 年份"
    )
    yearly: bool | None = strawberry.field(
        description="True if the target applies to every year. 每年"
    )
    condition: str | None = strawberry.field(description="Condition, as published. 条件")
    region = link_field(resolvers.figure.region_of_target, "地区")
    organisation = link_field(
        resolvers.figure.organisation_of_target, "The organisation that set the target. 制定单位"
    )


@strawberry.type(
    description="A declaration that the registry holds all records of a metric for a region. "
    "登记完整性声明"
)
class Completeness(Fact):
    metric: str = strawberry.field(description=METRIC_DESCRIPTION)
    metric_name = METRIC_NAME_FIELD
    metric_name_en = METRIC_NAME_EN_FIELD
    region = link_field(resolvers.figure.region_of_completeness, "地区")
