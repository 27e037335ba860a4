from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from graphql import GraphQLAbstractType

import models.demonstration
import resolvers.answer
import resolvers.history
import schema.words  # noqa: F401  # enums, before the types that use them
from engine.meaning import AttributeField, GlobalIdField, KeyPrefixField, NamedLinkField
from kit.quantity import QualifiedQuantity as StoredQuantity
from kit.quantity import Qualifier
from models.row import FactStatus
from resolvers.context import Info
from schema.made import page_arguments
from schema.meanings import plan_metadata


def id_resolver(row: strawberry.Parent[Any]) -> strawberry.ID:
    return strawberry.ID(resolvers.answer.global_id_of(row))


def demonstration_resolver(row: strawberry.Parent[Any]) -> bool:
    return models.demonstration.is_demonstration(row.id)


def history_resolver(row: strawberry.Parent[Any], info: Info, **given: Any) -> Any:
    return resolvers.history.record_history(row, **given)


def history_field() -> Any:
    field = strawberry.field(
        history_resolver,
        graphql_type=Annotated["VersionConnection", strawberry.lazy("schema.history")],  # noqa: F821
        description="What was known of it when, and who asserted it: newest first. 历史",
    )
    field.arguments = page_arguments()
    return field


@strawberry.interface(description="Anything with a lasting id. 有永久标识的记录")
class Node:
    id: strawberry.ID = strawberry.field(
        resolver=id_resolver,
        description="Opaque, never reused, never changes. 全局标识",
        metadata=plan_metadata(GlobalIdField()),
    )
    demonstration: bool = strawberry.field(
        resolver=demonstration_resolver,
        description="Whether it was invented for demonstration, and exists nowhere. 是否为演示数据",
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
    return resolvers.answer.note_of(row, info)


def note_field() -> Any:
    return strawberry.field(
        resolver=note_resolver,
        description="What a curator read from context or inferred; shown to the record's owner and "
        "the steward, null to others. 编者注",
        metadata=plan_metadata(AttributeField("note")),
    )


@strawberry.interface(description="A thing: it has a stable code and a name. 事物")
class Record(Node):
    code: str = strawberry.field(description="Unique among its kind, readable, stable. 编码")
    name: str = strawberry.field(
        description="As it is meant, in simplified characters: without what only aligned it, nor "
        "what nobody sees. Filters and searches spell what they are given the same way. 名称"
    )
    name_as_published: str | None = strawberry.field(
        description="As it was printed, where that differs from `name`. 发布时的写法"
    )
    name_en: str | None = strawberry.field(description="In English, where there is one. 英文名称")
    note = note_field()
    recorded_at: datetime = strawberry.field(description="When this was entered. 登记时间")


def sources_resolver(row: strawberry.Parent[Any], info: Info) -> Any:
    return resolvers.answer.resolve_link(info, row.kind.links["sources"], row)


@strawberry.interface(description="A dated, sourced statement about things. 事实")
class Fact(Node):
    status: FactStatus = strawberry.field(description="How far it is settled. 状态")
    note = note_field()
    recorded_at: datetime = strawberry.field(description="When this was entered. 登记时间")
    sources: list[Annotated["Source", strawberry.lazy("schema.source")]] = strawberry.field(  # type: ignore[name-defined]  # noqa: F821
        resolver=sources_resolver,
        description="Where it is known from; never empty. 来源",
        metadata=plan_metadata(NamedLinkField("sources")),
    )


@strawberry.type(
    description="A number as published: with its unit, and whether it is exact or a bound. "
    "Money in yuan, counts in units, never in 万. 公布的数值"
)
class Quantity:
    value: float = strawberry.field(
        description="The Float nearest to it; whole numbers are exact to 2^53. 数值"
    )
    exact: Decimal | None = strawberry.field(
        description="The same number to its last digit, of a sum too. Null of an average, and of "
        "an equal part that no decimal says, such as a third. 精确值"
    )
    unit: str = strawberry.field(description="person, yuan, patent … 单位")
    qualifier: Qualifier = strawberry.field(description="Exact, a bound or an estimate. 限定")

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, StoredQuantity)
