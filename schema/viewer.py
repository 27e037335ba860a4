from typing import Any

import strawberry
from strawberry import Parent

import resolvers.viewer
from resolvers.context import Info, RateLimitStatus
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from schema.made import entity_type, nullable_type


async def viewer_organisation_resolver(info: Info) -> Any:
    return await resolvers.viewer.viewer_organisation(info)


async def viewer_region_resolver(info: Info) -> Any:
    return await resolvers.viewer.viewer_region(info)


def scopes_resolver(info: Info) -> list[str]:
    return list(resolvers.viewer.viewer_scopes(info))


def rate_resolver(info: Info) -> Any:
    return resolvers.viewer.viewer_rate(info)


def window_seconds_resolver(rate: Parent[RateLimitStatus]) -> int:
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
        window_seconds_resolver, description="Within so many seconds. 时间窗口（秒）"
    )

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, RateLimitStatus)


@strawberry.type(description="Who asks, and what it may do: by the key or token it sent. 提问方")
class Viewer:
    organisation = strawberry.field(
        viewer_organisation_resolver,
        graphql_type=nullable_type(entity_type(ORGANISATION)),
        description="For which it asks; null for the public. 所代表的单位",
    )
    scopes = strawberry.field(
        scopes_resolver,
        graphql_type=list[str],
        description="Such as read:public or read:own: see docs/partners.md. 权限范围",
    )
    region = strawberry.field(
        viewer_region_resolver,
        graphql_type=nullable_type(entity_type(REGION)),
        description="Of a union: all that lies in it is its own to see. 所辖地区",
    )
    rate = strawberry.field(
        rate_resolver,
        graphql_type=nullable_type(PublishedRate),
        description="Null where spending isn't counted. 用量",
    )
