"""Fields that lead to records: from a link, with every argument that such a field takes."""

from functools import partial
from typing import Any

import strawberry

import resolvers.answer
from engine.kind import Kind, Spells
from engine.link import Chain, Closed, ClosedOf, Link, Many, One, OneBack, OneOf, everything
from engine.meaning import Connection, LookedUp, To, Walked
from engine.page import Asked
from resolvers.context import Info
from resolvers.declare import leads_to_facts
from schema.connection import connection_of
from schema.filters import filter_of, order_of
from schema.made import argument, graphql_type, list_of, maybe, page_arguments
from schema.meanings import means
from schema.node import Fact, Record
from schema.scalars import Day


def linked(link: Link, description: str) -> Any:
    """The field of a link; what kind of field follows from what kind of link it is."""
    match link:
        case Many():
            return many(link, description)
        case Chain():
            return dated(link, description)
        case One() | OneBack():
            to = maybe(graphql_type(link.to))
        case OneOf():
            to = maybe(Fact if leads_to_facts(link) else Record)
        case Closed():
            to = list_of(graphql_type(link.to))
        case ClosedOf():
            to = list_of(Fact)

    async def answer(row: strawberry.Parent[Any], info: Info) -> Any:
        return await resolvers.answer.linked(info, link, row)

    return strawberry.field(
        answer, description=description, graphql_type=to, metadata=means(To(link))
    )


def dated(link: Chain, description: str) -> Any:
    async def answer(row: strawberry.Parent[Any], info: Info, on: Any = None) -> Any:
        return await resolvers.answer.linked(info, link, row, Asked(on=on))

    to = list_of(graphql_type(link.to))
    walked = Walked(link, lambda on=None: Asked(on=on))
    field = strawberry.field(
        answer, description=description, graphql_type=to, metadata=means(walked)
    )
    field.arguments = [argument("on", maybe(Day), description="On that day; today unasked. 日期")]
    return field


def many(link: Many, description: str) -> Any:
    def answer(row: strawberry.Parent[Any], info: Info, **given: Any) -> Any:
        return resolvers.answer.listing(link, row, **given)

    to = connection_of(link.to)
    connection = Connection(link, partial(resolvers.answer.asked, link))
    field = strawberry.field(
        answer, description=description, graphql_type=to, metadata=means(connection)
    )
    field.arguments = [*scope(link), *spells(link.to), *paging(link.to)]
    return field


def scope(link: Many) -> list[Any]:
    if not link.scopes:
        return []
    default = next(iter(link.scopes))
    return [argument("scope", maybe(type(default)), default)]


def spells(kind: Kind) -> list[Any]:
    if kind.spell is None:
        return []
    unasked = f"{kind.spell.default.value} unless asked; not together with `on`. 现行或全部"
    return [
        argument("on", maybe(Day), description="What held on that day. 在该日有效"),
        argument("spells", maybe(Spells), description=unasked),
    ]


def paging(kind: Kind) -> list[Any]:
    return [
        argument("filter", maybe(filter_of(kind))),
        argument("order_by", maybe(list_of(order_of(kind)))),
        *page_arguments(),
    ]


def all_of(kind: Kind, description: str) -> Any:
    """The root's list of a kind."""
    return many(everything(kind), description)


def looked_up(kind: Kind, description: str) -> Any:
    async def answer(info: Info, code: str | None = None, id: strawberry.ID | None = None) -> Any:
        return await resolvers.answer.looked_up(info, kind, code, id)

    by = {"code": "code", "id": "id"}
    meaning = LookedUp(kind, by, partial(resolvers.answer.key_of, kind))
    return strawberry.field(
        answer,
        description=description,
        graphql_type=maybe(graphql_type(kind)),
        metadata=means(meaning),
    )
