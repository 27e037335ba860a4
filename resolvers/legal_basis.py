"""On which basis a partner holds and reads a group of fields."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import BadInput, quoted
from models import LegalBasis, Organisation
from models.history import stored
from models.personal import Basis, FieldGroup

BASES, ORGANISATIONS = stored(LegalBasis), stored(Organisation)


@dataclass(frozen=True, slots=True)
class Agreed:
    partner: str  # its code
    group: FieldGroup
    basis: Basis
    agreed_on: date
    purpose: str
    expires: date | None = None


async def bases_of(
    connection: AsyncConnection, partner: str, groups: Collection[FieldGroup], today: date
) -> dict[FieldGroup, str]:
    """By group, the basis that holds on the day and was agreed on last."""
    held = await connection.execute(
        select(BASES.c.field_group, BASES.c.id)
        .where(
            BASES.c.partner_id == partner,
            BASES.c.field_group.in_(groups),
            BASES.c.agreed_on <= today,
            or_(BASES.c.expires.is_(None), BASES.c.expires > today),
        )
        .order_by(BASES.c.agreed_on, BASES.c.id)
    )
    return {row.field_group: row.id for row in held}


def lacking_groups(
    groups: Collection[FieldGroup], held: Collection[FieldGroup]
) -> list[FieldGroup]:
    return [group for group in FieldGroup if group in groups and group not in held]


def no_basis(lacking: Sequence[FieldGroup]) -> tuple[str, str]:
    names = ", ".join(group.value for group in lacking)
    return (
        f"No legal basis is on record for {names}: the steward enters it with 'python cli.py "
        "personal basis add'.",
        f"{names} 没有登记的处理依据：请登记管理方用“python cli.py personal basis add”登记。",
    )


async def organisation_named(connection: AsyncConnection, code: str) -> str:
    """Its key. Raises BadInput for a code that nobody has."""
    found = await connection.scalar(select(ORGANISATIONS.c.id).where(ORGANISATIONS.c.code == code))
    if found is None:
        raise BadInput(f"There is no organisation {quoted(code)}.", f"没有单位 {quoted(code)}。")
    return str(found)


async def agree(connection: AsyncConnection, agreed: Agreed, typed_by: str) -> Counter[str]:
    """Raises BadInput for what can't have been agreed on."""
    if agreed.expires is not None and agreed.expires <= agreed.agreed_on:
        raise BadInput(
            "A basis expires after the day on which it was agreed on.", "到期日须晚于约定日。"
        )
    if not agreed.purpose.strip():
        raise BadInput("Say for what purpose it was agreed on.", "请说明约定的用途。")
    row = {
        "id": f"b_{token_hex(8)}",
        "partner_id": await organisation_named(connection, agreed.partner),
        "field_group": agreed.group,
        "basis": agreed.basis,
        "agreed_on": agreed.agreed_on,
        "purpose": agreed.purpose.strip(),
        "expires": agreed.expires,
        "typed_by": typed_by,
        "recorded_at": datetime.now(UTC),
    }
    await connection.execute(insert(BASES), row)
    return Counter(LegalBasis=1)


async def on_record(connection: AsyncConnection) -> Sequence[Any]:
    return (
        await connection.execute(
            select(ORGANISATIONS.c.code, *BASES.c)
            .join(ORGANISATIONS, ORGANISATIONS.c.id == BASES.c.partner_id)
            .order_by(ORGANISATIONS.c.code, BASES.c.field_group, BASES.c.agreed_on)
        )
    ).all()
