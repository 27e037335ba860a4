"""How many records there are, and how many of them were invented for demonstration."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, literal_column, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.kind import Kind, Spells
from engine.link import everything
from engine.page import Asked
from engine.predicate import Asker, standing
from kit.database import reading
from kit.prefix import among_those
from models.demonstration import PREFIX
from resolvers.access import PUBLIC
from resolvers.context import Info
from resolvers.declare import REGISTRY

WHENEVER = Asked(spells=Spells.ALL)


async def records(info: Info) -> int:
    """All that whoever asks may list: the totals of all lists, whenever their spells held."""
    write = info.context.reader.write
    counts = [write.count(everything(kind), WHENEVER, [""]) for kind in REGISTRY.kinds.values()]
    return await added_up(info, [select(one.subquery().c.number) for one in counts])


async def invented(info: Info) -> int:
    """Those of them that were invented."""
    asker = info.context.asker
    return await added_up(
        info, [counted(kind, asker, func.count()) for kind in REGISTRY.kinds.values()]
    )


async def added_up(info: Info, counts: list[Select[Any]]) -> int:
    rows = await info.context.reader.all(select(union_all(*counts).subquery()))
    return sum(number for (number,) in rows)


def counted(kind: Kind, asker: Asker, number: Any) -> Select[Any]:
    """Of the invented ones that may be listed, and that stand."""
    rows = kind.rows(asker)
    seen = kind.visible(asker.viewer, rows)
    invented = among_those(rows.c.id, PREFIX)
    return select(number).select_from(rows).where(invented, seen, standing(kind, rows, ()))


def there_are(today: date) -> Select[Any]:
    """Whether everybody may see any: so that whoever asks is told the same."""
    public = Asker(PUBLIC, today)
    kinds = REGISTRY.kinds.values()
    return select(or_(*(counted(kind, public, literal_column("1")).exists() for kind in kinds)))


async def holds_any(info: Info) -> bool:
    [[found]] = await info.context.reader.all(there_are(info.context.asker.today))
    return bool(found)


async def held_in(engine: AsyncEngine, today: date) -> bool:
    """As `holds_any`, outside of a request."""
    async with reading(engine, PUBLIC.wall) as connection:
        return bool(await connection.scalar(there_are(today)))
