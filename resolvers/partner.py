"""Partners: which organisations ask with a name, and what each may do."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, Row, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import NotDone, quoted
from models import Alliance, Organisation, Partner, PartnerKey, Region
from models.history import stored
from models.partner import ALLOWED, NOT_YET, Role, Scope
from resolvers.access import PUBLIC_ONLY, Viewer

CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}")
PARTNER, KEY = stored(Partner), stored(PartnerKey)


@dataclass(frozen=True)
class NewPartner:
    """Codes, not keys. Of a union `region` is its organisation's, unless another is named."""

    code: str
    role: Role
    organisation: str
    region: str | None = None
    scopes: Collection[Scope] | None = None  # all that its role allows
    name: str | None = None  # its organisation's


async def add(connection: AsyncConnection, new: NewPartner) -> None:
    """Raises NotDone, and then has written nothing."""
    if not CODE.fullmatch(new.code):
        raise NotDone(
            f"{quoted(new.code)} is no code of a partner: small letters, digits, '_', '.' and '-'."
        )
    if await connection.scalar(select(exists().where(PARTNER.c.code == new.code))):
        raise NotDone(f"There is a partner {new.code} already.")
    organisation = await known(connection, stored(Organisation), new.organisation, "organisation")
    await connection.execute(
        insert(PARTNER).values(
            code=new.code,
            name=new.name or organisation.name,
            role=new.role,
            organisation_id=organisation.id,
            region_id=await region_of(connection, new, organisation.region_id),
            scopes=fitting(new.scopes, ALLOWED[new.role], f"a partner of role {new.role}"),
            enabled=True,
        )
    )


async def known(connection: AsyncConnection, table: FromClause, code: str, kind: str) -> Row[Any]:
    found = (await connection.execute(select(table).where(table.c.code == code))).one_or_none()
    if found is None:
        raise NotDone(f"There is no {kind} {quoted(code)} on record.")
    return found


async def region_of(
    connection: AsyncConnection, new: NewPartner, its_own: str | None
) -> str | None:
    """The key of a union's region; others have none."""
    if new.role is not Role.UNION:
        if new.region is not None:
            raise NotDone(f"A region is a union's: a partner of role {new.role} has none.")
        return None
    if new.region is not None:
        found: str = (await known(connection, stored(Region), new.region, "region")).id
        return found
    if its_own is None:
        raise NotDone(f"{new.organisation} lies in no region on record: name the union's region.")
    return its_own


def fitting(
    wanted: Collection[Scope] | None, allowed: frozenset[Scope], whose: str
) -> frozenset[Scope]:
    """Never more than is allowed; what is public may be read by everybody."""
    if wanted is None:
        return allowed
    if useless := NOT_YET.intersection(wanted):
        raise NotDone(f"{', '.join(useless)}: nothing can be done with it yet, and nobody has it.")
    if more := sorted(set(wanted) - allowed):
        having = ", ".join(scope for scope in Scope if scope in allowed)
        raise NotDone(f"{', '.join(more)}: {whose} has no more than {having}.")
    return frozenset(wanted) | PUBLIC_ONLY


async def allow(connection: AsyncConnection, code: str, *, enabled: bool) -> None:
    """A partner that isn't enabled keeps its keys, and none of them is believed."""
    changed = await connection.execute(
        update(PARTNER).where(PARTNER.c.code == code).values(enabled=enabled)
    )
    if not changed.rowcount:
        raise unknown(code)


def unknown(code: str) -> NotDone:
    return NotDone(
        f"There is no partner {quoted(code)}: 'python cli.py partner list' tells those there are."
    )


async def listed(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """With the codes of organisation and region, and all keys that were ever issued counted."""
    organisation, region = stored(Organisation), stored(Region)
    keys = select(func.count()).where(KEY.c.partner_code == PARTNER.c.code).scalar_subquery()
    return (
        await connection.execute(
            select(
                PARTNER,
                organisation.c.code.label("organisation"),
                region.c.code.label("region"),
                keys.label("keys"),
            )
            .join(organisation, organisation.c.id == PARTNER.c.organisation_id)
            .outerjoin(region, region.c.id == PARTNER.c.region_id)
            .order_by(PARTNER.c.code)
        )
    ).all()


async def convenor_of(connection: AsyncConnection, alliance: str) -> str | None:
    """The code of the organisation that convenes an alliance."""
    organisation, alliances = stored(Organisation), stored(Alliance)
    code: str | None = await connection.scalar(
        select(organisation.c.code)
        .join(alliances, alliances.c.convenor_id == organisation.c.id)
        .where(alliances.c.code == alliance)
    )
    return code


def as_viewer(partner: Row[Any], scopes: Collection[Scope], rated: str) -> Viewer:
    """With what it was given, as far as the partner has it and its role may have it."""
    allowed = partner.scopes & ALLOWED[partner.role] & frozenset(scopes)
    return Viewer(
        partner.code,
        partner.organisation_id,
        partner.role,
        partner.region_id,
        allowed | PUBLIC_ONLY,
        rated,
    )
