"""The number of records, and of those invented for demonstration."""

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, literal_column, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.catalog.kind import Kind, Spells
from engine.catalog.link import link_to_all
from engine.sql.arguments import ConnectionArguments
from engine.sql.predicate import ViewerContext, not_withdrawn
from kit.db.engine import read_transaction
from kit.db.key_prefix import prefix_range
from models.demonstration import DEMONSTRATION_PREFIX
from resolvers.core.access import PUBLIC
from resolvers.core.context import Info
from resolvers.core.declare import REGISTRY

ANY_TIME_ARGUMENTS = ConnectionArguments(spells=Spells.ALL)


async def count_records(info: Info) -> int:
    """Return the number of records that the viewer may list, whenever they were valid."""
    write = info.context.reader.write
    counts = [
        write.count(link_to_all(kind), ANY_TIME_ARGUMENTS, [""]) for kind in REGISTRY.kinds.values()
    ]
    return await sum_of_counts(info, [select(count.subquery().c.number) for count in counts])


async def count_demonstration_records(info: Info) -> int:
    """Return the number of them that were invented."""
    asker = info.context.asker
    return await sum_of_counts(
        info,
        [demonstration_rows_query(kind, asker, func.count()) for kind in REGISTRY.kinds.values()],
    )


async def sum_of_counts(info: Info, counts: list[Select[Any]]) -> int:
    rows = await info.context.reader.all(select(union_all(*counts).subquery()))
    return sum(number for (number,) in rows)


def demonstration_rows_query(kind: Kind, asker: ViewerContext, number: Any) -> Select[Any]:
    """Select from invented records that the viewer may list, without retracted ones."""
    rows = kind.rows(asker)
    is_visible = kind.visible(asker.viewer, rows)
    invented = prefix_range(rows.c.id, DEMONSTRATION_PREFIX)
    return (
        select(number).select_from(rows).where(invented, is_visible, not_withdrawn(kind, rows, ()))
    )


@lru_cache(maxsize=4)
def any_demonstration_query(today: date) -> Select[Any]:
    """Return whether the public sees an invented record, so that the answer is the same for all."""
    public = ViewerContext(PUBLIC, today)
    kinds = REGISTRY.kinds.values()
    return select(
        or_(
            *(
                demonstration_rows_query(kind, public, literal_column("1")).exists()
                for kind in kinds
            )
        )
    )


async def has_demonstration_records(info: Info) -> bool:
    [[number]] = await info.context.reader.all(any_demonstration_query(info.context.asker.today))
    return bool(number)


async def database_has_demonstration_records(engine: AsyncEngine, today: date) -> bool:
    """Return `has_demonstration_records` outside of a request."""
    async with read_transaction(engine, PUBLIC.wall) as connection:
        return bool(await connection.scalar(any_demonstration_query(today)))
