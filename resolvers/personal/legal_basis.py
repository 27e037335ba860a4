"""Legal bases on which a partner stores and reads groups of personal fields."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import BadInput, quote_input
from models.history import model_table
from models.organisation import Organisation
from models.personal import Basis, FieldGroup, LegalBasis

LEGAL_BASES, ORGANISATIONS = model_table(LegalBasis), model_table(Organisation)


@dataclass(frozen=True, slots=True)
class BasisAgreement:
    partner: str  # a code
    group: FieldGroup
    basis: Basis
    agreed_on: date
    purpose: str
    expires: date | None = None


async def bases_in_force(
    connection: AsyncConnection, partner: str, groups: Collection[FieldGroup], today: date
) -> dict[FieldGroup, str]:
    """Return the basis of each group that is in force on the day; the last one agreed on."""
    rows = await connection.execute(
        select(LEGAL_BASES.c.field_group, LEGAL_BASES.c.id)
        .where(
            LEGAL_BASES.c.partner_id == partner,
            LEGAL_BASES.c.field_group.in_(groups),
            LEGAL_BASES.c.agreed_on <= today,
            or_(LEGAL_BASES.c.expires.is_(None), LEGAL_BASES.c.expires > today),
        )
        .order_by(LEGAL_BASES.c.agreed_on, LEGAL_BASES.c.id)
    )
    return {row.field_group: row.id for row in rows}


def groups_without_basis(
    groups: Collection[FieldGroup], covered: Collection[FieldGroup]
) -> list[FieldGroup]:
    return [group for group in FieldGroup if group in groups and group not in covered]


def missing_basis_message(lacking: Sequence[FieldGroup]) -> tuple[str, str]:
    names = ", ".join(group.value for group in lacking)
    return (
        f"No legal basis is on record for {names}: the steward adds one with 'python cli.py "
        "personal basis add'.",
        f"{names} 没有登记的处理依据：请登记管理方用“python cli.py personal basis add”登记。",
    )


async def organisation_key(connection: AsyncConnection, code: str) -> str:
    """Return the key of an organisation. Raises BadInput for an unknown code."""
    key = await connection.scalar(select(ORGANISATIONS.c.id).where(ORGANISATIONS.c.code == code))
    if key is None:
        raise BadInput(
            f"There is no organisation {quote_input(code)}.", f"没有单位 {quote_input(code)}。"
        )
    return str(key)


async def add_legal_basis(
    connection: AsyncConnection, agreed: BasisAgreement, typed_by: str
) -> Counter[str]:
    """Add a basis. Raises BadInput for an expiry before the agreement, or without a purpose."""
    if agreed.expires is not None and agreed.expires <= agreed.agreed_on:
        raise BadInput("A basis must expire after the day of agreement.", "到期日须晚于约定日。")
    if not agreed.purpose.strip():
        raise BadInput("State the agreed purpose.", "请说明约定的用途。")
    row = {
        "id": f"b_{token_hex(8)}",
        "partner_id": await organisation_key(connection, agreed.partner),
        "field_group": agreed.group,
        "basis": agreed.basis,
        "agreed_on": agreed.agreed_on,
        "purpose": agreed.purpose.strip(),
        "expires": agreed.expires,
        "typed_by": typed_by,
        "recorded_at": datetime.now(UTC),
    }
    await connection.execute(insert(LEGAL_BASES), row)
    return Counter(LegalBasis=1)


async def list_legal_bases(connection: AsyncConnection) -> Sequence[Any]:
    return (
        await connection.execute(
            select(ORGANISATIONS.c.code, *LEGAL_BASES.c)
            .join(ORGANISATIONS, ORGANISATIONS.c.id == LEGAL_BASES.c.partner_id)
            .order_by(ORGANISATIONS.c.code, LEGAL_BASES.c.field_group, LEGAL_BASES.c.agreed_on)
        )
    ).all()
