"""Filling a registry that holds nothing yet with rows that somebody else makes."""

from collections import Counter

from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.loading import prepare
from kit.bulk import settle
from kit.database import writing
from resolvers.filling import Rows, fill
from resolvers.writing import Progress, unheard


async def fill_registry(
    engine: AsyncEngine, rows: Rows, typed_by: str, progress: Progress = unheard
) -> Counter[str]:
    """One transaction: all of it, or nothing but a tree of regions."""
    await prepare(engine)
    async with writing(engine) as connection:
        written = await fill(connection, rows, typed_by, progress)
    await settle(engine)
    return written
