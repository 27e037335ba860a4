"""Writing rows, each with its change and the image of the row that it replaces."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import ROWS_PER_STATEMENT, in_keys
from models import HISTORY_TABLES
from models.change import Change, ChangeKind
from models.history import model_table
from models.row import FactStatus, Row
from resolvers.writing.proposal import Proposal, unique_keys

RowValues = dict[str, Any]


def is_not_retracted(row: RowValues) -> bool:
    return row.get("status") != FactStatus.RETRACTED


async def fetch_rows(
    connection: AsyncConnection, table: Table, column: str, keys: Iterable[str]
) -> list[RowValues]:
    ordered = sorted(set(keys))
    fetched: list[RowValues] = []
    for start in range(0, len(ordered), ROWS_PER_STATEMENT):
        batch = ordered[start : start + ROWS_PER_STATEMENT]
        here = in_keys(table.c[column], batch, connection.dialect.name)
        rows = await connection.execute(select(table).where(here))
        fetched += [dict(row) for row in rows.mappings()]
    return fetched


async def rows_typed_by_others(
    connection: AsyncConnection, models: Iterable[type[Row]], name: str
) -> set[tuple[type[Row], str]]:
    """Return kind and id of rows whose current version was typed by another user."""
    pairs = set()
    for model in models:
        table = model_table(model)
        rows = await connection.execute(select(table.c.id).where(table.c.typed_by != name))
        pairs |= {(model, id) for id in rows.scalars()}
    return pairs


@dataclass
class Entry:
    """A proposal, the row as it would be, and the stored row."""

    proposal: Proposal
    row: RowValues
    live: RowValues | None

    @property
    def kind(self) -> ChangeKind:
        if not self.live:
            return ChangeKind.CREATED
        if is_not_retracted(self.live) and not is_not_retracted(self.row):
            return ChangeKind.RETRACTED
        same = self.live.get("code") == self.row.get("code")
        return ChangeKind.CORRECTED if same else ChangeKind.RECODED

    def has_changes(self) -> bool:
        ignored = {"typed_by", "recorded_at"} | self.proposal.model.derived
        live = self.live or {}
        return any(
            live.get(name) != value for name, value in self.row.items() if name not in ignored
        )


@dataclass
class ChangeRecorder:
    """A recorder of changes, numbered from the last one: the transaction is the only writer."""

    connection: AsyncConnection
    typed_by: str
    at: datetime
    number: int

    @classmethod
    async def begin(
        cls, connection: AsyncConnection, typed_by: str, at: datetime
    ) -> "ChangeRecorder":
        change = model_table(Change)
        last = await connection.scalar(select(func.coalesce(func.max(change.c.id), 0)))
        return cls(connection, typed_by, at, int(last or 0))

    async def record(self, model: type[Row], entries: Sequence[Entry]) -> None:
        """Write rows that are new, or that differ from the stored ones."""
        changes = [self.change(entry, entry.kind) for entry in entries]
        await self.insert(model_table(Change), changes)
        await self.insert_images(entries, changes)
        await self.save_rows(model, entries)

    async def delete_rows(self, model: type[Row], entries: Sequence[Entry]) -> None:
        changes = [self.change(entry, ChangeKind.RETRACTED) for entry in entries]
        await self.insert(model_table(Change), changes)
        await self.insert_images(entries, changes)
        table = model_table(model)
        ids = [entry.row["id"] for entry in entries]
        gone = in_keys(table.c.id, ids, self.connection.dialect.name)
        await self.connection.execute(delete(table).where(gone))

    def change(self, entry: Entry, kind: ChangeKind) -> RowValues:
        self.number += 1
        return {
            "id": self.number,
            "change_kind": kind,
            "subject_type": entry.proposal.model.__name__,
            "subject_id": entry.row["id"],
            "asserted_by_id": entry.row.get("owner_id"),
            "typed_by": self.typed_by,
            "recorded_at": self.at,
        }

    async def save_rows(self, model: type[Row], entries: Sequence[Entry]) -> None:
        table = model_table(model)
        stamp = {"typed_by": self.typed_by, "recorded_at": self.at}
        new = [{**entry.row, **stamp} for entry in entries if not entry.live]
        anew = await self.free_unique_values(model, [entry for entry in entries if entry.live])
        corrected = [{**entry.row, **stamp} for entry in entries if entry.live]
        new += [row for row in corrected if row["id"] in anew]
        corrected = [row for row in corrected if row["id"] not in anew]
        await self.insert(table, parents_first(new))
        entered = [column.key for column in table.columns if column.key not in model.derived]
        await self.update(table, [name for name in entered if name != "id"], corrected)

    async def insert_images(self, entries: Sequence[Entry], changes: list[RowValues]) -> None:
        images: defaultdict[type[Row], list[RowValues]] = defaultdict(list)
        for entry, change in zip(entries, changes, strict=True):
            if entry.live:
                replaced = {"replaced_by": change["id"], "known_until": self.at}
                images[entry.proposal.model].append({**entry.live, **replaced})
        for model, rows in images.items():
            await self.insert(HISTORY_TABLES[model], rows)

    async def free_unique_values(self, model: type[Row], entries: Sequence[Entry]) -> set[str]:
        """Free unique values that move between rows, so that two rows can swap theirs.

        Values that are all required references can't be set to anything else meanwhile: these rows
        are deleted, and their ids returned for another insert.
        """
        anew = set[str]()
        for columns in unique_keys(model):
            moved = [
                entry.row["id"]
                for entry in entries
                if any(entry.row[name] != (entry.live or {})[name] for name in columns)
            ]
            table = model_table(model)
            free = (table.c[name] for name in columns if not table.c[name].foreign_keys)
            column = next(free, table.c[columns[0]])
            if moved and column.foreign_keys and not column.nullable:
                gone = in_keys(table.c.id, moved, self.connection.dialect.name)
                await self.connection.execute(delete(table).where(gone))
                anew |= {*moved}
            elif moved:
                parked = [
                    {"id": id, column.key: temporary_value(column, index)}
                    for index, id in enumerate(moved)
                ]
                await self.update(model_table(model), [column.key], parked)
        return anew

    async def update(self, table: Table, names: list[str], rows: list[RowValues]) -> None:
        by_id = update(table).where(table.c.id == bindparam("this_id"))
        statement = by_id.values({name: bindparam(name) for name in names})
        bound = [{**{name: row[name] for name in names}, "this_id": row["id"]} for row in rows]
        for start in range(0, len(bound), ROWS_PER_STATEMENT):
            await self.connection.execute(statement, bound[start : start + ROWS_PER_STATEMENT])

    async def insert(self, table: Table, rows: list[RowValues]) -> None:
        for start in range(0, len(rows), ROWS_PER_STATEMENT):
            await self.connection.execute(insert(table), rows[start : start + ROWS_PER_STATEMENT])


def temporary_value(column: Column[Any], index: int) -> Any:
    """Return a value that no other row has, for the moment between two statements."""
    if column.nullable:
        return None
    return 2**31 - 1 - index if isinstance(column.type, Integer) else f"parked {index}"


def parents_first(rows: list[RowValues]) -> list[RowValues]:
    """Return a tree's rows in an order in which parents precede children."""
    if not rows or "parent_id" not in rows[0]:
        return rows
    ids = {row["id"]: row for row in rows}
    ordered: dict[str, RowValues] = {}
    for row in rows:
        line = []
        step: RowValues | None = row
        while step is not None and step["id"] not in ordered:
            line.append(step)
            step = ids.get(step["parent_id"])
        ordered |= {ancestor["id"]: ancestor for ancestor in reversed(line)}
    return list(ordered.values())
