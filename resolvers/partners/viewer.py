"""The viewer's own data: organisation, region, scopes and rate."""

from collections.abc import Sequence
from typing import Any

from engine.catalog.kind import Kind
from models.partner import Scope
from resolvers.core.context import Info, RateLimitStatus, field_path
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION


async def viewer_organisation(info: Info) -> Any:
    return await resolve_viewer_record(info, ORGANISATION, info.context.asker.viewer.organisation)


async def viewer_region(info: Info) -> Any:
    return await resolve_viewer_record(info, REGION, info.context.asker.viewer.region)


async def resolve_viewer_record(info: Info, kind: Kind, key: str | None) -> Any:
    if key is None:
        return None
    return await info.context.reader.record(field_path(info.path), kind, "id", key)


def viewer_scopes(info: Info) -> Sequence[str]:
    """Return the scopes in the order of their declaration."""
    return [scope.value for scope in Scope if scope in info.context.asker.viewer.scopes]


def viewer_rate(info: Info) -> RateLimitStatus | None:
    return info.context.rate
