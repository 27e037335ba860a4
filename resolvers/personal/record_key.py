"""Replacement of a record's key in all tables, for a key that names a person.

Other records keep their key, so that former readers still find them:
docs/decisions/0001-keys-are-text.md.
"""

from secrets import token_hex
from typing import Any

from sqlalchemy import Table, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import CommandFailed
from kit.security.encryption import EncryptionKeys
from models import DERIVED_TABLES, HISTORY_TABLES
from models.change import Change
from models.dispute import Dispute
from models.history import model_table
from models.organisation import Organisation
from models.partner import Partner
from models.region import Region
from models.row import Row
from models.source import Citation, Source, citation_key
from resolvers.personal.masked import (
    NUMBERED_FACTS,
    PERSONAL_VALUES,
    associated_data,
    decrypt_value,
    require_seals,
)
from resolvers.writing.proposal import unique_keys
from resolvers.writing.record import temporary_value
from resolvers.writing.unpublished_grades import refresh_unpublished_grades, workers_of_owner

CHANGES, CITATIONS = model_table(Change), model_table(Citation)
DISPUTES, PARTNERS = model_table(Dispute), model_table(Partner)
SEALED_MODELS = {model for model, _ in NUMBERED_FACTS.values()}
ORGANISATION_KEY_COLUMNS = (
    "owner_id",
    "asserted_by_id",
    "settled_by",
    "answered_by",
)  # without a foreign key, all of organisations


def random_record_key(what: str) -> str:
    """Return a random key that says only why the old one was replaced."""
    return f"{what}_{token_hex(8)}"


async def replace_key(
    connection: AsyncConnection,
    model: type[Row],
    old: str,
    new: str,
    seals: EncryptionKeys | None = None,
) -> None:
    """Replace a key, in a write transaction.

    Raises CommandFailed for a key in a place that can't change, Unavailable if a value is encrypted
    for the old key and `seals` can't decrypt it.
    """
    await require_replaceable_key(connection, model, old)
    table, twin = model_table(model), HISTORY_TABLES[model]
    workers = await workers_of_owner(connection, old) if model is Organisation else []
    row = (await connection.execute(select(table).where(table.c.id == old))).mappings().first()
    if row is not None:
        await reinsert_row(connection, model, dict(row), new)
    await update_key(connection, twin, "id", old, new)
    for other, column in unconstrained_columns(model):
        await update_key(connection, other, column, old, new)
    await refresh_unpublished_grades(connection, workers)
    await update_change_subject(connection, model, old, new)
    disputed = DISPUTES.c.record_type == model.__name__, DISPUTES.c.record_id == old
    await connection.execute(update(DISPUTES).where(*disputed).values(record_id=new))
    await update_citation_keys(connection, model, old, new)
    if model in SEALED_MODELS:
        await reseal_fact_values(connection, old, new, seals)


async def require_replaceable_key(connection: AsyncConnection, model: type[Row], old: str) -> None:
    if model is Region:
        raise CommandFailed(
            f"{old} is the key of a region, which is a public code and no name of a person.",
            f"{old} 是行政区划的标识：并非人名，而是公开代码。",
        )
    asks = select(PARTNERS.c.code).where(PARTNERS.c.organisation_id == old)
    if model is Organisation and await connection.scalar(asks) is not None:
        raise CommandFailed(
            f"The organisation {old} is a partner: its key is in the access log, which no one "
            "can change. Leave it out, or enter a new organisation and retract the old one.",
            f"单位 {old} 是合作方：其标识写在访问日志中，不可更改。请将其排除，"
            "或另登记一个单位并停用原单位。",
        )


async def reinsert_row(
    connection: AsyncConnection, model: type[Row], row: dict[str, Any], new: str
) -> None:
    """Insert the row with the new key and delete the old, as references need a target meanwhile."""
    table, old = model_table(model), row["id"]
    referring = [
        (other, column.key)
        for other in table.metadata.sorted_tables
        for column in other.c
        if any(foreign.column.table is table for foreign in column.foreign_keys)
    ]
    if not await has_references(connection, referring, old):
        await update_key(connection, table, "id", old, new)
        return
    for index, columns in enumerate(unique_keys(model)):
        # Unique values can't be in two rows, even between two statements.
        free = next(table.c[name] for name in columns if not table.c[name].foreign_keys)
        if row[free.key] is not None:
            parked = update(table).where(table.c.id == old)
            await connection.execute(parked.values({free.key: temporary_value(free, index)}))
    await connection.execute(insert(table), {**row, "id": new})
    for other, name in referring:
        await update_key(connection, other, name, old, new)
    await connection.execute(delete(table).where(table.c.id == old))


async def has_references(
    connection: AsyncConnection, referring: list[tuple[Table, str]], key: str
) -> bool:
    for table, name in referring:
        query = select(table.c[name]).where(table.c[name] == key).limit(1)
        if await connection.scalar(query) is not None:
            return True
    return False


def unconstrained_columns(model: type[Row]) -> list[tuple[Table, str]]:
    """Return the columns that hold keys of the kind without a foreign key."""
    table = model_table(model)
    pairs = [
        (twin, column.key)
        for other, twin in HISTORY_TABLES.items()
        for column in model_table(other).c
        if any(foreign.column.table is table for foreign in column.foreign_keys)
    ]
    if model is Organisation:
        pairs += [
            (other, column.key)
            for other in table.metadata.sorted_tables
            for column in other.c
            if column.key in ORGANISATION_KEY_COLUMNS
            and not column.foreign_keys
            and other not in DERIVED_TABLES
        ]
    return pairs


async def update_key(
    connection: AsyncConnection, table: Table, column: str, old: str, new: str | None
) -> None:
    await connection.execute(update(table).where(table.c[column] == old).values({column: new}))


async def update_change_subject(
    connection: AsyncConnection, model: type[Row], old: str, new: str
) -> None:
    ours = CHANGES.c.subject_type == model.__name__, CHANGES.c.subject_id == old
    await connection.execute(update(CHANGES).where(*ours).values(subject_id=new))


async def update_citation_keys(
    connection: AsyncConnection, model: type[Row], old: str, new: str
) -> None:
    """Update the keys of citations, which are made of the keys of fact and source."""
    for table in (CITATIONS, HISTORY_TABLES[Citation]):
        ours = and_(table.c.fact_type == model.__name__, table.c.fact_id == old)
        if model is Source:
            ours = table.c.source_id == new  # replaced already
        for row in (await connection.execute(select(table).where(ours))).all():
            fact = row.fact_id if model is Source else new
            key = citation_key(row.fact_type, fact, row.source_id)
            by_id = update(table).where(table.c.id == row.id)
            await connection.execute(by_id.values(id=key, fact_id=fact))
            await update_change_subject(connection, Citation, row.id, key)


async def reseal_fact_values(
    connection: AsyncConnection, old: str, new: str, seals: EncryptionKeys | None
) -> None:
    """Encrypt numbers again: the encryption of a number is bound to the key of its fact."""
    rows = (
        await connection.execute(select(PERSONAL_VALUES).where(PERSONAL_VALUES.c.fact_id == old))
    ).all()
    for row in rows:
        keys = require_seals(seals)
        binding = associated_data(row.worker_id, row.field, new)
        this = [
            PERSONAL_VALUES.c[name] == getattr(row, name)
            for name in ("worker_id", "field", "fact_id")
        ]
        moved = {"fact_id": new, "sealed": keys.ring.seal(decrypt_value(keys, row), binding)}
        await connection.execute(update(PERSONAL_VALUES).where(*this).values(moved))
