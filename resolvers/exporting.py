"""Reading a registry whole, kind by kind, in the form in which a proposal would enter it."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.database import among
from kit.rows import rows_of
from models import Citation
from models.history import stored
from models.row import Fact, Row
from resolvers.proposal import entered_columns, key_column, references

AT_ONCE = 5000  # rows that are held in memory

Values = dict[str, Any]


def as_entered(model: type[Row]) -> Select[Any]:
    """`id` and the columns that may be entered; references as the code or key of what they mean."""
    table = stored(model)
    joined: FromClause = table
    shown: dict[str, ColumnElement[Any]] = {
        column.key: column for column in (table.c.id, *entered_columns(model))
    }
    for column, target in references(model):
        # Where there is no code, the id is the key by which files refer to a row.
        if key_column(target) == "code":
            other = rows_of(stored(target))
            joined = joined.outerjoin(other, other.c.id == table.c[column])
            shown[column] = other.c.code
    return select(*(value.label(name) for name, value in shown.items())).select_from(joined)


async def read_kind(connection: AsyncConnection, model: type[Row]) -> AsyncIterator[list[Values]]:
    """Every row of a kind, by id; a fact's `source_id` is the list of all its sources."""
    identity = stored(model).c.id
    batch = as_entered(model).order_by(identity).limit(AT_ONCE)
    rows = await some(connection, batch)
    while rows:
        if issubclass(model, Fact):
            await cite(connection, model, rows)
        yield rows
        rows = await some(connection, batch.where(identity > rows[-1]["id"]))


async def some(connection: AsyncConnection, batch: Select[Any]) -> list[Values]:
    return [dict(row) for row in (await connection.execute(batch)).mappings()]


async def cite(connection: AsyncConnection, model: type[Row], facts: Sequence[Values]) -> None:
    citation = stored(Citation)
    ids = [fact["id"] for fact in facts]
    found = await connection.execute(
        select(citation.c.fact_id, citation.c.source_id)
        .where(citation.c.fact_type == model.__name__)
        .where(among(citation.c.fact_id, ids, connection.dialect.name))
        .order_by(citation.c.source_id)
    )
    further: defaultdict[str, list[str]] = defaultdict(list)
    for row in found:
        further[row.fact_id].append(row.source_id)
    for fact in facts:
        fact["source_id"] = [fact["source_id"], *further[fact["id"]]]


async def recoded(connection: AsyncConnection, model: type[Row]) -> bool:
    """Whether any thing of the kind has another code than the one it was first entered under."""
    table = stored(model)
    if key_column(model) != "code":
        return False
    one = select(table.c.id).where(table.c.id != table.c.code).limit(1)
    return await connection.scalar(one) is not None
