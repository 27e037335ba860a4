"""Sealing everything anew with the newest keys, a little at a time, while others read and write."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, not_, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.database import writing
from kit.errors import Unavailable
from kit.sealed import Seals
from resolvers.erased_marks import keys_of_marks
from resolvers.personal import VALUES, mark_of, opened, place_of

AT_ONCE = 500  # values in one transaction: others wait for no longer than that takes
KEY = (VALUES.c.worker_id, VALUES.c.field, VALUES.c.fact_id)


@dataclass(slots=True)
class Rotated:
    """`older` are keys of the index under which people who were erased are known: by key, marks."""

    sealed: int = 0
    unopened: int = 0
    older: dict[str, int] = field(default_factory=dict)


async def rotate(engine: AsyncEngine, seals: Seals) -> Rotated:
    """Broken off, it goes on where it stopped: what is sealed anew is passed over."""
    rotated = Rotated()
    after: tuple[Any, ...] | None = None
    while True:
        async with writing(engine) as connection:
            rows = await stale(connection, seals, after)
            for row in rows:
                if await reseal(connection, seals, row):
                    rotated.sealed += 1
                else:
                    rotated.unopened += 1
            rotated.older = await keys_of_marks(connection)
        if not rows:
            rotated.older.pop(seals.index.newest, None)
            return rotated
        after = rows[-1].worker_id, rows[-1].field, rows[-1].fact_id


async def stale(
    connection: AsyncConnection, seals: Seals, after: tuple[Any, ...] | None
) -> list[Any]:
    sealed = VALUES.c.sealed.startswith(seals.ring.prefix, autoescape=True)
    marked = VALUES.c.mark.startswith(seals.index.prefix, autoescape=True)
    query = select(VALUES).where(or_(not_(sealed), and_(VALUES.c.mark.is_not(None), not_(marked))))
    if after is not None:
        query = query.where(tuple_(*KEY) > after)
    return list((await connection.execute(query.order_by(*KEY).limit(AT_ONCE))).all())


async def reseal(connection: AsyncConnection, seals: Seals, row: Any) -> bool:
    """Whether it could be opened; what can't is left for when its key is there again."""
    try:
        value = opened(seals, row)
    except Unavailable:
        return False
    anew = {
        "sealed": seals.ring.seal(value, place_of(row.worker_id, row.field, row.fact_id)),
        "mark": seals.index.mark(mark_of(row.field, value)) if row.mark else None,
    }
    this = [column == getattr(row, column.key) for column in KEY]
    await connection.execute(update(VALUES).where(*this).values(anew))
    return True
