"""Reading a registry as a whole, kind by kind, in the form of proposals."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import in_keys
from kit.db.table_aliases import alias_of
from models.history import model_table
from models.row import Fact, Row
from models.source import Citation
from resolvers.writing.proposal import enterable_columns, key_column, referenced_models

EXPORTED_PER_BATCH = 5000  # rows in memory

RowValues = dict[str, Any]


def select_as_entered(model: type[Row]) -> Select[Any]:
    """Select `id` and the columns that may be entered; references as code or key of the target."""
    table = model_table(model)
    joined: FromClause = table
    shown: dict[str, ColumnElement[Any]] = {
        column.key: column for column in (table.c.id, *enterable_columns(model))
    }
    for column, target in referenced_models(model):
        # A target without a code is referred to by its id.
        if key_column(target) == "code":
            other = alias_of(model_table(target))
            joined = joined.outerjoin(other, other.c.id == table.c[column])
            shown[column] = other.c.code
    return select(*(value.label(name) for name, value in shown.items())).select_from(joined)


async def read_records(
    connection: AsyncConnection, model: type[Row]
) -> AsyncIterator[list[RowValues]]:
    """Yield all rows of a kind, by id; `source_id` of a fact is the list of all its sources."""
    identity = model_table(model).c.id
    batch = select_as_entered(model).order_by(identity).limit(EXPORTED_PER_BATCH)
    rows = await fetch_batch(connection, batch)
    while rows:
        if issubclass(model, Fact):
            await add_citations(connection, model, rows)
        yield rows
        rows = await fetch_batch(connection, batch.where(identity > rows[-1]["id"]))


async def fetch_batch(connection: AsyncConnection, batch: Select[Any]) -> list[RowValues]:
    return [dict(row) for row in (await connection.execute(batch)).mappings()]


async def add_citations(
    connection: AsyncConnection, model: type[Row], facts: Sequence[RowValues]
) -> None:
    citation = model_table(Citation)
    ids = [fact["id"] for fact in facts]
    citations = await connection.execute(
        select(citation.c.fact_id, citation.c.source_id)
        .where(citation.c.fact_type == model.__name__)
        .where(in_keys(citation.c.fact_id, ids, connection.dialect.name))
        .order_by(citation.c.source_id)
    )
    further: defaultdict[str, list[str]] = defaultdict(list)
    for row in citations:
        further[row.fact_id].append(row.source_id)
    for fact in facts:
        fact["source_id"] = [fact["source_id"], *further[fact["id"]]]


async def has_changed_codes(connection: AsyncConnection, model: type[Row]) -> bool:
    """Return whether a thing of the kind has another code than it was first entered under."""
    table = model_table(model)
    if key_column(model) != "code":
        return False
    query = select(table.c.id).where(table.c.id != table.c.code).limit(1)
    return await connection.scalar(query) is not None
