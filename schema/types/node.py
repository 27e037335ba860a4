from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from graphql import GraphQLAbstractType

import models.demonstration
import resolvers.core.records
import resolvers.history.history
import schema.types.enums  # noqa: F401  # enums, before the types that use them
from engine.plan.field_plans import AttributeField, GlobalIdField, KeyPrefixField, NamedLinkField
from kit.values.quantity import QualifiedQuantity as StoredQuantity
from kit.values.quantity import Qualifier
from models.row import FactStatus
from resolvers.core.context import Info
from schema.types.factory import page_arguments
from schema.types.plan_metadata import plan_metadata


def id_resolver(row: strawberry.Parent[Any]) -> strawberry.ID:
    return strawberry.ID(resolvers.core.records.global_id_of(row))


def demonstration_resolver(row: strawberry.Parent[Any]) -> bool:
    return models.demonstration.is_demonstration(row.id)


def history_resolver(row: strawberry.Parent[Any], info: Info, **arguments: Any) -> Any:
    return resolvers.history.history.record_history(row, **arguments)


def history_field() -> Any:
    field = strawberry.field(
        history_resolver,
        graphql_type=Annotated["VersionConnection", strawberry.lazy("schema.history")],  # noqa: F821
        description="Versions of this record, newest first: what was known when, and who "
        "asserted it. 历史",
    )
    field.arguments = page_arguments()
    return field


@strawberry.interface(description="Any record with a permanent id. 有永久标识的记录")
class Node:
    id: strawberry.ID = strawberry.field(
        resolver=id_resolver,
        description="Global id: opaque, permanent and never reused. 全局标识",
        metadata=plan_metadata(GlobalIdField()),
    )
    demonstration: bool = strawberry.field(
        resolver=demonstration_resolver,
        description="True if the record was invented for demonstration and describes nothing "
        "real. 是否为演示数据",
        metadata=plan_metadata(KeyPrefixField(models.demonstration.DEMONSTRATION_PREFIX)),
    )
    history = history_field()

    @classmethod
    def is_type_of(cls, row: Any, info: Info) -> bool:
        return type(row).__name__ == cls.__name__

    @classmethod
    def resolve_type(cls, row: Any, info: Info, abstract: GraphQLAbstractType) -> str:
        return type(row).__name__


def note_resolver(row: strawberry.Parent[Any], info: Info) -> str | None:
    return resolvers.core.records.note_of(row, info)


def note_field() -> Any:
    return strawberry.field(
        resolver=note_resolver,
        description="A curator's note: what was derived from context or inferred. Visible to the "
        "owner of the record and to the registry's steward; null for others. 编者注",
        metadata=plan_metadata(AttributeField("note")),
    )


@strawberry.interface(description="A thing: a record with a stable code and a name. 事物")
class Record(Node):
    code: str = strawberry.field(
        description="Readable and stable code, unique within the type. 编码"
    )
    name: str = strawberry.field(
        description="Name in simplified characters, without layout spaces and invisible "
        "characters. Filters and searches normalise their text in the same way. 名称"
    )
    name_as_published: str | None = strawberry.field(
        description="Name exactly as printed. Null if it equals `name`. 发布时的写法"
    )
    name_en: str | None = strawberry.field(
        description="English name. Null if there is none. 英文名称"
    )
    note = note_field()
    recorded_at: datetime = strawberry.field(
        description="Time at which this record was entered. 登记时间"
    )


def sources_resolver(row: strawberry.Parent[Any], info: Info) -> Any:
    return resolvers.core.records.resolve_link(info, row.kind.links["sources"], row)


@strawberry.interface(
    description="A statement about things, with sources, and with dates if they are known. 事实"
)
class Fact(Node):
    status: FactStatus = strawberry.field(
        description="Degree of certainty of this fact. Lists omit RETRACTED facts unless a "
        "filter names that status. 状态"
    )
    note = note_field()
    recorded_at: datetime = strawberry.field(
        description="Time at which this record was entered. 登记时间"
    )
    sources: list[Annotated["Source", strawberry.lazy("schema.source")]] = strawberry.field(  # type: ignore[name-defined]  # noqa: F821
        resolver=sources_resolver,
        description="Sources of this fact, the main one first. Never empty. 来源",
        metadata=plan_metadata(NamedLinkField("sources")),
    )


@strawberry.type(
    description="A published number, with its unit and whether it is exact or a bound. Money is "
    "in yuan, counts in single units, never in 万 (10,000). 公布的数值"
)
class Quantity:
    value: float = strawberry.field(
        description="The number as the nearest Float. Whole numbers are exact up to 2^53. 数值"
    )
    exact: Decimal | None = strawberry.field(
        description="The exact number. Null for an average, and for an equal part without a "
        "finite decimal, such as a third. 精确值"
    )
    unit: str = strawberry.field(description="Unit, such as person, yuan or patent. 单位")
    qualifier: Qualifier = strawberry.field(description="Exact, bound or estimate. 限定")

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, StoredQuantity)
