"""The write path: rules first, then rows, their changes and the images of replaced rows.

Loads and imports use it, each in one transaction.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import ImportRejected, quote_input
from kit.text.pinyin import pinyin_sort_key
from models.award import classify_award
from models.competition import Result
from models.history import model_table
from models.row import Fact, Row, ShareRule, Spell, Thing
from models.source import Citation
from models.worker import Worker
from resolvers.core.context import today_in_china
from resolvers.writing.audiences import (
    Entries,
    check_audiences,
    merge_entries,
    narrow_entries,
    narrow_images,
)
from resolvers.writing.derived_columns import update_derived
from resolvers.writing.organisation_renaming import former_name_entries, narrow_to_organisations
from resolvers.writing.ownership import assign_owners, count_unowned
from resolvers.writing.proposal import (
    Origin,
    Problems,
    Proposal,
    key_column,
    merge_row,
    normalize_texts,
    referenced_models,
    sort_by_model,
    unique_keys,
)
from resolvers.writing.record import ChangeRecorder, Entry, RowValues, fetch_rows, is_not_retracted
from resolvers.writing.review import LoadReview
from resolvers.writing.rules.awards import notice_unknown_awards
from resolvers.writing.rules.column_sums import check_column_sums
from resolvers.writing.rules.dates import fill_years, spell_day_bounds
from resolvers.writing.rules.duplicates import check_duplicates
from resolvers.writing.rules.former_codes import check_former_codes, former_code_owners
from resolvers.writing.rules.namesakes import notice_namesakes
from resolvers.writing.rules.publication import RowsAfterWrite, check_publication
from resolvers.writing.rules.row_rules import check_cycles, check_row, check_shares
from resolvers.writing.rules.selection_rounds import check_rounds
from resolvers.writing.rules.sequence import check_sequences
from resolvers.writing.rules.spells import check_spells
from resolvers.writing.rules.succession import check_successions
from resolvers.writing.search_index import update_terms

ProgressCallback = Callable[[str, int], None]


def ignore_progress(model: str, rows: int) -> None:
    """Ignore progress."""


@dataclass
class WriteTransaction:
    """One transaction of the write path."""

    connection: AsyncConnection
    typed_by: str
    today: date
    at: datetime
    problems: Problems = field(default_factory=Problems)
    entries: Entries = field(default_factory=dict)
    narrowed: Entries = field(default_factory=dict)  # records to narrow with a person
    # Written rows by model, as they are and as they were.
    touched: dict[type[Row], list[RowValues]] = field(default_factory=dict)

    async def rows(self, table: Table, column: str, keys: Iterable[str]) -> list[RowValues]:
        return await fetch_rows(self.connection, table, column, keys)

    async def gather(self, proposals: Sequence[Proposal]) -> None:
        """Match each proposal to the stored row with its key; entries are by id."""
        for model, ours in sort_by_model(proposals).items():
            key = key_column(model)
            live = await self.on_record(model, key, [line.key for line in ours])
            ids = [line.id for line in ours if "id" in line.values or line.key not in live]
            by_id = live if key == "id" else await self.on_record(model, "id", ids)
            entries = self.entries[model] = {}
            lines: dict[tuple[str, str], Proposal] = {}
            for proposal in ours:
                normalize_texts(proposal)
                old = by_id.get(proposal.id) if "id" in proposal.values else live.get(proposal.key)
                id = old["id"] if old else proposal.id
                if self.repeats(proposal, {key: proposal.key, "id": id}, lines):
                    continue
                if not old and id in by_id:
                    reason = (
                        f"{quote_input(id)} is the key of {by_id[id]['code']!r}: use another one."
                    )
                    self.problems.add(proposal, "id", reason)
                row = merge_row(proposal, old) | {"id": id}
                if key == "code":
                    row["code"] = proposal.key
                fill_years(model, row, proposal.values, old)
                entries[id] = Entry(proposal, row, old)

    async def on_record(
        self, model: type[Row], column: str, keys: Iterable[str]
    ) -> dict[str, RowValues]:
        return {row[column]: row for row in await self.rows(model_table(model), column, keys)}

    def repeats(
        self, proposal: Proposal, names: dict[str, str], lines: dict[tuple[str, str], Proposal]
    ) -> bool:
        """Return whether an earlier line already has the key or id of this row."""
        for column, name in names.items():
            first = lines.setdefault((column, name), proposal)
            if first is not proposal:
                location = f"{first.origin.file}, line {first.origin.line}"
                if proposal.model is not Citation:  # a citation repeats because its fact does
                    self.problems.add(
                        proposal, column, f"{quote_input(name)} is in {location} already."
                    )
                return True
        return False

    async def resolve(self) -> None:
        """Replace codes by the ids of the records."""
        for model, entries in self.entries.items():
            for column, target in referenced_models(model):
                entered = [item for item in entries.values() if column in item.proposal.values]
                codes = {item.proposal.values[column] for item in entered} - {None}
                ids = await self.ids(target, codes)
                for entry in entered:
                    code = entry.proposal.values[column]
                    if code in ids:
                        entry.row[column] = ids[code]
                    elif code is not None and target not in self.problems.unread:
                        reason = f"there is no {target.__name__} {quote_input(code)}."
                        self.problems.add(entry.proposal, column, reason)

    async def ids(self, model: type[Row], codes: set[str]) -> dict[str, str]:
        """Return ids by code.

        A code means the record that has it after this load; or else the record first entered under
        it; or else the last one that had it, until this load or earlier.
        """
        key, entries = key_column(model), self.entries.get(model, {})
        owners = {entry.row[key]: id for id, entry in entries.items()}
        recoded: dict[str, str] = {}
        for column in dict.fromkeys((key, "id")):
            unknown = codes - owners.keys()
            rows = await self.on_record(model, column, unknown) if unknown else {}
            for code, row in rows.items():
                if column == "id" or row["id"] not in entries:
                    owners[code] = row["id"]
                else:
                    recoded[code] = row["id"]
        if key == "code":
            owners = recoded | owners
            if unknown := codes - owners.keys():
                owners |= await former_code_owners(self.connection, model, unknown)
        return owners

    async def own(self) -> None:
        await assign_owners(RowsAfterWrite(self.entries, self.rows), self.problems)

    async def narrow_audiences(self) -> None:
        names = await former_name_entries(RowsAfterWrite(self.entries, self.rows))
        self.entries = merge_entries(self.entries, names)
        after = RowsAfterWrite(self.entries, self.rows)
        self.narrowed = await narrow_entries(self.connection, after, self.today, self.problems)
        self.narrowed = merge_entries(self.narrowed, await narrow_to_organisations(after))

    async def check(self) -> None:
        for model, entries in self.entries.items():
            for entry in entries.values():
                check_row(entry.proposal, entry.row, self.problems, self.today)
            named = any("id" in entry.proposal.values for entry in entries.values())
            for columns in unique_keys(model):
                if columns != ("code",) or named:  # else rows are matched by code
                    await self.check_unique(model, columns)
            if issubclass(model, Spell) and model.pair:
                await check_spells(self.connection, model, entries, self.today, self.problems)
            if issubclass(model, Fact) and model.parts:
                await self.check_parts(model, model.parts)
            if "parent_id" in model_table(model).c:
                await self.check_parent_cycles(model)
            if issubclass(model, Thing):
                await check_former_codes(self.connection, model, entries, self.problems)
            if issubclass(model, Fact):
                await check_duplicates(self.connection, model, entries, self.problems)
        await check_column_sums(self.connection, self.entries, self.problems)
        await notice_namesakes(self.connection, self.entries, self.problems)
        notice_unknown_awards(self.entries.get(Result, {}).values(), self.problems)
        self.entries = merge_entries(self.entries, self.narrowed)
        after = RowsAfterWrite(self.entries, self.rows)
        await check_successions(self.connection, after, self.problems)
        for check in (check_publication, check_rounds, check_sequences, check_audiences):
            await check(after, self.problems)
        self.problems.unowned += count_unowned(after)

    async def check_unique(self, model: type[Row], columns: tuple[str, ...]) -> None:
        entries = self.entries[model]
        firsts = [item.row[columns[0]] for item in entries.values() if item.row.get(columns[0])]
        on_record = await self.rows(model_table(model), columns[0], firsts) if firsts else []
        holders = {
            tuple(row[name] for name in columns): row["id"]
            for row in on_record
            if row["id"] not in entries
        }
        for id, entry in entries.items():
            values = tuple(entry.row.get(name) for name in columns)
            if None not in values and holders.setdefault(values, id) != id:
                holder = quote_input(holders[values])
                reason = f"is the same as that of {holder}; it must be unique."
                self.problems.add(entry.proposal, columns[-1], reason)

    async def check_parts(self, model: type[Row], parts: ShareRule) -> None:
        entries = self.entries[model]
        wholes = [entry.row.get(parts.whole) for entry in entries.values()]
        rows = await self.rows(model_table(model), parts.whole, [key for key in wholes if key])
        standing = [row for row in rows if row["id"] not in entries and is_not_retracted(row)]
        entered = [
            (item.proposal, item.row) for item in entries.values() if is_not_retracted(item.row)
        ]
        check_shares(parts, entered, standing, self.problems)

    async def check_parent_cycles(self, model: type[Row]) -> None:
        table = model_table(model)
        rows = await self.connection.execute(select(table.c.id, table.c.parent_id))
        parents: dict[str, str | None] = {row.id: row.parent_id for row in rows}
        entries = self.entries[model]
        parents |= {id: entry.row.get("parent_id") for id, entry in entries.items()}
        check_cycles({id: item.proposal for id, item in entries.items()}, parents, self.problems)

    async def withdrawn_citations(self) -> list[Entry]:
        """Return stored citations that the `sources` of an entered fact no longer include."""
        facts = {
            (model.__name__, id)
            for model, entries in self.entries.items()
            if issubclass(model, Fact)
            for id, entry in entries.items()
            if "source_id" in entry.proposal.values and entry.live
        }
        entered = self.entries.get(Citation, {})
        rows = await self.rows(model_table(Citation), "fact_id", [id for _, id in facts])
        return [
            Entry(Proposal(Citation, row["id"], {}, Origin("", 0)), row, row)
            for row in rows
            if (row["fact_type"], row["fact_id"]) in facts and row["id"] not in entered
        ]

    async def write(self, progress: ProgressCallback) -> Counter[str]:
        """Write new and changed rows; return the number of rows written by kind."""
        recorder = await ChangeRecorder.begin(self.connection, self.typed_by, self.at)
        written: Counter[str] = Counter()
        for model, entries in self.entries.items():
            for entry in entries.values():
                compute_own_columns(model, entry.row)
            differing = [
                entry for entry in entries.values() if not entry.live or entry.has_changes()
            ]
            if differing:
                await recorder.record(model, differing)
                replaced = [entry.live for entry in differing if entry.live]
                self.touched[model] = [entry.row for entry in differing] + replaced
                written[model.__name__] += len(differing)
            progress(model.__name__, len(entries))
        if withdrawn := await self.withdrawn_citations():
            await recorder.delete_rows(Citation, withdrawn)
            written["Citation"] += len(withdrawn)
        return written


def compute_own_columns(model: type[Row], row: RowValues) -> None:
    """Set the columns that follow from the row itself."""
    fill_years(model, row, row, None)
    if issubclass(model, Thing):
        row["name_key"] = pinyin_sort_key(row.get("name") or "", person=model is Worker)
    if model is Result:
        row["award_class"] = classify_award(row.get("award"))
    if issubclass(model, Spell):
        row["begins"], row["ends"] = spell_day_bounds(model, row)


async def enter_proposals(
    connection: AsyncConnection,
    proposals: Sequence[Proposal],
    typed_by: str,
    problems: Problems | None = None,
    progress: ProgressCallback = ignore_progress,
    review: LoadReview | None = None,
) -> Counter[str]:
    """Write proposals, or raise ImportRejected with all problems and write nothing.

    `problems` are those found while reading; `review` sees all entries before anything is written.
    The connection must be in a write transaction (kit.db.engine), which commits everything or
    nothing.
    """
    at = datetime.now(UTC)
    writing = WriteTransaction(connection, typed_by, today_in_china(), at, problems or Problems())
    await writing.gather(proposals)
    await writing.resolve()
    await writing.own()
    await writing.narrow_audiences()
    await writing.check()
    if review:
        await review.run(connection, writing.entries, writing.problems)
    if writing.problems.found:
        raise ImportRejected(writing.problems.found, writing.problems.number)
    written = await writing.write(progress)
    if written:
        await narrow_images(connection, writing.entries)
        await update_derived(connection, writing.touched, writing.today)
        await update_terms(connection, writing.entries)
    return written
