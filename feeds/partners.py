"""The partners of the demonstration: on the embedded registry, and there alone."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.database import writing
from kit.errors import NotDone
from models.partner import Role
from resolvers.partner import NewPartner, add, convenor_of, listed
from resolvers.partner_key import Issued, issue

# An alliance is no organisation: its partner stands for the organisation that convenes it.
AXLE = "demo_alliance_axle"
DEMONSTRATION = (
    NewPartner("demo_college", Role.COLLEGE, "demo_college"),
    NewPartner(AXLE, Role.ALLIANCE, organisation="", name="示例跨省车桥工作室联盟"),
    NewPartner("demo_union_a", Role.UNION, "demo_union_a"),
    NewPartner("demo_union_b", Role.UNION, "demo_union_b"),
    NewPartner("demo_steward", Role.STEWARD, "demo_steward"),
)


async def introduce(engine: AsyncEngine) -> Sequence[Issued]:
    """Those who are missing, and the first key of those who never had one."""
    async with writing(engine) as connection:
        await add_missing(connection)
        ours = {new.code for new in DEMONSTRATION}
        return [
            await issue(connection, one.code)
            for one in await listed(connection)
            if one.code in ours and one.enabled and not one.keys
        ]


async def introduce_without_keys(engine: AsyncEngine) -> bool:
    """Whether there are any: a registry of published records alone has none."""
    async with writing(engine) as connection:
        await add_missing(connection)
        ours = {new.code for new in DEMONSTRATION}
        return any(one.code in ours for one in await listed(connection))


async def add_missing(connection: AsyncConnection) -> None:
    for new in await missing(connection):
        # Examples of an older version may lack the organisation.
        with suppress(NotDone):
            await add(connection, new)


async def missing(connection: AsyncConnection) -> Sequence[NewPartner]:
    there = {one.code for one in await listed(connection)}
    convenor = await convenor_of(connection, AXLE) or ""
    return [
        replace(new, organisation=new.organisation or convenor)
        for new in DEMONSTRATION
        if new.code not in there
    ]


NO_TERMINAL = (
    "The demonstration's partners get no keys here, for this may be a log: "
    "'.venv/bin/python cli.py key issue demo_college' issues one."
)


def told(keys: Sequence[Issued]) -> Iterator[str]:
    if keys:
        yield "Keys of the demonstration's partners, told this once; for another:"
        yield "'.venv/bin/python cli.py key issue demo_college'. They are sent as in"
        yield "'Authorization: Bearer jp_…'; without one, one sees what is public."
    for one in keys:
        yield f"  {one.partner:<20}{one.key}"
