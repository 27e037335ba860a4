"""What a partner is told about itself: no more than it may do and see."""

from collections.abc import Sequence
from typing import Any

from engine.kind import Kind
from models.partner import Scope
from resolvers.context import Info, Rate, place
from resolvers.organisation import ORGANISATION
from resolvers.region import REGION


async def organisation(info: Info) -> Any:
    return await its_own(info, ORGANISATION, info.context.asker.viewer.organisation)


async def region(info: Info) -> Any:
    return await its_own(info, REGION, info.context.asker.viewer.region)


async def its_own(info: Info, kind: Kind, key: str | None) -> Any:
    if key is None:
        return None
    return await info.context.reader.record(place(info.path), kind, "id", key)


def scopes(info: Info) -> Sequence[str]:
    """In the order in which they are declared."""
    return [scope.value for scope in Scope if scope in info.context.asker.viewer.scopes]


def rate(info: Info) -> Rate | None:
    return info.context.rate
