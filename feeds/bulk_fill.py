"""Filling of an empty registry with generated rows."""

from collections import Counter

from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.importing import prepare_registry
from kit.db.bulk_load import vacuum_analyze
from kit.db.engine import write_transaction
from resolvers.database.bulk_fill import RowsByModel, bulk_fill
from resolvers.writing.write import ProgressCallback, ignore_progress


async def fill_registry(
    engine: AsyncEngine,
    rows: RowsByModel,
    typed_by: str,
    progress: ProgressCallback = ignore_progress,
) -> Counter[str]:
    """Insert all rows in one transaction. On failure only the region tree remains."""
    await prepare_registry(engine)
    async with write_transaction(engine) as connection:
        written = await bulk_fill(connection, rows, typed_by, progress)
    await vacuum_analyze(engine)
    return written
