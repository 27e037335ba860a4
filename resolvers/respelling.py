"""What is on record brought to the spelling that this version stores (kit/written.py)."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.history import models_of, stored
from models.row import Row
from resolvers.proposal import Origin, Proposal, spell, spellings, unique_sets
from resolvers.recording import Entry, Recorder, Values
from resolvers.searching import write_terms
from resolvers.writing import complete

ROWS_AT_ONCE = 20_000
BEGINNING = Origin("", 0)


async def respell(connection: AsyncConnection, typed_by: str) -> Counter[str]:
    """Each row that differs, with a change and an image: by kind, how many.

    What may stand once only stays as it is where another row has that spelling already: who runs
    the registry settles which of the two is right.
    """
    recorder = await Recorder.begin(connection, typed_by, datetime.now(UTC))
    written: Counter[str] = Counter()
    for model in models_of():
        entries = await respelt(connection, model)
        if entries:
            await recorder.record(model, list(entries.values()))
            await write_terms(connection, {model: entries})
            written[model.__name__] = len(entries)
    return written


async def respelt(connection: AsyncConnection, model: type[Row]) -> dict[str, Entry]:
    table, names = stored(model), spellings(model)
    columns = [table.c.id, *(table.c[name] for name in names)]
    keys: list[str] = []
    last = ""
    while names:
        page = select(*columns).where(table.c.id > last).order_by(table.c.id).limit(ROWS_AT_ONCE)
        rows = list((await connection.execute(page)).mappings())
        if not rows:
            break
        keys += [row["id"] for row in rows if odd(row, names)]
        last = rows[-1]["id"]
    entries: dict[str, Entry] = {}
    for key in keys:
        # Compared as it stands: a condition on a column would be spelt anew.
        row = (await connection.execute(select(table).where(table.c.id == key))).mappings().one()
        entry = entry_of(model, dict(row))
        for column in [name for [name, *more] in unique_sets(model) if name in names and not more]:
            value = entry.row[column]
            taken = select(table.c.id).where(table.c[column] == value, table.c.id != key)
            ours = any(one.row[column] == value for one in entries.values())
            if value is not None and (ours or await connection.scalar(taken.limit(1))):
                entry.row[column] = row[column]
        if entry.differs():
            entries[key] = entry
    return entries


def odd(row: Any, names: dict[str, Any]) -> bool:
    return any(
        row[name] is not None and row[name] != spelt(row[name]) for name, spelt in names.items()
    )


def entry_of(model: type[Row], live: Values) -> Entry:
    values = {name: live[name] for name in (*spellings(model), "name_as_published") if name in live}
    proposal = Proposal(model, live["id"], values, BEGINNING)
    spell(proposal)
    # What must be there, but was nothing that anybody sees, stays.
    kept = {
        name: value for name, value in values.items() if value is not None or live[name] is None
    }
    row = {**live, **kept}
    complete(model, row)
    return Entry(proposal, row, live)
