from typing import Any

import strawberry
from strawberry import Parent

import resolvers.viewer
from resolvers.context import Info, Rate
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from schema.made import graphql_type, maybe


async def organisation(info: Info) -> Any:
    return await resolvers.viewer.organisation(info)


async def region(info: Info) -> Any:
    return await resolvers.viewer.region(info)


def scopes(info: Info) -> list[str]:
    return list(resolvers.viewer.scopes(info))


def rate(info: Info) -> Any:
    return resolvers.viewer.rate(info)


def window_seconds(rate: Parent[Rate]) -> int:
    return rate.window


@strawberry.type(
    name="Rate",
    description="What may be spent, in points, within the last so many seconds: a point is a row "
    "that was read, or a fiftieth of a millisecond of work, whichever is more. 用量",
)
class PublishedRate:
    limit: float = strawberry.field(description="Points that may be spent. 上限")
    spent: float = strawberry.field(description="Points spent. 已用")
    window_seconds = strawberry.field(
        window_seconds, description="Within so many seconds. 时间窗口（秒）"
    )

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, Rate)


@strawberry.type(description="Who asks, and what it may do: by the key or token it sent. 提问方")
class Viewer:
    organisation = strawberry.field(
        organisation,
        graphql_type=maybe(graphql_type(ORGANISATION)),
        description="For which it asks; null for the public. 所代表的单位",
    )
    scopes = strawberry.field(
        scopes,
        graphql_type=list[str],
        description="Such as read:public or read:own: see docs/partners.md. 权限范围",
    )
    region = strawberry.field(
        region,
        graphql_type=maybe(graphql_type(REGION)),
        description="Of a union: all that lies in it is its own to see. 所辖地区",
    )
    rate = strawberry.field(
        rate,
        graphql_type=maybe(PublishedRate),
        description="Null where spending isn't counted. 用量",
    )
