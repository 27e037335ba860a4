"""Fields for links and lists of records, with their arguments."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import strawberry

import resolvers.core.records
from engine.catalog.kind import LAST_PLACE, Kind, Link, Spells
from engine.catalog.link import (
    LinkToKind,
    ToList,
    ToListThrough,
    ToListUnion,
    ToMany,
    ToOne,
    ToOneBacklink,
    ToOneUnion,
    link_to_all,
)
from engine.plan.field_plans import ConnectionField, LinkField, LookupField, ThroughField
from engine.sql.arguments import ConnectionArguments
from resolvers.core.context import Info
from resolvers.core.declare import is_fact_link
from schema.types.connections import connection_type
from schema.types.factory import argument, entity_type, list_type, nullable_type, page_arguments
from schema.types.filter_inputs import filter_type, order_type
from schema.types.node import Fact, Record
from schema.types.plan_metadata import plan_metadata
from schema.types.scalars import Day

DEFAULT_MARK = " (default)"

T = TypeVar("T")


def link_field(link: Link, description: str) -> Any:
    """Return the field of a link, according to the kind of link."""
    match link:
        case ToMany():
            return connection_field(link, description)
        case ToListThrough():
            return dated_link_field(link, description)
        case ToOne() | ToOneBacklink():
            to = nullable_type(entity_type(link.to))
        case ToOneUnion():
            to = nullable_type(Fact if is_fact_link(link) else Record)
        case ToList():
            to = list_type(entity_type(link.to))
        case ToListUnion():
            to = list_type(Fact)

    async def answer(row: strawberry.Parent[Any], info: Info) -> Any:
        return await resolvers.core.records.resolve_link(info, link, row)

    return strawberry.field(
        answer, description=description, graphql_type=to, metadata=plan_metadata(LinkField(link))
    )


def dated_link_field(link: ToListThrough, description: str) -> Any:
    async def answer(row: strawberry.Parent[Any], info: Info, on: Any = None) -> Any:
        return await resolvers.core.records.resolve_link(
            info, link, row, ConnectionArguments(on=on)
        )

    to = list_type(entity_type(link.to))
    walked = ThroughField(link, lambda on=None: ConnectionArguments(on=on))
    field = strawberry.field(
        answer, description=description, graphql_type=to, metadata=plan_metadata(walked)
    )
    field.arguments = [
        argument(
            "on",
            nullable_type(Day),
            description="Only members on this day. Default: today in China. 日期",
        )
    ]
    return field


def connection_field(link: ToMany, description: str) -> Any:
    def answer(row: strawberry.Parent[Any], info: Info, **arguments: Any) -> Any:
        return resolvers.core.records.list_connection(link, row, **arguments)

    to = connection_type(link.to)
    connection = ConnectionField(link, partial(resolvers.core.records.parse_list_arguments, link))
    field = strawberry.field(
        answer, description=description, graphql_type=to, metadata=plan_metadata(connection)
    )
    field.arguments = [
        *scope_arguments(link),
        *spell_arguments(link.to),
        *connection_arguments(link.to),
    ]
    return field


def scope_arguments(link: ToMany) -> list[Any]:
    if not link.scopes:
        return []
    default = next(iter(link.scopes))
    return [argument("scope", nullable_type(type(default)), default)]


def spell_arguments(kind: Kind) -> list[Any]:
    if kind.spell is None:
        return []
    unasked = (
        "CURRENT: records valid today"
        f"{DEFAULT_MARK if kind.spell.default is Spells.CURRENT else ''}. "
        f"ALL: past records too{DEFAULT_MARK if kind.spell.default is Spells.ALL else ''}. "
        "Not together with `on`. 现行或全部"
    )
    return [
        argument(
            "on",
            nullable_type(Day),
            description="Only records valid on this day. Not together with `spells`. 在该日有效",
        ),
        argument("spells", nullable_type(Spells), description=unasked),
    ]


def connection_arguments(kind: Kind) -> list[Any]:
    return [
        argument("filter", nullable_type(filter_type(kind))),
        argument("order_by", nullable_type(list_type(order_type(kind)))),
        *page_arguments(),
    ]


def root_list_field(kind: Kind, description: str) -> Any:
    """Return the root field with the list of a kind."""
    return connection_field(link_to_all(kind), description)


def lookup_field(kind: Kind, description: str) -> Any:
    async def answer(info: Info, code: str | None = None, id: strawberry.ID | None = None) -> Any:
        return await resolvers.core.records.look_up_record(info, kind, code, id)

    columns = {"code": "code", "id": "id"}
    meaning = LookupField(kind, columns, partial(resolvers.core.records.lookup_key, kind))
    return strawberry.field(
        answer,
        description=description,
        graphql_type=nullable_type(entity_type(kind)),
        metadata=plan_metadata(meaning),
    )


def lookup_fields(kinds: Iterable[Kind]) -> dict[str, Any]:
    """Return a root field for one record of each kind that has codes."""
    fields = {}
    for kind in in_schema_order(kinds):
        if kind.key == "code":
            words, term = kind.word.replace("_", " "), chinese_term(kind)
            described = f"One {words}, by code or id. Null if not found. {term}"
            fields[kind.word] = lookup_field(kind, described)
    return fields


def root_list_fields(kinds: Iterable[Kind]) -> dict[str, Any]:
    """Return a root field for the list of each kind."""
    fields = {}
    for kind in in_schema_order(kinds):
        assert kind.description, kind.name
        uncounted = kind.key == "code" and kind.plural == kind.word
        name = f"all_{kind.plural}" if uncounted else kind.plural
        fields[name] = root_list_field(kind, kind.description)
    return fields


def in_schema_order(kinds: Iterable[Kind]) -> list[Kind]:
    return sorted(kinds, key=lambda kind: (kind.place, kind.name))


def chinese_term(kind: Kind) -> str:
    assert kind.description
    return kind.description.split(". ")[-1]


def with_declared_links(kind: Kind) -> Callable[[type[T]], type[T]]:
    """Give a type a field for each described link that it doesn't define, after its own fields."""

    def complete(published: type[T]) -> type[T]:
        links = [link for link in kind.links.values() if link.description]
        for link in sorted(links, key=place_of_field):
            if link.name not in vars(published):
                assert link.description
                setattr(published, link.name, link_field(link, link.description))
        return published

    return complete


def place_of_field(link: Link) -> tuple[int, str]:
    if link.place is not None or not isinstance(link, LinkToKind):
        return (LAST_PLACE if link.place is None else link.place), link.name
    return link.to.place, link.name
