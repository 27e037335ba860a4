"""The one write path: rules first, then rows, their changes and the images of what they replace.

The loader of examples and later imports and mutations come through here, in one transaction each.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.database import among
from kit.errors import Refused
from kit.pinyin import pinyin_key
from models import TWINS, Change, Source
from models.change import ChangeKind
from models.history import stored
from models.row import Fact, Row, Spell, Thing
from resolvers.context import today_in_china
from resolvers.derived import derive
from resolvers.proposal import (
    Problems,
    Proposal,
    by_model,
    key_column,
    references,
    unique_sets,
)
from resolvers.rules import certainly, check_cycles, check_overlaps, check_row, days_of

AT_ONCE = 5000  # rows a statement takes; more gain nothing and cost memory

Values = dict[str, Any]
Progress = Callable[[str, int], None]


def unheard(model: str, rows: int) -> None:
    """Nobody listens to the progress."""


@dataclass
class Entry:
    """A proposal, the row as it would be, and the row that is on record."""

    proposal: Proposal
    row: Values
    live: Values | None

    def differs(self) -> bool:
        ignored = {"typed_by", "recorded_at"} | self.proposal.model.derived
        live = self.live or {}
        return any(
            live.get(name) != value for name, value in self.row.items() if name not in ignored
        )


@dataclass
class Writing:
    """One transaction of the write path."""

    connection: AsyncConnection
    typed_by: str
    today: date
    at: datetime
    problems: Problems = field(default_factory=Problems)
    entries: dict[type[Row], dict[str, Entry]] = field(default_factory=dict)

    async def rows(self, table: Table, column: str, keys: Iterable[str]) -> list[Values]:
        wanted = sorted(set(keys))
        found: list[Values] = []
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            here = among(table.c[column], some, self.connection.dialect.name)
            rows = await self.connection.execute(select(table).where(here))
            found += [dict(row) for row in rows.mappings()]
        return found

    async def gather(self, proposals: Sequence[Proposal]) -> None:
        """Each proposal over the row that is on record, by id."""
        for model, ours in by_model(proposals).items():
            key = key_column(model)
            on_record = await self.rows(stored(model), key, [one.key for one in ours])
            live = {row[key]: row for row in on_record}
            entries = self.entries[model] = {}
            lines: dict[str, Proposal] = {}
            for proposal in ours:
                if (first := lines.setdefault(proposal.key, proposal)) is not proposal:
                    there = f"{first.origin.file}, line {first.origin.line}"
                    self.problems.add(proposal, "key", f"{proposal.key!r} is in {there} already.")
                    continue
                old = live.get(proposal.key)
                row = {**(old or defaults(model)), **proposal.values}
                row["id"] = old["id"] if old else proposal.key
                if key == "code":
                    row["code"] = proposal.key
                entries[row["id"]] = Entry(proposal, row, old)

    async def resolve(self) -> None:
        """Codes become the ids of what they refer to."""
        for model, entries in self.entries.items():
            for column, target in references(model):
                entered = [one for one in entries.values() if column in one.proposal.values]
                codes = {one.proposal.values[column] for one in entered} - {None}
                known = await self.ids(target, codes)
                for entry in entered:
                    code = entry.proposal.values[column]
                    if code in known:
                        entry.row[column] = known[code]
                    elif code is not None and target not in self.problems.unread:
                        name = target.__name__
                        self.problems.add(entry.proposal, column, f"there is no {name} {code!r}.")

    async def ids(self, model: type[Row], codes: set[str]) -> dict[str, str]:
        key = key_column(model)
        ours = {one.row[key]: id for id, one in self.entries.get(model, {}).items()}
        unknown = codes - ours.keys()
        found = await self.rows(stored(model), key, unknown) if unknown else []
        return ours | {row[key]: row["id"] for row in found}

    async def own(self) -> None:
        """A fact belongs to the organisation that vouches for its source, unless it says so."""
        asserted = {
            id: one.row.get("asserted_by_id") for id, one in self.entries.get(Source, {}).items()
        }
        facts = [
            entry
            for model, entries in self.entries.items()
            if issubclass(model, Fact)
            for entry in entries.values()
            if "owner_id" not in entry.proposal.values
        ]
        unknown = {str(one.row.get("source_id")) for one in facts} - asserted.keys()
        for row in await self.rows(stored(Source), "id", unknown):
            asserted[row["id"]] = row["asserted_by_id"]
        for entry in facts:
            entry.row["owner_id"] = asserted.get(str(entry.row.get("source_id")))

    async def check(self) -> None:
        for model, entries in self.entries.items():
            for entry in entries.values():
                check_row(entry.proposal, entry.row, self.problems)
                complete(model, entry.row)
            for columns in unique_sets(model):
                await self.check_unique(model, columns)
            if issubclass(model, Spell) and model.pair:
                await self.check_spells(model)
            if "parent_id" in stored(model).c:
                await self.check_tree(model)

    async def check_unique(self, model: type[Row], columns: tuple[str, ...]) -> None:
        entries = self.entries[model]
        firsts = [one.row[columns[0]] for one in entries.values() if one.row.get(columns[0])]
        on_record = await self.rows(stored(model), columns[0], firsts) if firsts else []
        holders = {
            tuple(row[name] for name in columns): row["id"]
            for row in on_record
            if row["id"] not in entries
        }
        for id, entry in entries.items():
            values = tuple(entry.row.get(name) for name in columns)
            if None not in values and holders.setdefault(values, id) != id:
                reason = f"is the same as that of {holders[values]!r}; it may stand once only."
                self.problems.add(entry.proposal, columns[-1], reason)

    async def check_spells(self, model: type[Row]) -> None:
        assert issubclass(model, Spell)
        pair = model.pair
        keys = [entry.row.get(pair[0]) for entry in self.entries[model].values()]
        known = await self.rows(stored(model), pair[0], [key for key in keys if key is not None])
        on_record: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(list)
        for row in known:
            held = certainly(row["id"], row["begins"], row["ends"], self.today)
            on_record[tuple(row[name] for name in pair)].append(held)
        entered = []
        for id, entry in self.entries[model].items():
            held = certainly(id, *days_of(model, entry.row), self.today)
            entered.append((entry.proposal, tuple(entry.row.get(name) for name in pair), held))
        check_overlaps(entered, on_record, self.problems)

    async def check_tree(self, model: type[Row]) -> None:
        table = stored(model)
        rows = await self.connection.execute(select(table.c.id, table.c.parent_id))
        parents: dict[str, str | None] = {row.id: row.parent_id for row in rows}
        entries = self.entries[model]
        parents |= {id: entry.row.get("parent_id") for id, entry in entries.items()}
        check_cycles([entry.proposal for entry in entries.values()], parents, self.problems)

    async def write(self, progress: Progress) -> Counter[str]:
        """How many rows of each kind are new or differ; the rest is left alone."""
        table = stored(Change)
        last = await self.connection.scalar(select(func.coalesce(func.max(table.c.id), 0)))
        number = int(last or 0)
        written: Counter[str] = Counter()
        for model, entries in self.entries.items():
            differing = [entry for entry in entries.values() if not entry.live or entry.differs()]
            changes = [
                self.change(model, entry, number + n + 1) for n, entry in enumerate(differing)
            ]
            number += len(changes)
            await self.put(model, differing, changes)
            if differing:
                written[model.__name__] = len(differing)
            progress(model.__name__, len(entries))
        return written

    def change(self, model: type[Row], entry: Entry, number: int) -> Values:
        return {
            "id": number,
            "change_kind": ChangeKind.CORRECTED if entry.live else ChangeKind.CREATED,
            "subject_type": model.__name__,
            "subject_id": entry.row["id"],
            "asserted_by_id": entry.row.get("owner_id"),
            "typed_by": self.typed_by,
            "recorded_at": self.at,
        }

    async def put(self, model: type[Row], entries: list[Entry], changes: list[Values]) -> None:
        table = stored(model)
        stamp = {"typed_by": self.typed_by, "recorded_at": self.at}
        rows = [{**entry.row, **stamp} for entry in entries]
        images = [
            {**entry.live, "replaced_by": change["id"], "known_until": self.at}
            for entry, change in zip(entries, changes, strict=True)
            if entry.live
        ]
        new = [row for row, entry in zip(rows, entries, strict=True) if not entry.live]
        corrected = [row for row, entry in zip(rows, entries, strict=True) if entry.live]
        await self.insert(stored(Change), changes)
        await self.insert(TWINS[model], images)
        await self.insert(table, parents_first(new))
        if corrected:
            by_id = update(table).where(table.c.id == bindparam("this_id"))
            names = [name for name in corrected[0] if name != "id" and name not in model.derived]
            statement = by_id.values({name: bindparam(name) for name in names})
            bound = [
                {**{name: row[name] for name in names}, "this_id": row["id"]} for row in corrected
            ]
            await self.connection.execute(statement, bound)

    async def insert(self, table: Table, rows: list[Values]) -> None:
        for start in range(0, len(rows), AT_ONCE):
            await self.connection.execute(insert(table), rows[start : start + AT_ONCE])


def defaults(model: type[Row]) -> Values:
    """A row of which nothing is known: every column is there, those with a default have it."""
    fields = model.model_fields
    return {
        column.key: None if (given := fields[column.key]).is_required() else given.get_default()
        for column in stored(model).columns
    }


def complete(model: type[Row], row: Values) -> None:
    """What follows from the row itself."""
    if issubclass(model, Thing):
        row["name_key"] = pinyin_key(row.get("name") or "")
    if issubclass(model, Spell):
        row["begins"], row["ends"] = days_of(model, row)


def parents_first(rows: list[Values]) -> list[Values]:
    """A tree's rows in an order in which none refers to one that isn't there yet."""
    if not rows or "parent_id" not in rows[0]:
        return rows
    ids = {row["id"]: row for row in rows}
    ordered: dict[str, Values] = {}
    for row in rows:
        line = []
        step: Values | None = row
        while step is not None and step["id"] not in ordered:
            line.append(step)
            step = ids.get(step["parent_id"])
        ordered |= {one["id"]: one for one in reversed(line)}
    return list(ordered.values())


async def enter(
    connection: AsyncConnection,
    proposals: Sequence[Proposal],
    typed_by: str,
    problems: Problems | None = None,
    progress: Progress = unheard,
) -> Counter[str]:
    """Write what is right; raises Refused with all problems, and writes nothing, if any is not.

    `problems` are those that whoever read the proposals found already. The connection is a writing
    one (kit.database): its transaction holds everything or nothing.
    """
    at = datetime.now(UTC)
    writing = Writing(connection, typed_by, today_in_china(), at, problems or Problems())
    await writing.gather(proposals)
    await writing.resolve()
    await writing.own()
    await writing.check()
    if writing.problems.found:
        raise Refused(writing.problems.found)
    written = await writing.write(progress)
    if written:
        await derive(connection, writing.entries, writing.today)
    return written
