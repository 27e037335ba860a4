from typing import Any

import strawberry
from strawberry import Parent

import resolvers.partners.viewer
from resolvers.core.context import Info, RateLimitStatus
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION
from schema.types.factory import entity_type, nullable_type


async def viewer_organisation_resolver(info: Info) -> Any:
    return await resolvers.partners.viewer.viewer_organisation(info)


async def viewer_region_resolver(info: Info) -> Any:
    return await resolvers.partners.viewer.viewer_region(info)


def scopes_resolver(info: Info) -> list[str]:
    return list(resolvers.partners.viewer.viewer_scopes(info))


def rate_resolver(info: Info) -> Any:
    return resolvers.partners.viewer.viewer_rate(info)


def window_seconds_resolver(rate: Parent[RateLimitStatus]) -> int:
    return rate.window


@strawberry.type(
    name="Rate",
    description="Use of the rate limit, in points. One point is one row that was read, or 0.02 "
    "milliseconds of work, whichever is more. 用量",
)
class PublishedRate:
    limit: float = strawberry.field(description="Maximum number of points in the time window. 上限")
    spent: float = strawberry.field(description="Points spent in the time window. 已用")
    window_seconds = strawberry.field(
        window_seconds_resolver, description="Length of the time window, in seconds. 时间窗口（秒）"
    )

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, RateLimitStatus)


@strawberry.type(
    description="The caller, identified by its key or token, and its permissions. 提问方"
)
class Viewer:
    organisation = strawberry.field(
        viewer_organisation_resolver,
        graphql_type=nullable_type(entity_type(ORGANISATION)),
        description="The organisation for which the caller acts. Null for the public. 所代表的单位",
    )
    scopes = strawberry.field(
        scopes_resolver,
        graphql_type=list[str],
        description="Scopes of the key or token, such as read:public or read:own. See "
        "docs/partners.md. 权限范围",
    )
    region = strawberry.field(
        viewer_region_resolver,
        graphql_type=nullable_type(entity_type(REGION)),
        description="For a union: the region whose records it may see, with all regions below "
        "it. Null for others. 所辖地区",
    )
    rate = strawberry.field(
        rate_resolver,
        graphql_type=nullable_type(PublishedRate),
        description="Use of the rate limit. Null if it is not measured. 用量",
    )
