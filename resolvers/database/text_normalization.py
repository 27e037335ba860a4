"""Stored texts, brought to the normal form of this version (kit/text/normalization.py)."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.history import model_table, table_models
from models.row import Row
from resolvers.writing.proposal import (
    Origin,
    Proposal,
    normalize_texts,
    text_normalizers,
    unique_keys,
)
from resolvers.writing.record import ChangeRecorder, Entry, RowValues
from resolvers.writing.search_index import update_terms
from resolvers.writing.write import compute_own_columns

NORMALIZED_PER_BATCH = 20_000
NO_ORIGIN = Origin("", 0)


async def normalize_stored_texts(connection: AsyncConnection, typed_by: str) -> Counter[str]:
    """Normalize all stored texts, with a change and an image of each row; return numbers by kind.

    A unique value stays if another row has its normal form: the operator decides which is right.
    """
    recorder = await ChangeRecorder.begin(connection, typed_by, datetime.now(UTC))
    written: Counter[str] = Counter()
    for model in table_models():
        entries = await normalized_entries(connection, model)
        if entries:
            await recorder.record(model, list(entries.values()))
            await update_terms(connection, {model: entries})
            written[model.__name__] = len(entries)
    return written


async def normalized_entries(connection: AsyncConnection, model: type[Row]) -> dict[str, Entry]:
    table, names = model_table(model), text_normalizers(model)
    columns = [table.c.id, *(table.c[name] for name in names)]
    keys: list[str] = []
    last = ""
    while names:
        page = (
            select(*columns)
            .where(table.c.id > last)
            .order_by(table.c.id)
            .limit(NORMALIZED_PER_BATCH)
        )
        rows = list((await connection.execute(page)).mappings())
        if not rows:
            break
        keys += [row["id"] for row in rows if needs_normalization(row, names)]
        last = rows[-1]["id"]
    entries: dict[str, Entry] = {}
    for key in keys:
        # Compared as stored: a condition on the column would normalize its parameter.
        row = (await connection.execute(select(table).where(table.c.id == key))).mappings().one()
        entry = normalized_entry(model, dict(row))
        for column in [
            name for [name, *others] in unique_keys(model) if name in names and not others
        ]:
            value = entry.row[column]
            taken = select(table.c.id).where(table.c[column] == value, table.c.id != key)
            ours = any(other.row[column] == value for other in entries.values())
            if value is not None and (ours or await connection.scalar(taken.limit(1))):
                entry.row[column] = row[column]
        if entry.has_changes():
            entries[key] = entry
    return entries


def needs_normalization(row: Any, names: dict[str, Any]) -> bool:
    return any(
        row[name] is not None and row[name] != spelt(row[name]) for name, spelt in names.items()
    )


def normalized_entry(model: type[Row], live: RowValues) -> Entry:
    values = {
        name: live[name] for name in (*text_normalizers(model), "name_as_published") if name in live
    }
    proposal = Proposal(model, live["id"], values, NO_ORIGIN)
    normalize_texts(proposal)
    # A text without visible characters stays, as it may be required.
    texts = {
        name: value for name, value in values.items() if value is not None or live[name] is None
    }
    row = {**live, **texts}
    compute_own_columns(model, row)
    return Entry(proposal, row, live)
