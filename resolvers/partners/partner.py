"""Partners: organisations with access, and the scopes of each."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, Row, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import CommandFailed, quote_input
from kit.i18n import Message
from models.alliance import Alliance
from models.history import model_table
from models.organisation import Organisation
from models.partner import SCOPES_BY_ROLE, UNAVAILABLE_SCOPES, Partner, PartnerKey, Role, Scope
from models.region import Region
from resolvers.core.access import PUBLIC_SCOPES, Viewer

PARTNER_CODE_PATTERN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}")
PARTNERS, PARTNER_KEYS = model_table(Partner), model_table(PartnerKey)

ORGANISATION, REGION = Message("organisation", "单位"), Message("region", "地区")


@dataclass(frozen=True)
class NewPartner:
    """A partner to add, with codes instead of keys.

    A union's `region` is by default its organisation's.
    """

    code: str
    role: Role
    organisation: str
    region: str | None = None
    scopes: Collection[Scope] | None = None  # by default all that its role allows
    name: str | None = None  # by default its organisation's


async def add_partner(connection: AsyncConnection, new: NewPartner) -> None:
    """Add a partner, or raise CommandFailed and write nothing."""
    if not PARTNER_CODE_PATTERN.fullmatch(new.code):
        raise CommandFailed(
            f"{quote_input(new.code)} is no code of a partner: small letters, digits, '_', '.' "
            "and '-'.",
            f"{quote_input(new.code)} 不是合作方编码：须为小写字母、数字、“_”、“.”和“-”。",
        )
    if await connection.scalar(select(exists().where(PARTNERS.c.code == new.code))):
        raise CommandFailed(f"There is a partner {new.code} already.", f"已有合作方 {new.code}。")
    organisation = await require_by_code(
        connection, model_table(Organisation), new.organisation, ORGANISATION
    )
    await connection.execute(
        insert(PARTNERS).values(
            code=new.code,
            name=new.name or organisation.name,
            role=new.role,
            organisation_id=organisation.id,
            region_id=await partner_region(connection, new, organisation.region_id),
            scopes=limit_scopes(
                new.scopes,
                SCOPES_BY_ROLE[new.role],
                Message(f"a partner of role {new.role}", f"角色为 {new.role} 的合作方"),
            ),
            enabled=True,
        )
    )


async def require_by_code(
    connection: AsyncConnection, table: FromClause, code: str, kind: Message
) -> Row[Any]:
    row = (await connection.execute(select(table).where(table.c.code == code))).one_or_none()
    if row is None:
        raise CommandFailed(
            f"There is no {kind.english} {quote_input(code)} on record.",
            f"没有登记{kind.chinese} {quote_input(code)}。",
        )
    return row


async def partner_region(
    connection: AsyncConnection, new: NewPartner, its_own: str | None
) -> str | None:
    """Return the key of a union's region; None for other roles."""
    if new.role is not Role.UNION:
        if new.region is not None:
            raise CommandFailed(
                f"A region is a union's: a partner of role {new.role} has none.",
                f"地区仅属工会：角色为 {new.role} 的合作方没有地区。",
            )
        return None
    if new.region is not None:
        region: str = (
            await require_by_code(connection, model_table(Region), new.region, REGION)
        ).id
        return region
    if its_own is None:
        raise CommandFailed(
            f"{new.organisation} has no region on record: name the union's region.",
            f"{new.organisation} 没有登记所在地区：请指明工会的地区。",
        )
    return its_own


def limit_scopes(
    scopes: Collection[Scope] | None, allowed: frozenset[Scope], whose: Message
) -> frozenset[Scope]:
    """Return the scopes wanted and the public ones; CommandFailed for one that isn't allowed."""
    if scopes is None:
        return allowed
    if useless := UNAVAILABLE_SCOPES.intersection(scopes):
        raise CommandFailed(
            f"{', '.join(useless)}: this scope has no use yet, and no partner has it.",
            f"{', '.join(useless)}：目前无可行之事，无人拥有。",
        )
    if excess := sorted(set(scopes) - allowed):
        having = ", ".join(scope for scope in Scope if scope in allowed)
        raise CommandFailed(
            f"{', '.join(excess)}: {whose.english} has no more than {having}.",
            f"{', '.join(excess)}：{whose.chinese}至多有 {having}。",
        )
    return frozenset(scopes) | PUBLIC_SCOPES


async def set_partner_enabled(connection: AsyncConnection, code: str, *, enabled: bool) -> None:
    """Enable or disable a partner; a disabled one keeps its keys, but they are rejected."""
    changed = await connection.execute(
        update(PARTNERS).where(PARTNERS.c.code == code).values(enabled=enabled)
    )
    if not changed.rowcount:
        raise partner_not_found(code)


def partner_not_found(code: str) -> CommandFailed:
    return CommandFailed(
        f"There is no partner {quote_input(code)}: 'python cli.py partner list' tells those "
        "there are.",
        f"没有合作方 {quote_input(code)}：'python cli.py partner list' 列出已有的。",
    )


async def list_partners(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """Return all partners, with codes of organisation and region and the number of keys issued."""
    organisation, region = model_table(Organisation), model_table(Region)
    keys = (
        select(func.count()).where(PARTNER_KEYS.c.partner_code == PARTNERS.c.code).scalar_subquery()
    )
    return (
        await connection.execute(
            select(
                PARTNERS,
                organisation.c.code.label("organisation"),
                region.c.code.label("region"),
                keys.label("keys"),
            )
            .join(organisation, organisation.c.id == PARTNERS.c.organisation_id)
            .outerjoin(region, region.c.id == PARTNERS.c.region_id)
            .order_by(PARTNERS.c.code)
        )
    ).all()


async def convenor_code(connection: AsyncConnection, alliance: str) -> str | None:
    """Return the code of the organisation that convenes an alliance."""
    organisation, alliances = model_table(Organisation), model_table(Alliance)
    code: str | None = await connection.scalar(
        select(organisation.c.code)
        .join(alliances, alliances.c.convenor_id == organisation.c.id)
        .where(alliances.c.code == alliance)
    )
    return code


def build_partner_viewer(partner: Row[Any], scopes: Collection[Scope], rated: str) -> Viewer:
    """Return a viewer with the scopes that its key, the partner and its role all allow."""
    allowed = partner.scopes & SCOPES_BY_ROLE[partner.role] & frozenset(scopes)
    return Viewer(
        partner.code,
        partner.organisation_id,
        partner.role,
        partner.region_id,
        allowed | PUBLIC_SCOPES,
        rated,
    )
