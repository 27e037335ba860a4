"""Rotation: everything is encrypted again with the newest keys, in batches between other writes."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, not_, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.db.engine import write_transaction
from kit.errors import Unavailable
from kit.security.encryption import EncryptionKeys
from resolvers.personal.erased_marks import count_marks_by_key
from resolvers.personal.masked import (
    PERSONAL_VALUES,
    associated_data,
    decrypt_value,
    number_mark_text,
)

VALUES_PER_BATCH = 500  # in one transaction, which other writers wait for
VALUE_KEY = (PERSONAL_VALUES.c.worker_id, PERSONAL_VALUES.c.field, PERSONAL_VALUES.c.fact_id)


@dataclass(slots=True)
class RotationResult:
    """The result of a rotation; `marks_by_older_key` counts marks that older index keys made."""

    sealed: int = 0
    unopened: int = 0
    marks_by_older_key: dict[str, int] = field(default_factory=dict)


async def rotate_seals(engine: AsyncEngine, seals: EncryptionKeys) -> RotationResult:
    """Encrypt all values with the newest keys; after an interruption it continues."""
    rotated = RotationResult()
    after: tuple[Any, ...] | None = None
    while True:
        async with write_transaction(engine) as connection:
            rows = await read_stale_values(connection, seals, after)
            for row in rows:
                if await reseal_value(connection, seals, row):
                    rotated.sealed += 1
                else:
                    rotated.unopened += 1
            rotated.marks_by_older_key = await count_marks_by_key(connection)
        if not rows:
            rotated.marks_by_older_key.pop(seals.index.newest, None)
            return rotated
        after = rows[-1].worker_id, rows[-1].field, rows[-1].fact_id


async def read_stale_values(
    connection: AsyncConnection, seals: EncryptionKeys, after: tuple[Any, ...] | None
) -> list[Any]:
    sealed = PERSONAL_VALUES.c.sealed.startswith(seals.ring.prefix, autoescape=True)
    marked = PERSONAL_VALUES.c.mark.startswith(seals.index.prefix, autoescape=True)
    query = select(PERSONAL_VALUES).where(
        or_(not_(sealed), and_(PERSONAL_VALUES.c.mark.is_not(None), not_(marked)))
    )
    if after is not None:
        query = query.where(tuple_(*VALUE_KEY) > after)
    return list(
        (await connection.execute(query.order_by(*VALUE_KEY).limit(VALUES_PER_BATCH))).all()
    )


async def reseal_value(connection: AsyncConnection, seals: EncryptionKeys, row: Any) -> bool:
    """Encrypt a value again; return whether it could be decrypted, otherwise it stays."""
    try:
        value = decrypt_value(seals, row)
    except Unavailable:
        return False
    anew = {
        "sealed": seals.ring.seal(value, associated_data(row.worker_id, row.field, row.fact_id)),
        "mark": seals.index.mark(number_mark_text(row.field, value)) if row.mark else None,
    }
    this = [column == getattr(row, column.key) for column in VALUE_KEY]
    await connection.execute(update(PERSONAL_VALUES).where(*this).values(anew))
    return True
