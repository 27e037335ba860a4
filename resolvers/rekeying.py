"""Giving a record another key, wherever the old one stands: for a key that names a person.

Whoever is to keep what it knew of a record keeps its key; docs/decisions/0001-keys-are-text.md.
"""

from secrets import token_hex
from typing import Any

from sqlalchemy import Table, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import NotDone
from kit.sealed import Seals
from models import (
    FOLLOWING,
    TWINS,
    Change,
    Citation,
    Dispute,
    Organisation,
    Partner,
    Region,
    Source,
)
from models.history import stored
from models.row import Row
from models.source import citation_key
from resolvers.personal import FACTS, VALUES, opened, place_of, required
from resolvers.proposal import unique_sets
from resolvers.recording import parking
from resolvers.unpublished import of_owner, renew

CHANGES, CITATIONS = stored(Change), stored(Citation)
DISPUTES, PARTNERS = stored(Dispute), stored(Partner)
WALLED = {model for model, _ in FACTS.values()}
OWNED = ("owner_id", "asserted_by_id", "settled_by", "answered_by")  # an organisation's, untied


def fresh_key(what: str) -> str:
    """One that says of a record no more than what became of its old key."""
    return f"{what}_{token_hex(8)}"


async def rekey(
    connection: AsyncConnection, model: type[Row], old: str, new: str, seals: Seals | None = None
) -> None:
    """In a writing transaction. Raises NotDone for a key that stands where nothing can be changed.

    Raises Unavailable where a value is sealed for the old key, and `seals` are none that open it.
    """
    await require_movable(connection, model, old)
    table, twin = stored(model), TWINS[model]
    workers = await of_owner(connection, old) if model is Organisation else []
    row = (await connection.execute(select(table).where(table.c.id == old))).mappings().first()
    if row is not None:
        await move_row(connection, model, dict(row), new)
    await move(connection, twin, "id", old, new)
    for other, column in untied(model):
        await move(connection, other, column, old, new)
    await renew(connection, workers)
    await rename_subject(connection, model, old, new)
    disputed = DISPUTES.c.record_type == model.__name__, DISPUTES.c.record_id == old
    await connection.execute(update(DISPUTES).where(*disputed).values(record_id=new))
    await cite(connection, model, old, new)
    if model in WALLED:
        await seal_anew(connection, old, new, seals)


async def require_movable(connection: AsyncConnection, model: type[Row], old: str) -> None:
    if model is Region:
        raise NotDone(f"{old} is the key of a region: no person's name, but a public code.")
    asks = select(PARTNERS.c.code).where(PARTNERS.c.organisation_id == old)
    if model is Organisation and await connection.scalar(asks) is not None:
        raise NotDone(
            f"The organisation {old} is a partner: its key stands in the access log, which nobody "
            "can change. Leave it out, or enter a new organisation and let the old one go."
        )


async def move_row(
    connection: AsyncConnection, model: type[Row], row: dict[str, Any], new: str
) -> None:
    """Entered anew, for what must refer to it can't be let go of meanwhile."""
    table, old = stored(model), row["id"]
    referring = [
        (other, column.key)
        for other in table.metadata.sorted_tables
        for column in other.c
        if any(foreign.column.table is table for foreign in column.foreign_keys)
    ]
    if not await referred_to(connection, referring, old):
        await move(connection, table, "id", old, new)
        return
    for place, columns in enumerate(unique_sets(model)):
        # Two rows can't have the same value even for the moment between two statements.
        free = next(table.c[name] for name in columns if not table.c[name].foreign_keys)
        if row[free.key] is not None:
            parked = update(table).where(table.c.id == old)
            await connection.execute(parked.values({free.key: parking(free, place)}))
    await connection.execute(insert(table), {**row, "id": new})
    for other, name in referring:
        await move(connection, other, name, old, new)
    await connection.execute(delete(table).where(table.c.id == old))


async def referred_to(
    connection: AsyncConnection, referring: list[tuple[Table, str]], key: str
) -> bool:
    for table, name in referring:
        there = select(table.c[name]).where(table.c[name] == key).limit(1)
        if await connection.scalar(there) is not None:
            return True
    return False


def untied(model: type[Row]) -> list[tuple[Table, str]]:
    """Columns that hold keys of the kind, and that no foreign key watches over."""
    table = stored(model)
    found = [
        (twin, column.key)
        for other, twin in TWINS.items()
        for column in stored(other).c
        if any(foreign.column.table is table for foreign in column.foreign_keys)
    ]
    if model is Organisation:
        found += [
            (other, column.key)
            for other in table.metadata.sorted_tables
            for column in other.c
            if column.key in OWNED and not column.foreign_keys and other not in FOLLOWING
        ]
    return found


async def move(
    connection: AsyncConnection, table: Table, column: str, old: str, new: str | None
) -> None:
    await connection.execute(update(table).where(table.c[column] == old).values({column: new}))


async def rename_subject(connection: AsyncConnection, model: type[Row], old: str, new: str) -> None:
    ours = CHANGES.c.subject_type == model.__name__, CHANGES.c.subject_id == old
    await connection.execute(update(CHANGES).where(*ours).values(subject_id=new))


async def cite(connection: AsyncConnection, model: type[Row], old: str, new: str) -> None:
    """The key of a citation is made from those of its fact and of its source."""
    for table in (CITATIONS, TWINS[Citation]):
        ours = and_(table.c.fact_type == model.__name__, table.c.fact_id == old)
        if model is Source:
            ours = table.c.source_id == new  # where it was moved already
        for row in (await connection.execute(select(table).where(ours))).all():
            fact = row.fact_id if model is Source else new
            key = citation_key(row.fact_type, fact, row.source_id)
            by_id = update(table).where(table.c.id == row.id)
            await connection.execute(by_id.values(id=key, fact_id=fact))
            await rename_subject(connection, Citation, row.id, key)


async def seal_anew(connection: AsyncConnection, old: str, new: str, seals: Seals | None) -> None:
    """A number of study is bound to the key of its fact: moved, it couldn't be opened."""
    rows = (await connection.execute(select(VALUES).where(VALUES.c.fact_id == old))).all()
    for row in rows:
        keys = required(seals)
        place = place_of(row.worker_id, row.field, new)
        this = [VALUES.c[name] == getattr(row, name) for name in ("worker_id", "field", "fact_id")]
        moved = {"fact_id": new, "sealed": keys.ring.seal(opened(keys, row), place)}
        await connection.execute(update(VALUES).where(*this).values(moved))
