"""The demonstration partners, which only the embedded registry has."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.db.engine import write_transaction
from kit.errors import CommandFailed
from kit.i18n import Message, system_language
from models.partner import Role
from resolvers.partners.api_key import IssuedKey, issue_key
from resolvers.partners.partner import NewPartner, add_partner, convenor_code, list_partners

# An alliance isn't an organisation, so its partner has the organisation that convenes it.
ALLIANCE_PARTNER = "demo_alliance_axle"
DEMONSTRATION_PARTNERS = (
    NewPartner("demo_college", Role.COLLEGE, "demo_college"),
    NewPartner(ALLIANCE_PARTNER, Role.ALLIANCE, organisation="", name="示例跨省车桥工作室联盟"),
    NewPartner("demo_union_a", Role.UNION, "demo_union_a"),
    NewPartner("demo_union_b", Role.UNION, "demo_union_b"),
    NewPartner("demo_steward", Role.STEWARD, "demo_steward"),
)


async def issue_demonstration_keys(engine: AsyncEngine) -> Sequence[IssuedKey]:
    """Add missing demonstration partners. Issue a key to each enabled one that never had one."""
    async with write_transaction(engine) as connection:
        await add_missing_partners(connection)
        ours = {new.code for new in DEMONSTRATION_PARTNERS}
        return [
            await issue_key(connection, partner.code)
            for partner in await list_partners(connection)
            if partner.code in ours and partner.enabled and not partner.keys
        ]


async def add_demonstration_partners(engine: AsyncEngine) -> bool:
    """Add missing ones, and return whether any exist: published records alone have none."""
    async with write_transaction(engine) as connection:
        await add_missing_partners(connection)
        ours = {new.code for new in DEMONSTRATION_PARTNERS}
        return any(partner.code in ours for partner in await list_partners(connection))


async def add_missing_partners(connection: AsyncConnection) -> None:
    for new in await missing_partners(connection):
        # Examples of an older version may lack the partner's organisation.
        with suppress(CommandFailed):
            await add_partner(connection, new)


async def missing_partners(connection: AsyncConnection) -> Sequence[NewPartner]:
    codes = {partner.code for partner in await list_partners(connection)}
    convenor = await convenor_code(connection, ALLIANCE_PARTNER) or ""
    return [
        replace(new, organisation=new.organisation or convenor)
        for new in DEMONSTRATION_PARTNERS
        if new.code not in codes
    ]


NO_TERMINAL_NOTICE = Message(
    "The demonstration's partners get no keys here, for this may be a log: "
    "'.venv/bin/python cli.py key issue demo_college' issues one.",
    "此处可能是日志，因此不显示示例合作方的密钥："
    "以 '.venv/bin/python cli.py key issue demo_college' 签发。",
)
KEYS_NOTICE = Message(
    "Keys of the demonstration's partners, shown only once; for another:\n"
    "'.venv/bin/python cli.py key issue demo_college'. They are sent as in\n"
    "'Authorization: Bearer jp_…'; without one, one sees what is public.",
    "示例合作方的密钥，仅显示这一次；另行签发用\n"
    "'.venv/bin/python cli.py key issue demo_college'。使用时写作\n"
    "'Authorization: Bearer jp_…'；不带密钥则只见公开内容。",
)


def key_lines(keys: Sequence[IssuedKey]) -> Iterator[str]:
    if keys:
        yield KEYS_NOTICE.said(system_language())
    for issued in keys:
        yield f"  {issued.partner:<20}{issued.key}"
